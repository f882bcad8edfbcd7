// How many requests each of many callers may make in a minute. Each has an allowance that is spent by requests and comes
// back evenly, so that one who was quiet can send a minute's worth at once, and one who never stops gets an even rate
// (the generic cell rate algorithm, as in ITU-T I.371). One number is kept for a caller, and none about one who has the
// whole allowance.
import { LRUCache } from 'lru-cache';

export interface RateLimit {
  /**
   * Spends one request.
   *
   * @param now in the clock's elapsed milliseconds
   * @returns milliseconds until there is one to spend; 0 when one was spent
   */
  take(key: string, now: number): number;
  /** The same without spending any. */
  wait(key: string, now: number): number;
  /** Returns one that was spent. Nobody gets more than the whole allowance by it. */
  giveBack(key: string, now: number): void;
}

const MINUTE = 60_000;

/**
 * @param perMinute 1 or more; 0 for no limit
 * @param capacity callers that are remembered at most. Of more than that, those who were not seen for longest are
 *   forgotten and have their whole allowance again; one who floods is seen all the time
 */
export function createRateLimit(perMinute: number, capacity: number): RateLimit {
  if (perMinute === 0) return NO_LIMIT;
  const interval = MINUTE / perMinute;
  /** When each would have the whole allowance again. */
  const whole = new LRUCache<string, number>({ max: capacity });
  const after = (key: string, now: number): number => Math.max(whole.get(key) ?? now, now) + interval;
  // A millionth is for sums of fractions that come out a little above the minute.
  const waitFor = (next: number, now: number): number => Math.max(0, next - now - MINUTE - 1e-6);
  return {
    take(key, now) {
      const next = after(key, now);
      const wait = waitFor(next, now);
      if (wait === 0) whole.set(key, next);
      return wait;
    },
    wait: (key, now) => waitFor(after(key, now), now),
    giveBack(key, now) {
      const left = (whole.get(key) ?? now) - interval;
      if (left > now) whole.set(key, left);
      else whole.delete(key);
    },
  };
}

const NO_LIMIT: RateLimit = { take: () => 0, wait: () => 0, giveBack: () => undefined };
