// What can go wrong with a call of Microsoft Graph, decided where the bytes are read: the official client cannot tell
// «never sent» from «reset after sending», and a write needs to know. The status decides first, then Graph's code;
// Graph's message never, and it never leaves the program, since it can hold what a person typed.
import { type ErrorCode, GatewayError, type UpstreamTrace, unreachable } from '../runtime/errors.ts';

export type FailureKind =
  /** Nothing left this machine: connection refused, no such host, TLS or connect timeout. */
  | 'never-sent'
  /** The connection broke after the request was on its way. */
  | 'lost'
  /** No whole answer within the time allowed. */
  | 'timeout'
  /** 401: the token was refused. */
  | 'unauthenticated'
  /** 403: this caller may not do this. */
  | 'forbidden'
  /** 404, 410: there is no such thing. */
  | 'not-found'
  /** 409, 423: somebody else is at work there. */
  | 'conflict'
  /** 412: not as the caller last saw it. */
  | 'precondition'
  /** 429, 509: slow down. */
  | 'throttled'
  /** Another 4xx: the request was understood and refused. */
  | 'rejected'
  /** 400, and Graph says that the token of a page is too old. */
  | 'expired-page'
  /** 408 and 5xx. */
  | 'unavailable'
  /** 507: there is no room. Nobody knows what was written before it ran out; trying again makes none. */
  | 'no-room'
  /** An answer that makes no sense: HTML, cut JSON, a redirect, a missing part. */
  | 'bad-response';

/** Whose calls count towards a limit that was passed, as far as Graph says. */
export type Scope = 'principal' | 'tenant' | 'application';
/** Which calls a limit stops. */
export type Held = 'reads' | 'writes' | 'all';

/** What `x-ms-throttle-scope` says. */
export interface ThrottleScope {
  readonly of: Scope;
  readonly held: Held;
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
  /** Null where Graph does not say. */
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

  /** Whether a write that failed this way may have been carried out all the same. */
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

/** The one mapping of Graph's failures to the codes of the contract. */
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
      return 'The connection to Microsoft Graph broke before the answer was complete.';
    case 'timeout':
      return 'Microsoft Graph did not answer within the time allowed.';
    case 'unauthenticated':
      return 'Microsoft Graph refused the access token. Get a new one and try again.';
    case 'forbidden':
      return 'Microsoft Graph does not let this caller do this.';
    case 'not-found':
      return 'Microsoft Graph has nothing there.';
    case 'conflict':
      return 'Microsoft Graph saw another change at the same time.';
    case 'precondition':
      return 'It is no longer as it was last seen.';
    case 'throttled':
      return 'Microsoft Graph asks to slow down. Wait retryAfterSeconds where it is given, then try again.';
    case 'rejected':
      return 'Microsoft Graph refused the request.';
    case 'expired-page':
      return 'The cursor is too old for Microsoft Graph. Start again without after.';
    case 'unavailable':
      return 'Microsoft Graph failed to answer. Try again in a moment.';
    case 'no-room':
      return 'Microsoft Graph has no room left for this. Trying again does not help soon.';
    case 'bad-response':
      return 'Microsoft Graph answered something that cannot be read.';
    default:
      return unreachable(kind);
  }
}

/** What an HTTP status of 300 and above says. Redirects are never followed: a token and a number would follow them. */
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
