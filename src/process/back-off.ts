// The back-off before the pool spawns the replacement of a worker that ended. A worker that was ready for 10 seconds is
// replaced at once, and so is the first one that ended earlier. After that the wait doubles with each early end, so that
// the machine has time for the other workers.
const FIRST_MS = 250;
const LONGEST_MS = 4_000;
/** A worker that was ready for these milliseconds did not end early. */
const STABLE_MS = 10_000;
/** The pool gives up after so many consecutive workers that never became ready. */
export const MAX_FAILURES = 5;

/**
 * @returns a function that takes the milliseconds for which the worker was ready (null when it never was) and returns the
 * milliseconds to wait. Null means to give up
 */
export function createBackOff(): (ready: number | null) => number | null {
  let early = 0;
  let failures = 0;
  return (ready) => {
    failures = ready === null ? failures + 1 : 0;
    if (failures === MAX_FAILURES) return null;
    early = ready !== null && ready >= STABLE_MS ? 0 : early + 1;
    return early <= 1 ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** (early - 2));
  };
}
