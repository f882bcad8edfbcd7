// When there is more work than can be done in time, the rest is refused at once, while there is something left to refuse
// it with. What has begun is never cut: only those who come are sent away.
//
// Two measures. Requests in flight are a bound on memory. The delay of the event loop shows that the processor is the
// bottleneck, which a count cannot. Then there are fewer places: as many requests as are answered in a short time (Little's
// law), since whoever comes in waits for all who are there, in queues that no turn of the event loop shows: those for a
// connection to Microsoft Graph, say. How many are answered in a time is measured only while there is always work: a process
// that has just started, or had little to do, sets no such limit.
//
// All is fair. A caller may hold as many requests as there are places left (dynamic thresholds; Choudhury and Hahne,
// 1998): alone, half of all; with another one, a third each; and however many there are, something is left for who comes
// next. While the event loop lags, each caller has one request at a time.
import type { Clock } from '../runtime/clock.ts';
import { GatewayError } from '../runtime/errors.ts';
import type { EventLoop } from '../runtime/event-loop.ts';
import { TransientMap } from '../runtime/transient-map.ts';

export interface Overload {
  /** Why nobody is let in now; null when that is not so. */
  reason(): string | null;
  /** Takes a place. Throws a GatewayError of OVERLOADED when there is none. */
  arrive(): void;
  /**
   * Says whose place it is, once that is known.
   *
   * @throws GatewayError of THROTTLED when the caller has its share, and of OVERLOADED when it has one request under
   *   way and the event loop lags
   */
  claim(owner: string): void;
  /** Gives the place back. @param owner as claimed; null when it never was */
  leave(owner: string | null): void;
}

export interface OverloadOptions {
  readonly clock: Clock;
  readonly eventLoop: EventLoop;
  /** Requests in flight at most, 1 or more. */
  readonly inFlight: number;
  /**
   * Milliseconds of mean delay from which on each caller has one request at a time; at twice as much nobody is let in.
   * From an eighth of it on, which is no more than being busy, there are only as many places as requests are answered in
   * twice as many milliseconds. 0 for no such limits.
   */
  readonly eventLoopDelayMs: number;
}

/** Milliseconds between two looks at the event loop. One pause for garbage is not to count for much in the mean. */
export const SAMPLE_MS = 500;

/** Places that there are however slow things are: a few requests are never what makes them so. */
export const LEAST_PLACES = 16;

export function createOverload({ clock, eventLoop, ...limits }: OverloadOptions): Overload {
  const threshold = limits.eventLoopDelayMs === 0 ? Number.POSITIVE_INFINITY : limits.eventLoopDelayMs;
  const shares = new TransientMap<number>();
  let taken = 0;
  /** Requests that were let in and have ended, since the last look. */
  let ended = 0;
  /** The fewest requests that were under way at a time since then. */
  let fewest = 0;
  /** Requests that can end in a millisecond; infinite until that is known. */
  let pace = Number.POSITIVE_INFINITY;
  let mean = 0;
  let delay = 0;
  let sampled = clock.elapsed();
  let isNew = true;

  /**
   * Looked at when somebody comes, so that there is no timer to stop. Many may come in one turn, which then grows with
   * each of them: the mean of the time before says nothing of that, and the last of a crowd would be let in with the first.
   */
  function delayNow(): number {
    const now = clock.elapsed();
    const since = now - sampled;
    if (since >= SAMPLE_MS) {
      sampled = now;
      learnPace(ended / since);
      ended = 0;
      fewest = taken;
      mean = eventLoop.takeDelay();
    }
    delay = Math.max(mean, eventLoop.delayNow());
    return delay;
  }

  /** The delay while the program starts says nothing of the requests that come later. */
  function forgetStart(): void {
    isNew = false;
    sampled = clock.elapsed();
    eventLoop.takeDelay();
    mean = 0;
  }

  /** What ended while there was little to do says how much was asked for, not how much can be done. */
  function learnPace(measured: number): void {
    if (fewest < LEAST_PLACES && measured <= pace) return;
    pace = Number.isFinite(pace) ? (pace + measured) / 2 : measured;
  }

  function placesNow(): number {
    if (delay < threshold / 8) return limits.inFlight;
    return Math.min(limits.inFlight, Math.max(LEAST_PLACES, Math.round(pace * 2 * threshold)));
  }

  function reason(): string | null {
    if (taken >= limits.inFlight) return 'too many requests in flight';
    return delayNow() >= 2 * threshold || taken >= placesNow() ? 'the event loop lags' : null;
  }

  return {
    reason,
    arrive() {
      if (isNew) forgetStart();
      if (reason() !== null) throw overloaded();
      taken += 1;
    },
    claim(owner) {
      const own = shares.get(owner) ?? 0;
      if (own > 0 && delay >= threshold) throw overloaded();
      // The place of this request is among the taken ones already.
      if (own > placesNow() - taken) throw tooManyAtOnce();
      shares.set(owner, own + 1);
    },
    leave(owner) {
      taken -= 1;
      fewest = Math.min(fewest, taken);
      if (owner === null) return;
      ended += 1;
      const own = shares.get(owner) ?? 0;
      if (own > 1) shares.set(owner, own - 1);
      else shares.delete(owner);
    },
  };
}

/** A moment is enough: what is under way ends in a second or so. */
const SOON = { retryable: true, retryAfterSeconds: 1 } as const;

function overloaded(): GatewayError {
  const message =
    'The gateway has more to do than it can do in time. Nothing was done. Try again in a moment.';
  return new GatewayError('OVERLOADED', message, SOON);
}

function tooManyAtOnce(): GatewayError {
  const message =
    'Too many requests of this caller are under way. Nothing was done. Wait for some of their answers.';
  return new GatewayError('THROTTLED', message, SOON);
}
