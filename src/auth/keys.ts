// The keys that Microsoft Entra ID signs tokens with, tenant by tenant: fetched when first needed, kept, and fetched
// again now and then, since they are rotated without notice.
//
// What worked goes on working: keys that are due for a refetch serve until another set is there, however long the key
// server is down. A token signed with an unknown key causes a refetch, since it may be the first after a rotation, but
// only one per cooldown, also when that one fails: whoever sends tokens with made-up key ids causes no flood. jose
// fetches and finds keys; when to fetch is decided here, because jose stops using its keys when they are old and the
// server is down, and counts its cooldown from the last success by a clock of its own (6.2.17).
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import type { Clock } from '../runtime/clock.ts';
import { GatewayError } from '../runtime/errors.ts';
import { type Authority, keysUrl } from './authority.ts';
import type { EntraHttp } from './http.ts';

export interface SigningKeys {
  /**
   * Finds the key of a token, among those of a tenant.
   *
   * @throws GatewayError of UPSTREAM_UNAVAILABLE when no keys could be had yet
   */
  of(tenantId: string): JWTVerifyGetKey;
}

export interface SigningKeysOptions {
  readonly authority: Authority;
  readonly http: EntraHttp;
  readonly clock: Clock;
}

/** Milliseconds after which keys are fetched again, in the background. */
export const REFETCH_MS = 10 * 60_000;
/** Milliseconds between two fetches that somebody else than the clock asks for. */
export const COOLDOWN_MS = 30_000;
/** The same while there are no keys at all, and nobody can be let in. */
export const FIRST_COOLDOWN_MS = 1_000;

export function createSigningKeys(options: SigningKeysOptions): SigningKeys {
  const tenants = new Map<string, JWTVerifyGetKey>();
  return {
    of(tenantId) {
      const known = tenants.get(tenantId);
      if (known !== undefined) return known;
      const keys = createTenantKeys(options, tenantId);
      tenants.set(tenantId, keys);
      return keys;
    },
  };
}

function createTenantKeys({ authority, http, clock }: SigningKeysOptions, tenantId: string): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(keysUrl(authority, tenantId)), {
    // Forever: the times below decide.
    cacheMaxAge: Number.POSITIVE_INFINITY,
    cooldownDuration: Number.POSITIVE_INFINITY,
    [customFetch]: (url) => fetchKeys(http, url, tenantId),
  });
  let fetchedAt: number | null = null;
  let triedAt = Number.NEGATIVE_INFINITY;
  let fetching: Promise<void> | null = null;

  function fetchAgain(): Promise<void> {
    if (fetching !== null) return fetching;
    triedAt = clock.elapsed();
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

  /** Whether a fetch was tried too short a time ago to try another. One that is under way can be waited for. */
  const isCooling = (ms: number): boolean => fetching === null && clock.elapsed() < triedAt + ms;

  async function haveKeys(): Promise<void> {
    if (fetchedAt === null) {
      if (isCooling(FIRST_COOLDOWN_MS)) throw noKeys(null);
      await fetchAgain().catch((error: unknown) => {
        throw noKeys(error);
      });
    } else if (clock.elapsed() >= fetchedAt + REFETCH_MS && !isCooling(COOLDOWN_MS)) {
      void fetchAgain().catch(() => undefined);
    }
  }

  return async (header, token) => {
    await haveKeys();
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || isCooling(COOLDOWN_MS)) throw error;
      await fetchAgain().catch(() => undefined);
      return keys(header, token);
    }
  };
}

function noKeys(cause: unknown): GatewayError {
  const message =
    'Microsoft Entra ID did not hand out its keys, so no token can be checked. Try again in a moment.';
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
  return Response.json(ownKeys(JSON.parse(text), tenantId));
}

/**
 * The set without the keys that name another tenant as their issuer: those of personal accounts stand beside the
 * others, and must not sign for an organization (Microsoft identity platform, "Access tokens", signing key issuer).
 */
function ownKeys(set: unknown, tenantId: string): unknown {
  const keys = typeof set === 'object' && set !== null && 'keys' in set ? set.keys : null;
  if (!Array.isArray(keys)) return set;
  return { keys: keys.filter((key: unknown) => isOwn(key, tenantId)) };
}

function isOwn(key: unknown, tenantId: string): boolean {
  const issuer = typeof key === 'object' && key !== null && 'issuer' in key ? String(key.issuer) : '';
  const named = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(issuer)?.[0];
  return named === undefined || named.toLowerCase() === tenantId;
}
