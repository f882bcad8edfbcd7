// Many deadlines with one timer, on a manual clock.
import { expect, it } from 'vitest';
import { Expirable, TimeLimit } from '../../src/runtime/time-limit.ts';
import { manualClock } from '../support/emulator.ts';

class Named extends Expirable {
  readonly #name: string;
  readonly #expired: string[];

  constructor(name: string, expired: string[]) {
    super();
    this.#name = name;
    this.#expired = expired;
  }

  expire(): void {
    this.#expired.push(this.#name);
  }
}

function start() {
  const clock = manualClock();
  const limit = new TimeLimit(clock, 100);
  const expired: string[] = [];
  const begin = (name: string): Expirable => {
    const one = new Named(name, expired);
    limit.begin(one);
    return one;
  };
  return { clock, limit, expired, begin };
}

it('every deadline has its own time, whenever it began', () => {
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

it('a deadline that was ended does not expire, and no timer waits for it', () => {
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

it('any of many deadlines can be ended: the first, the last, those between, and again', () => {
  const { clock, limit, expired, begin } = start();
  const [first, second, third, , last] = ['a', 'b', 'c', 'd', 'e'].map(begin);
  for (const one of [first, third, last, third, first]) limit.end(one as Expirable);
  expect([first, third, last].every((one) => one?.before === null && one.after === null)).toBe(true);
  clock.advance(50);
  begin('f');
  clock.advance(50);
  expect(expired).toEqual(['b', 'd']);
  limit.end(second as Expirable);
  clock.advance(50);
  expect(expired).toEqual(['b', 'd', 'f']);
  expect(clock.waiting).toBe(0);
});

it('an ended deadline can begin again', () => {
  const { clock, limit, expired, begin } = start();
  const one = begin('one');
  clock.advance(100);
  limit.begin(one);
  clock.advance(99);
  expect(expired).toEqual(['one']);
  clock.advance(1);
  expect(expired).toEqual(['one', 'one']);
});
