// One request as the operations see it, whether it came by itself or within a batch.

import type { Target } from '../server/target.ts';
import { graphErrors } from './errors.ts';
import type { Principal } from './tokens.ts';

/** What came with a request: bytes that nobody has looked at, JSON from within a batch, or nothing. */
export type Payload = { readonly text: string } | { readonly value: unknown } | undefined;

export interface GraphRequest {
  readonly method: string;
  readonly target: Target;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Payload;
  readonly principal: Principal;
  /** Scheme and host as the caller addressed them, for the links in answers. */
  readonly origin: string;
}

/** The JSON that was sent. @throws a refusal where it is missing, of another media type, or no JSON */
export function readJson(headers: GraphRequest['headers'], payload: Payload): unknown {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (payload === undefined || type === undefined || type === '') throw graphErrors.unreadable();
  if (type !== 'application/json') throw graphErrors.mediaType(type);
  if ('value' in payload) return payload.value;
  try {
    return JSON.parse(payload.text);
  } catch {
    throw graphErrors.unreadable();
  }
}

/** Whether a `Prefer` header names this preference; several can stand in it, separated by commas. */
export function prefers(ask: GraphRequest, preference: string): boolean {
  const header = ask.headers['prefer'];
  if (header === undefined) return false;
  return header.split(',').some((part) => part.trim().toLowerCase() === preference);
}

/** Whether the caller accepts the directory's index instead of the directory (docs, aad-advanced-queries). */
export function acceptsEventual(ask: GraphRequest): boolean {
  return ask.headers['consistencylevel']?.toLowerCase() === 'eventual';
}

/** Where the metadata of an answer is described. */
export function context(ask: GraphRequest, rest: string): string {
  return `${ask.origin}/${ask.target.version}/$metadata#${rest}`;
}

/** The names of a `$select` as a context URL has them. */
export function selected(names: ReadonlySet<string> | undefined): string {
  return names === undefined ? '' : `(${[...names].join(',')})`;
}
