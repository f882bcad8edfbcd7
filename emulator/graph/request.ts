// A request to Microsoft Graph, as the operations get it. It is the same for a single request and one within a batch.

import type { Target } from '../server/target.ts';
import { graphErrors } from './errors.ts';
import type { Principal } from './tokens.ts';

/** The body of a request: unparsed text, JSON from within a batch, or undefined without a body. */
export type Payload = { readonly text: string } | { readonly value: unknown } | undefined;

export interface GraphRequest {
  readonly method: string;
  readonly target: Target;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Payload;
  readonly principal: Principal;
  /** The scheme and host that the caller used. Links in responses begin with it. */
  readonly origin: string;
}

/**
 * Parses the JSON body.
 *
 * @throws GraphError for a missing body, another media type or invalid JSON
 */
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

/** Whether the `Prefer` header has this preference. The header can list several, separated by commas. */
export function prefers(request: GraphRequest, preference: string): boolean {
  const header = request.headers['prefer'];
  if (header === undefined) return false;
  return header.split(',').some((part) => part.trim().toLowerCase() === preference);
}

/** Whether the caller accepts eventual consistency (docs, aad-advanced-queries). */
export function acceptsEventual(request: GraphRequest): boolean {
  return request.headers['consistencylevel']?.toLowerCase() === 'eventual';
}

/** The value of `@odata.context`. */
export function context(request: GraphRequest, fragment: string): string {
  return `${request.origin}/${request.target.version}/$metadata#${fragment}`;
}

/** The selected properties, in the form of a context URL. */
export function selected(names: ReadonlySet<string> | undefined): string {
  return names === undefined ? '' : `(${[...names].join(',')})`;
}
