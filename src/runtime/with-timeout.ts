// Waiting for something for so long and no longer.
import type { Clock } from './clock.ts';

/** What was waited for did not come in time. It may come yet; nobody waits for it any more. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';

  constructor(ms: number) {
    super(`it did not come within ${ms} ms`);
  }
}

/**
 * What `promise` comes to, if it does so in time. An answer that lies unread when the time is up, because the process was
 * busy with something else, still counts.
 *
 * @param ms milliseconds, 1 or more
 * @throws TimeoutError
 */
export function withTimeout<T>(clock: Clock, ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const disarm = clock.schedule(ms, () => clock.afterTurn(() => reject(new TimeoutError(ms))));
    promise.then(resolve, reject).finally(disarm);
  });
}
