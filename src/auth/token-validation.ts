// Validates access tokens that Microsoft Entra ID issues for this gateway, and reads their claims. access-policy.ts decides
// whether the caller may use the gateway.
//
// Every check is mandatory: a signing key of the tenant, RS256 only (the same key also verifies PS256), the exact issuer
// for the tenant and token version, this gateway as the audience, and the claims that the rest of the program uses.
// Source: Microsoft identity platform, "Secure applications and APIs by validating claims".
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Clock, EpochMs } from '../runtime/clock.ts';
import { GatewayError } from '../runtime/errors.ts';
import { type Authority, issuerOf, isTokenVersion, type TokenVersion } from './authority.ts';
import type { SigningKeys } from './keys.ts';

/** The claims of a valid access token. */
export interface TokenClaims {
  readonly tenantId: string;
  /** The client id of the calling application (`azp`, or `appid` in version 1). */
  readonly clientId: string;
  /** The object id (`oid`) of the user, or of the service principal of the calling application. */
  readonly objectId: string;
  /** `user` for delegated access, `app` for app-only access. */
  readonly kind: 'user' | 'app';
  /** Delegated permissions for this gateway (`scp`). */
  readonly scopes: readonly string[];
  /** Application permissions for this gateway (`roles`). */
  readonly roles: readonly string[];
  /** Whether the calling application declares that it handles claims challenges (`xms_cc` with `cp1`). */
  readonly handlesClaims: boolean;
  /** The `exp` claim. */
  readonly expiresAt: EpochMs;
}

/** Why a token was rejected. Safe to log. */
export type InvalidTokenReason =
  | 'missing'
  | 'malformed'
  | 'algorithm'
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'expired'
  | 'not yet valid'
  | 'claims';

/** Rejects an access token. Contains nothing of the token. */
export class InvalidTokenError extends GatewayError {
  override readonly name = 'InvalidTokenError';
  readonly reason: InvalidTokenReason;

  constructor(reason: InvalidTokenReason, message: string) {
    super('UNAUTHENTICATED', message);
    this.reason = reason;
  }
}

/** The error for a token that has expired by the clock of this machine or of Entra ID. */
export function expiredToken(): InvalidTokenError {
  return new InvalidTokenError('expired', invalidTokenMessage('expired', ''));
}

export interface TokenValidatorOptions {
  readonly authority: Authority;
  readonly keys: SigningKeys;
  readonly clientId: string;
  /** Tenants whose keys are fetched. A token of another tenant is verified with the keys of the first, and so rejected. */
  readonly tenants: readonly [string, ...string[]];
  /** The scope to request from Entra ID, for error messages. */
  readonly scope: string;
  readonly clock: Clock;
}

/**
 * Validates an access token. Rejects with an InvalidTokenError, or with a GatewayError UPSTREAM_UNAVAILABLE when the
 * signing keys are not available.
 */
export type TokenValidator = (token: string) => Promise<TokenClaims>;

/** Seconds of clock difference to Entra ID that validation accepts. */
export const CLOCK_TOLERANCE_SECONDS = 60;
/** `sub` is not required: it is only read from app-only tokens. */
const REQUIRED_CLAIMS = ['exp', 'iat', 'tid', 'oid', 'ver'];
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function createTokenValidator(options: TokenValidatorOptions): TokenValidator {
  const { authority, keys, clientId, tenants, clock } = options;
  const invalid = (reason: InvalidTokenReason): InvalidTokenError =>
    new InvalidTokenError(reason, invalidTokenMessage(reason, options.scope));
  return async (token) => {
    const unverified = decodeUnverified(token);
    if (unverified === null) throw invalid('malformed');
    const { tenantId, version } = unverified;
    const keyTenant = tenants.includes(tenantId) ? tenantId : tenants[0];
    const { payload } = await jwtVerify(token, keys.forTenant(keyTenant), {
      algorithms: ['RS256'],
      issuer: issuerOf(authority, tenantId, version),
      audience: version === '1.0' ? [`api://${clientId}`, clientId] : clientId,
      requiredClaims: REQUIRED_CLAIMS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: new Date(clock.now()),
    }).catch((error: unknown) => {
      throw error instanceof GatewayError ? error : invalid(reasonOf(error));
    });
    const claims = readClaims(payload, tenantId, version);
    if (claims === null) throw invalid('claims');
    return claims;
  };
}

interface UnverifiedToken {
  readonly tenantId: string;
  readonly version: TokenVersion;
}

/**
 * Reads what selects the keys and the issuer, before the token is verified. A token without a key id is rejected: jose
 * would otherwise accept any key that fits.
 */
function decodeUnverified(token: string): UnverifiedToken | null {
  try {
    const { kid } = decodeProtectedHeader(token);
    const { tid, ver } = decodeJwt(token);
    if (typeof kid !== 'string' || !isGuid(tid) || !isTokenVersion(ver)) return null;
    return { tenantId: tid, version: ver };
  } catch {
    return null;
  }
}

function isGuid(value: unknown): value is string {
  return typeof value === 'string' && GUID.test(value);
}

/** Returns null when the payload is not that of an access token. */
function readClaims(payload: JWTPayload, tenantId: string, version: TokenVersion): TokenClaims | null {
  const { exp, oid } = payload;
  const clientId = version === '1.0' ? payload['appid'] : payload['azp'];
  const kind = kindOf(payload);
  if (exp === undefined || !isGuid(oid) || !isGuid(clientId) || kind === null) return null;
  const capabilities = payload['xms_cc'];
  return {
    tenantId,
    clientId,
    objectId: oid,
    kind,
    scopes: typeof payload['scp'] === 'string' ? payload['scp'].split(' ') : [],
    roles: Array.isArray(payload['roles']) ? payload['roles'].map(String) : [],
    handlesClaims: Array.isArray(capabilities) && capabilities.includes('cp1'),
    expiresAt: exp * 1000,
  };
}

/**
 * Tells delegated from app-only access. The optional claim `idtyp` says it, when the app registration turns that claim on.
 * Without `idtyp`, a token with delegated permissions (`scp`) is a user's. A token without permissions is app-only when its
 * subject is its own service principal. Any other token, for example an ID token, is not an access token and gives null.
 */
function kindOf({ idtyp, scp, sub, oid }: JWTPayload): 'user' | 'app' | null {
  if (idtyp === 'app') return 'app';
  if (idtyp !== undefined && idtyp !== 'user') return null;
  if (typeof scp === 'string' && scp !== '') return 'user';
  return idtyp === undefined && scp === undefined && sub === oid ? 'app' : null;
}

function reasonOf(error: unknown): InvalidTokenReason {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'iss') return 'issuer';
    if (error.claim === 'aud') return 'audience';
    return error.claim === 'nbf' && error.reason === 'check_failed' ? 'not yet valid' : 'claims';
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return 'signature';
  return 'malformed';
}

/** @param scope the scope to request from Entra ID */
export function invalidTokenMessage(reason: InvalidTokenReason, scope: string): string {
  const request = `Request one from Microsoft Entra ID with the scope ${scope}.`;
  switch (reason) {
    case 'missing':
      return `Send an access token for this gateway: \`Authorization: Bearer <token>\`. ${request}`;
    case 'expired':
      return 'The access token has expired. Get a new one.';
    case 'not yet valid':
      return 'The access token is not valid yet. Wait until its nbf time, and check the clock of your machine.';
    case 'audience':
      return `The access token is for another audience. ${request}`;
    default:
      return `The access token is not valid for this gateway. ${request}`;
  }
}
