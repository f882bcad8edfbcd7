// Fatal errors, in a child process that raises them on signals. Each error contains a number, which must not appear in the
// output.
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

/** SIGUSR2 rejects a promise that nothing handles. SIGWINCH throws an exception that nothing catches. */
const FAULTS = `
  class Odd extends Error { name = 'Odd' }
  process.on('SIGUSR2', () => {
    Promise.reject(new Odd('${CANARY}\\n    at src/phones/${CANARY}'));
    Promise.reject('${CANARY}');
  });
  process.on('SIGWINCH', () => { throw new TypeError('${CANARY}') });
`;

describe('an unhandled rejection', () => {
  it('is logged without its message, and the process goes on', async () => {
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

describe('an uncaught exception', () => {
  it('is logged without its message, and the process exits with 1 after the requests in flight', async () => {
    const running = await start({ DRAIN_DELAY_MS: '60000' });

    running.child.kill('SIGWINCH');
    await until(() => running.faults().length === 1);
    const during = await running.ask();
    // A signal skips the drain delay, as in any other shutdown.
    running.child.kill('SIGTERM');

    expect(during.body).toEqual({ data: { me: { displayName: 'Innocenty Popov' } } });
    expect(during.headers.get('connection')).toBe('close');
    expect(await running.exit).toBe(1);
    expect(running.faults()).toEqual([
      expect.objectContaining({ msg: 'uncaught exception', kind: 'TypeError' }),
    ]);
    expect(running.output()).not.toMatch(/555\D*0187/);
  });

  it('does not change the exit when it is followed by others', async () => {
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
  it('opens the audit file again, and no record is lost', async () => {
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
    // A signal has no response. The next mutation shows that it was handled.
    await until(async () => {
      await change();
      return readsAsFile(path);
    });
    running.child.kill('SIGTERM');

    expect(await running.exit).toBe(0);
    const [before, after] = [idsIn(`${path}.1`), idsIn(path)];
    expect(before.length).toBeGreaterThanOrEqual(4);
    // The signal may arrive between the two records of a mutation.
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
  /** The errors in the log so far. */
  faults(): unknown[];
  /** The whole output. */
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

/** The URL in the ready message. */
async function readUrl(child: ChildProcess, text: () => string): Promise<string> {
  for (;;) {
    const url = /^GraphQL +(\S+)/m.exec(text())?.[1];
    if (url !== undefined && text().endsWith('\n')) return url;
    await once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data');
  }
}
