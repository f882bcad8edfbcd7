// Tokens that one replica stores for the others, and attacks on them in the store.
import { createDecipheriv, hkdfSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSharedTokens, STORE_TIMEOUT_MS, type TokenKey } from '../../src/auth/shared-tokens.ts';
import { createTokenCipher } from '../../src/auth/token-encryption.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { createMemoryStore, type Store, StoreFailure } from '../../src/store/store.ts';
import { manualClock } from '../support/emulator.ts';

const HOUR = 3_600_000;

function start(changes: Partial<Store> = {}) {
  const clock = manualClock();
  const memory = createMemoryStore(clock, 100);
  const names: string[] = [];
  const store: Store = {
    ...memory,
    put: (name, ...rest) => {
      names.push(name);
      return memory.put(name, ...rest);
    },
    ...changes,
  };
  const shared = createSharedTokens({ store, clock, random: seededRandom(1) });
  return { clock, store, shared, names };
}

const tokenKey = (secret: string | null, key = 'key'): TokenKey => ({ key, secret: async () => secret });

describe('a shared token', () => {
  it('is found with the same secret and key, and with no other', async () => {
    const { clock, shared } = start();
    const expiresAt = clock.now() + HOUR;
    await shared.put(tokenKey('secret'), 'the.token', expiresAt);
    expect(await shared.get(tokenKey('secret'))).toMatchObject({ token: 'the.token', expiresAt });
    expect(await shared.get(tokenKey('another'))).toBeNull();
    expect(await shared.get(tokenKey('secret', 'another'))).toBeNull();
    expect(await shared.get(tokenKey(null))).toBeNull();
  });

  it('is valid until its expiry, even if the store keeps it longer', async () => {
    const { clock, shared, store, names } = start();
    await shared.put(tokenKey('secret'), 'the.token', clock.now() + 1_000);
    const [name = ''] = names;
    await store.put(name, (await store.get(name)) ?? '', HOUR);
    clock.advance(999);
    expect(await shared.get(tokenKey('secret'))).toMatchObject({ token: 'the.token' });
    clock.advance(1);
    expect(await store.get(name)).not.toBeNull();
    expect(await shared.get(tokenKey('secret'))).toBeNull();
  });

  it('is not stored after its expiry or without a secret', async () => {
    const { clock, shared, names } = start();
    await shared.put(tokenKey('secret'), 'the.token', clock.now());
    await shared.put(tokenKey(null), 'the.token', clock.now() + HOUR);
    expect(names).toEqual([]);
  });

  it('is replaced by the next one, and is removed only while it is stored', async () => {
    const { clock, shared } = start();
    const expiresAt = clock.now() + HOUR;
    await shared.put(tokenKey('secret'), 'first', expiresAt);
    const first = await shared.get(tokenKey('secret'));
    await shared.put(tokenKey('secret'), 'second', expiresAt);
    await first?.remove();
    const second = await shared.get(tokenKey('secret'));
    expect(second).toMatchObject({ token: 'second' });
    await second?.remove();
    expect(await shared.get(tokenKey('secret'))).toBeNull();
  });

  it('counts as missing when a single bit differs', async () => {
    const { clock, shared, store, names } = start();
    await shared.put(tokenKey('secret'), 'the.token', clock.now() + HOUR);
    const [name = ''] = names;
    const sealed = Buffer.from((await store.get(name)) ?? '', 'base64url');
    for (let at = 0; at < sealed.length * 8; at += 1) {
      const altered = Buffer.from(sealed);
      altered[at >> 3] = (altered[at >> 3] ?? 0) ^ (1 << (at & 7));
      await store.put(name, altered.toString('base64url'), HOUR);
      expect(await shared.get(tokenKey('secret'))).toBeNull();
    }
    for (let size = 0; size < sealed.length; size += 1) {
      await store.put(name, sealed.subarray(0, size).toString('base64url'), HOUR);
      expect(await shared.get(tokenKey('secret'))).toBeNull();
    }
    await store.put(name, sealed.toString('base64url'), HOUR);
    expect(await shared.get(tokenKey('secret'))).toMatchObject({ token: 'the.token' });
  });

  it('counts as missing under another name', async () => {
    const { clock, shared, store, names } = start();
    await shared.put(tokenKey('a'), 'token-of-a', clock.now() + HOUR);
    await shared.put(tokenKey('b'), 'token-of-b', clock.now() + HOUR);
    const [ofA = '', ofB = ''] = names;
    expect(ofA).not.toBe(ofB);
    await store.put(ofB, (await store.get(ofA)) ?? '', HOUR);
    expect(await shared.get(tokenKey('b'))).toBeNull();
    expect(await shared.get(tokenKey('a'))).toMatchObject({ token: 'token-of-a' });
  });
});

describe('a failing store', () => {
  it('is waited for until the timeout', async () => {
    const never = () => new Promise<never>(() => {});
    const { clock, shared } = start({ get: never });
    const finding = shared.get(tokenKey('secret'));
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(STORE_TIMEOUT_MS - 1);
    expect(clock.waiting).toBe(1);
    clock.advance(1);
    expect(await finding).toBeNull();
  });

  it('is ignored', async () => {
    const failing = () => Promise.reject(new StoreFailure('unreachable'));
    const { clock, shared } = start({ get: failing, put: failing });
    await expect(shared.put(tokenKey('secret'), 'the.token', clock.now() + HOUR)).resolves.toBeUndefined();
    expect(await shared.get(tokenKey('secret'))).toBeNull();
  });

  it('is not asked when the secret is not available', async () => {
    const { shared } = start();
    const broken: TokenKey = { key: 'key', secret: () => Promise.reject(new TypeError('no file')) };
    expect(await shared.get(broken)).toBeNull();
    await expect(shared.put(broken, 'the.token', Number.MAX_SAFE_INTEGER)).resolves.toBeUndefined();
  });
});

describe('a token cipher', () => {
  it('never produces the same ciphertext for the same text', () => {
    const seal = createTokenCipher('secret', 'context', seededRandom(1));
    const all = Array.from({ length: 100 }, () => seal.encrypt('text'));
    expect(new Set(all.map((sealed) => Buffer.from(sealed, 'base64url').toString('hex', 0, 12))).size).toBe(
      100,
    );
    expect(all.map((sealed) => seal.decrypt(sealed))).toEqual(all.map(() => 'text'));
  });

  it('does not use its name as the key, in any encoding', () => {
    const seal = createTokenCipher('secret', 'context', seededRandom(1));
    const sealed = seal.encrypt('text');
    expect(createTokenCipher(seal.name, 'context', seededRandom(1)).decrypt(sealed)).toBeNull();
    const bytes = Buffer.from(sealed, 'base64url');
    const opened = (key: Buffer): string => {
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
      decipher.setAAD(Buffer.from(seal.name)).setAuthTag(bytes.subarray(12, 28));
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString();
    };
    expect(() => opened(Buffer.from(seal.name, 'base64url'))).toThrow('unable to authenticate data');
    const derived = hkdfSync('sha256', 'secret', '', 'profile-phones 1 key context', 32);
    expect(opened(Buffer.from(derived))).toBe('text');
  });
});
