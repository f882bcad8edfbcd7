// The worker pool with workers that fail. The workers are scripted processes, and the test controls the time.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createWorkerPool, type PoolOptions, START_MS, sendTo } from '../../src/process/worker-pool.ts';
import { manualClock, until } from '../support/emulator.ts';
import { isAlive } from '../support/processes.ts';
import type { Script } from '../support/scripted-worker.ts';

const WORKER = join(import.meta.dirname, '../support/scripted-worker.ts');
const GRACE_MS = 20_000;
const KEY = new Uint8Array(32);

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** A pool whose workers have these scripts, in the order of their spawning. Later workers work normally. */
function poolOf(size: number, scripts: readonly Script[]) {
  const clock = manualClock();
  const children: ChildProcess[] = [];
  const log: Line[] = [];
  const started: string[] = [];
  const failed: (readonly string[])[] = [];
  let ended = 0;
  const write =
    (level: string) =>
    (fields: object, msg = ''): void =>
      void log.push({ ...fields, level, msg });
  const logger = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const options: PoolOptions = {
    size,
    clock,
    logger,
    graceMs: GRACE_MS,
    spawn(number) {
      const child = fork(WORKER, [scripts[children.length] ?? 'well'], { serialization: 'advanced' });
      children.push(child);
      const common = { environment: {}, principals: KEY, audit: KEY, explorerHeaders: {} };
      sendTo(child, { kind: 'start', options: { number, ...common } });
      return child;
    },
    started: (url) => void started.push(url),
    failed: (lines) => void failed.push(lines),
    ended: () => {
      ended += 1;
    },
  };
  const pool = createWorkerPool(options);
  onTestFinished(async () => {
    clock.advance(0);
    const closed = pool.close();
    for (const child of children) child.kill('SIGKILL');
    await closed;
  });
  const said = (msg: string): Line[] => log.filter((line) => line.msg === msg);
  const ready = (): number[] => said('a worker is ready').map(({ pid }) => Number(pid));
  return { pool, clock, children, started, failed, said, ready, ended: () => ended };
}

/** The process of the nth spawned worker, from 0. */
function at(children: readonly ChildProcess[], index: number): ChildProcess & { readonly pid: number } {
  const child = children[index];
  if (child?.pid === undefined) throw new Error('there is no such worker');
  return child as ChildProcess & { readonly pid: number };
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

describe('A pool', () => {
  it('starts once, when all workers are ready', async () => {
    const { pool, children, started, ready } = poolOf(2, []);
    pool.start();
    await until(() => started.length === 1);
    expect(new Set(ready())).toEqual(new Set(children.map(({ pid }) => pid)));
    await kill(at(children, 0));
    await until(() => ready().length === 3);
    expect(started).toHaveLength(1);
  });
});

describe('A worker that hangs while it starts', () => {
  it('is killed after START_MS, and another is spawned', async () => {
    const { pool, clock, children, said, started } = poolOf(1, ['silent']);
    pool.start();
    const first = at(children, 0);
    const closed = once(first, 'close');
    clock.advance(START_MS - 1);
    expect([said('a worker has ended'), isAlive(first.pid)]).toEqual([[], true]);
    clock.advance(1);

    expect(await closed).toEqual([null, 'SIGKILL']);
    expect(said('a worker failed to start')).toHaveLength(1);
    await until(() => started.length === 1);
    expect(started).toEqual([`http://127.0.0.1/${at(children, 1).pid}`]);
    // START_MS does not limit a worker that is ready.
    clock.advance(START_MS);
    expect([clock.waiting, isAlive(at(children, 1).pid)]).toEqual([0, true]);
  });
});

describe('A worker that drains as soon as it is ready', () => {
  it('is replaced before it ends', async () => {
    const { pool, children, ready } = poolOf(1, ['fleeting']);
    pool.start();
    await until(() => ready().length === 2);
    expect([ready()[1], isAlive(at(children, 0).pid)]).toEqual([at(children, 1).pid, true]);
  });

  it('is replaced once, also when it ends later', async () => {
    const { pool, clock, children, ready, ended } = poolOf(1, ['fleeting']);
    pool.start();
    await until(() => ready().length === 2);
    await kill(at(children, 0));
    await until(() => ended() === 1);
    // The only timer left is the start time of the second worker.
    expect([children.length, clock.waiting]).toEqual([2, 1]);
  });
});

describe('A worker that does not end', () => {
  it('is killed after the grace period', async () => {
    const { pool, clock, children, started } = poolOf(2, ['well', 'stubborn']);
    pool.start();
    await until(() => started.length === 1);
    const [well, stubborn] = [once(at(children, 0), 'close'), once(at(children, 1), 'close')];
    const closed = pool.close();
    expect(await well).toEqual([0, null]);
    clock.advance(GRACE_MS - 1);
    expect(isAlive(at(children, 1).pid)).toBe(true);
    clock.advance(1);
    await closed;
    expect(await stubborn).toEqual([null, 'SIGKILL']);
    expect(clock.waiting).toBe(0);
  });
});

describe('Workers that fail to start', () => {
  it('are spawned five times with growing delays, then the pool gives up with their reasons', async () => {
    const scripts: Script[] = ['well', ...Array<Script>(5).fill('failing')];
    const { pool, clock, children, failed, said, started } = poolOf(1, scripts);
    pool.start();
    await until(() => started.length === 1);
    await kill(at(children, 0));
    for (const [index, wait] of [250, 500, 1_000, 2_000].entries()) {
      await until(() => said('a worker failed to start').length === index + 1);
      clock.advance(wait - 1);
      expect(children).toHaveLength(index + 2);
      clock.advance(1);
      await until(() => children.length === index + 3);
    }
    await until(() => failed.length === 1);
    expect(said('a worker failed to start').map(({ waitMs }) => waitMs)).toEqual([250, 500, 1_000, 2_000]);
    expect(failed).toEqual([['There is nothing to start with.']]);
    expect(children).toHaveLength(6);
  });

  it('are not spawned again when the first workers report why they cannot start', async () => {
    const { pool, clock, children, failed } = poolOf(1, ['failing']);
    pool.start();
    await until(() => failed.length === 1);
    expect([children.length, clock.waiting]).toEqual([1, 0]);
  });

  it('do not delay the shutdown', async () => {
    const { pool, clock, children, said } = poolOf(1, ['silent', 'silent', 'silent']);
    pool.start();
    await kill(at(children, 0));
    await until(() => children.length === 2);
    await kill(at(children, 1));
    await until(() => said('a worker failed to start').length === 2);
    await pool.close();
    expect([children.length, clock.waiting]).toEqual([2, 0]);
  });
});

describe('A message of another kind', () => {
  it('is ignored', async () => {
    const { pool, children, started, ready } = poolOf(1, ['silent']);
    pool.start();
    for (const message of [null, 'ready', {}, { kind: 'ready' }, { kind: 'ready', url: 1 }, { kind: 'gone' }])
      at(children, 0).emit('message', message);
    expect([ready(), started]).toEqual([[], []]);
  });
});
