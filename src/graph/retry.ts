// Whether a failed read is tried again, and when; and whether anything may be.
//
// Full jitter, few tries, and one budget for the whole process: each read that succeeds at once pays in a fifth of a
// retry, so that an outage is met with a fifth more calls at the most, and not with three times as many (the budget of
// Twitter's Finagle). Whatever is sent a second time is taken from it, a write that was never sent included. A `Retry-After` that fits the time left is obeyed to the letter; one that does not fit ends the
// matter, and the caller is told how long to wait.
import type { Random } from '../runtime/random.ts';
import type { GraphFailure } from './failure.ts';

export interface RetryOptions {
  /** Tries of one read at most, the first included. */
  readonly tries: number;
  /** Milliseconds that the first wait is drawn from; doubled for each further one. */
  readonly baseMs: number;
  /** Milliseconds of one wait at most, `Retry-After` apart. */
  readonly capMs: number;
  /** Retries that the budget can hold. */
  readonly budget: number;
}

export const DEFAULT_RETRY: RetryOptions = { tries: 3, baseMs: 100, capMs: 2_000, budget: 20 };

export interface RetryPolicy {
  /** A read succeeded on its first try. */
  succeeded(): void;
  /** Takes one retry out of the budget, and says whether there was one. */
  take(): boolean;
  /**
   * Milliseconds to wait before the next try, or null to give up.
   *
   * @param attempt tries made so far, 1 or more
   * @param remainingMs milliseconds that the caller will still wait
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
      const asked = (failure.retryAfterSeconds ?? 0) * 1000;
      const wait = Math.max(asked, backoff);
      return wait < remainingMs && take() ? wait : null;
    },
  };
}
