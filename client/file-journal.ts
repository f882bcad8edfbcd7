// A journal in a file, for Node: one JSON object a line, appended and flushed to the disk. It outlasts the process and, as
// far as the disk keeps its word, the machine. A line that a crash has cut short was never relied on, and is left out.
import { open, readFile } from 'node:fs/promises';
import type { Journal, JournalEntry } from './journal.ts';

/** @param path of the file, which is made when there is none, for its owner only */
export function createFileJournal(path: string): Journal {
  return {
    async read() {
      const text = await readFile(path, 'utf8').catch(orNothing);
      return text.split('\n').flatMap(entriesIn);
    },
    async append(entries) {
      const file = await open(path, 'a', 0o600);
      try {
        // A line break first ends a line that was cut short.
        await file.appendFile(`\n${entries.map((entry) => JSON.stringify(entry)).join('\n')}\n`);
        await file.datasync();
      } finally {
        await file.close();
      }
    },
  };
}

function orNothing(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw error;
}

function entriesIn(line: string): JournalEntry[] {
  try {
    return line === '' ? [] : [JSON.parse(line)];
  } catch {
    return [];
  }
}
