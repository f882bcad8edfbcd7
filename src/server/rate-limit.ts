// The rate limit: how many requests each key may make in a minute. Requests spend an allowance that refills evenly. A
// caller that was idle can send the requests of a whole minute at once; a caller that never stops gets an even rate
// (generic cell rate algorithm, ITU-T I.371). The limit stores one number for each key, and nothing for a key whose
// allowance is full.
import { LRUCache } from 'lru-cache';

export interface RateLimit {
  /**
   * Spends one request.
   *
   * @param now in the clock's elapsed milliseconds
   * @returns milliseconds until a request is available. 0 when one was spent
   */
  take(key: string, now: number): number;
  /** The same as `take`, without spending a request. */
  wait(key: string, now: number): number;
  /** Returns a request that was spent. The allowance never exceeds its maximum. */
  refund(key: string, now: number): void;
}

const MINUTE = 60_000;

/**
 * @param perMinute 1 or more. 0 means no limit
 * @param capacity maximum keys that are remembered. Beyond it the least recently seen key is forgotten and has its full
 *   allowance again. A caller that floods is never the least recently seen
 */
export function createRateLimit(perMinute: number, capacity: number): RateLimit {
  if (perMinute === 0) return NO_LIMIT;
  const interval = MINUTE / perMinute;
  /** The time at which the allowance of each key is full again. */
  const fullAt = new LRUCache<string, number>({ max: capacity });
  const after = (key: string, now: number): number => Math.max(fullAt.get(key) ?? now, now) + interval;
  // The millionth absorbs rounding errors of sums of fractions.
  const waitFor = (next: number, now: number): number => Math.max(0, next - now - MINUTE - 1e-6);
  return {
    take(key, now) {
      const next = after(key, now);
      const wait = waitFor(next, now);
      if (wait === 0) fullAt.set(key, next);
      return wait;
    },
    wait: (key, now) => waitFor(after(key, now), now),
    refund(key, now) {
      const left = (fullAt.get(key) ?? now) - interval;
      if (left > now) fullAt.set(key, left);
      else fullAt.delete(key);
    },
  };
}

const NO_LIMIT: RateLimit = { take: () => 0, wait: () => 0, refund: () => undefined };
