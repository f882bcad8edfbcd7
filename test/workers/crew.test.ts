// The primary's side of workers that misbehave: processes that play workers by a script, and time that is moved by hand.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CrewOptions, createCrew, START_MS, StartFailure } from '../../src/workers/crew.ts';
import { createMember, type Member } from '../../src/workers/member.ts';
import type { Terms } from '../../src/workers/messages.ts';
import { manualClock, until } from '../support/emulator.ts';
import { isAlive } from '../support/processes.ts';
import type { Script } from '../support/scripted-worker.ts';

const WORKER = join(import.meta.dirname, '../support/scripted-worker.ts');
const PATIENCE_MS = 20_000;
/** Scripted workers read nothing of it. */
const TERMS = { hasStore: false, explorerHeaders: {} } as Omit<Terms, 'number'> as Terms;

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** A crew whose workers have these scripts, in the order in which they are hired; those after the last are well. */
function crewOf(size: number, scripts: readonly Script[]) {
  const clock = manualClock();
  const hired: Member[] = [];
  const log: Line[] = [];
  const given: StartFailure[] = [];
  const write =
    (level: string) =>
    (fields: object, msg = ''): void =>
      void log.push({ ...fields, level, msg });
  const logger = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const options: CrewOptions = {
    size,
    clock,
    logger: logger as unknown as CrewOptions['logger'],
    patienceMs: PATIENCE_MS,
    hire(number) {
      const child = fork(WORKER, [scripts[hired.length] ?? 'well']);
      const member = createMember({ child, terms: { ...TERMS, number }, clock });
      hired.push(member);
      return member;
    },
    ended: () => {},
    giveUp: (failure) => void given.push(failure),
  };
  onTestFinished(async () => {
    for (const member of hired) member.kill();
    await Promise.all(hired.map(({ end }) => end));
  });
  const said = (msg: string): Line[] => log.filter((line) => line.msg === msg);
  return { crew: createCrew(options), clock, hired, given, said };
}

/** The process id of the worker that was hired as this one, from 0. */
function pidOf(hired: readonly Member[], at: number): number {
  const pid = hired[at]?.pid;
  if (pid === undefined) throw new Error('there is no such worker');
  return pid;
}

describe('A worker that hangs while it starts', () => {
  it('is ended after a while, and another is tried', async () => {
    const { crew, clock, hired, said } = crewOf(1, ['silent']);
    const started = crew.start();
    clock.advance(START_MS - 1);
    expect([said('a worker has ended'), isAlive(pidOf(hired, 0))]).toEqual([[], true]);
    clock.advance(1);

    expect(await hired[0]?.end).toEqual({ code: null, signal: 'SIGKILL' });
    await until(() => said('a worker does not start').length === 1);
    expect(hired).toHaveLength(1);
    clock.advance(250);
    expect(await started).toBe(`http://127.0.0.1/${pidOf(hired, 1)}`);
    // The time for its start is no time for its life.
    clock.advance(START_MS);
    expect([crew.ready(), clock.waiting, crew.ready().every(({ pid }) => isAlive(Number(pid)))]).toEqual([
      [hired[1]],
      0,
      true,
    ]);
  });

  it('holds up no renewal for longer, and the one that was to go stays', async () => {
    const { crew, clock, hired, said } = crewOf(2, ['well', 'well', 'silent']);
    await crew.start();
    const renewal = crew.renew();
    clock.advance(START_MS);
    await renewal;
    expect(said('a worker does not start; the others stay')).toHaveLength(1);
    expect(hired).toHaveLength(3);
    expect(new Set(crew.ready())).toEqual(new Set(hired.slice(0, 2)));
  });
});

describe('A worker that ends while another is started in its place', () => {
  it('is replaced by that one, and by no third', async () => {
    const { crew, hired, said } = crewOf(1, ['well', 'late']);
    await crew.start();
    const renewal = crew.renew();
    await until(() => hired.length === 2);
    hired[0]?.kill();
    await hired[0]?.end;
    hired[1]?.tell({ kind: 'reopen' });
    await renewal;

    expect([hired.length, crew.all(), crew.ready()]).toEqual([2, [hired[1]], [hired[1]]]);
    expect(said('the workers are replaced')).toHaveLength(1);
  });

  it('is replaced by a third, where that one does not start', async () => {
    const { crew, hired } = crewOf(1, ['well', 'silent']);
    await crew.start();
    const renewal = crew.renew();
    await until(() => hired.length === 2);
    hired[0]?.kill();
    await hired[0]?.end;
    hired[1]?.kill();
    await renewal;
    await until(() => crew.ready().length === 1);

    expect(crew.ready()).toEqual([hired[2]]);
  });
});

