// What it means when Microsoft Entra ID gives no token: whether the caller can do something about it, or the operator,
// or nobody but time. Decided by the status and by the codes of the answer, never by its words, which hold names.
//
// Sources: RFC 6749, section 5.2; Microsoft identity platform, "OAuth 2.0 On-Behalf-Of flow" and "Claims challenges".
import { GatewayError } from '../runtime/errors.ts';
import type { LogFields } from '../runtime/log.ts';
import { CredentialProblem } from './credential.ts';
import type { Trouble } from './token-response.ts';
import { expired } from './token-validation.ts';

/** On whose behalf a token was asked for. */
export type Grant =
  /** A person's: what is refused is, as a rule, the person's to mend. */
  | 'on-behalf-of'
  /** The gateway's own: what is refused is the operator's to mend. */
  | 'as-itself';

export interface Refused {
  /** For the caller. */
  readonly error: GatewayError;
  /** For the log of the operator, who has to do something; null when there is nothing to do. */
  readonly operator: LogFields | null;
}

/** @param signIn where the person can sign in again */
export function meaningOf(trouble: Trouble, grant: Grant, signIn: string, cause: unknown): Refused {
  switch (trouble.kind) {
    case 'unprepared':
      return gatewayAtFault({ reason: cause instanceof CredentialProblem ? cause.message : null }, cause);
    case 'unreached':
      return { error: trouble.why === 'slow' ? slow(cause) : unavailable(undefined, cause), operator: null };
    case 'unreadable':
      return { error: busy(trouble, cause), operator: null };
    case 'refused':
      if (trouble.status === 429 || trouble.status >= 500)
        return { error: busy(trouble, cause), operator: null };
      if (trouble.body['error'] === 'temporarily_unavailable')
        return { error: busy(trouble, cause), operator: null };
      return grant === 'on-behalf-of' && isAboutPerson(trouble.body)
        ? { error: signInAgain(trouble.body, signIn, cause), operator: null }
        : gatewayAtFault(traceOf(trouble.body), cause);
  }
}

/** `invalid_grant` is about the token that came in; claims say what the next one has to satisfy. */
function isAboutPerson(body: Readonly<Record<string, unknown>>): boolean {
  return claimsIn(body) !== undefined || ABOUT_PERSON.has(String(body['error']));
}

const ABOUT_PERSON: ReadonlySet<string> = new Set([
  'interaction_required',
  'consent_required',
  'login_required',
  'invalid_grant',
]);

/** The claims of an answer are JSON; a challenge carries them in base64. */
function claimsIn({ claims }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof claims === 'string' && claims !== '' && claims.length <= LONGEST_CLAIMS
    ? Buffer.from(claims).toString('base64')
    : undefined;
}

/** Characters of claims that still fit into a header. */
const LONGEST_CLAIMS = 3_000;

function signInAgain(body: Readonly<Record<string, unknown>>, signIn: string, cause: unknown): GatewayError {
  const claims = claimsIn(body);
  if (claims === undefined && hasCode(body, ASSERTION_TIME)) return expired();
  const message =
    claims === undefined
      ? 'Microsoft Entra ID gives no token for Microsoft Graph on behalf of this person. Sign in again; the person, or an administrator, may have to consent.'
      : 'Microsoft Entra ID wants more of this person first. Get a new access token with the claims given, and send that.';
  return new GatewayError('UNAUTHENTICATED', message, {
    ...(claims === undefined ? {} : { claims, authorizationUri: signIn }),
    cause,
  });
}

/** AADSTS500133: the assertion is not within its valid time range. */
const ASSERTION_TIME = 500_133;

function hasCode(body: Readonly<Record<string, unknown>>, code: number): boolean {
  return Array.isArray(body['error_codes']) && body['error_codes'].includes(code);
}

function slow(cause: unknown): GatewayError {
  const message = 'Microsoft Entra ID did not answer within the time allowed. Try again in a moment.';
  return new GatewayError('TIMEOUT', message, { retryable: true, cause });
}

function unavailable(retryAfterSeconds: number | undefined, cause: unknown): GatewayError {
  const message = 'Microsoft Entra ID could not be reached for a token. Try again in a moment.';
  return new GatewayError('UPSTREAM_UNAVAILABLE', message, waiting(retryAfterSeconds, cause));
}

function busy(
  { status, retryAfter }: { readonly status: number; readonly retryAfter: string | null },
  cause: unknown,
): GatewayError {
  const seconds = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined;
  if (status !== 429) return unavailable(seconds, cause);
  const message =
    'Microsoft Entra ID asks to slow down. Wait retryAfterSeconds where it is given, then try again.';
  return new GatewayError('THROTTLED', message, waiting(seconds, cause));
}

function waiting(retryAfterSeconds: number | undefined, cause: unknown) {
  return { retryable: true, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }), cause };
}

function gatewayAtFault(operator: LogFields, cause: unknown): Refused {
  const message =
    'Microsoft Entra ID gives this gateway no token. Its operator has to look at its registration; the log has more.';
  return { error: new GatewayError('UPSTREAM_UNAVAILABLE', message, { retryable: false, cause }), operator };
}

/** What Microsoft documents its errors by, and finds a request by; nothing that could hold a name. */
function traceOf(body: Readonly<Record<string, unknown>>): LogFields {
  const numbers = Array.isArray(body['error_codes']) ? body['error_codes'] : [];
  return {
    error: plain(body['error']),
    aadsts: numbers.filter((code) => Number.isInteger(code)).join(' ') || null,
    traceId: plain(body['trace_id']),
    correlationId: plain(body['correlation_id']),
  };
}

function plain(value: unknown): string | null {
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value) ? value : null;
}
