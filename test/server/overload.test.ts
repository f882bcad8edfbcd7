// Load shedding: how slots are shared, and what changes while the event loop lags. The test controls both.
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/runtime/errors.ts';
import { createOverload, MIN_SLOTS, SAMPLE_MS } from '../../src/server/overload.ts';
import { manualClock } from '../support/emulator.ts';

function start(inFlight: number, eventLoopDelayMs = 0) {
  const clock = manualClock();
  const eventLoop = { delay: 0, now: 0, takeDelay: () => eventLoop.delay, delayNow: () => eventLoop.now };
  const overload = createOverload({ clock, eventLoop, inFlight, eventLoopDelayMs });
  // Sampling starts with the first request.
  overload.acquire();
  overload.release(null);
  /** Sends a request of a caller and returns 'in' or the error code. */
  const request = (owner: string): string => {
    try {
      overload.acquire();
    } catch (error) {
      return codeOf(error);
    }
    try {
      overload.assign(owner);
      return 'in';
    } catch (error) {
      overload.release(null);
      return codeOf(error);
    }
  };
  /** The number of admitted requests out of `many`. */
  const admitted = (owner: string, many: number): number =>
    Array.from({ length: many }, () => request(owner)).filter((how) => how === 'in').length;
  const lag = (ms: number): void => {
    eventLoop.delay = ms;
    clock.advance(SAMPLE_MS);
  };
  const lagNow = (ms: number): void => {
    eventLoop.now = ms;
  };
  return { overload, request, admitted, lag, lagNow };
}

function codeOf(error: unknown): string {
  if (!(error instanceof GatewayError)) throw error;
  expect(error).toMatchObject({ retryable: true, retryAfterSeconds: 1 });
  return error.code;
}

describe('request slots', () => {
  it('give one caller half of them and leave some for others', () => {
    const { request, admitted } = start(100);
    expect(admitted('a', 1_000)).toBe(50);
    expect(request('a')).toBe('THROTTLED');
    expect(request('b')).toBe('in');
  });

  it('are shared among callers that want many', () => {
    const { admitted, request } = start(100);
    const got = [admitted('a', 1_000), admitted('b', 1_000), admitted('c', 1_000)];
    expect(got).toEqual([50, 25, 13]);
    expect(request('d')).toBe('in');
  });

  it('can all be taken, and then no request is admitted', () => {
    const { overload, request } = start(10);
    const all = Array.from({ length: 10 }, (_, at) => request(`caller ${at}`));
    expect(all).toEqual(Array(10).fill('in'));
    expect(overload.reason()).not.toBeNull();
    expect(request('late')).toBe('OVERLOADED');
    overload.release('caller 3');
    expect(overload.reason()).toBeNull();
    expect(request('late')).toBe('in');
  });

  it('count requests whose caller is not known yet', () => {
    const { overload, request } = start(2);
    overload.acquire();
    overload.acquire();
    expect(request('a')).toBe('OVERLOADED');
    overload.release(null);
    expect(request('a')).toBe('in');
  });
});

