import { describe, expect, it } from 'vitest';
import { createSharedTokens } from '../../src/auth/shared-tokens.ts';
import {
  createTokenCache,
  type Issued,
  LONGEST_PAUSE_MS,
  REFUSED_MS,
  SKEW_MS,
  type Wanted,
} from '../../src/auth/token-cache.ts';
import { GatewayError } from '../../src/runtime/errors.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { createMemoryStore } from '../../src/store/store.ts';
import { manualClock } from '../support/emulator.ts';

const HOUR = 3_600_000;

/** Hands out `key-1`, `key-2` and so on. */
function start(capacity = 100) {
  const clock = manualClock();
  const cache = createTokenCache({ clock, capacity, shared: null });
  const asked: string[] = [];
  const wanted = (key: string, changes: Partial<Wanted> & { lifetimeMs?: number } = {}): Wanted => ({
    key,
    secret: async () => null,
    ends: Number.POSITIVE_INFINITY,
    exchange: async (claims) => {
      asked.push(claims === null ? key : `${key} ${claims}`);
      const count = asked.filter((other) => other.startsWith(key)).length;
      return { token: `${key}-${count}`, lifetimeMs: changes.lifetimeMs ?? HOUR };
    },
    ...changes,
  });
  return { clock, cache, asked, wanted };
}

function deferred(asked: string[], key: string) {
  const { promise, resolve, reject } = Promise.withResolvers<Issued>();
  const wanted: Wanted = {
    key,
    secret: async () => null,
    ends: Number.POSITIVE_INFINITY,
    exchange: (claims) => {
      asked.push(claims === null ? key : `${key} ${claims}`);
      return promise;
    },
  };
  return { wanted, resolve, reject };
}

describe('a token', () => {
  it('is given out again until a minute before its end', async () => {
    const { clock, cache, wanted } = start();
    expect(await cache.get(wanted('a'))).toBe('a-1');
    clock.advance(HOUR - SKEW_MS - 1);
    expect(await cache.get(wanted('a'))).toBe('a-1');
    clock.advance(1);
    expect(await cache.get(wanted('a'))).toBe('a-2');
  });

  it('is not given out beyond the end of what it was given for', async () => {
    const { clock, cache, wanted } = start();
    const ends = clock.now() + 10_000;
    await cache.get(wanted('a', { ends }));
    clock.advance(9_999);
    expect(await cache.get(wanted('a', { ends }))).toBe('a-1');
    clock.advance(1);
    expect(await cache.get(wanted('a', { ends }))).toBe('a-2');
  });

  it('of a short life is given out for half of that', async () => {
    const { clock, cache, wanted } = start();
    await cache.get(wanted('a', { lifetimeMs: 20_000 }));
    clock.advance(9_999);
    expect(await cache.get(wanted('a'))).toBe('a-1');
    clock.advance(1);
    expect(await cache.get(wanted('a'))).toBe('a-2');
  });

  it('is never that of another key', async () => {
    const { cache, wanted } = start();
    expect(await Promise.all([cache.get(wanted('a')), cache.get(wanted('b'))])).toEqual(['a-1', 'b-1']);
  });
});

describe('the tokens that are kept', () => {
  it('are so many, and the one not asked for the longest goes', async () => {
    const { cache, asked, wanted } = start(3);
    for (const key of ['a', 'b', 'c', 'a', 'd', 'a', 'b']) await cache.get(wanted(key));
    expect(asked).toEqual(['a', 'b', 'c', 'd', 'b']);
  });
});

describe('an exchange', () => {
  it('is one for all who want the token at the same time', async () => {
    const { cache, asked } = start();
    const { wanted, resolve } = deferred(asked, 'a');
    const all = Array.from({ length: 100 }, () => cache.get(wanted));
    resolve({ token: 'the-one', lifetimeMs: HOUR });
    expect(new Set(await Promise.all(all))).toEqual(new Set(['the-one']));
    expect(asked).toEqual(['a']);
  });

  it('that fails, fails for those who waited for it, and is tried anew for the next', async () => {
    const { cache, asked, wanted } = start();
    const { wanted: failing, reject } = deferred(asked, 'a');
    const both = [cache.get(failing), cache.get(failing)];
    reject(new GatewayError('UPSTREAM_UNAVAILABLE', 'no', { retryable: true }));
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await cache.get(wanted('a'))).toBe('a-2');
  });

  it('that takes for ever holds up nobody else', async () => {
    const { cache, asked, wanted } = start();
    void cache.get(deferred(asked, 'a').wanted);
    expect(await cache.get(wanted('b'))).toBe('b-1');
  });

  it('is left alone for as long as was asked, for this key alone, and no longer than five minutes', async () => {
    const { clock, cache, wanted } = start();
    const throttled = (retryAfterSeconds: number): Wanted =>
      wanted('a', {
        exchange: async () => {
          throw new GatewayError('THROTTLED', 'slow down', { retryable: true, retryAfterSeconds });
        },
      });
    await expect(cache.get(throttled(30))).rejects.toMatchObject({ retryAfterSeconds: 30 });
    clock.advance(10_000);
    await expect(cache.get(wanted('a'))).rejects.toMatchObject({ code: 'THROTTLED', retryAfterSeconds: 20 });
    expect(await cache.get(wanted('b'))).toBe('b-1');
    clock.advance(20_000);
    expect(await cache.get(wanted('a'))).toBe('a-1');
    await expect(cache.renew(throttled(86_400), 'a-1', null)).rejects.toMatchObject({ code: 'THROTTLED' });
    clock.advance(LONGEST_PAUSE_MS);
    expect(await cache.get(wanted('a'))).toBe('a-2');
  });
});

