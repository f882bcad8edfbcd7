// The clock and the timers of the program, as an injected dependency, so that tests can control time. This is the only file
// that uses the timers and clocks of the runtime.
import { setTimeout as delay } from 'node:timers/promises';

/**
 * A point in time by the wall clock, in milliseconds since 1970-01-01T00:00:00Z. The compiler rejects an ElapsedMs in its
 * place. Both types accept a plain number, such as the result of an addition.
 */
export type EpochMs = number & { readonly timeline?: 'wall clock' };

/** A point in time by the monotonic clock, in milliseconds since an arbitrary start. */
export type ElapsedMs = number & { readonly timeline?: 'monotonic clock' };

export interface Clock {
  /** Returns the wall clock time. It can jump in both directions. Use it for times that leave the process. */
  now(): EpochMs;
  /** Returns the monotonic time, with a fraction. It never goes back. Use it for durations. */
  elapsed(): ElapsedMs;
  /** Resolves after `ms` milliseconds (0 or more). Rejects with the signal's reason as soon as the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * Calls `run` once after `ms` milliseconds. The timer does not keep the process alive.
   *
   * @returns a function that cancels the timer
   */
  schedule(ms: number, run: () => void): () => void;
  /** Calls `run` after the events that are already waiting, like `setImmediate`. */
  afterTurn(run: () => void): void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
  schedule(ms, run) {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
  afterTurn: (run) => void setImmediate(run),
};
