// Writes whose outcome is not seen. Whatever the caller is told, a phone that was added once never exists twice.
import { describe, expect, it } from 'vitest';
import { SCENARIO_GROUPS } from '../../emulator/emulator.ts';
import { until } from '../support/emulator.ts';
import { ask, tokenOf } from '../support/product.ts';
import { allOf, found, late } from './expectations.ts';
import { ADDED, INNOCENTY, matchOf, QUERIES } from './operations.ts';
import { startFaultyProduct } from './product.ts';
import { SHORT_DEADLINE_MS, scenarioNamed } from './scenario-run.ts';
import { testWrites } from './scenario-tests.ts';

describe('faults of changes', () => {
  it('are all tested', () => {
    expect(SCENARIO_GROUPS[4]?.scenarios.map(({ name }) => name)).toEqual([
      'commit-then-504',
      'commit-late',
      'created-without-body',
      'created-without-id',
    ]);
  });
});

describe('commit-then-504', () => {
  testWrites('commit-then-504', allOf(found));
});

describe('commit-late', () => {
  testWrites('commit-late', allOf(late), { deadlineMs: SHORT_DEADLINE_MS });

  it.concurrent('addPhone adds one phone, even after the reads that look for it', async () => {
    await using product = await startFaultyProduct(SHORT_DEADLINE_MS / 2);
    const { emulator, url } = product;
    const scenario = scenarioNamed('commit-late');
    emulator.faults.add({ on: matchOf(scenario, 'addPhone'), do: scenario.do });
    const { body } = await ask(url, tokenOf(emulator, 'innocenty'), QUERIES.addPhone);
    expect(body.data.addPhone.userErrors).toEqual([{ code: 'OUTCOME_UNKNOWN' }]);

    const added = () => emulator.phonesOf(INNOCENTY).filter(({ number }) => number === ADDED).length;
    expect(added()).toBe(0);
    await until(() => added() > 0);
    expect(added()).toBe(1);
  });
});

describe.each(['created-without-body', 'created-without-id'])('%s', (name) => {
  testWrites(name, { addPhone: found });
});
