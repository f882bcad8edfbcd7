// What one replica leaves for the others, and what somebody can do who reads and writes the store in between.
import { createDecipheriv, hkdfSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSeal } from '../../src/auth/seal.ts';
import { createSharedTokens, type Holder, PATIENCE_MS } from '../../src/auth/shared-tokens.ts';
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

const holder = (secret: string | null, key = 'key'): Holder => ({ key, secret: async () => secret });

describe('a token that is left', () => {
  it('is found by who knows the same secret, in the same matter, and by nobody else', async () => {
    const { clock, shared } = start();
    const ends = clock.now() + HOUR;
    await shared.leave(holder('secret'), 'the.token', ends);
    expect(await shared.find(holder('secret'))).toMatchObject({ token: 'the.token', ends });
    expect(await shared.find(holder('another'))).toBeNull();
    expect(await shared.find(holder('secret', 'another'))).toBeNull();
    expect(await shared.find(holder(null))).toBeNull();
  });

  it('is good until its end, whatever the store still has', async () => {
    const { clock, shared, store, names } = start();
    await shared.leave(holder('secret'), 'the.token', clock.now() + 1_000);
    const [name = ''] = names;
    await store.put(name, (await store.get(name)) ?? '', HOUR);
    clock.advance(999);
    expect(await shared.find(holder('secret'))).toMatchObject({ token: 'the.token' });
    clock.advance(1);
    expect(await store.get(name)).not.toBeNull();
    expect(await shared.find(holder('secret'))).toBeNull();
  });

  it('is not left at all when it is over, or when there is no secret', async () => {
    const { clock, shared, names } = start();
    await shared.leave(holder('secret'), 'the.token', clock.now());
    await shared.leave(holder(null), 'the.token', clock.now() + HOUR);
    expect(names).toEqual([]);
  });

  it('gives way to the next one, and is dropped only while it is there', async () => {
    const { clock, shared } = start();
    const ends = clock.now() + HOUR;
    await shared.leave(holder('secret'), 'first', ends);
    const first = await shared.find(holder('secret'));
    await shared.leave(holder('secret'), 'second', ends);
    await first?.drop();
    const second = await shared.find(holder('secret'));
    expect(second).toMatchObject({ token: 'second' });
    await second?.drop();
    expect(await shared.find(holder('secret'))).toBeNull();
  });

  it('counts as absent when a single bit of it is not as it was', async () => {
    const { clock, shared, store, names } = start();
    await shared.leave(holder('secret'), 'the.token', clock.now() + HOUR);
    const [name = ''] = names;
    const sealed = Buffer.from((await store.get(name)) ?? '', 'base64url');
    for (let at = 0; at < sealed.length * 8; at += 1) {
      const altered = Buffer.from(sealed);
      altered[at >> 3] = (altered[at >> 3] ?? 0) ^ (1 << (at & 7));
      await store.put(name, altered.toString('base64url'), HOUR);
      expect(await shared.find(holder('secret'))).toBeNull();
    }
    for (let size = 0; size < sealed.length; size += 1) {
      await store.put(name, sealed.subarray(0, size).toString('base64url'), HOUR);
      expect(await shared.find(holder('secret'))).toBeNull();
    }
    await store.put(name, sealed.toString('base64url'), HOUR);
    expect(await shared.find(holder('secret'))).toMatchObject({ token: 'the.token' });
  });

  it('counts as absent under the name of another', async () => {
    const { clock, shared, store, names } = start();
    await shared.leave(holder('a'), 'token-of-a', clock.now() + HOUR);
    await shared.leave(holder('b'), 'token-of-b', clock.now() + HOUR);
    const [ofA = '', ofB = ''] = names;
    expect(ofA).not.toBe(ofB);
    await store.put(ofB, (await store.get(ofA)) ?? '', HOUR);
    expect(await shared.find(holder('b'))).toBeNull();
    expect(await shared.find(holder('a'))).toMatchObject({ token: 'token-of-a' });
  });
});

describe('a store that is no help', () => {
  it('is waited for so long and no longer', async () => {
    const never = () => new Promise<never>(() => {});
    const { clock, shared } = start({ get: never });
    const finding = shared.find(holder('secret'));
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(PATIENCE_MS - 1);
    expect(clock.waiting).toBe(1);
    clock.advance(1);
    expect(await finding).toBeNull();
  });

  it('that fails is done without', async () => {
    const failing = () => Promise.reject(new StoreFailure('unreachable'));
    const { clock, shared } = start({ get: failing, put: failing });
    await expect(shared.leave(holder('secret'), 'the.token', clock.now() + HOUR)).resolves.toBeUndefined();
    expect(await shared.find(holder('secret'))).toBeNull();
  });

  it('is not asked when the secret cannot be had', async () => {
    const { shared } = start();
    const broken: Holder = { key: 'key', secret: () => Promise.reject(new TypeError('no file')) };
    expect(await shared.find(broken)).toBeNull();
    await expect(shared.leave(broken, 'the.token', Number.MAX_SAFE_INTEGER)).resolves.toBeUndefined();
  });
});

describe('a seal', () => {
  it('never makes the same of the same text twice', () => {
    const seal = createSeal('secret', 'context', seededRandom(1));
    const all = Array.from({ length: 100 }, () => seal.seal('text'));
    expect(new Set(all.map((sealed) => Buffer.from(sealed, 'base64url').toString('hex', 0, 12))).size).toBe(
      100,
    );
    expect(all.map((sealed) => seal.open(sealed))).toEqual(all.map(() => 'text'));
  });

  it('is not opened by its name, in whatever way that is taken for a key', () => {
    const seal = createSeal('secret', 'context', seededRandom(1));
    const sealed = seal.seal('text');
    expect(createSeal(seal.name, 'context', seededRandom(1)).open(sealed)).toBeNull();
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
