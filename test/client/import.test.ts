// The small trial of the import, as part of the gate; `npm run client:trial` has the large one.
import { describe, expect, it } from 'vitest';
import { isRedisMissing, redisSkipped } from '../support/redis.ts';
import { runTrial } from './trial.ts';

describe.skipIf(isRedisMissing)(`An import under faults of all kinds${redisSkipped}`, () => {
  it('adds each phone once, with the importer and the gateway killed three times each', {
    timeout: 120_000,
  }, async () => {
    const verdict = await runTrial({
      phones: 60,
      latencyMs: 40,
      share: 0.05,
      kills: 3,
      people: 60,
      patienceSeconds: 5,
      leaps: true,
    });
    expect(verdict).toMatchObject({ lost: 0, doubled: 0, importerKills: 3, gatewayKills: 3 });
    expect(verdict.said).toContain('All 60 phones are added.');
  });
});
