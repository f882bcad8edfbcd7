// The arithmetic of the rate limit. The test controls the time.
import { describe, expect, it } from 'vitest';
import { createRateLimit } from '../../src/server/rate-limit.ts';

/** The number of requests that pass out of `requests` at the same moment. */
function passed(take: () => number, requests: number): number {
  return Array.from({ length: requests }, take).filter((wait) => wait === 0).length;
}

describe('an allowance of requests per minute', () => {
  it.each([1, 7, 60, 3_000, 1_000_003])('allows %i at once and no more', (perMinute) => {
    const limit = createRateLimit(perMinute, 10);
    expect(passed(() => limit.take('a', 0), perMinute + 50)).toBe(perMinute);
  });

  it('refills evenly', () => {
    const limit = createRateLimit(60, 10);
    passed(() => limit.take('a', 0), 60);
    expect(limit.take('a', 999)).toBeCloseTo(1);
    expect(limit.take('a', 1_000)).toBe(0);
    expect(limit.take('a', 1_000)).toBeCloseTo(1_000);
    expect(passed(() => limit.take('a', 31_000), 100)).toBe(30);
  });

  it('is full after an idle minute and never exceeds its maximum', () => {
    const limit = createRateLimit(60, 10);
    passed(() => limit.take('a', 0), 100);
    expect(passed(() => limit.take('a', 3_600_000), 100)).toBe(60);
  });

  it('is not spent by rejected requests', () => {
    const limit = createRateLimit(60, 10);
    passed(() => limit.take('a', 0), 10_000);
    expect(limit.take('a', 1_000)).toBe(0);
  });

  it('accepts refunds up to its maximum', () => {
    const limit = createRateLimit(60, 10);
    passed(() => limit.take('a', 0), 60);
    for (let at = 0; at < 5; at += 1) limit.refund('a', 0);
    expect(passed(() => limit.take('a', 0), 100)).toBe(5);
    for (let at = 0; at < 100; at += 1) limit.refund('a', 0);
    limit.refund('new', 0);
    expect(passed(() => limit.take('a', 0), 100)).toBe(60);
    expect(passed(() => limit.take('new', 0), 100)).toBe(60);
  });

  it('is not spent by `wait`', () => {
    const limit = createRateLimit(1, 10);
    expect([limit.wait('a', 0), limit.take('a', 0), limit.wait('a', 0)]).toEqual([
      0,
      0,
      expect.closeTo(60_000),
    ]);
  });

  it('is separate for each caller', () => {
    const limit = createRateLimit(5, 10);
    expect(passed(() => limit.take('a', 0), 100)).toBe(5);
    expect(passed(() => limit.take('b', 0), 100)).toBe(5);
  });

  it('is unlimited with 0', () => {
    const limit = createRateLimit(0, 10);
    expect(passed(() => limit.take('a', 0), 10_000)).toBe(10_000);
  });

  it('allows eleven minutes of requests in ten minutes of constant requests', () => {
    const limit = createRateLimit(300, 10);
    let done = 0;
    for (let now = 0; now <= 600_000; now += 10) if (limit.take('a', now) === 0) done += 1;
    expect(done).toBe(300 + 10 * 300);
  });
});

describe('with more callers than the capacity', () => {
  it('a caller that floods is not forgotten', () => {
    const limit = createRateLimit(10, 100);
    let done = 0;
    for (let at = 0; at < 100_000; at += 1) {
      limit.take(`other ${at}`, 0);
      if (limit.take('flood', 0) === 0) done += 1;
    }
    expect(done).toBe(10);
  });
});
