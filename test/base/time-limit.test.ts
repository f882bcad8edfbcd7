// Many things under one timer, with time in the test's hands.
import { expect, it } from 'vitest';
import { type Expiring, TimeLimit } from '../../src/base/time-limit.ts';
import { manualClock } from '../support/emulator.ts';

function start() {
  const clock = manualClock();
  const limit = new TimeLimit(clock, 100);
  const expired: string[] = [];
  const begin = (name: string): Expiring => {
    const one = { due: 0, expire: () => void expired.push(name) };
    limit.begin(one);
    return one;
  };
  return { clock, limit, expired, begin };
}

it('each has its own time, whenever it began', () => {
  const { clock, expired, begin } = start();
  begin('first');
  clock.advance(60);
  begin('second');
  clock.advance(39);
  expect(expired).toEqual([]);
  clock.advance(1);
  expect(expired).toEqual(['first']);
  clock.advance(59);
  expect(expired).toEqual(['first']);
  clock.advance(1);
  expect(expired).toEqual(['first', 'second']);
});

it('one that has ended does not expire, and is no reason to wait for anything', () => {
  const { clock, limit, expired, begin } = start();
  limit.end(begin('quick'));
  clock.advance(50);
  begin('slow');
  clock.advance(50);
  expect(expired).toEqual([]);
  clock.advance(50);
  expect(expired).toEqual(['slow']);
  expect(clock.waiting).toBe(0);
});