describe('an event loop that lags', () => {
  it('allows each caller one request at a time', () => {
    const { overload, request, lag } = start(100, 200);
    expect([request('a'), request('a')]).toEqual(['in', 'in']);
    lag(200);
    expect([request('a'), request('b'), request('b'), request('c')]).toEqual([
      'OVERLOADED',
      'in',
      'OVERLOADED',
      'in',
    ]);
    expect(overload.reason()).toBeNull();
    lag(199);
    expect(request('a')).toBe('in');
  });

  it('admits no request at twice the threshold, and reports it', () => {
    const { overload, request, lag } = start(100, 200);
    lag(400);
    expect(request('new')).toBe('OVERLOADED');
    expect(overload.reason()).toBe('the event loop lags');
    lag(0);
    expect(request('new')).toBe('in');
    expect(overload.reason()).toBeNull();
  });

  it('rejects the rest of the requests of one turn as soon as the turn is too long', () => {
    const { overload, request, lagNow } = start(100, 200);
    expect([request('a'), request('a')]).toEqual(['in', 'in']);
    lagNow(200);
    expect([request('a'), request('b')]).toEqual(['OVERLOADED', 'in']);
    lagNow(400);
    expect(request('c')).toBe('OVERLOADED');
    expect(overload.reason()).toBe('the event loop lags');
    lagNow(0);
    expect(request('a')).toBe('in');
  });

  it('limits the slots to the requests that complete in twice the threshold', () => {
    const { overload, admitted, lag, lagNow } = start(1_000, 200);
    /** Completes this many requests before each of several samples, while there is always work. */
    const pace = (many: number): void => {
      for (let waiting = 0; waiting < MIN_SLOTS; waiting += 1) overload.acquire();
      for (let look = 0; look < 20; look += 1) {
        for (let request = 0; request < many; request += 1) {
          overload.acquire();
          overload.assign('b');
          overload.release('b');
          // A request that was not admitted does not count as completed.
          overload.acquire();
          overload.release(null);
        }
        lag(0);
        overload.reason();
      }
      for (let waiting = 0; waiting < MIN_SLOTS; waiting += 1) overload.release(null);
    };
    const slots = (): number => {
      let taken = 0;
      while (taken < 2_000 && overload.reason() === null) {
        overload.acquire();
        taken += 1;
      }
      for (let left = 0; left < taken; left += 1) overload.release(null);
      return taken;
    };
    pace(50);
    expect(slots()).toBe(1_000);
    pace(50);
    lagNow(24);
    expect(slots()).toBe(1_000);
    pace(50);
    lagNow(25);
    // 100 a second, for 0.4 seconds.
    expect(slots()).toBe(40);
    expect(admitted('a', 100)).toBe(20);
  });

  it('keeps a minimum of slots however slow everything is', () => {
    const { overload, admitted, lag } = start(1_000, 200);
    // No request completes.
    for (let waiting = 0; waiting < MIN_SLOTS; waiting += 1) overload.acquire();
    for (const ms of [0, 0, 100]) {
      lag(ms);
      overload.reason();
    }
    for (let waiting = 0; waiting < MIN_SLOTS; waiting += 1) overload.release(null);
    expect(admitted('a', 10) + admitted('b', 10) + admitted('c', 10)).toBeLessThanOrEqual(MIN_SLOTS);
    expect(admitted('d', 1)).toBe(1);
  });

  it('ignores the delay before the first request, which the start causes', () => {
    const clock = manualClock();
    let delay = 10_000;
    const eventLoop = {
      takeDelay: () => {
        const taken = delay;
        delay = 0;
        return taken;
      },
      delayNow: () => 0,
    };
    const overload = createOverload({ clock, eventLoop, inFlight: 100, eventLoopDelayMs: 200 });
    clock.advance(60_000);
    // As a readiness probe does.
    expect(overload.reason()).not.toBeNull();
    for (let request = 0; request < 16; request += 1) {
      overload.acquire();
      overload.assign('a');
    }
    expect(overload.reason()).toBeNull();
  });

  it('limits no slots while the completion rate is unknown', () => {
    const { admitted, lag } = start(1_000, 200);
    // As after a start on a busy machine.
    lag(100);
    expect(admitted('a', 16)).toBe(16);
  });

  it('limits no slots by the rate of a quiet time', () => {
    const { overload, request, admitted, lag } = start(1_000, 200);
    for (let look = 0; look < 20; look += 1) {
      expect(request('a')).toBe('in');
      overload.release('a');
      lag(0);
    }
    lag(100);
    expect(admitted('a', 16)).toBe(16);
  });

  it('raises the limit as soon as more requests complete than measured before', () => {
    const { overload, admitted, lag } = start(1_000, 200);
    for (let waiting = 0; waiting < MIN_SLOTS; waiting += 1) overload.acquire();
    for (const ms of [0, 0]) {
      lag(ms);
      overload.reason();
    }
    for (let waiting = 0; waiting < MIN_SLOTS; waiting += 1) overload.release(null);
    for (let request = 0; request < 200; request += 1) {
      overload.acquire();
      overload.release('b');
    }
    lag(100);
    // 200 a second (half of 400) for 0.4 seconds, of which one caller gets half.
    expect(admitted('a', 100)).toBe(40);
  });

  it('is sampled at an interval, not for each request', () => {
    const clock = manualClock();
    let samples = 0;
    const eventLoop = {
      takeDelay() {
        samples += 1;
        return 0;
      },
      delayNow: () => 0,
    };
    const overload = createOverload({ clock, eventLoop, inFlight: 10_000, eventLoopDelayMs: 1 });
    for (let at = 0; at < 1_000; at += 1) {
      overload.acquire();
      clock.advance(1);
    }
    // The first request takes the first sample.
    expect(samples).toBe(1_000 / SAMPLE_MS);
  });

  it('has no effect when the threshold is 0', () => {
    const { request, lag } = start(100, 0);
    lag(60_000);
    expect([request('a'), request('a')]).toEqual(['in', 'in']);
  });
});
