// Bulk mutations when each request to Microsoft Graph takes a quarter of a second, with two gateway processes and a real
// Redis. One gateway is killed during the call. The call is repeated at the other until all phones are added.
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/runtime/random.ts';
import { post } from '../support/asking.ts';
import { type Fleet, looking, startFleet } from '../support/fleet.ts';
import { tokenOf } from '../support/product.ts';
import { isRedisMissing, redisSkipped } from '../support/redis.ts';

const COUNT = 80;
/** An upper bound of the calls that are needed. */
const MOST_CALLS = 12;
const ADD = `mutation ($input: AddPhonesInput!) { addPhones(input: $input) {
  results { phone { id: graphId } userErrors { code } }
} }`;

interface Result {
  readonly phone: { readonly id: string } | null;
}

const start = (): Promise<Fleet> =>
  startFleet({
    count: 2,
    environment: { DRAIN_DELAY_MS: '0' },
    emulator: { latency: { leastMs: 250, mostMs: 300, random: seededRandom(5) } },
  });

/** Two phones for each of forty users. */
const phonesOf = ({ emulator }: Fleet) =>
  Array.from({ length: COUNT }, (_, at) => ({
    userId: emulator.people[20 + Math.floor(at / 2)]?.id ?? '',
    number: `+1 425 555 ${2000 + at}`,
    displayName: 'Bulk',
  }));

const there = ({ emulator }: Fleet) =>
  emulator.people.flatMap(({ id }) =>
    emulator
      .phonesOf(id)
      .flatMap((phone) => (phone.displayName === 'Bulk' ? [`${phone.number} ${phone.id}`] : [])),
  );

/** A write that the killed gateway noted and did not send counts as lost only then. */
async function letQuietPeriodPass(fleet: Fleet): Promise<void> {
  await fleet.restart(0);
  await fleet.leap();
}

describe.skipIf(isRedisMissing)(`At a quarter of a second a request${redisSkipped}`, () => {
  it.each([10, 40])(
    'a call that loses its gateway after %i writes is taken up by another, and doubles nothing',
    { timeout: 120_000 },
    async (writes) => {
      await using fleet = await start();
      const { emulator } = fleet;
      const phones = phonesOf(fleet);
      const call = (at: number) =>
        post({
          url: fleet.urls[at] ?? '',
          token: tokenOf(emulator, 'admin'),
          query: ADD,
          variables: { input: { phones, idempotencyKey: 'import' } },
        });
      const first = call(0);
      await looking(() => emulator.calls.filter(({ path }) => path.endsWith('/phones')).length >= writes);
      await fleet.kill(0);
      expect((await first).status).toBe(0);
      await fleet.emulatorIdle();
      await fleet.endLeases();

      let results: readonly (Result | null)[] = [];
      let calls = 0;
      while (calls < MOST_CALLS && !(results.length === COUNT && results.every((one) => one?.phone))) {
        results = (await call(1)).payload?.results ?? [];
        calls += 1;
        if (calls === MOST_CALLS / 2) await letQuietPeriodPass(fleet);
      }
      const told = results.map((one, at) => `${phones[at]?.number} ${one?.phone?.id}`);
      expect(there(fleet).toSorted()).toEqual(told.toSorted());
      expect(told).toHaveLength(COUNT);
    },
  );
});
