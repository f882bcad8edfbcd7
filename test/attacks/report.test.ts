// The report has a row for every kind of attack, and names tests that record attempts.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ATTACK_KINDS } from '../support/record.ts';
import { ATTACK_TESTS, attacksReport } from './report.ts';

const ROOT = join(import.meta.dirname, '../..');
const rows = ATTACK_KINDS.map((kind) => ({
  kind,
  what: 'no token',
  status: 401,
  code: 'A',
  ms: 1,
  calls: 0,
}));
const report = attacksReport(rows);

describe('the report of attacks', () => {
  it('has a group for every kind, in their order, and their rows', () => {
    const titles = [...report.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    expect(titles.slice(0, -1)).toEqual([...ATTACK_KINDS]);
    expect(report.match(/^\| no token \| 401 \| A \| 1 \| 0 \|$/gm)).toHaveLength(ATTACK_KINDS.length);
  });

  it.each(ATTACK_KINDS)('is not written without a row for: %s', (kind) => {
    const others = rows.filter((row) => row.kind !== kind);
    expect(() => attacksReport(others)).toThrow(`nothing was recorded of: ${kind}`);
  });

  it('names tests that record attempts, and that the command runs', () => {
    const files = new Set(report.match(/test\/[\w/-]+\.test\.ts/g));
    const recording = [...files].filter((file) =>
      readFileSync(join(ROOT, file), 'utf8').includes('recordAttempt('),
    );
    expect(recording.length).toBeGreaterThan(5);
    for (const file of recording) expect(ATTACK_TESTS.some((known) => file.startsWith(known))).toBe(true);
  });

  it('runs tests that are there', () => {
    for (const path of ATTACK_TESTS) expect(existsSync(join(ROOT, path)), path).toBe(true);
  });
});
