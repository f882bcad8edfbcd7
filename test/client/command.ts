// Runs the command of the client as a person does: a process of its own, in a folder of its own.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestProduct, tokenOf } from '../support/product.ts';

const COMMAND = join(import.meta.dirname, '../../client/cli/main.ts');

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Desk extends AsyncDisposable {
  readonly folder: string;
  run(...args: readonly string[]): Promise<Ran>;
  /** The same, stopped with SIGTERM once `when` resolves. */
  runAndStop(when: () => Promise<void>, ...args: readonly string[]): Promise<Ran>;
  write(name: string, content: string | Uint8Array): Promise<void>;
  /** Null for no such file. */
  read(name: string): Promise<string | null>;
}

export async function openDesk(product: TestProduct, as = 'admin'): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'phones-'));
  const env = { PROFILE_PHONES_URL: product.url, PROFILE_PHONES_TOKEN: tokenOf(product.emulator, as) };
  function start(args: readonly string[]) {
    const { promise: ran, resolve } = Promise.withResolvers<Ran>();
    const child = execFile(
      process.execPath,
      [COMMAND, ...args],
      { cwd: folder, env },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
    return { ran, stop: () => void child.kill('SIGTERM') };
  }
  return {
    folder,
    run: (...args) => start(args).ran,
    async runAndStop(when, ...args) {
      const { ran, stop } = start(args);
      await when();
      stop();
      return ran;
    },
    write: (name, content) => writeFile(join(folder, name), content),
    read: (name) => readFile(join(folder, name), 'utf8').catch(() => null),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
