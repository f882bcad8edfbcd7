// Caches Microsoft Graph tokens. For each key, at most one token request is under way, and all callers with that key wait
// for it. A key includes everything that the token depends on, including the caller's own token, so no caller gets
// the token of another.
//
// A failed request fails only for those who waited for it. The next caller tries again, with two exceptions, which concern
// that key only. When Entra ID asks for a pause, the key pauses for that long. When Entra ID rejects the request, the
// failure is cached for a few seconds: a client that keeps sending a rejected token would otherwise get the gateway
// throttled for everybody.
//
// When replicas share a store, a token of another replica is used before Entra ID is asked. Two replicas that request a
// token at the same time get two tokens, and both are valid.
import type { Clock, EpochMs } from '../runtime/clock.ts';
import { type ErrorCode, GatewayError, type GatewayErrorOptions } from '../runtime/errors.ts';
import { createExpiringCache } from './expiring-cache.ts';
import type { SharedToken, SharedTokens, TokenKey } from './shared-tokens.ts';

/** A token as Entra ID issued it. */
export interface IssuedToken {
  readonly token: string;
  /** The lifetime in milliseconds, from the start of the token request. */
  readonly lifetimeMs: number;
}

/** Describes a token, and how to request it. */
export interface TokenRequest extends TokenKey {
  /** When the caller's own token expires; infinity for a token that depends on no other. */
  readonly expiresAt: EpochMs;
  /**
   * Requests the token. Rejects with a GatewayError.
   *
   * @param claims the claims that the token has to satisfy, as JSON; null for none
   */
  exchange(claims: string | null): Promise<IssuedToken>;
}

export interface TokenCache {
  /** Returns a cached or a new token. */
  get(request: TokenRequest): Promise<string>;
  /** Returns a token other than the rejected one: its replacement in the cache, or a new one. */
  renew(request: TokenRequest, rejected: string, claims: string | null): Promise<string>;
}

export interface TokenCacheOptions {
  readonly clock: Clock;
  /** The maximum number of cached tokens. */
  readonly capacity: number;
  /** Null without replicas. */
  readonly shared: SharedTokens | null;
}

interface Entry {
  readonly token: string;
}

/**
 * What is needed to throw a failure again. The error itself is not cached: its stack and cause keep the session of the
 * request and the MSAL client alive.
 */
interface CachedFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly options: Omit<GatewayErrorOptions, 'cause'>;
}

/** Milliseconds before its expiry that a token is no longer used. It has to outlast the request that it is sent with. */
export const EXPIRY_MARGIN_MS = 60_000;
/** Milliseconds that a rejection is cached: long for a program in a loop, short for a user who signs in again. */
export const REJECTION_TTL_MS = 5_000;
/** The longest pause of a key in milliseconds, whatever Entra ID asks for. */
export const MAX_PAUSE_MS = 5 * 60_000;

export function createTokenCache({ clock, capacity, shared }: TokenCacheOptions): TokenCache {
  const entries = createExpiringCache<Entry>(capacity, clock);
  const failures = createExpiringCache<CachedFailure>(capacity, clock);
  const exchanges = new Map<string, Promise<string>>();
  const lookups = new Map<string, Promise<string>>();

  function throwCachedFailure(key: string): void {
    const failure = failures.get(key);
    if (failure !== undefined) throw errorOf(failure, failures.remainingMs(key));
  }

  async function startExchange(request: TokenRequest, claims: string | null): Promise<string> {
    const { key, expiresAt } = request;
    const startedAt = clock.elapsed();
    try {
      const { token, lifetimeMs } = await request.exchange(claims);
      const tokenEnd = startedAt + Math.max(lifetimeMs - EXPIRY_MARGIN_MS, lifetimeMs / 2);
      const end = Math.min(tokenEnd, startedAt + (expiresAt - clock.now()));
      entries.set(key, { token }, end - clock.elapsed());
      void shared?.put(request, token, clock.now() + (end - clock.elapsed()));
      return token;
    } catch (error) {
      if (error instanceof GatewayError) {
        const ttlMs = failureTtl(error);
        if (ttlMs > 0) failures.set(key, toCachedFailure(error), ttlMs);
      }
      throw error;
    }
  }

  /** Joins an exchange with the same key and claims when one is under way. */
  async function exchange(request: TokenRequest, claims: string | null): Promise<string> {
    const name = claims === null ? request.key : `${request.key} ${claims}`;
    const current = exchanges.get(name);
    if (current !== undefined) return current;
    throwCachedFailure(request.key);
    const started = startExchange(request, claims).finally(() => exchanges.delete(name));
    exchanges.set(name, started);
    return started;
  }

  /** Caches a token of another replica. Its expiry already respects that of the caller's token. */
  function cacheShared({ key }: TokenRequest, { token, expiresAt }: SharedToken): string {
    entries.set(key, { token }, expiresAt - clock.now());
    return token;
  }

  async function lookUp(request: TokenRequest, store: SharedTokens): Promise<string> {
    const found = await store.get(request);
    const entry = entries.get(request.key);
    if (entry !== undefined) return entry.token;
    return found === null ? exchange(request, null) : cacheShared(request, found);
  }

  /**
   * Lookups are tracked apart from exchanges. A renewal may join an exchange, but not a lookup: the lookup can find the
   * very token that was rejected.
   */
  function obtain(request: TokenRequest): Promise<string> {
    if (shared === null) return exchange(request, null);
    const current = lookups.get(request.key);
    if (current !== undefined) return current;
    const started = lookUp(request, shared).finally(() => lookups.delete(request.key));
    lookups.set(request.key, started);
    return started;
  }

  /** Returns the token that replaced the rejected one, or null. Removes the rejected token from the store. */
  async function findReplacement(
    request: TokenRequest,
    rejected: string,
    store: SharedTokens,
  ): Promise<string | null> {
    const found = await store.get(request);
    const entry = entries.get(request.key);
    if (entry !== undefined && entry.token !== rejected) return entry.token;
    if (found !== null && found.token !== rejected) return cacheShared(request, found);
    await found?.remove();
    return null;
  }

  return {
    async get(request) {
      return entries.get(request.key)?.token ?? obtain(request);
    },
    async renew(request, rejected, claims) {
      const entry = entries.get(request.key);
      if (entry !== undefined && entry.token !== rejected) return entry.token;
      entries.delete(request.key);
      const replacement = shared === null ? null : await findReplacement(request, rejected, shared);
      return replacement ?? exchange(request, claims);
    },
  };
}

/** Milliseconds to cache a failure. 0 means that the next caller tries again at once. */
function failureTtl({ code, retryable, retryAfterSeconds }: GatewayError): number {
  if (retryAfterSeconds !== undefined) return Math.min(MAX_PAUSE_MS, retryAfterSeconds * 1000);
  return code === 'UNAUTHENTICATED' || retryable === false ? REJECTION_TTL_MS : 0;
}

function toCachedFailure(error: GatewayError): CachedFailure {
  const { code, message, retryable, retryAfterSeconds, graph, claims, authorizationUri } = error;
  return { code, message, options: { retryable, retryAfterSeconds, graph, claims, authorizationUri } };
}

/** Recreates the error, with the remaining pause as `retryAfterSeconds`. */
function errorOf({ code, message, options }: CachedFailure, remainingMs: number): GatewayError {
  const { retryAfterSeconds } = options;
  const remaining = retryAfterSeconds === undefined ? undefined : Math.ceil(remainingMs / 1000);
  return new GatewayError(code, message, { ...options, retryAfterSeconds: remaining });
}
