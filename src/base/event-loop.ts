// How long events wait for their turn, as the rest of the program sees it: injected, so that a test can make the
// process as busy as it likes.
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface EventLoop {
  /** Milliseconds, 0 or more, that an event had to wait on average since this was last called. */
  takeDelay(): number;
}

/** An event loop in which nothing ever waits. */
export const idleEventLoop: EventLoop = { takeDelay: () => 0 };

const RESOLUTION_MS = 20;

/** That of this thread. Measured outside JavaScript, at the cost of one timer. */
export function systemEventLoop(): EventLoop {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return {
    takeDelay() {
      // What is measured is from one tick of the timer to the next; what is beyond the tick is delay. Without a tick
      // since the last look the mean is NaN.
      const delay = histogram.mean / 1e6 - RESOLUTION_MS;
      histogram.reset();
      return delay > 0 ? delay : 0;
    },
  };
}
