// Authenticates callers whose access tokens are issued for this gateway. The gateway validates the token and exchanges it
// for a Microsoft Graph token. It sends the caller's token to Microsoft Entra ID only.
//
// When the exchange for a user fails, the request fails. The gateway never uses its own permissions instead.
import { createHash } from 'node:crypto';
import type { Clock } from '../runtime/clock.ts';
import { GatewayError } from '../runtime/errors.ts';
import type { Logger } from '../runtime/log.ts';
import type { AccessLevel, Principal } from '../runtime/principal.ts';
import { type Span, spanFields } from '../runtime/tracing.ts';
import { type AccessPolicy, authorize } from './access-policy.ts';
import { type Authenticator, bearerToken } from './authenticator.ts';
import { type Authority, authorizationEndpoint } from './authority.ts';
import { type Credential, replicaSecretOf } from './credential.ts';
import type { TokenExchange } from './exchange.ts';
import { createExpiringCache } from './expiring-cache.ts';
import { perConnection } from './per-connection.ts';
import type { TokenCache, TokenRequest } from './token-cache.ts';
import {
  CLOCK_TOLERANCE_SECONDS,
  expiredToken,
  InvalidTokenError,
  invalidTokenMessage,
  type TokenClaims,
  type TokenValidator,
} from './token-validation.ts';

export interface EntraAuthenticatorOptions {
  readonly authority: Authority;
  readonly clientId: string;
  /** The credential of the gateway. */
  readonly credential: Credential;
  /** The scope of the Microsoft Graph tokens, such as `https://graph.microsoft.com/.default`. */
  readonly graphScope: string;
  readonly policy: AccessPolicy;
  readonly validate: TokenValidator;
  readonly exchange: TokenExchange;
  readonly tokens: TokenCache;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The result of validating one access token. */
interface ValidToken {
  readonly claims: TokenClaims;
  readonly accessLevel: AccessLevel;
}

/**
 * Milliseconds that the result of a validation is cached. Verifying the signature is the most expensive step of
 * authentication. After Entra ID withdraws a key, a cached token is accepted for at most this long.
 */
export const REVALIDATE_MS = 60_000;
/** The maximum number of cached validation results. */
const VALID_TOKENS = 10_000;

export function createEntraAuthenticator(options: EntraAuthenticatorOptions): Authenticator {
  const { policy, clock, logger } = options;
  const validTokens = createExpiringCache<ValidToken>(VALID_TOKENS, clock);

  async function validate(token: string, key: string): Promise<ValidToken> {
    const claims = await options.validate(token);
    const valid = { claims, accessLevel: authorize(claims, policy) };
    const remainingMs = claims.expiresAt + CLOCK_TOLERANCE_SECONDS * 1000 - clock.now();
    validTokens.set(key, valid, Math.min(REVALIDATE_MS, remainingMs));
    return valid;
  }

  const read = perConnection((authorization) => {
    const token = bearerToken(authorization);
    if (token === null) throw new InvalidTokenError('missing', invalidTokenMessage('missing', policy.scope));
    return { token, key: keyOf(options, token) };
  });

  return {
    async authenticate(authorization, connection, operation = null) {
      const span = operation === null ? null : operation.recorded;
      try {
        const { token, key } = read(authorization, connection);
        const cached = validTokens.get(key);
        if (cached !== undefined) return principalOf(options, token, key, cached, span);
        const valid = await validate(token, key);
        return principalOf(options, token, key, valid, span);
      } catch (error) {
        if (error instanceof InvalidTokenError)
          logger.info({ reason: error.reason, ...spanFields(operation) }, 'Rejected an access token');
        throw error;
      }
    },
  };
}

/** Hashes everything that a Microsoft Graph token depends on. The hash cannot be used as a token. */
function keyOf({ authority, clientId, graphScope }: EntraAuthenticatorOptions, token: string): string {
  const parts = [authority.host, clientId, graphScope, token];
  return createHash('sha256').update(parts.join('\n')).digest('base64url');
}

function principalOf(
  options: EntraAuthenticatorOptions,
  token: string,
  key: string,
  { claims, accessLevel }: ValidToken,
  span: Span | null,
): Principal {
  const { tokens } = options;
  const { tenantId, clientId, objectId, kind } = claims;
  const request =
    kind === 'user' ? userRequest(options, token, key, claims, span) : appRequest(options, tenantId, span);
  return {
    key,
    owner: `${tenantId}/${objectId}/${clientId}`,
    accessLevel,
    identity: { tenantId, userId: kind === 'user' ? objectId : null, clientId },
    token: () => tokens.get(request),
    async renew(rejected, challenge) {
      try {
        return await tokens.renew(request, rejected, claimsJson(challenge));
      } catch (error) {
        throw withChallenge(error, challenge, authorizationEndpoint(options.authority, tenantId));
      }
    },
  };
}

/** Adds Graph's claims challenge to an UNAUTHENTICATED error of Entra ID that has no claims of its own. */
function withChallenge(error: unknown, claims: string | undefined, authorizationUri: string): unknown {
  if (!(error instanceof GatewayError) || error.code !== 'UNAUTHENTICATED') return error;
  if (error.claims !== undefined || claims === undefined) return error;
  return new GatewayError('UNAUTHENTICATED', error.message, { claims, authorizationUri, cause: error });
}

/** The key needs no tenant of its own: it contains the caller's token, and the token names the tenant. */
function userRequest(
  { exchange, clock }: EntraAuthenticatorOptions,
  token: string,
  key: string,
  { tenantId, handlesClaims, expiresAt }: TokenClaims,
  span: Span | null,
): TokenRequest {
  return {
    key,
    secret: async () => token,
    expiresAt,
    exchange: (claims) =>
      exchange
        .onBehalfOf({ tenantId, assertion: token, claims, handlesClaims, span })
        .catch((error: unknown) => {
          throw isExpiry(error, clock.now() >= expiresAt) ? expiredToken() : error;
        }),
  };
}

/**
 * Whether Entra ID rejected the caller's token because it has expired. The gateway accepts a token for
 * CLOCK_TOLERANCE_SECONDS after its expiry, and Entra ID can reject it earlier. The caller then needs a new token, not
 * consent.
 */
function isExpiry(error: unknown, hasExpired: boolean): boolean {
  return (
    hasExpired &&
    error instanceof GatewayError &&
    error.code === 'UNAUTHENTICATED' &&
    error.claims === undefined
  );
}

/** The gateway's own token for one tenant. All applications that call from this tenant share it. */
function appRequest(options: EntraAuthenticatorOptions, tenantId: string, span: Span | null): TokenRequest {
  return {
    key: keyOf(options, `as itself in ${tenantId}`),
    secret: () => replicaSecretOf(options.credential),
    expiresAt: Number.POSITIVE_INFINITY,
    exchange: (claims) => options.exchange.clientCredentials(tenantId, claims, span),
  };
}

/** Decodes a claims challenge from base64. Returns null without a challenge, or when it is not a JSON object. */
function claimsJson(claims: string | undefined): string | null {
  try {
    const text = Buffer.from(claims ?? '', 'base64').toString();
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? text : null;
  } catch {
    return null;
  }
}
