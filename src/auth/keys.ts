// The signing keys of Microsoft Entra ID, for each tenant. They are fetched on first use and refetched periodically, because
// Entra ID rotates them without notice.
//
// Old keys stay in use until a refetch succeeds, however long the key server is down. A token with an unknown key id
// triggers a refetch, because it can be the first token after a rotation. At most one refetch per cooldown is made, even when it
// fails, so tokens with made-up key ids cause no flood of requests. jose fetches the keys and selects one. This module
// decides when to fetch, because jose stops using old keys when the server is down and measures its cooldown from the
// last success with its own clock (6.2.17).
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '../runtime/clock.ts';
import { GatewayError } from '../runtime/errors.ts';
import { type Authority, jwksUri } from './authority.ts';
import type { EntraHttp } from './http.ts';

export interface SigningKeys {
  /**
   * Returns jose's key lookup for one tenant. The lookup rejects with a GatewayError UPSTREAM_UNAVAILABLE as long as no
   * keys have been fetched.
   */
  forTenant(tenantId: string): JWTVerifyGetKey;
}

export interface SigningKeysOptions {
  readonly authority: Authority;
  readonly http: EntraHttp;
  readonly clock: Clock;
}

/** Milliseconds after which keys are refetched in the background. */
export const REFETCH_MS = 10 * 60_000;
/** Minimum milliseconds between two fetches that unknown key ids or failures trigger. */
export const COOLDOWN_MS = 30_000;
/** The same before the first successful fetch, while no token can be validated. */
export const FIRST_COOLDOWN_MS = 1_000;

export function createSigningKeys(options: SigningKeysOptions): SigningKeys {
  const tenants = new Map<string, JWTVerifyGetKey>();
  return {
    forTenant(tenantId) {
      const cached = tenants.get(tenantId);
      if (cached !== undefined) return cached;
      const keys = createTenantKeys(options, tenantId);
      tenants.set(tenantId, keys);
      return keys;
    },
  };
}

function createTenantKeys({ authority, http, clock }: SigningKeysOptions, tenantId: string): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(jwksUri(authority, tenantId)), {
    // jose never refetches by itself.
    cacheMaxAge: Number.POSITIVE_INFINITY,
    cooldownDuration: Number.POSITIVE_INFINITY,
    [customFetch]: (url) => fetchKeys(http, url, tenantId),
  });
  let fetchedAt: number | null = null;
  let lastTryAt = Number.NEGATIVE_INFINITY;
  let fetching: Promise<void> | null = null;

  function refetch(): Promise<void> {
    if (fetching !== null) return fetching;
    lastTryAt = clock.elapsed();
    fetching = keys
      .reload()
      .then(() => {
        fetchedAt = clock.elapsed();
      })
      .finally(() => {
        fetching = null;
      });
    return fetching;
  }

  /** Whether the last fetch began less than `ms` ago. False while a fetch is under way: callers can wait for that one. */
  const isInCooldown = (ms: number): boolean => fetching === null && clock.elapsed() < lastTryAt + ms;

  async function ensureKeys(): Promise<void> {
    if (fetchedAt === null) {
      if (isInCooldown(FIRST_COOLDOWN_MS)) throw keysUnavailable(null);
      await refetch().catch((error: unknown) => {
        throw keysUnavailable(error);
      });
    } else if (clock.elapsed() >= fetchedAt + REFETCH_MS && !isInCooldown(COOLDOWN_MS)) {
      void refetch().catch(() => undefined);
    }
  }

  return async (header, token) => {
    await ensureKeys();
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || isInCooldown(COOLDOWN_MS)) throw error;
      await refetch().catch(() => undefined);
      return keys(header, token);
    }
  };
}

function keysUnavailable(cause: unknown): GatewayError {
  const message =
    'The signing keys of Microsoft Entra ID are not available, so access tokens cannot be validated. Try again in a moment.';
  return new GatewayError('UPSTREAM_UNAVAILABLE', message, { retryable: true, cause });
}

async function fetchKeys(http: EntraHttp, url: string, tenantId: string): Promise<Response> {
  const { status, text } = await http.send({
    method: 'GET',
    url,
    headers: { accept: 'application/json' },
    body: null,
  });
  if (status !== 200) return new Response(null, { status: status >= 200 && status < 600 ? status : 502 });
  return Response.json(keysOfTenant(JSON.parse(text), tenantId));
}

/**
 * Removes the keys that name another tenant as their issuer. A key set also contains the keys of personal accounts, and
 * those must not sign tokens of an organization (Microsoft identity platform, "Access tokens", signing key issuer).
 */
function keysOfTenant(set: unknown, tenantId: string): unknown {
  const keys = typeof set === 'object' && set !== null && 'keys' in set ? set.keys : null;
  if (!Array.isArray(keys)) return set;
  return { keys: keys.filter((key: unknown) => isOfTenant(key, tenantId)) };
}

function isOfTenant(key: unknown, tenantId: string): boolean {
  const issuer = typeof key === 'object' && key !== null && 'issuer' in key ? String(key.issuer) : '';
  const issuerTenant = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(issuer)?.[0];
  return issuerTenant === undefined || issuerTenant.toLowerCase() === tenantId;
}
