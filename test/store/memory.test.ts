// The contract of a store, tested with the store in memory and with Redis. `clients` are
// three clients of one store, like replicas.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryStore, type Store, StoreFailure } from '../../src/store/store.ts';
import { manualClock, until } from '../support/emulator.ts';
import { connectTo, isRedisMissing, redisSkipped, startRedis } from '../support/redis.ts';

interface World extends AsyncDisposable {
  readonly clients: readonly [Store, Store, Store];
  /** Lets a short time go by, again and again. */
  pass(): Promise<void>;
}

async function inMemory(): Promise<World> {
  const clock = manualClock();
  const store = createMemoryStore(clock, 10_000);
  return {
    clients: [store, store, store],
    pass: async () => clock.advance(10),
    [Symbol.asyncDispose]: () => store.close(),
  };
}

async function overRedis(): Promise<World> {
  const redis = await startRedis();
  const clients = await Promise.all([connectTo(redis), connectTo(redis), connectTo(redis)]);
  return {
    clients,
    pass: async () => {},
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.close()));
      await redis[Symbol.asyncDispose]();
    },
  };
}

const LONG = 60_000;
const worlds: [string, () => Promise<World>, boolean][] = [
  ['in memory', inMemory, false],
  [`over Redis${redisSkipped}`, overRedis, isRedisMissing],
];

for (const [where, open, isMissing] of worlds) {
  describe.skipIf(isMissing)(`A store ${where}`, () => {
    let world: World;
    let store: Store;
    let other: Store;
    beforeAll(async () => {
      world = await open();
      [store, other] = world.clients;
    });
    afterAll(() => world?.[Symbol.asyncDispose]());
    const gone = (name: string) =>
      until(async () => {
        await world.pass();
        return (await store.get(name)) === null;
      });

    it('returns the value of an entry to all clients', async () => {
      expect(await store.get('put')).toBeNull();
      await store.put('put', 'first', LONG);
      expect(await other.get('put')).toBe('first');
      await other.put('put', 'second', LONG);
      expect(await store.get('put')).toBe('second');
    });

    it('keeps every character of names and values', async () => {
      const values = ['', ' ', 'ü€😀\u0000\r\n"', 'x'.repeat(100_000), '*'];
      for (const value of values) {
        await store.put(`characters ${value.slice(0, 20)}`, value, LONG);
        expect(await other.get(`characters ${value.slice(0, 20)}`)).toBe(value);
      }
    });

    it('adds an entry for the first client and returns its value to the next', async () => {
      expect(await store.add('add', 'mine', LONG)).toBeNull();
      expect(await other.add('add', 'yours', LONG)).toBe('mine');
      expect(await store.get('add')).toBe('mine');
    });

    it('adds one of a hundred entries that three clients add at once under a name', async () => {
      const all = Array.from({ length: 100 }, (_, at) => {
        return (world.clients[at % 3] ?? store).add('crowd', `client ${at}`, LONG);
      });
      const held = await Promise.all(all);
      const winner = await store.get('crowd');
      expect(held.filter((value) => value === null)).toHaveLength(1);
      expect(held[Number(winner?.split(' ')[1])]).toBeNull();
      expect(new Set(held)).toEqual(new Set([null, winner]));
    });

    it('expires each entry at its own time, after which the name is free', async () => {
      await store.put('lasting', 'stays', LONG);
      expect(await store.add('passing', 'goes', 500.5)).toBeNull();
      expect(await store.add('passing', 'too early', 500)).toBe('goes');
      await gone('passing');
      expect(await store.get('lasting')).toBe('stays');
      expect(await store.add('passing', 'anew', LONG)).toBeNull();
    });

    it('sets a new TTL when an entry is put or replaced', async () => {
      for (const name of ['put anew', 'replaced']) await store.put(name, 'a', LONG);
      await store.put('put anew', 'b', 30);
      await store.replace('replaced', 'a', 'b', 30);
      await Promise.all(['put anew', 'replaced'].map(gone));
      await store.put('prolonged', 'a', 500);
      expect(await store.replace('prolonged', 'a', 'a', LONG)).toBe(true);
      await store.put('shorter', 'a', 600);
      await gone('shorter');
      expect(await store.get('prolonged')).toBe('a');
    });

    it('replaces a value only if it is the expected one', async () => {
      expect(await store.replace('replace', 'a', 'b', LONG)).toBe(false);
      expect(await store.get('replace')).toBeNull();
      await store.put('replace', 'a', LONG);
      expect(await other.replace('replace', 'b', 'c', LONG)).toBe(false);
      expect(await other.replace('replace', 'a', 'b', LONG)).toBe(true);
      expect(await store.get('replace')).toBe('b');
    });

    it('removes an entry only if its value is the expected one', async () => {
      await store.put('remove', 'a', LONG);
      expect(await other.remove('remove', 'b')).toBe(false);
      expect(await other.remove('remove', 'a')).toBe(true);
      expect(await store.get('remove')).toBeNull();
      expect(await other.remove('remove', 'a')).toBe(false);
    });

    it('lets one of many concurrent replaces and removes win', async () => {
      for (let round = 0; round < 20; round += 1) {
        const name = `race ${round}`;
        await store.put(name, 'start', LONG);
        const attempts = world.clients.flatMap((client, at) => [
          client.replace(name, 'start', `replaced by ${at}`, LONG),
          client.remove(name, 'start'),
        ]);
        const won = (await Promise.all(attempts)).flatMap((isWinner, at) => (isWinner ? [at] : []));
        expect(won).toHaveLength(1);
        const winner = won[0] ?? 0;
        expect(await other.get(name)).toBe(winner % 2 === 0 ? `replaced by ${winner / 2}` : null);
      }
    });

    it('counts correctly when three clients count at once by get and replace', async () => {
      await store.put('count', '0', LONG);
      async function increase(client: Store): Promise<void> {
        for (;;) {
          const count = (await client.get('count')) ?? '';
          if (await client.replace('count', count, String(Number(count) + 1), LONG)) return;
        }
      }
      await Promise.all(Array.from({ length: 60 }, (_, at) => increase(world.clients[at % 3] ?? store)));
      expect(await store.get('count')).toBe('60');
    });
  });
}

describe('A store in memory', () => {
  it('limits the number of entries, fails when it is full, and evicts nothing', async () => {
    const clock = manualClock();
    const store = createMemoryStore(clock, 3);
    for (const name of ['a', 'b']) await store.put(name, name, LONG);
    await store.add('c', 'c', 1_000);
    for (const attempt of [store.put('d', 'd', LONG), store.add('d', 'd', LONG)]) {
      await expect(attempt).rejects.toEqual(new StoreFailure('full'));
    }
    await store.put('a', 'again', LONG);
    expect(await store.replace('b', 'b', 'again', LONG)).toBe(true);
    expect(await store.get('c')).toBe('c');
    clock.advance(1_000);
    expect(await store.add('d', 'd', LONG)).toBeNull();
    expect(await Promise.all(['a', 'b', 'c', 'd'].map((name) => store.get(name)))).toEqual([
      'again',
      'again',
      null,
      'd',
    ]);
  });
});
