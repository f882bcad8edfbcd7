// The time under load, in stretches with a rest after each. A measurement under load shows what the gateway uses, and one at
// rest shows what it retains.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tally } from './asking.ts';
import { type Paced, paced } from './pace.ts';
import type { Person } from './person.ts';
import type { Processes } from './processes.ts';
import { atRest, progress, type Taken } from './report.ts';

export const EVERY_SECONDS = 10;
const STRETCHES = 12;
const LEAST_MINUTES = 1;
/** Seconds after which no request is in flight. The longest fault delays by 15 seconds. */
const REST_SECONDS = 20;

export interface Stretches {
  readonly samples: readonly Taken[];
  readonly rests: readonly Taken[];
  /** From the end of one rest to the next rest. */
  readonly secondsToRest: number;
  readonly leftOut: number;
}

export interface StretchOptions {
  readonly people: readonly Person[];
  readonly processes: Processes;
  readonly tally: Tally;
  /** Steps a second. */
  readonly rate: number;
  /** Seconds under load in all stretches. */
  readonly minutes: number;
  /** Seconds since the start. */
  readonly seconds: () => number;
  readonly say: (text: string) => void;
}

export async function goThrough(options: StretchOptions): Promise<Stretches> {
  const { minutes, people, processes, rate, say, seconds } = options;
  const count = Math.max(1, Math.min(STRETCHES, Math.floor(minutes / LEAST_MINUTES)));
  const length = (minutes * 60) / count;
  const samples: Taken[] = [];
  const rests: Taken[] = [];
  let leftOut = 0;
  while (rests.length < count && processes.isAlive) {
    const end = seconds() + length;
    const load = paced(people, rate, () => seconds() >= end || !processes.isAlive);
    samples.push(...(await watch(load, end, options)));
    await load.end;
    leftOut += load.leftOut;
    await sleep(REST_SECONDS * 1000);
    if (!processes.isAlive) break;
    const at = { ...(await processes.sample('thorough')), underWay: load.underWay };
    rests.push(at);
    say(atRest(seconds(), at));
  }
  return { samples, rests, secondsToRest: length + REST_SECONDS, leftOut };
}

/** Samples every few seconds while the load runs. */
async function watch(load: Paced, end: number, options: StretchOptions): Promise<Taken[]> {
  const { processes, say, seconds, tally } = options;
  const samples: Taken[] = [];
  for (let before = tally.get('operations') ?? 0; seconds() + EVERY_SECONDS <= end; ) {
    await sleep(EVERY_SECONDS * 1000);
    if (!processes.isAlive) break;
    const at = { ...(await processes.sample('quick')), underWay: load.underWay };
    samples.push(at);
    const operations = tally.get('operations') ?? 0;
    const phones = (await processes.numbers()).length;
    const rate = (operations - before) / EVERY_SECONDS;
    say(progress({ seconds: seconds(), rate, errors: errorsIn(tally), phones, at }));
    before = operations;
  }
  return samples;
}

function errorsIn(tally: Tally): number {
  let errors = 0;
  for (const [name, times] of tally) if (name !== 'operations') errors += times;
  return errors;
}
