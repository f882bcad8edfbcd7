// Adds a timeout to a promise.
import type { Clock } from './clock.ts';

/** The promise did not settle in time. It can still settle later; the result is then ignored. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';

  constructor(ms: number) {
    super(`Timed out after ${ms} ms`);
  }
}

/**
 * Settles like `promise`, or rejects with a TimeoutError. A result that arrived before the timeout counts even when the
 * process was too busy to handle it.
 *
 * @param ms milliseconds, 1 or more
 */
export function withTimeout<T>(clock: Clock, ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.schedule(ms, () => clock.afterTurn(() => reject(new TimeoutError(ms))));
    promise.then(resolve, reject).finally(cancel);
  });
}
