// Who does something when: as fast as they can, to find how much there is, or at a rate.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Person } from './person.ts';

const TICK_MS = 20;
/**
 * Things that a person does at a time at most. Some faults hold a thing up for seconds, and those who ask do not wait for
 * them: with 4, a third of what was due had nobody to do it.
 */
const AT_ONCE = 18;

/** Everybody does one thing after the other. Returns steps a second. */
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
  /** Steps that were begun and are not done. */
  readonly underWay: number;
  /** Steps that were due when everybody was still at something; they are left out. */
  readonly leftOut: number;
  /** Resolves when it is over and every step that was begun is done. */
  readonly end: Promise<void>;
}

/** @param rate steps a second, by whoever has the time */
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
