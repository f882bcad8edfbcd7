// One request to the gateway and what came of it. It never throws for trouble with the service: that is an outcome with
// errors, whether it happened on the way, in a proxy or in the gateway. It rejects only with the reason of the caller's
// signal, or with what the token provider throws.
import { errorCodeOf, type GraphTrace, PhonesError } from './errors.ts';
import type { Runtime } from './runtime.ts';

export interface TokenRequest {
  /**
   * What the new token has to satisfy, as JSON text: the claims challenge, decoded. It is what MSAL takes as `claims`.
   * Undefined where there is no challenge.
   */
  readonly claims: string | undefined;
}

/** An access token for the gateway, without `Bearer`. It is asked before each request, so it should keep its token. */
export type TokenProvider = (request: TokenRequest) => string | Promise<string>;

/** W3C Trace Context, handed over with a request. */
export interface TraceContext {
  readonly traceparent: string;
  readonly tracestate?: string;
}

export interface Outcome {
  /** Null for none. */
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly PhonesError[];
  /** Whether the operation may have run: false only where the gateway turned the request away. */
  readonly mayHaveRun: boolean;
}

export interface ExchangeOptions {
  readonly url: string;
  readonly token: string | TokenProvider;
  readonly runtime: Runtime;
}

export interface Request {
  readonly query: string;
  readonly variables: object;
  /** Whether running it twice does no more than running it once. */
  readonly isRepeatable: boolean;
  /** Milliseconds that the gateway is given. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly trace?: TraceContext | null | undefined;
}

/** Milliseconds that the client waits longer than it gives the gateway, whose response says more than silence does. */
const GRACE_MS = 2_000;

export type Exchange = (request: Request) => Promise<Outcome>;

export function createExchange(options: ExchangeOptions): Exchange {
  return async (request) => {
    const { outcome, claims } = await send(
      options,
      request,
      await tokenFor(options.token, { claims: undefined }),
    );
    if (claims === null || typeof options.token === 'string') return outcome;
    if (!request.isRepeatable && !hasNothing(outcome)) return outcome;
    const token = await tokenFor(options.token, { claims });
    return (await send(options, request, token)).outcome;
  };
}

/** Whether no field of a mutation came to anything: a challenge to a later one does not undo an earlier. */
function hasNothing({ data }: Outcome): boolean {
  return Object.values(data ?? {}).every((value) => value === null);
}

async function tokenFor(token: string | TokenProvider, request: TokenRequest): Promise<string> {
  return typeof token === 'string' ? token : token(request);
}

interface Sent {
  readonly outcome: Outcome;
  /** The claims challenge; null for none. */
  readonly claims: string | null;
}

async function send({ url, runtime }: ExchangeOptions, request: Request, token: string): Promise<Sent> {
  const { signal } = request;
  signal?.throwIfAborted();
  const end = new AbortController();
  const abort = (): void => end.abort();
  signal?.addEventListener('abort', abort, { once: true });
  const disarm = runtime.schedule(request.timeoutMs + GRACE_MS, abort);
  try {
    const response = await runtime.fetch(url, { ...post(request, token), signal: end.signal });
    const text = await response.text();
    return { outcome: read(response, text), claims: claimsIn(response) };
  } catch (cause) {
    signal?.throwIfAborted();
    return { outcome: failed(unanswered(end.signal.aborted, cause)), claims: null };
  } finally {
    disarm();
    signal?.removeEventListener('abort', abort);
  }
}

function post({ query, variables, timeoutMs, trace }: Request, token: string): RequestInit {
  const headers: Record<string, string> = {
    accept: 'application/graphql-response+json, application/json;q=0.9',
    'content-type': 'application/json',
    authorization: `Bearer ${token}`,
    'x-request-timeout-ms': String(Math.max(1, Math.ceil(timeoutMs))),
  };
  if (trace) {
    headers['traceparent'] = trace.traceparent;
    if (trace.tracestate !== undefined) headers['tracestate'] = trace.tracestate;
  }
  // A redirect would take the token and the body somewhere else. Not every edge runtime knows `error`.
  return { method: 'POST', headers, body: JSON.stringify({ query, variables }), redirect: 'manual' };
}

function unanswered(isLate: boolean, cause: unknown): PhonesError {
  if (isLate) return new PhonesError('TIMEOUT', 'The gateway did not respond in time.', { cause });
  return new PhonesError('NETWORK', 'The gateway cannot be reached, or the connection broke.', { cause });
}

function failed(error: PhonesError): Outcome {
  return { data: null, errors: [error], mayHaveRun: true };
}

interface WireError {
  readonly message?: unknown;
  readonly path?: readonly (string | number)[];
  readonly extensions?: {
    readonly code?: unknown;
    readonly retryable?: boolean;
    readonly retryAfterSeconds?: number;
    readonly graph?: GraphTrace;
  };
}

function read(response: Response, text: string): Outcome {
  const body = parse(text);
  if (body === null) return failed(noGraphQL(response));
  const errors = (body.errors ?? []).map((error) => errorFrom(error, response));
  const data = body.data ?? null;
  return { data, errors, mayHaveRun: data !== null || !TURNED_AWAY.includes(response.status) };
}

/** Statuses by which the gateway says that an operation was not begun. */
const TURNED_AWAY = [400, 401, 403, 405, 406, 413, 415, 429, 503];

interface WireBody {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly WireError[];
}

/** Null for what is no GraphQL response. */
function parse(text: string): WireBody | null {
  try {
    const body = JSON.parse(text);
    if (typeof body !== 'object' || body === null) return null;
    const hasErrors = Array.isArray(body.errors) && body.errors.length > 0;
    return hasErrors || (typeof body.data === 'object' && body.data !== null) ? body : null;
  } catch {
    return null;
  }
}

function errorFrom({ message, path, extensions = {} }: WireError, response: Response): PhonesError {
  const { code, retryable, retryAfterSeconds, graph } = extensions;
  const retryAfterMs = retryAfterSeconds === undefined ? retryAfter(response) : retryAfterSeconds * 1_000;
  const details = { retryable, retryAfterMs, path, graph, status: response.status };
  return new PhonesError(errorCodeOf(code), String(message ?? ''), details);
}

/** Statuses by which a proxy says that it is worth trying again. */
const PASSING_STATUSES = [408, 425, 429, 502, 503, 504];

function noGraphQL(response: Response): PhonesError {
  const { status } = response;
  const retryable = PASSING_STATUSES.includes(status);
  const message = `The response is not GraphQL. It has the status ${status}.`;
  return new PhonesError('BAD_RESPONSE', message, { retryable, retryAfterMs: retryAfter(response), status });
}

/** RFC 9110, section 10.2.3: seconds or a date. Null without one that can be read. */
function retryAfter({ headers }: Response): number | null {
  const value = headers.get('retry-after');
  if (value === null) return null;
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  const until = Date.parse(value);
  const from = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(until - from) ? null : Math.max(0, until - from);
}

/** The claims challenge of a 401, decoded; null for none. Microsoft's identity platform documents its form. */
function claimsIn({ status, headers }: Response): string | null {
  const challenge = status === 401 ? (headers.get('www-authenticate') ?? '') : '';
  const [, encoded] = /\bclaims="?([\w+/=-]+)/.exec(challenge) ?? [];
  if (encoded === undefined || !/error="?insufficient_claims\b/.test(challenge)) return null;
  try {
    const binary = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'));
    const text = new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
    JSON.parse(text);
    return text;
  } catch {
    return null;
  }
}
