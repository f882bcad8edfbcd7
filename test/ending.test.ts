// Process exit, for every way to start the program and whatever hangs. As a container runtime or a service manager does, the
// tests send SIGTERM to the process that was started.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startTestEmulator, until } from './support/emulator.ts';
import { LAUNCHER, type Launched, launch, WITHOUT_EXECVE } from './support/launched.ts';
import { ask } from './support/product.ts';
import { isRedisMissing, redisSkipped } from './support/redis.ts';

const TOKEN = 'demo-token-innocenty';
const QUERY = '{ me { displayName } }';
const ANSWER = { data: { me: { displayName: 'Innocenty Popov' } } };
const HELD_MS = 60_000;
const NODE = process.execPath;
const WAITING = ['--import', WITHOUT_EXECVE] as const;
const OLD_NODE = { NODE_OPTIONS: WAITING.join(' ') };

/** A gateway with a request in flight that Microsoft Graph answers when the test says so. */
async function launchHeld(command: readonly [string, ...string[]], environment: Record<string, string>) {
  const emulator = await startTestEmulator();
  onTestFinished(() => emulator[Symbol.asyncDispose]());
  const launched = await launch({ command, environment: { GRAPH_BASE_URL: emulator.url, ...environment } });
  emulator.faults.add({ on: {}, do: { delayMs: HELD_MS } });
  const answer = ask(launched.url, TOKEN, QUERY);
  answer.catch(() => {});
  await until(() => emulator.calls.length === 1);
  return { launched, answer, release: () => emulator.clock.advance(HELD_MS) };
}

const isDraining = async ({ adminUrl }: Launched): Promise<boolean> =>
  (await fetch(`${adminUrl}/readyz`)).status === 503;

describe('SIGTERM to the process that was started', () => {
  it.each<[string, readonly [string, ...string[]], Record<string, string>]>([
    ['the launcher, in whose place the gateway is', [NODE, ...LAUNCHER], {}],
    ['the launcher, which waits for the gateway', [NODE, ...WAITING, ...LAUNCHER], {}],
    ['npm', ['npm', 'start'], {}],
    ['npm, with a launcher that waits', ['npm', 'start'], OLD_NODE],
    ['a shell as npm uses it', ['sh', '-c', `exec "${NODE}" ${LAUNCHER.join(' ')}`], {}],
  ])('%s: requests in flight complete, the exit code is 0, and no process is left', (_name, command, env) =>
    expectGoodEnd(command, env),
  );

  it.skipIf(isRedisMissing)(`the launcher of several workers${redisSkipped}: the same`, () =>
    expectGoodEnd([NODE, ...WAITING, ...LAUNCHER], { WORKERS: '2' }),
  );
});

async function expectGoodEnd(
  command: readonly [string, ...string[]],
  environment: Record<string, string>,
): Promise<void> {
  const { launched, answer, release } = await launchHeld(command, environment);

  launched.child.kill('SIGTERM');
  await until(() => isDraining(launched));
  release();

  expect((await answer).body).toEqual(ANSWER);
  expect(await launched.ended).toEqual({ code: 0, signal: null });
  expect(launched.isAnybodyThere()).toBe(false);
}

describe('SIGKILL to a launcher that waits', () => {
  it('makes the gateway exit after the requests in flight', async () => {
    const { launched, answer, release } = await launchHeld([NODE, ...WAITING, ...LAUNCHER], {});

    launched.child.kill('SIGKILL');
    await until(() => isDraining(launched));
    release();

    expect((await answer).body).toEqual(ANSWER);
    await until(() => !launched.isAnybodyThere());
  });
});

/** Replaces a part of the program with code that never completes. */
const preload = (code: string): readonly [string, ...string[]] => [
  NODE,
  '--import',
  `data:text/javascript,${encodeURIComponent(code)}`,
  'src/main.ts',
];

// Each takes the time of the watchdog, which is more than five seconds.
describe('whatever hangs, the process exits with an error code', () => {
  const environment = { REQUEST_DEADLINE_MS: '100' };

  it('a listener that never closes', async () => {
    const command = preload("import { Server } from 'node:net'; Server.prototype.close = () => {};");
    const { child, ended } = await launch({ command, environment });
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 1, signal: null });
  });

  it('code that never returns', async () => {
    const { child, ended } = await launch({
      command: preload("process.on('exit', () => { for (;;); });"),
      environment,
    });
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('an audit trail into a pipe that nobody reads', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'audit-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const { child, url, ended } = await launch({
      command: [NODE, 'src/main.ts'],
      environment: { AUDIT_LOG: pipe, ...environment },
    });
    const change = 'mutation { addPhone(input: { number: "+1 425 555 0177" }) { phone { id } } }';
    const { body } = await ask(url, TOKEN, change);
    child.kill('SIGTERM');
    expect(body.errors).toHaveLength(1);
    expect(await ended).toEqual({ code: null, signal: 'SIGKILL' });
  });
});
