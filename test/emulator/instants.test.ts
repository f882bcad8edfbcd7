import { describe, expect, it } from 'vitest';
import { atOffset, compareInstants, createTicker, isInstant } from '../../emulator/odata/instants.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { manualClock } from '../support/emulator.ts';

describe('date-times with seven fraction digits', () => {
  it('increase each time, also when the clock stands still or goes back', () => {
    const clock = manualClock();
    const next = createTicker(clock, seededRandom(3));
    const moments = Array.from({ length: 12_000 }, next);
    clock.advance(-60_000);
    moments.push(next());
    clock.advance(120_000);
    moments.push(next());
    expect(moments).toEqual(moments.toSorted());
    expect(new Set(moments).size).toBe(moments.length);
    expect(moments.every((moment) => /^2020-07-08T12:0\d:\d\d\.\d{7}Z$/.test(moment))).toBe(true);
  });

  it.each([
    ['2020-07-06T06:34:12.2294868Z', '2020-07-06T06:34:12.2294869Z', -1],
    ['2020-07-06T06:34:12.2294868Z', '2020-07-06T06:34:12.2294868Z', 0],
    ['2020-07-06T09:34:12.2294868+03:00', '2020-07-06T06:34:12.2294868Z', 0],
    ['2020-07-06T06:34:12.3Z', '2020-07-06T06:34:12.2999999Z', 1],
    ['2020-07-06T06:34:12Z', '2020-07-06T06:34:12.0000000Z', 0],
    [null, '0001-01-01T00:00:00Z', -1],
    [null, null, 0],
  ])('%s against %s: %i', (a, b, sign) => {
    expect(Math.sign(compareInstants(a, b))).toBe(sign);
    expect(Math.sign(compareInstants(b, a))).toBe(sign === 0 ? 0 : -sign);
  });

  it('keep their digits in another time zone', () => {
    expect(atOffset('2016-12-31T20:59:45.9448095Z', 180)).toBe('2016-12-31T23:59:45.9448095+03:00');
    expect(atOffset('2017-01-01T00:00:42.7561162+03:00', -210)).toBe('2016-12-31T17:30:42.7561162-03:30');
  });

  it.each([
    ['2020-07-06T06:34:12.2294868Z', true],
    ['2020-07-06T06:34Z', true],
    ['2020-07-06', true],
    ['2020-13-06T06:34:12Z', false],
    ['2020-07-06T06:34:12', false],
    ['yesterday', false],
  ])('%s is valid: %s', (text, expected) => {
    expect(isInstant(text)).toBe(expected);
  });
});
