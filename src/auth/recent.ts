// A map of what is good for a while. It holds so many entries and no more: the one that was not asked for the longest
// goes. What is over is not given out, and goes within a minute of use.
import type { Clock } from '../runtime/clock.ts';

export interface Lasting {
  /** In the clock's elapsed milliseconds; over from then on. */
  readonly until: number;
}

export interface Recent<T extends Lasting> {
  get(key: string): T | undefined;
  set(key: string, value: T): void;
  delete(key: string): void;
  readonly size: number;
}

const SWEEP_MS = 60_000;

/** @param capacity entries at most, 1 or more */
export function createRecent<T extends Lasting>(capacity: number, clock: Clock): Recent<T> {
  const entries = new Map<string, T>();
  let swept = clock.elapsed();

  function touch(key: string, value: T): void {
    entries.delete(key);
    entries.set(key, value);
  }

  function sweep(now: number): void {
    swept = now;
    for (const [key, { until }] of entries) if (until <= now) entries.delete(key);
  }

  return {
    get(key) {
      const value = entries.get(key);
      if (value === undefined) return undefined;
      if (clock.elapsed() < value.until) {
        touch(key, value);
        return value;
      }
      entries.delete(key);
      return undefined;
    },
    set(key, value) {
      touch(key, value);
      const now = clock.elapsed();
      if (now - swept >= SWEEP_MS) sweep(now);
      if (entries.size <= capacity) return;
      for (const oldest of entries.keys()) {
        entries.delete(oldest);
        return;
      }
    },
    delete: (key) => void entries.delete(key),
    get size() {
      return entries.size;
    },
  };
}
