// Decides whether and when a failed read is retried.
//
// It uses full jitter, few tries and one retry budget for the whole process. Each read that succeeds on its first try adds
// a fifth of a retry to the budget. An outage therefore causes at most a fifth more calls, not three times as many (the
// retry budget of Twitter's Finagle). Every retry takes from the budget, also that of a write that was never sent.
// The delay is never shorter than `Retry-After`. When that exceeds the time left, there is no retry, and the caller gets
// `retryAfterSeconds`.
import type { Random } from '../runtime/random.ts';
import type { GraphFailure } from './failure.ts';

export interface RetryOptions {
  /** Most tries of one read, including the first. */
  readonly tries: number;
  /** Upper bound of the first delay, in milliseconds. It doubles with each retry. */
  readonly baseMs: number;
  /** Longest delay in milliseconds, unless `Retry-After` is longer. */
  readonly capMs: number;
  /** Most retries in the budget. */
  readonly budget: number;
}

export const DEFAULT_RETRY: RetryOptions = { tries: 3, baseMs: 100, capMs: 2_000, budget: 20 };

export interface RetryPolicy {
  /** Adds to the budget: a read succeeded on its first try. */
  succeeded(): void;
  /** Takes one retry from the budget. @returns false when the budget is empty */
  take(): boolean;
  /**
   * Milliseconds to wait before the next try. Null for no further try.
   *
   * @param attempt number of tries so far, 1 or more
   * @param remainingMs milliseconds until the caller's deadline
   */
  delay(failure: GraphFailure, attempt: number, remainingMs: number): number | null;
}

const PAID_IN = 0.2;

export function createRetryPolicy(options: RetryOptions, random: Random): RetryPolicy {
  let budget = options.budget;
  function take(): boolean {
    if (budget < 1) return false;
    budget -= 1;
    return true;
  }
  return {
    take,
    succeeded() {
      budget = Math.min(options.budget, budget + PAID_IN);
    },
    delay(failure, attempt, remainingMs) {
      if (!failure.retryable || failure.kind === 'bad-response') return null;
      if (attempt >= options.tries) return null;
      const backoff = random.fraction() * Math.min(options.capMs, options.baseMs * 2 ** (attempt - 1));
      const retryAfterMs = (failure.retryAfterSeconds ?? 0) * 1000;
      const wait = Math.max(retryAfterMs, backoff);
      return wait < remainingMs && take() ? wait : null;
    },
  };
}
