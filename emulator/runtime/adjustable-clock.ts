// A clock that can be advanced, for tests that cannot inject a clock of their own. It runs with another clock, and is ahead
// of it by the sum of all advances. Sleeps end as soon as their time has passed on this clock.
import type { Clock } from './clock.ts';

export interface AdjustableClock extends Clock {
  /** Advances the clock by `ms` milliseconds, 0 or more. Ends the sleeps whose time has passed. */
  advance(ms: number): void;
}

export function createAdjustableClock(base: Clock): AdjustableClock {
  let aheadMs = 0;
  /** Interrupts each sleep, which then sleeps for the rest of its time. */
  const interrupts = new Set<() => void>();
  const now = (): number => base.now() + aheadMs;

  /** Returns whether the sleep was interrupted. */
  const sleepOrInterrupt = async (ms: number, signal: AbortSignal | undefined): Promise<boolean> => {
    const interrupted = new AbortController();
    const interrupt = (): void => interrupted.abort();
    interrupts.add(interrupt);
    signal?.addEventListener('abort', interrupt);
    try {
      await base.sleep(ms, interrupted.signal);
      return false;
    } catch (error) {
      signal?.throwIfAborted();
      if (!interrupted.signal.aborted) throw error;
      return true;
    } finally {
      interrupts.delete(interrupt);
      signal?.removeEventListener('abort', interrupt);
    }
  };

  return {
    now,
    async sleep(ms, signal) {
      const end = now() + ms;
      let isInterrupted: boolean;
      do {
        signal?.throwIfAborted();
        isInterrupted = await sleepOrInterrupt(end - now(), signal);
      } while (isInterrupted && now() < end);
    },
    schedule: (ms, run) => base.schedule(ms, run),
    advance(ms) {
      aheadMs += ms;
      for (const interrupt of [...interrupts]) interrupt();
    },
  };
}
