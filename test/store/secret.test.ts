import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/runtime/clock.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { sharedSecret } from '../../src/store/secret.ts';
import { createMemoryStore, StoreFailure } from '../../src/store/store.ts';
import { connectTo, isRedisMissing, redisSkipped, startRedis } from '../support/redis.ts';

describe('the shared secret', () => {
  it('is the configured one, which never reaches the store', async () => {
    const store = createMemoryStore(systemClock, 10);
    const configured = systemRandom.bytes(40);
    expect(await sharedSecret(store, configured, systemRandom)).toBe(configured);
    expect(await store.get('secret')).toBeNull();
  });

  it.each(['', 'short', '?'.repeat(64)])('is never a value that another program stored: %j', async (left) => {
    const store = createMemoryStore(systemClock, 10);
    await store.put('secret', left, 60_000);
    await expect(sharedSecret(store, null, systemRandom)).rejects.toEqual(new StoreFailure('unknown'));
    expect(await store.get('secret')).toBe(left);
  });

  it.skipIf(isRedisMissing)(
    `is else made by the first who asks, for good, and is the same for all${redisSkipped}`,
    async () => {
      await using redis = await startRedis();
      const stores = await Promise.all([connectTo(redis), connectTo(redis), connectTo(redis)]);
      const ask = () => Promise.all(stores.map((store) => sharedSecret(store, null, systemRandom)));
      const [first, ...others] = await ask();
      expect(first).toHaveLength(32);
      expect(others).toEqual([first, first]);
      expect(await ask()).toEqual([first, first, first]);
      expect(Number(await redis.command('PTTL', 'profile-phones:secret'))).toBeGreaterThan(3e12);

      await redis.command('FLUSHALL');
      const [anew, ...agreeing] = await ask();
      expect(anew).not.toEqual(first);
      expect(agreeing).toEqual([anew, anew]);
      await Promise.all(stores.map((store) => store.close()));
    },
  );
});
