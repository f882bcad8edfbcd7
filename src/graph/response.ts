// Reading one answer of Microsoft Graph, whether it came by itself or as an item of a batch: is it a success with a
// JSON object, a success without content, or a failure, and of which kind.

import type { Clock } from '../runtime/clock.ts';
import type { UpstreamTrace } from '../runtime/errors.ts';
import { isJsonObject, type JsonObject } from '../runtime/json.ts';
import { claimsChallenge } from './challenge.ts';
import { type FailureKind, GraphFailure, kindOfStatus, type Scope, type ThrottleScope } from './failure.ts';

/** An answer with its header names in lower case. `body` is undefined where there was none. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
  /** Of the body as it came; absent for a part of a batch. */
  readonly bytes?: number;
}

/** A success: its JSON object, or null for one without content. */
export interface GraphAnswer {
  readonly status: number;
  readonly body: JsonObject | null;
  /** Of the body as it came; of a part of a batch, its share in the bytes of all. */
  readonly bytes: number;
  readonly trace: UpstreamTrace;
}

/**
 * The answer, when it is a success that can be read.
 *
 * @throws GraphFailure for a status of 300 and above, and for a success whose body is no JSON object
 */
export function readAnswer(raw: RawAnswer, clientRequestId: string | null, clock: Clock): GraphAnswer {
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
 * What a failure is. A page of HTML is a proxy's word and not Graph's: under a status that says something of the caller
 * or of the thing, it must not pass for Graph saying so, or what is there would be told as gone.
 */
function kindOf({ status, headers, body }: RawAnswer): FailureKind {
  const kind = kindOfStatus(status);
  if (kind === 'rejected' && codesIn(body).includes('Directory_ExpiredPageToken')) return 'expired-page';
  return SAID_BY_GRAPH.has(kind) && /^text\/html\s*(;|$)/i.test(headers['content-type'] ?? '')
    ? 'bad-response'
    : kind;
}

/** The code of an error and those within it, which are more exact the deeper they are (Microsoft REST API Guidelines). */
function codesIn(body: unknown): unknown[] {
  const codes: unknown[] = [];
  let error = isJsonObject(body) ? body['error'] : undefined;
  for (let depth = 0; isJsonObject(error) && depth < 8; depth += 1) {
    codes.push(error['code']);
    error = error['innerError'] ?? error['innererror'];
  }
  return codes;
}

const SAID_BY_GRAPH: ReadonlySet<FailureKind> = new Set([
  'forbidden',
  'not-found',
  'conflict',
  'precondition',
]);

/** The ids that Microsoft's support asks for: from the header, else from `innerError` in either spelling. */
export function traceOf(raw: RawAnswer, clientRequestId: string | null): UpstreamTrace {
  const error = isJsonObject(raw.body) && isJsonObject(raw.body['error']) ? raw.body['error'] : {};
  const inner = error['innerError'] ?? error['innererror'];
  const innerId = isJsonObject(inner) ? inner['request-id'] : undefined;
  const requestId = raw.headers['request-id'] ?? (typeof innerId === 'string' ? innerId : undefined);
  return { status: raw.status, requestId: plainId(requestId), clientRequestId };
}

/** Ids go into logs and answers, so nothing but an id may pass for one. */
export function plainId(id: string | undefined): string | null {
  return id !== undefined && /^[\w-]{1,64}$/.test(id) ? id : null;
}

/**
 * Reads `Retry-After`: seconds, whole or with a fraction (both were seen), or an HTTP date.
 *
 * @returns seconds from now, 0 or more; undefined for anything absent, negative, past or unreadable
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
 * the limit that was passed, and which kind of them. Null for anything else. The ids are not looked at: they are the
 * caller's own, or none of the caller's business.
 * Source: Microsoft Graph docs, "Microsoft Graph service-specific throttling limits", identity and access.
 */
export function throttleScope(header: string | undefined): ThrottleScope | null {
  const [, scope = '', limit = ''] = /^([A-Za-z_]{1,40})\/([A-Za-z_]{1,40})(?:\/|$)/.exec(header ?? '') ?? [];
  const of = scopeOf(scope.toLowerCase());
  if (of === null) return null;
  const use = limit.toLowerCase();
  return { of, held: use === 'write' ? 'writes' : use === 'read' ? 'reads' : 'all' };
}

function scopeOf(scope: string): Scope | null {
  if (scope.includes('user') || scope.includes('resource')) return 'principal';
  if (scope.includes('tenant')) return 'tenant';
  return scope.includes('application') ? 'application' : null;
}
