// The journal in a file: what is appended is there, whatever a crash left behind.
import { appendFile, mkdtemp, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createFileJournal } from '../../client/file-journal.ts';
import type { JournalEntry } from '../../client/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'journal-'));
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
function fresh(): string {
  files += 1;
  return join(folder, `${files}.journal`);
}

const BEGUN: JournalEntry = { kind: 'begun', run: 'a', url: 'http://127.0.0.1/graphql' };
const SENT: JournalEntry = { kind: 'sent', keys: ['k1', 'k2'], at: 1 };
const ADDED: JournalEntry = { kind: 'added', key: 'k1', phoneId: 'p1' };

describe('a journal in a file', () => {
  it('is empty without a file', async () => {
    expect(await createFileJournal(fresh()).read()).toEqual([]);
  });

  it('has what was appended, for its owner only', async () => {
    const path = fresh();
    await createFileJournal(path).append([BEGUN, SENT]);
    await createFileJournal(path).append([ADDED]);
    expect(await createFileJournal(path).read()).toEqual([BEGUN, SENT, ADDED]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('goes on after a line that was cut short anywhere', async () => {
    const path = fresh();
    const journal = createFileJournal(path);
    await journal.append([BEGUN]);
    const { length } = await readFile(path);
    await journal.append([SENT]);
    const whole = (await readFile(path)).length;
    for (let size = whole - 2; size > length; size -= 1) {
      await truncate(path, size);
      await journal.append([ADDED]);
      expect(await journal.read()).toEqual([BEGUN, ADDED]);
      await truncate(path, length);
      await journal.append([SENT]);
    }
  });

  it('has all that two programs append at the same time', async () => {
    const path = fresh();
    const keys = Array.from({ length: 50 }, (_, at) => `k${at}`);
    const journals = [createFileJournal(path), createFileJournal(path)];
    await Promise.all(
      keys.map((key, at) => journals[at % 2]?.append([{ kind: 'added', key, phoneId: key.repeat(50) }])),
    );
    const found = (await createFileJournal(path).read()).flatMap((one) =>
      one.kind === 'added' ? [one.key] : [],
    );
    expect(found.toSorted()).toEqual(keys.toSorted());
  });

  it('does not take another file for an empty one', async () => {
    await expect(createFileJournal(folder).read()).rejects.toThrow('EISDIR');
    const path = fresh();
    await appendFile(path, 'user,number\n');
    expect(await createFileJournal(path).read()).toEqual([]);
  });
});
