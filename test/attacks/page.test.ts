// The page that tells what was tried at the door.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HOSTILE_IDS } from '../support/hostile-ids.ts';
import { DOOR_KINDS } from '../support/record.ts';

const ROOT = join(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/door.md'), 'utf8');
const groups = page.split(/^## /m).slice(1);
const rows = (group: string) => group.split('\n').filter((line) => /^\| (?!what was tried|---)/.test(line));

describe('docs/door.md', () => {
  it('has its groups, each with what was tried', () => {
    const titles = groups.map((group) => group.split('\n')[0]);
    expect(titles.slice(0, -1)).toEqual([...DOOR_KINDS]);
    for (const group of groups.slice(0, -1)) expect(rows(group).length).toBeGreaterThan(2);
  });

  it('says of each attempt how it was refused', () => {
    for (const row of groups.flatMap(rows))
      expect(row).toMatch(/^\| .+ \| (200|4\d\d) \| [A-Z_]+ \| \d+(\.\d)? \| [01] \|$/);
  });

  it('has every id that is tried, at every place that takes one', () => {
    const ids = groups.find((group) => group.startsWith('Ids'));
    expect(rows(ids ?? '')).toHaveLength(5 * HOSTILE_IDS.length + 6 * (HOSTILE_IDS.length - 1));
  });

  it('names tests that are there', () => {
    const files = new Set(page.match(/test\/[\w/-]+\.test\.ts/g));
    expect(files.size).toBeGreaterThan(5);
    for (const file of files) expect(existsSync(join(ROOT, file)), file).toBe(true);
  });
});
