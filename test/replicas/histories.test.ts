// Random histories of additions, repeats, updates and deletions, with gateway processes and a real Redis. Responses are lost
// before and after the work is done, writes arrive late, and callers disconnect. Gateways are killed and restarted. Redis
// stops, is killed, and restarts from its file. In every history a key never creates two phones, and a phone that was
// reported to a caller exists.
//
// The seed determines the history; the timing also depends on the machine. `PROCESS_HISTORIES=200` runs 200 histories,
// starting at `HISTORY_SEED`.
import { describe, expect, it } from 'vitest';
import { startFleet } from '../support/fleet.ts';
import { isRedisMissing, redisSkipped } from '../support/redis.ts';
import { createHistory } from './history.ts';
import { disturb, settle } from './trouble.ts';

const HISTORIES = Number(process.env['PROCESS_HISTORIES'] ?? 6);
const FIRST_SEED = Number(process.env['HISTORY_SEED'] ?? 1);
/** Histories that run at the same time, each of another user. */
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
      // Otherwise the test passes because nothing happened.
      expect(early).toBeGreaterThan(0);
    },
  );
});
