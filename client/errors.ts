// What can go wrong with a request, as one closed union of codes: those of the gateway's contract, and three of the client
// itself. What a caller can act on in a change is no error but data: see `results.ts`.

/** The codes of the gateway, in `errors[].extensions.code`. */
const GATEWAY_CODES = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'LIMIT_EXCEEDED',
  'THROTTLED',
  'OVERLOADED',
  'TIMEOUT',
  'CURSOR_EXPIRED',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_BAD_RESPONSE',
  'INTERNAL_SERVER_ERROR',
] as const;

export type GatewayErrorCode = (typeof GATEWAY_CODES)[number];

export type ErrorCode =
  | GatewayErrorCode
  /** The gateway could not be reached, or the connection broke before the whole response was there. */
  | 'NETWORK'
  /** The response is not GraphQL: as a rule it comes from something between the client and the gateway. */
  | 'BAD_RESPONSE'
  /** A code that this version of the client does not know. */
  | 'UNRECOGNIZED';

/** The request to Microsoft Graph behind an error: ids for Microsoft's support. */
export interface GraphTrace {
  readonly status: number | null;
  readonly requestId: string | null;
  readonly clientRequestId: string | null;
}

export interface PhonesErrorDetails {
  readonly retryable?: boolean | undefined;
  readonly retryAfterMs?: number | null | undefined;
  readonly path?: readonly (string | number)[] | undefined;
  readonly graph?: GraphTrace | undefined;
  readonly status?: number | undefined;
  readonly cause?: unknown;
}

export class PhonesError extends Error {
  override readonly name: string = 'PhonesError';
  readonly code: ErrorCode;
  /** Whether the same request can succeed later without any change. */
  readonly retryable: boolean;
  /** Milliseconds to wait first; null where nobody said. */
  readonly retryAfterMs: number | null;
  /** The place in the response, such as `['users', 3, 'phones']`; empty for the whole. */
  readonly path: readonly (string | number)[];
  readonly graph: GraphTrace | null;
  /** The HTTP status; null when there was no response. */
  readonly status: number | null;
  /** The other errors of the response. */
  others: readonly PhonesError[] = [];
  /** The data that came beside the errors; null for none. */
  data: unknown = null;
  /** Of an addition whose outcome is not known: call again with this key. */
  idempotencyKey: string | null = null;

  constructor(code: ErrorCode, message: string, details: PhonesErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.retryable = details.retryable ?? PASSING.has(code);
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.path = details.path ?? [];
    this.graph = details.graph ?? null;
    this.status = details.status ?? null;
  }
}

/** Codes of trouble that goes away by itself, where the gateway does not say. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'NETWORK',
  'THROTTLED',
  'OVERLOADED',
  'TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
]);

const KNOWN: ReadonlySet<unknown> = new Set(GATEWAY_CODES);

export function errorCodeOf(code: unknown): ErrorCode {
  return KNOWN.has(code) ? (code as GatewayErrorCode) : 'UNRECOGNIZED';
}
