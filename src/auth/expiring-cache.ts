// A cache whose entries expire: lru-cache, on the program's clock. It holds so many entries and no more; the least recently
// used one goes. An entry that has expired is not given out, and goes when it is asked for or pushed out.
import { LRUCache } from 'lru-cache';
import type { Clock } from '../runtime/clock.ts';

export interface ExpiringCache<T> {
  get(key: string): T | undefined;
  /** @param ms milliseconds until it expires; what has none left is not kept */
  set(key: string, value: T, ms: number): void;
  delete(key: string): void;
  /** Milliseconds until an entry that is there expires. */
  left(key: string): number;
}

/** lru-cache gives an entry out at the very moment of its end, too. */
const LAST_MS = 1e-6;

/** @param capacity entries at most, 1 or more */
export function createExpiringCache<T extends object>(capacity: number, clock: Clock): ExpiringCache<T> {
  const entries = new LRUCache<string, T>({
    max: capacity,
    // Otherwise it reads the time once a millisecond, by a timer.
    ttlResolution: 0,
    perf: { now: clock.elapsed },
  });
  return {
    get: (key) => entries.get(key),
    set(key, value, ms) {
      // A time of 0 would mean for ever.
      if (ms > 0) entries.set(key, value, { ttl: ms - LAST_MS });
      else entries.delete(key);
    },
    delete: (key) => void entries.delete(key),
    left: (key) => entries.getRemainingTTL(key),
  };
}
