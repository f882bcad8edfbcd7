// Pauses that one replica tells the others: over the memory of one process, whose time the test moves, and over Redis
// between whole gateways.
import { describe, expect, it } from 'vitest';
import { createSharing } from '../../src/graph/sharing.ts';
import { createThrottle, type Party, type Throttle } from '../../src/graph/throttle.ts';
import { type Random, seededRandom } from '../../src/runtime/random.ts';
import { createMemoryStore, type Store, StoreFailure } from '../../src/store/store.ts';
import { manualClock, until } from '../support/emulator.ts';
import { type EntraProduct, idOf, makeKey, startEntraProduct } from '../support/entra.ts';
import { isRedisMissing, redisSkipped, startRedis } from '../support/redis.ts';

const ANN: Party = { owner: 'tenant-1/ann/app', identity: { tenantId: 'tenant-1' } };
const BEN: Party = { owner: 'tenant-1/ben/app', identity: { tenantId: 'tenant-1' } };
const TENANT = { of: 'tenant', held: 'all' } as const;

function start() {
  const clock = manualClock();
  const store = createMemoryStore(clock, 100);
  let seed = 0;
  let secret = new Uint8Array(32).fill(1);
  async function replica(on: Store = store): Promise<Throttle> {
    seed += 1;
    const random: Random = { ...seededRandom(seed), fraction: () => 0 };
    const sharing = createSharing({ store: on, secret: async () => secret, clock, random });
    const throttle = createThrottle({
      clock,
      random,
      nameOf: sharing.nameOf,
      closed: (_scope, limit, ms, held) => sharing.tell(limit, ms, held),
    });
    await sharing.join(throttle);
    return throttle;
  }
  /** Whatever was told has been heard by the end of a turn. */
  const heard = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const change = () => {
    secret = new Uint8Array(32).fill(2);
  };
  return { clock, store, replica, heard, change };
}

describe('a pause that one replica is told', () => {
  it('holds back the same caller at the others, as long, and nobody else', async () => {
    const { replica, heard, clock } = start();
    const [one, other] = [await replica(), await replica()];
    one.throttled(ANN, 2, null);
    await heard();
    expect([other.wait(ANN, 'reads', 1), other.wait(BEN, 'reads', 1)]).toEqual([2_000, 0]);
    expect(one.wait(ANN, 'reads', 1)).toBe(2_000);
    clock.advance(2_000);
    expect([one.wait(ANN, 'reads', 1), other.wait(ANN, 'reads', 1)]).toEqual([0, 0]);
  });

  it('of a tenant holds back all of the tenant', async () => {
    const { replica, heard } = start();
    const [one, other] = [await replica(), await replica()];
    one.throttled(ANN, 2, TENANT);
    await heard();
    expect(other.wait(BEN, 'writes', 1)).toBe(2_000);
  });

  it('is known to one that starts meanwhile, for the rest of it', async () => {
    const { replica, heard, clock } = start();
    const one = await replica();
    one.throttled(ANN, 60, { of: 'principal', held: 'writes' });
    await heard();
    clock.advance(1_000);
    await heard();
    clock.advance(9_000);
    const late = await replica();
    expect([late.wait(ANN, 'writes', 1), late.wait(ANN, 'reads', 1)]).toEqual([50_000, 0]);
    one.throttled(BEN, 60, null);
    await heard();
    clock.advance(1_000);
    await heard();
    expect((await replica()).wait(BEN, 'reads', 1)).toBe(59_000);
  });

  it('is told under names that say nothing of anybody', async () => {
    const { replica, heard, store, clock } = start();
    const told: string[] = [];
    store.listen('pauses', (message) => told.push(message));
    const one = await replica();
    one.throttled(ANN, 2, TENANT);
    one.throttled(ANN, 2, null);
    await heard();
    clock.advance(1_000);
    await heard();
    const kept = (await store.get('pauses')) ?? '';
    expect(told).toHaveLength(2);
    expect(kept.split('\n')).toHaveLength(3);
    expect([...told, kept].join('\n')).not.toMatch(/ann|tenant|app/);
  });

  it('goes by another name once the secret has changed, also where it was told', async () => {
    const { replica, heard, change } = start();
    const one = await replica();
    change();
    const other = await replica();
    one.throttled(ANN, 2, null);
    await heard();
    expect([one.wait(ANN, 'reads', 1), other.wait(ANN, 'reads', 1)]).toEqual([2_000, 2_000]);
  });
});

describe('what is heard', () => {
  it.each([
    'nonsense',
    '',
    `x ${'a'.repeat(43)} 1000`,
    `x ${'a'.repeat(43)} -5 all`,
    `x ${'a'.repeat(43)} 1e9 all`,
    `x ${'a'.repeat(43)} 1000 everything`,
    `x ${'a'.repeat(2_000)} 1000 all`,
    `x short 1000 all`,
  ])('is not believed when it is %j', async (message) => {
    const { replica, store } = start();
    const one = await replica();
    await store.tell('pauses', message);
    expect(one.pauses(10)).toEqual([]);
  });

  it('holds nobody back for longer than Graph could', async () => {
    const { replica, store } = start();
    const one = await replica();
    await store.tell('pauses', `x ${'a'.repeat(43)} 999999999 all`);
    expect(one.pauses(10)).toEqual([{ name: 'a'.repeat(43), ms: 600_000, held: 'all' }]);
  });

  it('is nothing while the store is out of reach, and the own pauses stand', async () => {
    const { replica, heard, store } = start();
    const fail = (): Promise<never> => Promise.reject(new StoreFailure('unreachable'));
    const one = await replica({ ...store, get: fail, put: fail, tell: async () => {} });
    one.throttled(ANN, 2, null);
    await heard();
    expect(one.wait(ANN, 'reads', 1)).toBe(2_000);
  });
});

describe.skipIf(isRedisMissing)(`Replicas on one Redis${redisSkipped}`, () => {
  it('hold back together whoever Microsoft Graph has throttled at one of them', async () => {
    await using redis = await startRedis();
    const key = await makeKey('key-1');
    const environment = { REDIS_URL: redis.url };
    await using one = await startEntraProduct({ key, environment, patience: 20 });
    await using two = await startEntraProduct({ key, environment, patience: 20, beside: one });
    const token = await one.userToken('innocenty');
    one.emulator.faults.add({ on: {}, do: { status: 429, headers: { 'Retry-After': '600' } } });

    expect(await codeOf(one, token)).toBe('THROTTLED');
    await until(async () => (await codeOf(two, token)) === 'THROTTLED');

    const throttled = one.emulator.calls.length;
    expect(await codeOf(two, token)).toBe('THROTTLED');
    expect(one.emulator.calls).toHaveLength(throttled);
    expect(await codeOf(two, await two.userToken('admin'))).toBeUndefined();
    const dump = [...(await redis.dump())].flat().join('\n');
    expect(dump).not.toContain(idOf(one.emulator, 'innocenty'));
  });
});

async function codeOf(product: EntraProduct, token: string): Promise<string | undefined> {
  const { body } = await product.ask('{ me { displayName } }', token);
  return body.errors?.[0].extensions.code;
}
