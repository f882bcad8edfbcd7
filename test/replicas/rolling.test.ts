// Three gateways in processes of their own, with a Redis between them, behind an nginx as docs/deployment.md has it, while people
// work. The gateways are rolled, as a new version is; then they are killed, as by a machine that goes down.
import { randomInt } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { type Fleet, looking, startFleet } from '../support/fleet.ts';
import { isNginxMissing, nginxSkipped, startNginx, type TestNginx } from '../support/nginx.ts';
import { isRedisMissing, redisSkipped } from '../support/redis.ts';
import { createCustomers, flawOf } from './customers.ts';

const CUSTOMERS = 12;
/** Longer than nginx keeps unused connections, which is one second in docs/deployment.md. */
const ENVIRONMENT = { DRAIN_DELAY_MS: '1500', REQUEST_DEADLINE_MS: '8000' };
const REPLICAS = [0, 1, 2];
const skipped = nginxSkipped || redisSkipped;
const isMissing = isNginxMissing || isRedisMissing;

async function startSystem(): Promise<[Fleet, TestNginx]> {
  const fleet = await startFleet({ count: REPLICAS.length, environment: ENVIRONMENT, isPatient: true });
  const nginx = await startNginx(fleet.urls.map((url) => new URL(url).origin));
  return [fleet, nginx];
}

describe.skipIf(isMissing)(`Three replicas behind nginx${skipped}`, async () => {
  if (isMissing) return;
  const [fleet, nginx] = await startSystem();
  afterAll(async () => {
    await nginx[Symbol.asyncDispose]();
    await fleet[Symbol.asyncDispose]();
  });
  const { emulator } = fleet;
  const url = `${nginx.url}/graphql`;

  it('lose no request during a rolling restart', async () => {
    const customers = createCustomers({ url, emulator, count: CUSTOMERS, name: '55501' });
    const { stop } = customers.work();
    let operations = 0;
    for (const index of REPLICAS) {
      const old = fleet.at(index);
      await looking(() => old.operations > 20);
      expect(await fleet.roll(index)).toEqual({ code: 0, signal: null });
      operations += old.operations;
    }
    await looking(() => REPLICAS.every((index) => fleet.at(index).operations > 20));
    await stop();

    expect(customers.failures).toEqual([]);
    expect(customers.keys.map((key) => flawOf(key, emulator)).filter((flaw) => flaw !== null)).toEqual([]);
    // nginx sent no request to two gateways.
    const present = (): number =>
      REPLICAS.reduce((sum, index) => sum + fleet.at(index).operations, operations);
    await looking(() => present() >= customers.requests);
    expect(present()).toBe(customers.requests);
  });

  it('lose the requests in flight when they are killed, but no phone', async () => {
    const forget = emulator.faults.add({
      on: { method: 'POST', path: '/phones' },
      times: Number.POSITIVE_INFINITY,
      do: { delayMs: 150 },
    });
    const customers = createCustomers({ url, emulator, count: CUSTOMERS, name: '55502' });
    const { stop } = customers.work();
    const killed: string[] = [];
    for (const index of [0, 1]) {
      const writes = customers.requests + CUSTOMERS * randomInt(2, 6);
      await looking(() => customers.requests > writes);
      killed.push(new URL(fleet.at(index).url).host);
      await fleet.kill(index);
      await fleet.restart(index);
    }
    await stop();
    const cut = customers.failures.filter(({ status }) => status !== 200);
    const places = cut.map(({ servedBy }) => servedBy.split(', ').at(-1));
    const told = new Set(customers.failures.flatMap(({ codes }) => codes));

    // Callers without a result repeat their calls until they have one.
    forget();
    await fleet.emulatorIdle();
    await fleet.leap();
    const open = customers.keys.filter((key) => key.told.size === 0);
    for (const key of open) await customers.add(key);

    expect(cut.map(({ status }) => status)).toEqual(cut.map(() => 502));
    expect(killed).toEqual(expect.arrayContaining(places));
    expect(cut.length).toBeGreaterThan(0);
    expect(cut.length).toBeLessThanOrEqual(2 * CUSTOMERS);
    expect(['IDEMPOTENCY_IN_PROGRESS', 'OUTCOME_UNKNOWN']).toEqual(expect.arrayContaining([...told]));
    expect(customers.keys.filter((key) => key.told.size !== 1)).toEqual([]);
    expect(customers.keys.map((key) => flawOf(key, emulator)).filter((flaw) => flaw !== null)).toEqual([]);
  });
});
