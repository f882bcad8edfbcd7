import { describe, expect, it } from 'vitest';
import { createSharedTokens } from '../../src/auth/shared-tokens.ts';
import {
  createTokenCache,
  EXPIRY_MARGIN_MS,
  type IssuedToken,
  MAX_PAUSE_MS,
  REJECTION_TTL_MS,
  type TokenRequest,
} from '../../src/auth/token-cache.ts';
import { GatewayError } from '../../src/runtime/errors.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { createMemoryStore } from '../../src/store/store.ts';
import { manualClock } from '../support/emulator.ts';

const HOUR = 3_600_000;

/** Issues `key-1`, `key-2` and so on. */
function start(capacity = 100) {
  const clock = manualClock();
  const cache = createTokenCache({ clock, capacity, shared: null });
  const asked: string[] = [];
  const request = (
    key: string,
    changes: Partial<TokenRequest> & { lifetimeMs?: number } = {},
  ): TokenRequest => ({
    key,
    secret: async () => null,
    expiresAt: Number.POSITIVE_INFINITY,
    exchange: async (claims) => {
      asked.push(claims === null ? key : `${key} ${claims}`);
      const count = asked.filter((other) => other.startsWith(key)).length;
      return { token: `${key}-${count}`, lifetimeMs: changes.lifetimeMs ?? HOUR };
    },
    ...changes,
  });
  return { clock, cache, asked, request };
}

function deferred(asked: string[], key: string) {
  const { promise, resolve, reject } = Promise.withResolvers<IssuedToken>();
  const request: TokenRequest = {
    key,
    secret: async () => null,
    expiresAt: Number.POSITIVE_INFINITY,
    exchange: (claims) => {
      asked.push(claims === null ? key : `${key} ${claims}`);
      return promise;
    },
  };
  return { request, resolve, reject };
}

describe('a token', () => {
  it('is cached until a minute before its expiry', async () => {
    const { clock, cache, request } = start();
    expect(await cache.get(request('a'))).toBe('a-1');
    clock.advance(HOUR - EXPIRY_MARGIN_MS - 1);
    expect(await cache.get(request('a'))).toBe('a-1');
    clock.advance(1);
    expect(await cache.get(request('a'))).toBe('a-2');
  });

  it('is not returned after the caller’s token has expired', async () => {
    const { clock, cache, request } = start();
    const expiresAt = clock.now() + 10_000;
    await cache.get(request('a', { expiresAt }));
    clock.advance(9_999);
    expect(await cache.get(request('a', { expiresAt }))).toBe('a-1');
    clock.advance(1);
    expect(await cache.get(request('a', { expiresAt }))).toBe('a-2');
  });

  it('with a short lifetime is cached for half of it', async () => {
    const { clock, cache, request } = start();
    await cache.get(request('a', { lifetimeMs: 20_000 }));
    clock.advance(9_999);
    expect(await cache.get(request('a'))).toBe('a-1');
    clock.advance(1);
    expect(await cache.get(request('a'))).toBe('a-2');
  });

  it('is never that of another key', async () => {
    const { cache, request } = start();
    expect(await Promise.all([cache.get(request('a')), cache.get(request('b'))])).toEqual(['a-1', 'b-1']);
  });
});

describe('cached tokens', () => {
  it('are limited in number, and the least recently used one is evicted', async () => {
    const { cache, asked, request } = start(3);
    for (const key of ['a', 'b', 'c', 'a', 'd', 'a', 'b']) await cache.get(request(key));
    expect(asked).toEqual(['a', 'b', 'c', 'd', 'b']);
  });
});

describe('an exchange', () => {
  it('is shared by all concurrent requests for the token', async () => {
    const { cache, asked } = start();
    const { request, resolve } = deferred(asked, 'a');
    const all = Array.from({ length: 100 }, () => cache.get(request));
    resolve({ token: 'the-one', lifetimeMs: HOUR });
    expect(new Set(await Promise.all(all))).toEqual(new Set(['the-one']));
    expect(asked).toEqual(['a']);
  });

  it('that fails, fails for those who waited for it, and is repeated for the next request', async () => {
    const { cache, asked, request } = start();
    const { request: failing, reject } = deferred(asked, 'a');
    const both = [cache.get(failing), cache.get(failing)];
    reject(new GatewayError('UPSTREAM_UNAVAILABLE', 'no', { retryable: true }));
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await cache.get(request('a'))).toBe('a-2');
  });

  it('that never ends delays no other key', async () => {
    const { cache, asked, request } = start();
    void cache.get(deferred(asked, 'a').request);
    expect(await cache.get(request('b'))).toBe('b-1');
  });

  it('pauses for as long as Entra ID asks, for this key only, and for five minutes at most', async () => {
    const { clock, cache, request } = start();
    const throttled = (retryAfterSeconds: number): TokenRequest =>
      request('a', {
        exchange: async () => {
          throw new GatewayError('THROTTLED', 'slow down', { retryable: true, retryAfterSeconds });
        },
      });
    await expect(cache.get(throttled(30))).rejects.toMatchObject({ retryAfterSeconds: 30 });
    clock.advance(10_000);
    await expect(cache.get(request('a'))).rejects.toMatchObject({ code: 'THROTTLED', retryAfterSeconds: 20 });
    expect(await cache.get(request('b'))).toBe('b-1');
    clock.advance(20_000);
    expect(await cache.get(request('a'))).toBe('a-1');
    await expect(cache.renew(throttled(86_400), 'a-1', null)).rejects.toMatchObject({ code: 'THROTTLED' });
    clock.advance(MAX_PAUSE_MS);
    expect(await cache.get(request('a'))).toBe('a-2');
  });
});

