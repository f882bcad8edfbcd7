// Who gets a place when there are few, and when the event loop lags; with both under the test's control.
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/runtime/errors.ts';
import { createOverload, MIN_SLOTS, SAMPLE_MS } from '../../src/server/overload.ts';
import { manualClock } from '../support/emulator.ts';

function start(inFlight: number, eventLoopDelayMs = 0) {
  const clock = manualClock();
  const eventLoop = { delay: 0, now: 0, takeDelay: () => eventLoop.delay, delayNow: () => eventLoop.now };
  const overload = createOverload({ clock, eventLoop, inFlight, eventLoopDelayMs });
  // The time before the first request does not count.
  overload.acquire();
  overload.release(null);
  /** Comes in as one caller, and says how that went. */
  const come = (owner: string): string => {
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
  /** As many as get in out of so many. */
  const crowd = (owner: string, many: number): number =>
    Array.from({ length: many }, () => come(owner)).filter((how) => how === 'in').length;
  const lag = (ms: number): void => {
    eventLoop.delay = ms;
    clock.advance(SAMPLE_MS);
  };
  const lagNow = (ms: number): void => {
    eventLoop.now = ms;
  };
  return { overload, come, crowd, lag, lagNow };
}

function codeOf(error: unknown): string {
  if (!(error instanceof GatewayError)) throw error;
  expect(error).toMatchObject({ retryable: true, retryAfterSeconds: 1 });
  return error.code;
}

describe('places', () => {
  it('go to one caller up to half of them, and there are some left for others', () => {
    const { come, crowd } = start(100);
    expect(crowd('a', 1_000)).toBe(50);
    expect(come('a')).toBe('THROTTLED');
    expect(come('b')).toBe('in');
  });

  it('are shared out among those who want many', () => {
    const { crowd, come } = start(100);
    const got = [crowd('a', 1_000), crowd('b', 1_000), crowd('c', 1_000)];
    expect(got).toEqual([50, 25, 13]);
    expect(come('d')).toBe('in');
  });

  it('are all taken in the end, and then nobody gets in', () => {
    const { overload, come } = start(10);
    const all = Array.from({ length: 10 }, (_, at) => come(`caller ${at}`));
    expect(all).toEqual(Array(10).fill('in'));
    expect(overload.reason()).not.toBeNull();
    expect(come('late')).toBe('OVERLOADED');
    overload.release('caller 3');
    expect(overload.reason()).toBeNull();
    expect(come('late')).toBe('in');
  });

  it('are taken by those whose name is not known yet', () => {
    const { overload, come } = start(2);
    overload.acquire();
    overload.acquire();
    expect(come('a')).toBe('OVERLOADED');
    overload.release(null);
    expect(come('a')).toBe('in');
  });
});

describe('an event loop that lags', () => {
  it('leaves each caller one request at a time', () => {
    const { overload, come, lag } = start(100, 200);
    expect([come('a'), come('a')]).toEqual(['in', 'in']);
    lag(200);
    expect([come('a'), come('b'), come('b'), come('c')]).toEqual(['OVERLOADED', 'in', 'OVERLOADED', 'in']);
    expect(overload.reason()).toBeNull();
    lag(199);
    expect(come('a')).toBe('in');
  });

  it('at twice as much lets nobody in, and says so', () => {
    const { overload, come, lag } = start(100, 200);
    lag(400);
    expect(come('new')).toBe('OVERLOADED');
    expect(overload.reason()).toBe('the event loop lags');
    lag(0);
    expect(come('new')).toBe('in');
    expect(overload.reason()).toBeNull();
  });

  it('sends the rest of a crowd away that came in one turn, as soon as the turn is too long', () => {
    const { overload, come, lagNow } = start(100, 200);
    expect([come('a'), come('a')]).toEqual(['in', 'in']);
    lagNow(200);
    expect([come('a'), come('b')]).toEqual(['OVERLOADED', 'in']);
    lagNow(400);
    expect(come('c')).toBe('OVERLOADED');
    expect(overload.reason()).toBe('the event loop lags');
    lagNow(0);
    expect(come('a')).toBe('in');
  });

  it('leaves only as many places as requests are answered in twice as long', () => {
    const { overload, crowd, lag, lagNow } = start(1_000, 200);
    /** So many requests end before each of several looks, while there is always work. */
    const pace = (many: number): void => {
      for (let waiting = 0; waiting < MIN_SLOTS; waiting += 1) overload.acquire();
      for (let look = 0; look < 20; look += 1) {
        for (let request = 0; request < many; request += 1) {
          overload.acquire();
          overload.assign('b');
          overload.release('b');
          // Who was not let in was not answered either.
          overload.acquire();
          overload.release(null);
        }
        lag(0);
        overload.reason();
      }
      for (let waiting = 0; waiting < MIN_SLOTS; waiting += 1) overload.release(null);
    };
    const places = (): number => {
      let taken = 0;
      while (taken < 2_000 && overload.reason() === null) {
        overload.acquire();
        taken += 1;
      }
      for (let left = 0; left < taken; left += 1) overload.release(null);
      return taken;
    };
    pace(50);
    expect(places()).toBe(1_000);
    pace(50);
    lagNow(24);
    expect(places()).toBe(1_000);
    pace(50);
    lagNow(25);
    // 100 a second, for 0.4 seconds.
    expect(places()).toBe(40);
    expect(crowd('a', 100)).toBe(20);
  });

  it('leaves a few places however slow everything is', () => {
    const { overload, crowd, lag } = start(1_000, 200);
    // Nothing ends of what is under way.
    for (let waiting = 0; waiting < MIN_SLOTS; waiting += 1) overload.acquire();
    for (const ms of [0, 0, 100]) {
      lag(ms);
      overload.reason();
    }
    for (let waiting = 0; waiting < MIN_SLOTS; waiting += 1) overload.release(null);
    expect(crowd('a', 10) + crowd('b', 10) + crowd('c', 10)).toBeLessThanOrEqual(MIN_SLOTS);
    expect(crowd('d', 1)).toBe(1);
  });

  it('does not count before the first request, since starting makes it lag', () => {
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
    // A probe looks at it meanwhile.
    expect(overload.reason()).not.toBeNull();
    for (let request = 0; request < 16; request += 1) {
      overload.acquire();
      overload.assign('a');
    }
    expect(overload.reason()).toBeNull();
  });

  it('limits no places while it is not known how many requests can be answered', () => {
    const { crowd, lag } = start(1_000, 200);
    // A start on a busy machine.
    lag(100);
    expect(crowd('a', 16)).toBe(16);
  });

  it('limits no places by how little was asked for in a quiet time', () => {
    const { overload, come, crowd, lag } = start(1_000, 200);
    for (let look = 0; look < 20; look += 1) {
      expect(come('a')).toBe('in');
      overload.release('a');
      lag(0);
    }
    lag(100);
    expect(crowd('a', 16)).toBe(16);
  });

  it('gives places back as soon as more requests end than were thought possible', () => {
    const { overload, crowd, lag } = start(1_000, 200);
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
    // Half of 400 a second, for 0.4 seconds, of which one caller can have half.
    expect(crowd('a', 100)).toBe(40);
  });

  it('is averaged every now and then, not for each request', () => {
    const clock = manualClock();
    let looks = 0;
    const eventLoop = {
      takeDelay() {
        looks += 1;
        return 0;
      },
      delayNow: () => 0,
    };
    const overload = createOverload({ clock, eventLoop, inFlight: 10_000, eventLoopDelayMs: 1 });
    for (let at = 0; at < 1_000; at += 1) {
      overload.acquire();
      clock.advance(1);
    }
    // The first is when somebody comes for the first time.
    expect(looks).toBe(1_000 / SAMPLE_MS);
  });

  it('is nothing with 0', () => {
    const { come, lag } = start(100, 0);
    lag(60_000);
    expect([come('a'), come('a')]).toEqual(['in', 'in']);
  });
});