describe('a refusal', () => {
  it('stands for a few seconds, with all that it says, for whoever asks again with the same', async () => {
    const { clock, cache, asked, wanted } = start();
    const refusal = new GatewayError('UNAUTHENTICATED', 'more of you', {
      claims: 'eyJ9',
      authorizationUri: 'https://x',
    });
    const refused = wanted('a', {
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
    expect(await cache.get(wanted('b'))).toBe('b-1');
    clock.advance(REFUSED_MS);
    expect(await cache.get(wanted('a'))).toBe('a-2');
  });
});

describe('a token that was refused', () => {
  it('is exchanged anew once, for all who met the refusal', async () => {
    const { cache, asked, wanted } = start();
    const refused = await cache.get(wanted('a'));
    const renewed = await Promise.all([1, 2, 3].map(() => cache.renew(wanted('a'), refused, null)));
    expect(renewed).toEqual(['a-2', 'a-2', 'a-2']);
    expect(await cache.renew(wanted('a'), refused, null)).toBe('a-2');
    expect(await cache.get(wanted('a'))).toBe('a-2');
    expect(asked).toHaveLength(2);
  });

  it('is exchanged with the claims asked for, apart from exchanges without them', async () => {
    const { cache, asked } = start();
    const { wanted, resolve } = deferred(asked, 'a');
    const plain = cache.get(wanted);
    const claiming = cache.renew(wanted, 'an-old-one', '{"x":1}');
    resolve({ token: 'one', lifetimeMs: HOUR });
    await Promise.all([plain, claiming]);
    expect(asked).toEqual(['a', 'a {"x":1}']);
  });
});

// Two replicas, each with its cache, over one store. What Entra ID hands out is numbered over both.
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
    const wanted = (changes: Partial<Wanted> = {}): Wanted => ({
      key: 'a',
      secret: async () => 'secret of a',
      ends: Number.POSITIVE_INFINITY,
      exchange: async (claims) => {
        asked.push(claims);
        return { token: `a-${asked.length}`, lifetimeMs: HOUR };
      },
      ...changes,
    });
    /** What is left is left without anybody waiting for it. */
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    return { clock, one: cache(), two: cache(), looks, asked, wanted, settle };
  }

  it('look once for all who want the token at the same time, and then no more', async () => {
    const { one, two, looks, asked, wanted, settle } = startTwo();
    await one.get(wanted());
    await settle();
    looks.length = 0;
    const all = await Promise.all(Array.from({ length: 100 }, () => two.get(wanted())));
    expect(new Set(all)).toEqual(new Set(['a-1']));
    expect(await two.get(wanted())).toBe('a-1');
    expect(looks).toHaveLength(1);
    expect(asked).toHaveLength(1);
  });

  it('give out what they found until a minute before its end, as whoever left it does', async () => {
    const { clock, one, two, wanted, settle } = startTwo();
    await one.get(wanted());
    await settle();
    clock.advance(HOUR / 2);
    expect(await two.get(wanted())).toBe('a-1');
    clock.advance(HOUR / 2 - SKEW_MS - 1);
    expect(await two.get(wanted())).toBe('a-1');
    clock.advance(1);
    expect(await two.get(wanted())).toBe('a-2');
  });

  it('do not give out what they found beyond the end of what it is for', async () => {
    const { clock, one, two, wanted, settle } = startTwo();
    const ends = clock.now() + 10_000;
    await one.get(wanted({ ends }));
    await settle();
    expect(await two.get(wanted({ ends }))).toBe('a-1');
    clock.advance(9_999);
    expect(await two.get(wanted({ ends }))).toBe('a-1');
    clock.advance(1);
    expect(await two.get(wanted({ ends }))).toBe('a-2');
  });

  it('never make up for a refused token with the same from the store, whoever looks meanwhile', async () => {
    const { one, two, asked, wanted, settle } = startTwo();
    await one.get(wanted());
    await settle();
    await two.get(wanted());
    const [renewed, again] = await Promise.all([
      two.renew(wanted(), 'a-1', null),
      two.renew(wanted(), 'a-1', null),
      two.get(wanted()),
    ]);
    expect([renewed, again]).toEqual(['a-2', 'a-2']);
    expect(asked).toHaveLength(2);
    await settle();
    expect(await one.renew(wanted(), 'a-1', '{"x":1}')).toBe('a-2');
    expect(await two.renew(wanted(), 'a-2', '{"x":1}')).toBe('a-3');
    expect(asked).toEqual([null, null, '{"x":1}']);
  });

  it('have nothing to share without a secret', async () => {
    const { one, two, looks, wanted, settle } = startTwo();
    const own = wanted({ secret: async () => null });
    await one.get(own);
    await settle();
    expect(await two.get(own)).toBe('a-2');
    expect(looks).toEqual([]);
  });
});
