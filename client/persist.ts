// Trying again: with pauses that grow and are spread by chance, never sooner than the gateway asks for, and only as long as
// the budget lasts. The last result stands when it does not.
import type { Outcome } from './exchange.ts';
import type { Runtime } from './runtime.ts';

export interface Budget {
  /** Milliseconds for all tries and the pauses between them. */
  readonly budgetMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** The least pause before the next try, in milliseconds; null for no other try. */
export type Again<T> = (result: T) => number | null;

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
/** How often the pause doubles before it stays at its longest. */
const DOUBLINGS = 8;

/** @param attempt is told the milliseconds that are left */
export async function persist<T>(
  runtime: Runtime,
  { budgetMs, signal }: Budget,
  attempt: (leftMs: number) => Promise<T>,
  again: Again<T>,
): Promise<T> {
  const end = runtime.elapsed() + budgetMs;
  for (let tries = 0; ; tries += 1) {
    const result = await attempt(end - runtime.elapsed());
    const least = again(result);
    if (least === null) return result;
    const pause = pauseOf(runtime, tries, least);
    if (runtime.elapsed() + pause >= end) return result;
    await runtime.sleep(pause, signal);
  }
}

/** Milliseconds before the try that follows `tries` others: half of it is fixed, half is chance. */
export function pauseOf(runtime: Runtime, tries: number, leastMs: number): number {
  const whole = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries, DOUBLINGS));
  return Math.max(leastMs, (whole / 2) * (1 + runtime.fraction()));
}

/** For an operation that may run twice: tries again while an error says that it helps. */
export function whileRetryable({ errors }: Outcome): number | null {
  const passing = errors.filter(({ retryable }) => retryable);
  if (passing.length === 0) return null;
  return Math.max(...passing.map(({ retryAfterMs }) => retryAfterMs ?? 0));
}

/** For an operation that must not run twice: tries again only where it has certainly not run. */
export function whileNotRun(outcome: Outcome): number | null {
  return outcome.mayHaveRun ? null : whileRetryable(outcome);
}
