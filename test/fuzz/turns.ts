// When the promises of a run settle. A promise of the source settles in a turn of its own, after everything that
// follows from the turn before, and the lowest rank comes first. So the order of a run does not depend on how many
// microtasks an executor takes, and two executions can be compared error by error.
import { setImmediate } from 'node:timers/promises';

export interface Turns {
  /** Runs `settle` in a turn of its own. */
  queue(rank: number, settle: () => void): void;
  /** Runs turn after turn until nothing waits and `isOver` says so; false where nothing waits and it never ends. */
  drain(isOver: () => boolean): Promise<boolean>;
}

/** Empty turns after which an execution that has not ended never will. */
const PATIENCE = 50;

export function createTurns(): Turns {
  const waiting: { readonly rank: number; readonly settle: () => void }[] = [];
  return {
    queue: (rank, settle) => void waiting.push({ rank, settle }),
    async drain(isOver) {
      let idle = 0;
      while (idle < PATIENCE && (waiting.length > 0 || !isOver())) {
        await setImmediate();
        idle = waiting.length > 0 ? 0 : idle + 1;
        takeLowest(waiting)?.settle();
      }
      await setImmediate();
      return isOver();
    },
  };
}

function takeLowest<T extends { readonly rank: number }>(waiting: T[]): T | undefined {
  const lowest = waiting.reduce(
    (best, { rank }, index) => (rank < (waiting[best]?.rank ?? 0) ? index : best),
    0,
  );
  return waiting.splice(lowest, 1)[0];
}
