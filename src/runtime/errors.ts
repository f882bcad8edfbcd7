// The closed set of error codes of the public API, and the error class that carries them. Any other error is a bug in this
// program, and clients get a masked INTERNAL_SERVER_ERROR instead of it.

/** The error codes that this program adds to those of Apollo Server. They are part of the public API and never renamed. */
export type ErrorCode =
  /** An argument or input field has an invalid value. */
  | 'BAD_USER_INPUT'
  /** The access token is missing or was rejected. */
  | 'UNAUTHENTICATED'
  /** The caller is authenticated but has no permission. */
  | 'FORBIDDEN'
  /** The request exceeds a limit for one request. */
  | 'LIMIT_EXCEEDED'
  /** Microsoft Graph or this gateway throttles the caller. */
  | 'THROTTLED'
  /** This gateway is overloaded. */
  | 'OVERLOADED'
  /** The deadline of the request passed. */
  | 'TIMEOUT'
  /** A cursor has expired. The list has to be read again from the start. */
  | 'CURSOR_EXPIRED'
  /** Microsoft Graph or Microsoft Entra ID is not available or failed. */
  | 'UPSTREAM_UNAVAILABLE'
  /** Microsoft Graph sent an invalid response. */
  | 'UPSTREAM_BAD_RESPONSE'
  /** A bug in this program. */
  | 'INTERNAL_SERVER_ERROR';

/** Details of the upstream request that a caller may see: ids for Microsoft's support, and no message. */
export interface UpstreamTrace {
  /** The HTTP status; null without a response. */
  readonly status: number | null;
  /** Graph's `request-id` header; null without one. */
  readonly requestId: string | null;
  /** The `client-request-id` header of the request. */
  readonly clientRequestId: string | null;
}

export interface GatewayErrorOptions {
  /** Whether the same request can succeed later. Set for upstream failures only. */
  readonly retryable?: boolean | undefined;
  /** Seconds to wait before a retry, 0 or more. Undefined if unknown. */
  readonly retryAfterSeconds?: number | undefined;
  readonly graph?: UpstreamTrace | undefined;
  /** The claims challenge for the caller, in base64, as in a `WWW-Authenticate` header. */
  readonly claims?: string | undefined;
  /** The `authorization_uri` of the challenge, where a token with these claims can be requested. */
  readonly authorizationUri?: string | undefined;
  readonly cause?: unknown;
}

/** An error that clients see unmasked. Its message is written for the caller and contains no data. */
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

/** Ends a `switch` over a closed union. A missing case does not compile. */
export function unreachable(value: never): never {
  throw new TypeError(`Missing case for ${String(value)}`);
}
