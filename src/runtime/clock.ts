// Time, as the rest of the program sees it. Everything that waits or looks at a clock is handed one of these, so that
// tests can move time by hand. This file is the only one that touches the timers and clocks of the runtime.
import { setTimeout as delay } from 'node:timers/promises';

export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z, by the wall clock. It can jump. */
  now(): number;
  /** Milliseconds since an arbitrary start, with a fraction. It never goes back; use it for durations. */
  elapsed(): number;
  /** Resolves after `ms` milliseconds (0 or more); rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `run` once after `ms` milliseconds; the returned function calls it off. Does not keep the process alive. */
  schedule(ms: number, run: () => void): () => void;
  /** Calls `run` as soon as the events that already wait have been handled: within the same turn of the event loop. */
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
