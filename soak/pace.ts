// The pace of the load: as fast as possible, to measure the capacity, or at a rate.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Person } from './person.ts';

const TICK_MS = 20;
/**
 * Maximum concurrent steps of a user. Some faults delay a step for seconds. With 4, a third of the steps that were due could
 * not start.
 */
const AT_ONCE = 18;

/** Each user does one step after the other. Returns the steps a second. */
export async function flatOut(people: readonly Person[], seconds: number): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let steps = 0;
  const all = people.map(async (person) => {
    while (performance.now() < end) {
      await person.step();
      steps += 1;
    }
  });
  await Promise.all(all);
  return steps / seconds;
}

export interface Paced {
  /** Steps in progress. */
  readonly underWay: number;
  /** Steps that were skipped because all users were busy. */
  readonly leftOut: number;
  /** Resolves when the time is over and all steps are complete. */
  readonly end: Promise<void>;
}

/** @param rate steps a second, by any user that is free */
export function paced(people: readonly Person[], rate: number, isOver: () => boolean): Paced {
  const idle = Array.from({ length: AT_ONCE }, () => people).flat();
  const busy = new Set<Promise<void>>();
  let leftOut = 0;

  function begin(): void {
    const person = idle.shift();
    if (person === undefined) {
      leftOut += 1;
      return;
    }
    const step = person.step().then(() => {
      idle.push(person);
      busy.delete(step);
    });
    busy.add(step);
  }

  async function goOn(): Promise<void> {
    const start = performance.now();
    for (let due = 0; !isOver(); await sleep(TICK_MS)) {
      const target = Math.floor(((performance.now() - start) / 1000) * rate);
      for (; due < target; due += 1) begin();
    }
    await Promise.all(busy);
  }

  return {
    end: goOn(),
    get underWay() {
      return busy.size;
    },
    get leftOut() {
      return leftOut;
    },
  };
}