describe('a rejection', () => {
  it('is cached for a few seconds, with all of its details', async () => {
    const { clock, cache, asked, request } = start();
    const refusal = new GatewayError('UNAUTHENTICATED', 'more of you', {
      claims: 'eyJ9',
      authorizationUri: 'https://x',
    });
    const refused = request('a', {
      exchange: async () => {
        asked.push('a');
        throw refusal;
      },
    });
    const { code, message, claims, authorizationUri } = refusal;
    const said = {
      code,
      message,
      claims,
      authorizationUri,
      retryable: undefined,
      retryAfterSeconds: undefined,
    };
    for (let time = 0; time < 10; time += 1) await expect(cache.get(refused)).rejects.toMatchObject(said);
    await expect(cache.renew(refused, 'x', '{}')).rejects.toMatchObject(said);
    expect(asked).toEqual(['a']);
    expect(await cache.get(request('b'))).toBe('b-1');
    clock.advance(REJECTION_TTL_MS);
    expect(await cache.get(request('a'))).toBe('a-2');
  });
});

describe('a rejected token', () => {
  it('is exchanged again once, for all who got the rejection', async () => {
    const { cache, asked, request } = start();
    const refused = await cache.get(request('a'));
    const renewed = await Promise.all([1, 2, 3].map(() => cache.renew(request('a'), refused, null)));
    expect(renewed).toEqual(['a-2', 'a-2', 'a-2']);
    expect(await cache.renew(request('a'), refused, null)).toBe('a-2');
    expect(await cache.get(request('a'))).toBe('a-2');
    expect(asked).toHaveLength(2);
  });

  it('is exchanged with the requested claims, apart from exchanges without them', async () => {
    const { cache, asked } = start();
    const { request, resolve } = deferred(asked, 'a');
    const plain = cache.get(request);
    const claiming = cache.renew(request, 'an-old-one', '{"x":1}');
    resolve({ token: 'one', lifetimeMs: HOUR });
    await Promise.all([plain, claiming]);
    expect(asked).toEqual(['a', 'a {"x":1}']);
  });
});

// Two replicas with a cache each share one store. The tokens are numbered across both.
describe('caches that share a store', () => {
  function startTwo() {
    const clock = manualClock();
    const memory = createMemoryStore(clock, 100);
    const looks: string[] = [];
    const store = {
      ...memory,
      get: (name: string) => {
        looks.push(name);
        return memory.get(name);
      },
    };
    const shared = () => createSharedTokens({ store, clock, random: seededRandom(1) });
    const cache = () => createTokenCache({ clock, capacity: 100, shared: shared() });
    const asked: (string | null)[] = [];
    const request = (changes: Partial<TokenRequest> = {}): TokenRequest => ({
      key: 'a',
      secret: async () => 'secret of a',
      expiresAt: Number.POSITIVE_INFINITY,
      exchange: async (claims) => {
        asked.push(claims);
        return { token: `a-${asked.length}`, lifetimeMs: HOUR };
      },
      ...changes,
    });
    /** Waits for a write to the store that no request waits for. */
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    return { clock, one: cache(), two: cache(), looks, asked, request, settle };
  }

  it('look into the store once for all concurrent requests, and not again', async () => {
    const { one, two, looks, asked, request, settle } = startTwo();
    await one.get(request());
    await settle();
    looks.length = 0;
    const all = await Promise.all(Array.from({ length: 100 }, () => two.get(request())));
    expect(new Set(all)).toEqual(new Set(['a-1']));
    expect(await two.get(request())).toBe('a-1');
    expect(looks).toHaveLength(1);
    expect(asked).toHaveLength(1);
  });

  it('return a shared token until a minute before its expiry, like the replica that stored it', async () => {
    const { clock, one, two, request, settle } = startTwo();
    await one.get(request());
    await settle();
    clock.advance(HOUR / 2);
    expect(await two.get(request())).toBe('a-1');
    clock.advance(HOUR / 2 - EXPIRY_MARGIN_MS - 1);
    expect(await two.get(request())).toBe('a-1');
    clock.advance(1);
    expect(await two.get(request())).toBe('a-2');
  });

  it('do not return a shared token after the caller’s token has expired', async () => {
    const { clock, one, two, request, settle } = startTwo();
    const expiresAt = clock.now() + 10_000;
    await one.get(request({ expiresAt }));
    await settle();
    expect(await two.get(request({ expiresAt }))).toBe('a-1');
    clock.advance(9_999);
    expect(await two.get(request({ expiresAt }))).toBe('a-1');
    clock.advance(1);
    expect(await two.get(request({ expiresAt }))).toBe('a-2');
  });

  it('never return the rejected token from the store, also with a concurrent lookup', async () => {
    const { one, two, asked, request, settle } = startTwo();
    await one.get(request());
    await settle();
    await two.get(request());
    const [renewed, again] = await Promise.all([
      two.renew(request(), 'a-1', null),
      two.renew(request(), 'a-1', null),
      two.get(request()),
    ]);
    expect([renewed, again]).toEqual(['a-2', 'a-2']);
    expect(asked).toHaveLength(2);
    await settle();
    expect(await one.renew(request(), 'a-1', '{"x":1}')).toBe('a-2');
    expect(await two.renew(request(), 'a-2', '{"x":1}')).toBe('a-3');
    expect(asked).toEqual([null, null, '{"x":1}']);
  });

  it('share nothing without a secret', async () => {
    const { one, two, looks, request, settle } = startTwo();
    const own = request({ secret: async () => null });
    await one.get(own);
    await settle();
    expect(await two.get(own)).toBe('a-2');
    expect(looks).toEqual([]);
  });
});
