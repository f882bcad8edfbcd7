// Reads one response of Microsoft Graph, alone or as an item of a batch. It is a success with a JSON object, a success
// without content, or a failure of some kind.

import type { Clock } from '../runtime/clock.ts';
import type { UpstreamTrace } from '../runtime/errors.ts';
import { isJsonObject, type JsonObject } from '../runtime/json.ts';
import { claimsChallenge } from './challenge.ts';
import { type FailureKind, GraphFailure, kindOfStatus, type Scope, type ThrottleScope } from './failure.ts';

/** A response as received. Header names are in lower case. `body` is undefined when there was none. */
export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
  /** Bytes of the body on the wire. Absent for an item of a batch. */
  readonly bytes?: number;
}

/** A success. `body` is null for one without content. */
export interface GraphResponse {
  readonly status: number;
  readonly body: JsonObject | null;
  /** Bytes of the body on the wire. For an item of a batch, an equal share of the batch's bytes. */
  readonly bytes: number;
  readonly trace: UpstreamTrace;
}

/**
 * Returns the response if it is a success.
 *
 * @throws GraphFailure for a status of 300 or above, and for a success whose body is not a JSON object
 */
export function readResponse(raw: RawResponse, clientRequestId: string | null, clock: Clock): GraphResponse {
  const trace = traceOf(raw, clientRequestId);
  if (raw.status >= 200 && raw.status < 300) {
    const { status, bytes = 0 } = raw;
    if (raw.body === undefined || raw.body === null) return { status, body: null, bytes, trace };
    if (isJsonObject(raw.body)) return { status, body: raw.body, bytes, trace };
    throw new GraphFailure('bad-response', { trace });
  }
  const retryAfterSeconds = retryAfter(raw.headers['retry-after'], clock);
  const challenge = claimsChallenge(raw.headers['www-authenticate']);
  throw new GraphFailure(kindOf(raw), {
    trace,
    scope: throttleScope(raw.headers['x-ms-throttle-scope']),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...challenge,
  });
}

/**
 * The kind of a failure. An HTML page comes from a proxy and not from Graph. Its status must not count as Graph's
 * statement about the caller or the resource: a proxy's 404 does not mean that the resource is gone.
 */
function kindOf({ status, headers, body }: RawResponse): FailureKind {
  const kind = kindOfStatus(status);
  if (kind === 'rejected' && codesIn(body).includes('Directory_ExpiredPageToken')) return 'expired-page';
  return KINDS_ONLY_FROM_GRAPH.has(kind) && /^text\/html\s*(;|$)/i.test(headers['content-type'] ?? '')
    ? 'bad-response'
    : kind;
}

/** The code of an error and of its inner errors, which are more specific (Microsoft REST API Guidelines). */
function codesIn(body: unknown): unknown[] {
  const codes: unknown[] = [];
  let error = isJsonObject(body) ? body['error'] : undefined;
  for (let depth = 0; isJsonObject(error) && depth < 8; depth += 1) {
    codes.push(error['code']);
    error = error['innerError'] ?? error['innererror'];
  }
  return codes;
}

const KINDS_ONLY_FROM_GRAPH: ReadonlySet<FailureKind> = new Set([
  'forbidden',
  'not-found',
  'conflict',
  'precondition',
]);

/** The ids that Microsoft's support asks for. The request id is in the header, or in `innerError` in either spelling. */
export function traceOf(raw: RawResponse, clientRequestId: string | null): UpstreamTrace {
  const error = isJsonObject(raw.body) && isJsonObject(raw.body['error']) ? raw.body['error'] : {};
  const inner = error['innerError'] ?? error['innererror'];
  const innerId = isJsonObject(inner) ? inner['request-id'] : undefined;
  const requestId = raw.headers['request-id'] ?? (typeof innerId === 'string' ? innerId : undefined);
  return { status: raw.status, requestId: plainId(requestId), clientRequestId };
}

/** Ids go into logs and error responses, so any other text becomes null. */
export function plainId(id: string | undefined): string | null {
  return id !== undefined && /^[\w-]{1,64}$/.test(id) ? id : null;
}

/**
 * Reads `Retry-After`: an integer or decimal number of seconds, or an HTTP date.
 *
 * @returns seconds from now, 0 or more; undefined when the value is absent, negative, past or malformed
 */
export function retryAfter(header: string | undefined, clock: Clock): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,15}(\.\d{1,9})?$/.test(text)) return Number(text);
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return undefined;
  const wait = (Date.parse(text) - clock.now()) / 1000;
  return wait > 0 ? wait : undefined;
}

/**
 * Reads `x-ms-throttle-scope`, such as `Tenant_Application/ReadWrite/{application}/{tenant}`: whose calls count towards
 * the exceeded limit, and which calls it applies to. Null for any other value. The ids are ignored.
 * Source: Microsoft Graph docs, "Microsoft Graph service-specific throttling limits", identity and access.
 */
export function throttleScope(header: string | undefined): ThrottleScope | null {
  const [, scope = '', limit = ''] = /^([A-Za-z_]{1,40})\/([A-Za-z_]{1,40})(?:\/|$)/.exec(header ?? '') ?? [];
  const of = scopeOf(scope.toLowerCase());
  if (of === null) return null;
  const use = limit.toLowerCase();
  return { of, affects: use === 'write' ? 'writes' : use === 'read' ? 'reads' : 'all' };
}

function scopeOf(scope: string): Scope | null {
  if (scope.includes('user') || scope.includes('resource')) return 'principal';
  if (scope.includes('tenant')) return 'tenant';
  return scope.includes('application') ? 'application' : null;
}
