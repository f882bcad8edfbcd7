// Whatever happens to processes, in whatever order: random histories of additions, repeats, changes and deletions, with
// gateways in processes of their own and a real Redis. Answers are lost before and after the work is done, changes come
// late, callers go away; gateways are killed and started again, Redis stands still, is killed and comes back with what it
// wrote down. However it goes, a key never makes two phones, and whoever was told of a phone has one.
//
// What is drawn follows from the seed; what comes of it also from the machine. `PROCESS_HISTORIES=200` runs as many, from
// `HISTORY_SEED` on.
import { describe, expect, it } from 'vitest';
import { startFleet } from '../support/fleet.ts';
import { isRedisMissing, redisSkipped } from '../support/redis.ts';
import { createHistory } from './history.ts';
import { disturb, settle } from './trouble.ts';

const HISTORIES = Number(process.env['PROCESS_HISTORIES'] ?? 6);
const FIRST_SEED = Number(process.env['HISTORY_SEED'] ?? 1);
/** Histories that go on at the same time, of as many people. */
const AT_ONCE = 6;

describe.skipIf(isRedisMissing)(`In any history${redisSkipped}`, () => {
  it.concurrent.each([1, 3])(
    'a key makes one phone, with replicas: %i',
    {
      timeout: 120_000 + HISTORIES * 5_000,
    },
    async (count) => {
      const environment = { REQUEST_DEADLINE_MS: '1000', DRAIN_DELAY_MS: '0' };
      await using fleet = await startFleet({ count, environment });
      let early = 0;
      for (let first = FIRST_SEED; first < FIRST_SEED + HISTORIES; first += AT_ONCE) {
        fleet.emulator.reset();
        const seeds = Array.from(
          { length: Math.min(AT_ONCE, FIRST_SEED + HISTORIES - first) },
          (_, at) => first + at,
        );
        const histories = seeds.map((seed, at) => createHistory(fleet, seed, at));
        const disturbance = disturb(fleet, histories, first);
        await Promise.all(histories.map((history) => history.run(disturbance.calmly)));
        await disturbance.over();
        early += histories.reduce((sum, { told }) => sum + told, 0);
        const findings = await settle(fleet, histories);
        expect(findings, `seeds ${seeds.join(', ')}, replicas ${count}`).toEqual([]);
      }
      // Else nothing was found because nothing happened.
      expect(early).toBeGreaterThan(0);
    },
  );
});
