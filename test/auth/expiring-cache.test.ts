// Entries expire by a manual clock.
import { expect, it } from 'vitest';
import { createExpiringCache } from '../../src/auth/expiring-cache.ts';
import { manualClock } from '../support/emulator.ts';

const HOUR = 3_600_000;
const VALUE = {};

function start(capacity = 100) {
  const clock = manualClock();
  return { clock, cache: createExpiringCache<object>(capacity, clock) };
}

it('holds so many entries, and the one not asked for the longest goes', () => {
  const { cache } = start(3);
  for (const key of ['a', 'b', 'c']) cache.set(key, VALUE, HOUR);
  cache.get('a');
  cache.set('d', VALUE, HOUR);
  expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key) !== undefined)).toEqual(['a', 'c', 'd']);
});

it('returns an entry until its TTL ends', () => {
  const { clock, cache } = start();
  cache.set('a', VALUE, 1_000);
  clock.advance(999);
  expect([cache.get('a'), Math.round(cache.remainingMs('a'))]).toEqual([VALUE, 1]);
  clock.advance(1);
  expect(cache.get('a')).toBeUndefined();
});

it.each([0, -1, Number.NEGATIVE_INFINITY])(
  'does not store an entry with a TTL of %d ms, and deletes the one before',
  (ms) => {
    const { cache } = start();
    cache.set('a', VALUE, HOUR);
    cache.set('a', VALUE, ms);
    expect(cache.get('a')).toBeUndefined();
  },
);
