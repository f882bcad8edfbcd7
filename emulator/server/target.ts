// Request targets: a path taken apart the way an HTTP front does it. Dot segments are resolved, plain or
// percent-encoded, and backslashes count as slashes (WHATWG URL), so that `.../phones/..` means the profile, which is a
// thing that can be deleted. Segments are percent-decoded once, after the split.
import { graphErrors } from '../graph/errors.ts';

export interface Target {
  /** The path as it was sent, without the query. */
  readonly path: string;
  /** `beta`, or whatever stands in its place. */
  readonly version: string;
  /** What follows the version. */
  readonly segments: readonly string[];
  /** As it was sent, without the question mark. */
  readonly query: string;
}

export function parseTarget(url: string): Target {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const [version = '', ...segments] = resolve(path);
  return { path, version, segments, query: mark < 0 ? '' : url.slice(mark + 1) };
}

function resolve(path: string): string[] {
  const resolved: string[] = [];
  const pieces = path.split(/[/\\]/).slice(1);
  for (const [at, piece] of pieces.entries()) {
    const segment = decode(piece);
    if (segment === '..') resolved.pop();
    else if (segment !== '.' && !(segment === '' && at === pieces.length - 1)) resolved.push(segment);
  }
  return resolved;
}

function decode(piece: string): string {
  if (!piece.includes('%')) return piece;
  try {
    return decodeURIComponent(piece);
  } catch {
    throw graphErrors.badRequest('The request URI is not valid.');
  }
}

/** The target in readable form, for fault rules to match on; never fails. */
export function readable(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
