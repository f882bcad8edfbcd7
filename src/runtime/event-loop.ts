// The delay of the event loop, as an injected dependency, so that tests can simulate a busy process.
import type { Clock } from './clock.ts';

export interface EventLoop {
  /** Returns the mean delay of events since the last call, in milliseconds, 0 or more. The mean is over time. */
  takeDelay(): number;
  /** Returns the current delay in milliseconds, 0 or more. */
  delayNow(): number;
}

/** An event loop without delay. */
export const idleEventLoop: EventLoop = { takeDelay: () => 0, delayNow: () => 0 };

export const RESOLUTION_MS = 20;

/**
 * Measures the event loop of this thread with one timer. The mean is over time and not over turns: one turn of a second delays
 * as many events as ten turns of a tenth, and in a mean over turns it would hardly count among many short ones. The
 * current turn counts too, because callers call in the middle of a turn, most likely a long one. The histogram of
 * `node:perf_hooks` does neither: its reset drops the current turn.
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
