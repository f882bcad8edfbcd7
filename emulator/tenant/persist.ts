// Keeps the tenant in a JSON file between runs. Changes are collected for a moment and written together. The new file
// is written beside the old one and then renamed, so that a crash leaves one of them complete.
import { readFile, rename, writeFile } from 'node:fs/promises';
import { pid } from 'node:process';
import type { Clock } from '../runtime/clock.ts';
import type { Snapshot } from './tenant.ts';

const GATHER_MS = 200;
const VERSION = 1;

export interface TenantFile {
  /** The content of the file; undefined when there is none. */
  readonly found: Snapshot | undefined;
  /** Schedules a write. */
  changed(snapshot: () => Snapshot): void;
  /** Writes pending changes. Rejects when this write or an earlier one failed. */
  close(): Promise<void>;
}

/** @throws an error that names the file when it cannot be read or is not a tenant */
export async function openFile(path: string, clock: Clock): Promise<TenantFile> {
  const found = await read(path);
  let pending: (() => Snapshot) | undefined;
  let cancel = (): void => {};
  let writing: Promise<unknown> = Promise.resolve();
  let failure: { readonly error: unknown } | undefined;

  const flush = (): void => {
    const snapshot = pending;
    pending = undefined;
    if (snapshot === undefined) return;
    writing = writing
      .then(() => write(path, snapshot()))
      .then(() => {
        failure = undefined;
      })
      .catch((error: unknown) => {
        failure = { error };
      });
  };

  return {
    found,
    changed(snapshot) {
      if (pending === undefined) cancel = clock.schedule(GATHER_MS, flush);
      pending = snapshot;
    },
    async close() {
      cancel();
      flush();
      await writing;
      if (failure !== undefined) throw new Error(`${path} could not be written`, { cause: failure.error });
    },
  };
}

async function read(path: string): Promise<Snapshot | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return parse(path, text);
}

function parse(path: string, text: string): Snapshot {
  let content: Partial<Snapshot> & { version?: unknown };
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is not JSON`, { cause: error });
  }
  const { version, people, phones } = content;
  if (version !== VERSION || !Array.isArray(people) || typeof phones !== 'object' || phones === null)
    throw new Error(`${path} is not a tenant of this emulator`);
  return { people, phones };
}

async function write(path: string, snapshot: Snapshot): Promise<void> {
  const temporary = `${path}.${pid}.tmp`;
  await writeFile(temporary, `${JSON.stringify({ version: VERSION, ...snapshot }, undefined, 1)}\n`);
  await rename(temporary, path);
}
