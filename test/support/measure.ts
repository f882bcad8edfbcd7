// Runs tests for what they measure: one after the other, so that none waits for another, and gives the rows that they
// recorded. Fails when a test does.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Row } from './record.ts';

const ROOT = join(import.meta.dirname, '../..');

/** @param files of tests, or folders of them, from the root of the project */
export async function measure(report: string, files: readonly string[]): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rows-'));
  const rows = join(folder, 'rows.jsonl');
  try {
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    const options = ['--no-file-parallelism', '--maxConcurrency', '1', '--reporter', 'dot'];
    const env = { ...process.env, RECORD_ROWS: rows };
    const child = spawn(process.execPath, [vitest, 'run', ...options, ...files], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error('a test failed, so nothing is written');
    return readFileSync(rows, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Row)
      .filter((row) => row['report'] === report);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes reports/NAME.md, which is not part of the repository. */
export function writeReport(name: string, text: string): void {
  const folder = join(ROOT, 'reports');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.md`), text);
  process.stdout.write(`reports/${name}.md is written\n`);
}

/** Where and when it was measured. */
export function circumstances(): string {
  const [cpu] = cpus();
  const day = new Date().toISOString().slice(0, 10);
  return `Measured on ${day} with Node ${process.versions.node} on ${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}).`;
}

/** A row of a table; bars would end a cell. */
export function tableRow(cells: readonly (string | number)[]): string {
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

export function tableOf(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [tableRow(head), tableRow(head.map(() => '---')), ...rows.map(tableRow)].join('\n');
}
