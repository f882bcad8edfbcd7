// The kinds of failure of a call to Microsoft Graph. The kind is decided where bytes are read: the official client does
// not distinguish "never sent" from "reset after sending", and a write needs that distinction. The HTTP status decides
// first, then Graph's error code. Graph's message is never used or passed on, since it can contain user input.
import { type ErrorCode, GatewayError, type UpstreamTrace, unreachable } from '../runtime/errors.ts';

export type FailureKind =
  /** Nothing left this machine: connection refused, no such host, TLS or connect timeout. */
  | 'never-sent'
  /** The connection broke after sending began. */
  | 'lost'
  /** No complete response in time. */
  | 'timeout'
  /** 401: Graph rejected the token. */
  | 'unauthenticated'
  /** 403: the caller lacks the permission. */
  | 'forbidden'
  /** 404, 410: the resource does not exist. */
  | 'not-found'
  /** 409, 423: another change is in progress. */
  | 'conflict'
  /** 412: the resource has changed since the caller read it. */
  | 'precondition'
  /** 429, 509: Graph asks for fewer calls. */
  | 'throttled'
  /** Another 4xx: Graph rejected the request. */
  | 'rejected'
  /** 400 with Graph's error code for an expired page token. */
  | 'expired-page'
  /** 408 and 5xx. */
  | 'unavailable'
  /** 507: insufficient storage. Part of a write may have been stored. A retry does not help. */
  | 'no-room'
  /** A response that cannot be used: HTML, incomplete JSON, a redirect, a missing part. */
  | 'bad-response';

/** Whose calls count towards the exceeded limit, according to Graph. */
export type Scope = 'principal' | 'tenant' | 'application';
/** Which calls the limit applies to. */
export type AffectedCalls = 'reads' | 'writes' | 'all';

/** The content of the header `x-ms-throttle-scope`. */
export interface ThrottleScope {
  readonly of: Scope;
  readonly affects: AffectedCalls;
}

export interface FailureOptions {
  readonly retryAfterSeconds?: number;
  readonly trace?: UpstreamTrace;
  readonly claims?: string;
  readonly authorizationUri?: string;
  readonly scope?: ThrottleScope | null;
  readonly cause?: unknown;
}

export class GraphFailure extends GatewayError {
  override readonly name = 'GraphFailure';
  readonly kind: FailureKind;
  /** Null when Graph does not name it. */
  readonly scope: ThrottleScope | null;

  constructor(kind: FailureKind, options: FailureOptions = {}) {
    super(codeOf(kind), messageOf(kind), {
      retryable: isRetryable(kind),
      ...(options.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: options.retryAfterSeconds }),
      ...(options.claims === undefined ? {} : { claims: options.claims }),
      ...(options.authorizationUri === undefined ? {} : { authorizationUri: options.authorizationUri }),
      graph: options.trace ?? NO_TRACE,
      cause: options.cause,
    });
    this.kind = kind;
    this.scope = options.scope ?? null;
  }

  /** Whether Graph may have carried out a write that failed this way. */
  get mayHaveHappened(): boolean {
    return AMBIGUOUS.has(this.kind);
  }
}

const NO_TRACE: UpstreamTrace = { status: null, requestId: null, clientRequestId: null };
const AMBIGUOUS: ReadonlySet<FailureKind> = new Set([
  'lost',
  'timeout',
  'unavailable',
  'no-room',
  'bad-response',
]);

function isRetryable(kind: FailureKind): boolean {
  if (kind === 'no-room') return false;
  return kind === 'never-sent' || kind === 'throttled' || AMBIGUOUS.has(kind);
}

/** The only mapping from Graph's failures to the error codes of the public contract. */
export function codeOf(kind: FailureKind): ErrorCode {
  switch (kind) {
    case 'never-sent':
    case 'lost':
    case 'unavailable':
    case 'no-room':
      return 'UPSTREAM_UNAVAILABLE';
    case 'timeout':
      return 'TIMEOUT';
    case 'unauthenticated':
      return 'UNAUTHENTICATED';
    case 'forbidden':
      return 'FORBIDDEN';
    case 'throttled':
      return 'THROTTLED';
    case 'expired-page':
      return 'CURSOR_EXPIRED';
    case 'not-found':
    case 'conflict':
    case 'precondition':
    case 'rejected':
    case 'bad-response':
      return 'UPSTREAM_BAD_RESPONSE';
    default:
      return unreachable(kind);
  }
}

function messageOf(kind: FailureKind): string {
  switch (kind) {
    case 'never-sent':
      return 'Microsoft Graph could not be reached. Try again in a moment.';
    case 'lost':
      return 'The connection to Microsoft Graph broke before the response was complete.';
    case 'timeout':
      return 'Microsoft Graph did not respond in time.';
    case 'unauthenticated':
      return 'Microsoft Graph rejected the access token. Get a new one and try again.';
    case 'forbidden':
      return 'Microsoft Graph does not allow the caller to do this.';
    case 'not-found':
      return 'Microsoft Graph did not find the resource.';
    case 'conflict':
      return 'Microsoft Graph reported another change at the same time.';
    case 'precondition':
      return 'The resource has changed since it was read.';
    case 'throttled':
      return 'Microsoft Graph asks for fewer requests. Wait retryAfterSeconds, if present, then try again.';
    case 'rejected':
      return 'Microsoft Graph rejected the request.';
    case 'expired-page':
      return 'The cursor has expired at Microsoft Graph. Start again without after.';
    case 'unavailable':
      return 'Microsoft Graph is unavailable. Try again in a moment.';
    case 'no-room':
      return 'Microsoft Graph has no storage left for this. A retry does not help for now.';
    case 'bad-response':
      return 'Microsoft Graph sent a response that cannot be read.';
    default:
      return unreachable(kind);
  }
}

/** The kind for an HTTP status of 300 or above. Redirects are never followed: they would carry the token and phone numbers. */
export function kindOfStatus(status: number): FailureKind {
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'not-found';
  if (status === 408) return 'unavailable';
  if (status === 409 || status === 423) return 'conflict';
  if (status === 412) return 'precondition';
  if (status === 429 || status === 509) return 'throttled';
  if (status === 507) return 'no-room';
  if (status >= 400 && status < 500) return 'rejected';
  if (status >= 500 && status < 600) return 'unavailable';
  return 'bad-response';
}
