// A cache with a capacity and an expiry for each entry: lru-cache with an injected clock. When it is full, it evicts the
// least recently used entry.
import { LRUCache } from 'lru-cache';
import type { Clock } from '../runtime/clock.ts';

export interface ExpiringCache<T> {
  /** Returns undefined for an entry that is missing or has expired. */
  get(key: string): T | undefined;
  /** @param ttlMs milliseconds until the entry expires; with 0 or less, the entry is deleted */
  set(key: string, value: T, ttlMs: number): void;
  delete(key: string): void;
  /** Returns the milliseconds until an existing entry expires. */
  remainingMs(key: string): number;
}

/** lru-cache still returns an entry at the exact moment of its expiry. Subtracting this from the TTL prevents it. */
const EPSILON_MS = 1e-6;

/** @param capacity the maximum number of entries, 1 or more */
export function createExpiringCache<T extends object>(capacity: number, clock: Clock): ExpiringCache<T> {
  const entries = new LRUCache<string, T>({
    max: capacity,
    // With a resolution above 0, lru-cache caches the time and starts a timer of its own.
    ttlResolution: 0,
    perf: { now: clock.elapsed },
  });
  return {
    get: (key) => entries.get(key),
    set(key, value, ttlMs) {
      // lru-cache takes a TTL of 0 as no expiry.
      if (ttlMs > 0) entries.set(key, value, { ttl: ttlMs - EPSILON_MS });
      else entries.delete(key);
    },
    delete: (key) => void entries.delete(key),
    remainingMs: (key) => entries.getRemainingTTL(key),
  };
}
