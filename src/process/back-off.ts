// How long the pool waits before it spawns another worker for one that ended. After one that worked for a while there is no
// wait, and none after a first one that ended early. Then the wait doubles, so that the machine has time for the others.
const FIRST_MS = 250;
const LONGEST_MS = 4_000;
/** Milliseconds after which a worker has shown that workers can work. */
const LONG_ENOUGH_MS = 10_000;
/** Workers in a row that never became ready, after which only a person can help. */
export const MOST_FAILURES = 5;

/**
 * @returns a function that takes the milliseconds that the worker was ready (null for one that never was) and returns the
 * milliseconds to wait; null to give up
 */
export function createBackOff(): (ready: number | null) => number | null {
  let early = 0;
  let failures = 0;
  return (ready) => {
    failures = ready === null ? failures + 1 : 0;
    if (failures === MOST_FAILURES) return null;
    early = ready !== null && ready >= LONG_ENOUGH_MS ? 0 : early + 1;
    return early <= 1 ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** (early - 2));
  };
}
