// Parses request targets as an HTTP front end does. Dot segments are resolved, plain or percent-encoded, and
// backslashes count as slashes (WHATWG URL). `.../phones/..` is therefore the profile, which can be deleted. Segments
// are percent-decoded once, after the split.
import { graphErrors } from '../graph/errors.ts';

export interface Target {
  /** The path as sent, without the query. */
  readonly path: string;
  /** `beta`, or whatever the path begins with. */
  readonly version: string;
  /** The segments after the version. */
  readonly segments: readonly string[];
  /** As sent, without the question mark. */
  readonly query: string;
}

export function parseTarget(url: string): Target {
  const queryStart = url.indexOf('?');
  const path = queryStart < 0 ? url : url.slice(0, queryStart);
  const [version = '', ...segments] = resolve(path);
  return { path, version, segments, query: queryStart < 0 ? '' : url.slice(queryStart + 1) };
}

function resolve(path: string): string[] {
  const resolved: string[] = [];
  const encoded = path.split(/[/\\]/).slice(1);
  for (const [at, part] of encoded.entries()) {
    const segment = decode(part);
    if (segment === '..') resolved.pop();
    else if (segment !== '.' && !(segment === '' && at === encoded.length - 1)) resolved.push(segment);
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

/** The decoded target, for fault rules to match. Returns the target as it is when it cannot be decoded. */
export function decodeTarget(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
