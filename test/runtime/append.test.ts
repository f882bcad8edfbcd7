// Appending to a file, and the error when there is no room: real files and limits, in a child process.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';

const MODULE = join(import.meta.dirname, '../../src/runtime/append.ts');

/** Adds lines of 300 characters to its standard output, truncates it, adds one more, and says what came of each. */
const PROGRAM = `
  import { ftruncateSync } from 'node:fs';
  const { createAppender } = await import(process.argv[1]);
  const append = createAppender(1);
  const outcomes = [];
  const add = async (letter) => {
    await append(letter.repeat(299) + '\\n').then(
      () => outcomes.push('written'),
      ({ name, written, code }) => outcomes.push({ name, written, code }),
    );
  };
  for (const letter of 'abcd') await add(letter);
  try { ftruncateSync(1, 600); } catch {}
  await add('e');
  process.stderr.write(JSON.stringify(outcomes));
`;

async function run(before: string, file: string): Promise<unknown> {
  const script = `${before}; exec "$0" --input-type=module -e "$1" "$2" >>"$3"`;
  const args = ['-c', script, process.execPath, PROGRAM, MODULE, file];
  return JSON.parse((await promisify(execFile)('sh', args)).stderr);
}

describe('appending text to a file', () => {
  it('fails with the number of written bytes when it is cut short, and the next text starts on a new line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'append-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'log');
    expect(await run('ulimit -f 2', file)).toEqual([
      'written',
      'written',
      'written',
      { name: 'AppendError', written: 124, code: 'EFBIG' },
      'written',
    ]);
    const line = (letter: string): string => `${letter.repeat(299)}\n`;
    expect(readFileSync(file, 'utf8')).toBe(`${line('a')}${line('b')}\n${line('e')}`);
  });

  it('fails when the device is full', async () => {
    const refused = { name: 'AppendError', written: 0, code: 'ENOSPC' };
    expect(await run(':', '/dev/full')).toEqual(Array(5).fill(refused));
  });
});
