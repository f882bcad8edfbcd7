// The closed set of error codes of the public contract, and the one error type that carries them. Whatever else is
// thrown is a fault of this program, and leaves it masked as INTERNAL_SERVER_ERROR.

/** The codes this program adds to Apollo Server's own. The contract names each; none is ever renamed. */
export type ErrorCode =
  /** An argument or input field has a value that can never be right. */
  | 'BAD_USER_INPUT'
  /** No token, or one that was refused. */
  | 'UNAUTHENTICATED'
  /** The caller is known and may not do this. */
  | 'FORBIDDEN'
  /** More was asked than one request may ask. */
  | 'LIMIT_EXCEEDED'
  /** Microsoft Graph, or this gateway, asks the caller to slow down. */
  | 'THROTTLED'
  /** This gateway has more work than it can do in time. */
  | 'OVERLOADED'
  /** The deadline of the request passed. */
  | 'TIMEOUT'
  /** A cursor is too old: its list has to be read again from the start. */
  | 'CURSOR_EXPIRED'
  /** Microsoft Graph could not be reached, or failed. */
  | 'UPSTREAM_UNAVAILABLE'
  /** Microsoft Graph answered something that makes no sense. */
  | 'UPSTREAM_BAD_RESPONSE'
  /** A fault of this program. */
  | 'INTERNAL_SERVER_ERROR';

/** What a caller may know of the upstream call behind an error; ids for Microsoft's support, never a message. */
export interface UpstreamTrace {
  /** The HTTP status, or null when no answer came. */
  readonly status: number | null;
  /** Graph's `request-id`, where the answer had one. */
  readonly requestId: string | null;
  /** The `client-request-id` that was sent. */
  readonly clientRequestId: string | null;
}

export interface GatewayErrorOptions {
  /** Whether the same call can succeed later without any change. Only said of upstream trouble. */
  readonly retryable?: boolean | undefined;
  /** Seconds to wait first, 0 or more, where known. */
  readonly retryAfterSeconds?: number | undefined;
  readonly graph?: UpstreamTrace | undefined;
  /** The claims challenge to relay to the caller, in base64 as `WWW-Authenticate` carries it. */
  readonly claims?: string | undefined;
  /** Where the token with those claims is to be had, as the challenge has it. */
  readonly authorizationUri?: string | undefined;
  readonly cause?: unknown;
}

/** An error that may leave the program as it is: its message is written here, for the caller, and holds no data. */
export class GatewayError extends Error {
  override readonly name: string = 'GatewayError';
  readonly code: ErrorCode;
  readonly retryable: boolean | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly graph: UpstreamTrace | undefined;
  readonly claims: string | undefined;
  readonly authorizationUri: string | undefined;

  constructor(code: ErrorCode, message: string, options: GatewayErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.graph = options.graph;
    this.claims = options.claims;
    this.authorizationUri = options.authorizationUri;
  }
}

/** Ends the whole of a query, and not only the field in whose place it is thrown. Nothing of its response is sent then. */
export abstract class OperationEnded extends GatewayError {}

/** Ends a switch over a closed union; a member that was forgotten does not compile. */
export function unreachable(value: never): never {
  throw new TypeError(`a case is missing for ${String(value)}`);
}
