// How soon another worker is started in the place of one that ended, and when there is no point in it any more. One that
// worked for a while is replaced at once. Those that end as soon as they have begun are replaced ever later, so that the
// machine has time for the others. Those that never begin are given up in the end: something is wrong that only a person
// can mend, and whoever runs this program should see it end.
import type { Clock } from '../runtime/clock.ts';

export interface Patience {
  /** A worker has begun to answer. */
  began(): void;
  /**
   * A worker that had begun has ended by itself.
   *
   * @param lived milliseconds that it answered
   * @returns milliseconds to wait before the next
   */
  ended(lived: number): number;
  /** A worker has ended before it began. Milliseconds to wait before the next; null to give up. */
  failed(): number | null;
}

const FIRST_MS = 250;
const LONGEST_MS = 4_000;
/** Milliseconds after which a worker has proved that workers can work. */
const LONG_ENOUGH_MS = 10_000;
/** Workers in a row that never began. */
export const MOST_FAILURES = 5;

export function createPatience(): Patience {
  /** Workers in a row that did not last. */
  let early = 0;
  let failures = 0;
  return {
    began() {
      failures = 0;
    },
    ended(lived) {
      early = lived < LONG_ENOUGH_MS ? early + 1 : 0;
      return early <= 1 ? 0 : backOff(early - 2);
    },
    failed() {
      failures += 1;
      return failures === MOST_FAILURES ? null : backOff(failures - 1);
    },
  };
}

function backOff(doublings: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** doublings);
}

/** For whoever waits so long and may be told that there is no need any more. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await clock.sleep(ms, signal).catch(() => undefined);
}
