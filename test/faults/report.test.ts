// The report has a row for every fault of the emulator, and a test proves the faults of each group.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SCENARIO_GROUPS, SCENARIOS } from '../../emulator/emulator.ts';
import { faultsReport } from './report.ts';

const rows = SCENARIOS.map(({ name }) => ({
  scenario: name,
  operation: 'me',
  frequency: 'once',
  response: 'HTTP 200; all data',
  calls: 'GET 2',
  ms: 12,
  after: 'serves, ready, 1 open',
}));

describe('the report of faults', () => {
  it('names every fault of the emulator, in their order and words', () => {
    const named = [...faultsReport(rows).matchAll(/^\| `([^`]+)`: (.*?) \| me \| once \|/gm)];
    expect(named.map(([, name, description]) => ({ name, description }))).toEqual(
      SCENARIOS.map(({ name, description }) => ({ name, description })),
    );
  });

  it.each(SCENARIOS.map(({ name }) => name))('is not written without a row for %s', (name) => {
    const others = rows.filter(({ scenario }) => scenario !== name);
    expect(() => faultsReport(others)).toThrow(`no row was recorded for ${name}`);
  });
});

describe('each group of faults', () => {
  const files = ['status', 'bytes', 'lists', 'batches', 'changes', 'entra', 'directory'];

  it('has a file of tests', () => {
    expect(SCENARIO_GROUPS).toHaveLength(files.length);
  });

  it.each(files.map((file, at) => [file, at] as const))('%s.test.ts proves group %i', (file, at) => {
    const tests = readFileSync(join(import.meta.dirname, `${file}.test.ts`), 'utf8');
    expect(tests).toContain(`SCENARIO_GROUPS[${at}]?.scenarios`);
  });
});
