// Faults that nobody caught, in a process of its own: one that is told by signals to make them. Each holds a number, which
// must not come out anywhere.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../support/emulator.ts';
import { ask } from '../support/product.ts';

const ROOT = join(import.meta.dirname, '../..');
const CANARY = '+1 425 555 0187';

/** SIGUSR2 rejects promises that nobody waits for, SIGWINCH throws where nobody catches. */
const FAULTS = `
  class Odd extends Error { name = 'Odd' }
  process.on('SIGUSR2', () => {
    Promise.reject(new Odd('${CANARY}\\n    at src/phones/${CANARY}'));
    Promise.reject('${CANARY}');
  });
  process.on('SIGWINCH', () => { throw new TypeError('${CANARY}') });
`;

describe('a rejection that nobody handles', () => {
  it('is logged without its message, and the process goes on serving', async () => {
    const running = await start();

    running.child.kill('SIGUSR2');
    await until(() => running.faults().length === 2);

    expect(running.faults()).toEqual([
      expect.objectContaining({ msg: 'unhandled rejection', kind: 'Odd', where: null }),
      expect.objectContaining({ msg: 'unhandled rejection', kind: 'string', where: null }),
    ]);
    expect((await running.ask()).body).toEqual({ data: { me: { displayName: 'Innocenty Popov' } } });
    running.child.kill('SIGTERM');
    expect(await running.exit).toBe(0);
    expect(running.output()).not.toMatch(/555\D*0187/);
  });
});

describe('an exception that nobody catches', () => {
  it('is logged without its message, and the process leaves with 1 once it has answered', async () => {
    const running = await start({ DRAIN_DELAY_MS: '60000' });

    running.child.kill('SIGWINCH');
    await until(() => running.faults().length === 1);
    const during = await running.ask();
    // Whoever is in a hurry says so, as at any other stop.
    running.child.kill('SIGTERM');

    expect(during.body).toEqual({ data: { me: { displayName: 'Innocenty Popov' } } });
    expect(during.headers.get('connection')).toBe('close');
    expect(await running.exit).toBe(1);
    expect(running.faults()).toEqual([
      expect.objectContaining({ msg: 'uncaught exception', kind: 'TypeError' }),
    ]);
    expect(running.output()).not.toMatch(/555\D*0187/);
  });

  it('and more of them after it change nothing about that', async () => {
    const running = await start({ DRAIN_DELAY_MS: '60000' });
    running.child.kill('SIGWINCH');
    await until(() => running.faults().length === 1);
    running.child.kill('SIGWINCH');
    await until(() => running.faults().length === 2);
    running.child.kill('SIGTERM');
    expect(await running.exit).toBe(1);
  });
});

describe('SIGHUP', () => {
  it('begins the file of the audit trail anew, and nothing is lost', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'audit-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'audit.jsonl');
    const running = await start({ AUDIT_LOG: path });
    const add = 'mutation { addPhone(input: { number: "1" }) { phone { id } } }';
    const idsIn = (file: string): string[] =>
      readFileSync(file, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).id);

    let changes = 0;
    const change = async (): Promise<void> => {
      await running.ask(add);
      changes += 1;
    };
    await change();
    renameSync(path, `${path}.1`);
    await change();
    running.child.kill('SIGHUP');
    // A signal is not answered; the next change after it tells that it was heard.
    await until(async () => {
      await change();
      return readsAsFile(path);
    });
    running.child.kill('SIGTERM');

    expect(await running.exit).toBe(0);
    const [before, after] = [idsIn(`${path}.1`), idsIn(path)];
    expect(before.length).toBeGreaterThanOrEqual(4);
    // The signal may come between the two records of a change.
    expect(before.length + after.length).toBe(2 * new Set([...before, ...after]).size);
    expect(before.length + after.length).toBe(2 * changes);
  });
});

function readsAsFile(path: string): boolean {
  try {
    return readFileSync(path).length > 0;
  } catch {
    return false;
  }
}

interface Running {
  readonly child: ChildProcess;
  /** The exit code. */
  readonly exit: Promise<number | null>;
  /** What was logged as an error so far. */
  faults(): unknown[];
  /** All that was said. */
  output(): string;
  ask(query?: string): ReturnType<typeof ask>;
}

async function start(environment: Readonly<Record<string, string>> = {}): Promise<Running> {
  const preload = `data:text/javascript,${encodeURIComponent(FAULTS)}`;
  const child = spawn(process.execPath, ['--import', preload, join(ROOT, 'src/main.ts')], {
    env: { PATH: process.env['PATH'], PORT: '0', ADMIN_PORT: '0', EMULATOR_PORT: '0', ...environment },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const exit = once(child, 'close').then(([code]) => code as number | null);
  const url = await Promise.race([
    readUrl(child, () => stdout),
    exit.then((code) => Promise.reject(new Error(`it ended with ${code}: ${stderr}`))),
  ]);
  const whole = (): string[] => stderr.split('\n').slice(0, -1);
  return {
    child,
    exit,
    faults: () =>
      whole()
        .map((line) => JSON.parse(line))
        .filter(({ level }) => level >= 50),
    output: () => stdout + stderr,
    ask: (query = '{ me { displayName } }') => ask(url, 'demo-token-innocenty', query),
  };
}

/** From the line that says that it listens. */
async function readUrl(child: ChildProcess, text: () => string): Promise<string> {
  for (;;) {
    const url = /^GraphQL +(\S+)/m.exec(text())?.[1];
    if (url !== undefined && text().endsWith('\n')) return url;
    await once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data');
  }
}
