// The page that tells of the faults has all of them, and no other.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../emulator/emulator.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/faults.md'), 'utf8');
const rows = page.split('\n').filter((line) => /^\| (?!fault|---)/.test(line));

describe('docs/faults.md', () => {
  it('has every fault of the emulator, in their order, and names none that is not there', () => {
    const named = rows.flatMap((row) => /^\| `([^`]+)`: /.exec(row)?.[1] ?? []);
    expect(named).toEqual(SCENARIOS.map(({ name }) => name));
  });

  it('tells each as the emulator does', () => {
    for (const { name, description } of SCENARIOS) expect(page).toContain(`| \`${name}\`: ${description} |`);
  });

  it('says in every row what was seen, asked upstream and measured', () => {
    expect(rows.length).toBeGreaterThan(SCENARIOS.length * 2);
    for (const row of rows) {
      expect(row).toMatch(
        /\| (me|users|directory|addPhone|updatePhone|deletePhone)[^|]* \| (once|always) \| HTTP \d{3}[^|]+ \| [A-Z][^|]+ \| \d+ \| serves, ready, \d open \|$/,
      );
    }
  });

  it('names options that the command line has', () => {
    const options = new Set(page.match(/--[a-z-]*fault[a-z-]*/g));
    expect([...options].toSorted()).toEqual(['--fault-percent', '--fault-seed', '--faults']);
  });
});
