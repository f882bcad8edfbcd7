// Maps a failed token request to the error for the caller and to the fields for the operator's log. The HTTP status and
// the error codes decide. The texts of Entra ID are never used, because they can contain names.
//
// Sources: RFC 6749, section 5.2; Microsoft identity platform, "OAuth 2.0 On-Behalf-Of flow" and "Claims challenges".
import { GatewayError } from '../runtime/errors.ts';
import type { LogFields } from '../runtime/log.ts';
import { CredentialError } from './credential.ts';
import type { TokenRequestFailure } from './token-network.ts';
import { expiredToken } from './token-validation.ts';

export type GrantType =
  /** A token on behalf of a user. As a rule, the user can fix a rejection. */
  | 'on-behalf-of'
  /** A token for the gateway itself. Only the operator can fix a rejection. */
  | 'client-credentials';

export interface TokenFailure {
  /** The error for the caller. */
  readonly error: GatewayError;
  /** Log fields for a failure that the operator has to fix; null for any other failure. */
  readonly operator: LogFields | null;
}

/**
 * @param authorizationUri where the user can sign in again
 * @param cause the error that MSAL or the network module threw
 */
export function toTokenFailure(
  failure: TokenRequestFailure,
  grant: GrantType,
  authorizationUri: string,
  cause: unknown,
): TokenFailure {
  switch (failure.kind) {
    case 'not-sent':
      return misconfigured({ reason: cause instanceof CredentialError ? cause.message : null }, cause);
    case 'no-response':
      return {
        error: failure.reason === 'timeout' ? timedOut(cause) : unavailable(undefined, cause),
        operator: null,
      };
    case 'invalid-response':
      return { error: temporaryError(failure, cause), operator: null };
    case 'error-response':
      if (isTemporary(failure)) return { error: temporaryError(failure, cause), operator: null };
      return grant === 'on-behalf-of' && canUserFix(failure.body)
        ? { error: interactionRequired(failure.body, authorizationUri, cause), operator: null }
        : misconfigured(safeFieldsOf(failure.body), cause);
  }
}

type ErrorBody = Readonly<Record<string, unknown>>;

function isTemporary({ status, body }: { readonly status: number; readonly body: ErrorBody }): boolean {
  return status === 429 || status >= 500 || body['error'] === 'temporarily_unavailable';
}

/** Claims say what the next token has to satisfy. Without claims, the error code says whether the user can act. */
function canUserFix(body: ErrorBody): boolean {
  return claimsIn(body) !== undefined || USER_ERRORS.has(String(body['error']));
}

/** `invalid_grant` means that Entra ID rejected the caller's token. */
const USER_ERRORS: ReadonlySet<string> = new Set([
  'interaction_required',
  'consent_required',
  'login_required',
  'invalid_grant',
]);

/** Encodes the claims, which Entra ID sends as JSON, in base64, as a claims challenge carries them. */
function claimsIn({ claims }: ErrorBody): string | undefined {
  return typeof claims === 'string' && claims !== '' && claims.length <= MAX_CLAIMS_LENGTH
    ? Buffer.from(claims).toString('base64')
    : undefined;
}

/** The maximum number of characters in claims. Longer claims might not fit into a response header. */
const MAX_CLAIMS_LENGTH = 3_000;

function interactionRequired(body: ErrorBody, authorizationUri: string, cause: unknown): GatewayError {
  const claims = claimsIn(body);
  if (claims === undefined && hasCode(body, ASSERTION_EXPIRED)) return expiredToken();
  const message =
    claims === undefined
      ? 'Microsoft Entra ID issues no Microsoft Graph token for this user. Sign in again. If that does not help, the user or an administrator has to consent.'
      : 'Microsoft Entra ID requires more claims for this user. Request a new access token with the given claims and send that token.';
  return new GatewayError('UNAUTHENTICATED', message, {
    ...(claims === undefined ? {} : { claims, authorizationUri }),
    cause,
  });
}

/** AADSTS500133: the assertion is not within its valid time range. */
const ASSERTION_EXPIRED = 500_133;

function hasCode(body: ErrorBody, code: number): boolean {
  return Array.isArray(body['error_codes']) && body['error_codes'].includes(code);
}

function timedOut(cause: unknown): GatewayError {
  const message = 'Microsoft Entra ID did not respond in time. Try again in a moment.';
  return new GatewayError('TIMEOUT', message, { retryable: true, cause });
}

function unavailable(retryAfterSeconds: number | undefined, cause: unknown): GatewayError {
  const message = 'Microsoft Entra ID is not available. Try again in a moment.';
  return new GatewayError('UPSTREAM_UNAVAILABLE', message, retryOptions(retryAfterSeconds, cause));
}

function temporaryError(
  { status, retryAfter }: { readonly status: number; readonly retryAfter: string | null },
  cause: unknown,
): GatewayError {
  const seconds = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined;
  if (status !== 429) return unavailable(seconds, cause);
  const message =
    'Microsoft Entra ID throttles this gateway. Wait retryAfterSeconds if it is given, then try again.';
  return new GatewayError('THROTTLED', message, retryOptions(seconds, cause));
}

function retryOptions(retryAfterSeconds: number | undefined, cause: unknown) {
  return { retryable: true, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }), cause };
}

function misconfigured(operator: LogFields, cause: unknown): TokenFailure {
  const message =
    'Microsoft Entra ID issues no token to this gateway. Its operator has to check the app registration and the log.';
  return { error: new GatewayError('UPSTREAM_UNAVAILABLE', message, { retryable: false, cause }), operator };
}

/** Returns the documented error codes and the ids that Microsoft's support asks for. Other fields can contain names. */
function safeFieldsOf(body: ErrorBody): LogFields {
  const numbers = Array.isArray(body['error_codes']) ? body['error_codes'] : [];
  return {
    error: safeId(body['error']),
    aadsts: numbers.filter((code) => Number.isInteger(code)).join(' ') || null,
    traceId: safeId(body['trace_id']),
    correlationId: safeId(body['correlation_id']),
  };
}

function safeId(value: unknown): string | null {
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value) ? value : null;
}
