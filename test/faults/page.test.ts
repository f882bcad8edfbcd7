// docs/faults.md describes exactly the faults that exist.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../emulator/emulator.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/faults.md'), 'utf8');
const rows = page.split('\n').filter((line) => /^\| (?!fault|---)/.test(line));

describe('docs/faults.md', () => {
  it('has every fault of the emulator, in order, and no other', () => {
    const named = rows.flatMap((row) => /^\| `([^`]+)`: /.exec(row)?.[1] ?? []);
    expect(named).toEqual(SCENARIOS.map(({ name }) => name));
  });

  it('has the descriptions of the emulator', () => {
    for (const { name, description } of SCENARIOS) expect(page).toContain(`| \`${name}\`: ${description} |`);
  });

  it('has the response, the upstream requests and the duration in every row', () => {
    expect(rows.length).toBeGreaterThan(SCENARIOS.length * 2);
    for (const row of rows) {
      expect(row).toMatch(
        /\| (me|users|directory|addPhone|updatePhone|deletePhone)[^|]* \| (once|always) \| HTTP \d{3}[^|]+ \| [A-Z][^|]+ \| \d+ \| serves, ready, \d open \|$/,
      );
    }
  });

  it('names existing options of the command line', () => {
    const options = new Set(page.match(/--[a-z-]*fault[a-z-]*/g));
    expect([...options].toSorted()).toEqual(['--fault-percent', '--fault-seed', '--faults']);
  });
});
