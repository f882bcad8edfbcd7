import { describe, expect, it } from 'vitest';
import { type FailureKind, GraphFailure } from '../../src/graph/failure.ts';
import { createRetryPolicy, DEFAULT_RETRY } from '../../src/graph/retry.ts';
import { type Random, systemRandom } from '../../src/runtime/random.ts';

const always = (fraction: number): Random => ({ ...systemRandom, fraction: () => fraction });
const policy = (fraction = 0.5) => createRetryPolicy(DEFAULT_RETRY, always(fraction));

describe('a read is retried where that can help', () => {
  it.each([
    ['never-sent', true],
    ['lost', true],
    ['unavailable', true],
    ['throttled', true],
    ['timeout', true],
    ['bad-response', false],
    ['no-room', false],
    ['unauthenticated', false],
    ['forbidden', false],
    ['not-found', false],
    ['rejected', false],
    ['conflict', false],
    ['precondition', false],
  ] as [FailureKind, boolean][])('%s: %s', (kind, again) => {
    expect(policy().delay(new GraphFailure(kind), 1, 10_000) !== null).toBe(again);
  });

  it('waits a random part of 100 ms, then of 200 ms, and gives up after the third try', () => {
    const waits = [1, 2, 3].map((attempt) => policy(0.5).delay(new GraphFailure('lost'), attempt, 10_000));
    expect(waits).toEqual([50, 100, null]);
  });

  it('waits exactly Retry-After when that fits the time left, and gives up when it does not', () => {
    const throttled = new GraphFailure('throttled', { retryAfterSeconds: 3 });
    expect(policy().delay(throttled, 1, 10_000)).toBe(3_000);
    expect(policy().delay(throttled, 1, 3_000)).toBeNull();
  });

  it('spends one budget: an outage causes no more retries than the budget has', () => {
    const shared = policy();
    const tries = Array.from({ length: 100 }, () => shared.delay(new GraphFailure('unavailable'), 1, 10_000));
    expect(tries.filter((wait) => wait !== null)).toHaveLength(DEFAULT_RETRY.budget);
    for (let i = 0; i < 5; i += 1) shared.succeeded();
    expect(shared.delay(new GraphFailure('unavailable'), 1, 10_000)).not.toBeNull();
    expect(shared.delay(new GraphFailure('unavailable'), 1, 10_000)).toBeNull();
  });
});
