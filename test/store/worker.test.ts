// The store of workers on bad days: the process that holds it is slow, full, or gone.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createStoreHost } from '../../src/store/host.ts';
import { createMemoryStore, type Store } from '../../src/store/store.ts';
import { createWorkerStore, DEADLINE_MS } from '../../src/store/worker.ts';
import { channelPair } from '../support/channels.ts';
import { manualClock, until } from '../support/emulator.ts';

const LONG = 60_000;
const UNREACHABLE = { name: 'StoreFailure', kind: 'unreachable' };

const everyCall = (store: Store): Promise<unknown>[] => [
  store.get('a'),
  store.add('a', 'b', LONG),
  store.put('a', 'b', LONG),
  store.replace('a', 'b', 'c', LONG),
  store.remove('a', 'b'),
];

function refused(calls: readonly Promise<unknown>[]): Promise<unknown> {
  return Promise.all(calls.map((call) => expect(call).rejects.toMatchObject(UNREACHABLE)));
}

describe('A store whose holder says nothing', () => {
  it('fails each call at its deadline, and not before', async () => {
    const clock = manualClock();
    const [channel] = channelPair();
    const store = createWorkerStore({ channel, clock });
    let settled = 0;
    const calls = everyCall(store);
    for (const call of calls) {
      call.then(
        () => (settled += 1),
        () => (settled += 1),
      );
    }
    clock.advance(DEADLINE_MS - 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect([settled, clock.waiting]).toEqual([0, 5]);
    clock.advance(1);
    await refused(calls);
    expect(clock.waiting).toBe(0);
  });

  it('does not fail when it tells, for that is no promise', async () => {
    const clock = manualClock();
    const [channel] = channelPair();
    const store = createWorkerStore({ channel, clock });
    const told = store.tell('news', 'a');
    clock.advance(DEADLINE_MS);
    await expect(told).resolves.toBeUndefined();
  });

  it('takes no late answer for that of another call', async () => {
    const clock = manualClock();
    const [channel, other] = channelPair();
    const store = createWorkerStore({ channel, clock });
    const late = store.get('a');
    clock.advance(DEADLINE_MS);
    await refused([late]);
    const next = store.get('b');
    other.send({ kind: 'store answer', id: 1, value: 'of a' });
    other.send({ kind: 'store answer', id: 2, value: 'of b' });
    expect(await next).toBe('of b');
  });
});

describe('A store that is asked all day', () => {
  it('forgets what it was answered', async () => {
    const clock = manualClock();
    const [channel, other] = channelPair();
    createStoreHost(createMemoryStore(clock, 10)).serve(other);
    const store = createWorkerStore({ channel, clock });
    await store.put('a', 'x'.repeat(100_000), LONG);
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let asked = 0; asked < 400; asked += 1) await store.get('a');
    collect();
    // Answers of 40 MB in all.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(20_000_000);
  });
});

describe('A store whose holder is gone', () => {
  it('fails what is under way and what comes after, without waiting', async () => {
    const clock = manualClock();
    const [channel, other] = channelPair();
    const store = createWorkerStore({ channel, clock });
    const underWay = everyCall(store);
    const told = store.tell('news', 'a');
    other.hangUp();
    await refused(underWay);
    await refused(everyCall(store));
    await expect(told).resolves.toBeUndefined();
    expect(clock.waiting).toBe(0);
  });
});

describe('The process that holds the store', () => {
  it('passes on that it is full', async () => {
    const clock = manualClock();
    const [channel, other] = channelPair();
    createStoreHost(createMemoryStore(clock, 1)).serve(other);
    const store = createWorkerStore({ channel, clock });
    await store.put('a', 'a', LONG);
    await expect(store.add('b', 'b', LONG)).rejects.toMatchObject({ name: 'StoreFailure', kind: 'full' });
    expect(await store.get('a')).toBe('a');
  });

  it('keeps what a worker left that is gone, and goes on for the others', async () => {
    const clock = manualClock();
    const host = createStoreHost(createMemoryStore(clock, 10));
    const [first, ofFirst] = channelPair();
    const [second, ofSecond] = channelPair();
    const toFirst: object[] = [];
    const send = (message: object): void => {
      toFirst.push(message);
      ofFirst.send(message);
    };
    host.serve({ ...ofFirst, send });
    host.serve(ofSecond);
    await createWorkerStore({ channel: first, clock }).put('a', 'left behind', LONG);
    const isGone = new Promise<void>((resolve) => ofFirst.onEnd(resolve));
    first.hangUp();
    await isGone;
    const store = createWorkerStore({ channel: second, clock });
    const heard: string[] = [];
    store.listen('news', (message) => heard.push(message));
    await store.tell('news', 'still here');
    await until(() => heard.length > 0);
    expect([await store.get('a'), heard]).toEqual(['left behind', ['still here']]);
    expect(toFirst).toMatchObject([{ kind: 'store answer', value: null }]);
  });

  it('lets messages pass that are not for it', async () => {
    const clock = manualClock();
    const [channel, other] = channelPair();
    createStoreHost(createMemoryStore(clock, 10)).serve(other);
    const store = createWorkerStore({ channel, clock });
    channel.send({ kind: 'ready', url: 'http://127.0.0.1:4000' });
    other.send({ kind: 'drain' });
    expect(await store.get('a')).toBeNull();
  });
});
