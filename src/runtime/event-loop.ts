// How long events wait for their turn, as the rest of the program sees it: injected, so that a test can make the
// process as busy as it likes.
import type { Clock } from './clock.ts';

export interface EventLoop {
  /** Milliseconds, 0 or more, that an event had to wait since this was last called, on the mean of all moments. */
  takeDelay(): number;
  /** Milliseconds, 0 or more, by which the event loop is late just now. */
  delayNow(): number;
}

/** An event loop in which nothing ever waits. */
export const idleEventLoop: EventLoop = { takeDelay: () => 0, delayNow: () => 0 };

export const RESOLUTION_MS = 20;

/**
 * That of this thread, at the cost of one timer. A mean over moments, not over turns: a turn of a second keeps as many
 * waiting as ten of a tenth, and among many short ones it would hardly show. What is not over counts too, since whoever
 * asks does so in the middle of a turn, and the longest are the likeliest to be asked in. (The histogram of node:perf_hooks
 * has neither: its reset forgets the turn in which it is called.)
 */
export function watchEventLoop(clock: Clock): EventLoop {
  let last = clock.elapsed();
  let total = 0;
  let squares = 0;

  function tick(): void {
    const now = clock.elapsed();
    const length = now - last;
    last = now;
    total += length;
    squares += length * length;
    clock.schedule(RESOLUTION_MS, tick);
  }
  clock.schedule(RESOLUTION_MS, tick);

  return {
    takeDelay() {
      const length = clock.elapsed() - last;
      const all = total + length;
      const delay = all === 0 ? 0 : (squares + length * length) / all - RESOLUTION_MS;
      total = 0;
      squares = 0;
      return Math.max(0, delay);
    },
    delayNow: () => Math.max(0, clock.elapsed() - last - RESOLUTION_MS),
  };
}
