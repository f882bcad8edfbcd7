// Load shedding. When there is more work than the gateway can finish in time, it rejects new requests at once. It never
// cancels a request that it has admitted.
//
// Two measurements decide. The number of requests in flight limits memory. The delay of the event loop shows that the CPU
// is the bottleneck, which a count cannot show. While the event loop lags, there are fewer slots: only as many requests as
// the gateway completes in a short time (Little's law). More requests would wait in queues that the event loop does not
// show, such as the queue for a connection to Microsoft Graph. The completion rate is measured only while there is always
// work. A process that has just started or was idle has no measurement and keeps all slots.
//
// Slots are shared fairly. A caller may hold as many slots as are free (dynamic thresholds; Choudhury and Hahne, 1998).
// One caller alone gets half of the slots, two callers get a third each, and some slots are always left for a new caller.
// While the event loop lags further, each caller has one request at a time.
import type { Clock } from '../runtime/clock.ts';
import { GatewayError } from '../runtime/errors.ts';
import type { EventLoop } from '../runtime/event-loop.ts';
import { TransientMap } from '../runtime/transient-map.ts';

export interface Overload {
  /** Why no request is admitted now. Null when requests are admitted. */
  reason(): string | null;
  /** Takes a slot. Throws a GatewayError with code OVERLOADED when no slot is free. */
  acquire(): void;
  /**
   * Assigns the slot to its caller, once the caller is known.
   *
   * @throws GatewayError with code THROTTLED when the caller holds its share of the slots, and with code OVERLOADED when
   *   the caller has a request in flight and the event loop lags
   */
  assign(owner: string): void;
  /** Frees the slot. @param owner the owner given to `assign`. Null when the slot was not assigned */
  release(owner: string | null): void;
}

export interface OverloadOptions {
  readonly clock: Clock;
  readonly eventLoop: EventLoop;
  /** Maximum requests in flight, 1 or more. */
  readonly inFlight: number;
  /**
   * Threshold of the mean event loop delay, in milliseconds. 0 turns these limits off.
   * - From an eighth of the threshold, the slots are limited to the requests that complete in twice the threshold.
   * - From the threshold, each caller has one request at a time.
   * - From twice the threshold, no request is admitted.
   */
  readonly eventLoopDelayMs: number;
}

/** Milliseconds between two samples of the event loop: long enough that one garbage collection hardly changes the mean. */
export const SAMPLE_MS = 500;

/** The slot limit never falls below this: so few requests never cause the delay. */
export const MIN_SLOTS = 16;

export function createOverload({ clock, eventLoop, ...limits }: OverloadOptions): Overload {
  const threshold = limits.eventLoopDelayMs === 0 ? Number.POSITIVE_INFINITY : limits.eventLoopDelayMs;
  const slotsByOwner = new TransientMap<number>();
  let taken = 0;
  /** Admitted requests that completed since the last sample. */
  let completed = 0;
  /** The lowest number of requests in flight since the last sample. */
  let fewest = 0;
  /** Requests that can complete in a millisecond. Infinite until measured. */
  let completionRate = Number.POSITIVE_INFINITY;
  let mean = 0;
  let delay = 0;
  let sampledAt = clock.elapsed();
  let isFirst = true;

  /**
   * Samples on demand, so that there is no timer to stop. Many requests may arrive in one turn of the event loop, and each
   * makes the turn longer. The mean of the last sample does not include this turn, so its length so far counts too.
   */
  function sampleDelay(): number {
    const now = clock.elapsed();
    const since = now - sampledAt;
    if (since >= SAMPLE_MS) {
      sampledAt = now;
      updateCompletionRate(completed / since);
      completed = 0;
      fewest = taken;
      mean = eventLoop.takeDelay();
    }
    delay = Math.max(mean, eventLoop.delayNow());
    return delay;
  }

  /** Discards the delay that was measured while the program started. */
  function startSampling(): void {
    isFirst = false;
    sampledAt = clock.elapsed();
    eventLoop.takeDelay();
    mean = 0;
  }

  /** A rate measured while there was little work shows the demand, not the capacity. Only a higher rate is used then. */
  function updateCompletionRate(measured: number): void {
    if (fewest < MIN_SLOTS && measured <= completionRate) return;
    completionRate = Number.isFinite(completionRate) ? (completionRate + measured) / 2 : measured;
  }

  function slotLimit(): number {
    if (delay < threshold / 8) return limits.inFlight;
    return Math.min(limits.inFlight, Math.max(MIN_SLOTS, Math.round(completionRate * 2 * threshold)));
  }

  function reason(): string | null {
    if (taken >= limits.inFlight) return 'too many requests in flight';
    return sampleDelay() >= 2 * threshold || taken >= slotLimit() ? 'the event loop lags' : null;
  }

  return {
    reason,
    acquire() {
      if (isFirst) startSampling();
      if (reason() !== null) throw overloaded();
      taken += 1;
    },
    assign(owner) {
      const own = slotsByOwner.get(owner) ?? 0;
      if (own > 0 && delay >= threshold) throw overloaded();
      // `taken` includes the slot of this request.
      if (own > slotLimit() - taken) throw tooManyAtOnce();
      slotsByOwner.set(owner, own + 1);
    },
    release(owner) {
      taken -= 1;
      fewest = Math.min(fewest, taken);
      if (owner === null) return;
      completed += 1;
      const own = slotsByOwner.get(owner) ?? 0;
      if (own > 1) slotsByOwner.set(owner, own - 1);
      else slotsByOwner.delete(owner);
    },
  };
}

/** Requests in flight complete within about a second. */
const RETRY = { retryable: true, retryAfterSeconds: 1 } as const;

function overloaded(): GatewayError {
  const message = 'The gateway is overloaded. It did not run the operation. Try again in a moment.';
  return new GatewayError('OVERLOADED', message, RETRY);
}

function tooManyAtOnce(): GatewayError {
  const message =
    'Too many requests of this caller are in flight. The gateway did not run the operation. Wait for some responses.';
  return new GatewayError('THROTTLED', message, RETRY);
}
