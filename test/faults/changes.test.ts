// Changes whose outcome is not seen. Whatever the caller is told, a phone that was asked for once is never there twice.
import { describe, expect, it } from 'vitest';
import { SCENARIO_GROUPS } from '../../emulator/emulator.ts';
import { until } from '../support/emulator.ts';
import { ask, tokenOf } from '../support/product.ts';
import { allOf, found, late } from './expectations.ts';
import { ADDED, INNOCENTY, placeOf, QUERIES } from './operations.ts';
import { startFaultyProduct } from './product.ts';
import { HURRIED, scenarioNamed } from './proof.ts';
import { proveWrites } from './proving.ts';

describe('Troubles of changes', () => {
  it('are all proved', () => {
    expect(SCENARIO_GROUPS[4]?.scenarios.map(({ name }) => name)).toEqual([
      'commit-then-504',
      'commit-late',
      'created-without-body',
      'created-without-id',
    ]);
  });
});

describe('commit-then-504', () => {
  proveWrites('commit-then-504', allOf(found));
});

describe('commit-late', () => {
  proveWrites('commit-late', allOf(late), { deadlineMs: HURRIED });

  it.concurrent('addPhone is there once, even later than it is looked for', async () => {
    await using product = await startFaultyProduct(HURRIED / 2);
    const { emulator, url } = product;
    const scenario = scenarioNamed('commit-late');
    emulator.faults.add({ on: placeOf(scenario, 'addPhone'), do: scenario.do });
    const { body } = await ask(url, tokenOf(emulator, 'innocenty'), QUERIES.addPhone);
    expect(body.data.addPhone.userErrors).toEqual([{ code: 'OUTCOME_UNKNOWN' }]);

    const added = () => emulator.phonesOf(INNOCENTY).filter(({ number }) => number === ADDED).length;
    expect(added()).toBe(0);
    await until(() => added() > 0);
    expect(added()).toBe(1);
  });
});

describe.each(['created-without-body', 'created-without-id'])('%s', (name) => {
  proveWrites(name, { addPhone: found });
});