describe('A worker that is told to go while it starts', () => {
  it('is not taken for one that stays, and has another in its place at once', async () => {
    const { crew, hired } = crewOf(1, ['fleeting']);
    await crew.start();
    expect(hired[0]?.isReady()).toBe(false);
    await until(() => crew.ready().length === 1);
    expect([crew.ready(), crew.all()]).toEqual([[hired[1]], hired]);
  });
});

describe('A renewal', () => {
  it('of workers that are going is none', async () => {
    const { crew, hired, said } = crewOf(2, []);
    await crew.start();
    const closed = crew.close();
    await crew.renew();
    await closed;
    expect([hired.length, said('the workers are replaced'), crew.all()]).toEqual([2, [], []]);
  });

  it('ends where the workers are told to go, and leaves nobody behind', async () => {
    const { crew, hired, said } = crewOf(2, ['well', 'well', 'late']);
    await crew.start();
    const renewal = crew.renew();
    await until(() => hired.length === 3);
    await crew.close();
    await renewal;
    expect([hired.length, crew.all()]).toEqual([3, []]);
    expect([said('the workers are replaced'), said('a worker does not start; the others stay')]).toEqual([
      [],
      [],
    ]);
  });

  it('is one, however often it is asked for at a time', async () => {
    const { crew, hired } = crewOf(2, []);
    await crew.start();
    await Promise.all([crew.renew(), crew.renew()]);
    expect(hired).toHaveLength(4);
    await crew.renew();
    expect(hired).toHaveLength(6);
  });
});

describe('A worker that does not go', () => {
  it('is ended, after as long as going may take', async () => {
    const { crew, clock, hired } = crewOf(2, ['well', 'stubborn']);
    await crew.start();
    const closed = crew.close();
    expect(await hired[0]?.end).toEqual({ code: 0, signal: null });
    clock.advance(PATIENCE_MS - 1);
    expect(isAlive(pidOf(hired, 1))).toBe(true);
    clock.advance(1);
    await closed;
    expect(await hired[1]?.end).toEqual({ code: null, signal: 'SIGKILL' });
    expect(clock.waiting).toBe(0);
  });
});

describe('Workers that do not start any more', () => {
  it('are tried five times, ever later, and then given up with their reasons', async () => {
    const { crew, clock, hired, given, said } = crewOf(1, ['well', ...Array<Script>(5).fill('failing')]);
    await crew.start();
    hired[0]?.kill();
    for (const [at, wait] of [250, 500, 1_000, 2_000].entries()) {
      await until(() => said('a worker does not start').length === at + 1);
      clock.advance(wait - 1);
      expect(hired).toHaveLength(at + 2);
      clock.advance(1);
      await until(() => hired.length === at + 3);
    }
    await until(() => given.length === 1);
    expect(said('a worker does not start').map(({ waitMs }) => waitMs)).toEqual([250, 500, 1_000, 2_000]);
    expect(given[0]?.lines).toEqual(['There is nothing to start with.']);
    expect(hired).toHaveLength(6);
  });

  it('are not tried again where none of them ever did, and said why', async () => {
    const { crew, hired } = crewOf(1, ['failing']);
    await expect(crew.start()).rejects.toThrow(StartFailure);
    expect(hired).toHaveLength(1);
  });

  it('are not waited for by whoever has them go', async () => {
    const { crew, clock, hired, said } = crewOf(1, ['silent', 'silent']);
    const started = crew.start();
    hired[0]?.kill();
    await until(() => said('a worker does not start').length === 1);
    await crew.close();
    await expect(started).rejects.toThrow(StartFailure);
    expect([hired.length, clock.waiting]).toEqual([1, 0]);
  });
});
