// Whether the soak would notice: growth among noise, a phone that is lost, one that is there twice.
import { describe, expect, it } from 'vitest';
import { createLedger } from '../../soak/ledger.ts';
import { isFlat, trendOf } from '../../soak/trend.ts';
import { seededRandom } from '../../src/base/random.ts';

const EVERY_SECONDS = 10;
const HOUR = 3600 / EVERY_SECONDS;

/** Megabytes of an hour: 60, a little more or less, and what is gained from one measurement to the next. */
function heap(gain: number, noise: number): number[] {
  const random = seededRandom(1);
  return Array.from({ length: HOUR }, (_, at) => 60 + at * gain + (random.fraction() - 0.5) * noise);
}

describe('the verdict on growth', () => {
  it('finds ten kilobytes a second among ten megabytes of noise', () => {
    const trend = trendOf(heap(0.1, 10), EVERY_SECONDS);
    expect(isFlat(trend, 2)).toBe(false);
    expect(trend.hourly).toBeCloseTo(36, -1);
  });

  it('takes noise for noise', () => {
    expect(isFlat(trendOf(heap(0, 10), EVERY_SECONDS), 2)).toBe(true);
  });

  it('does not mind what fills at the start and then stays', () => {
    const values = heap(0, 1).map((value, at) => value - Math.max(0, 60 - at));
    expect(isFlat(trendOf(values, EVERY_SECONDS), 2)).toBe(true);
  });

  it('says what rises, and by how much', () => {
    const { mean, rise, error, hourly } = trendOf([9, 0, 10, 20, 30], EVERY_SECONDS);
    expect({ mean, rise, error, hourly }).toEqual({ mean: 15, rise: 30, error: 0, hourly: 3600 });
  });
});

describe('the audit of phones', () => {
  it('finds nothing where everything is as it was told', () => {
    const ledger = createLedger();
    const [kept, deleted] = [ledger.open(), ledger.open()];
    ledger.open();
    ledger.added(kept, 'a');
    ledger.added(kept, 'a');
    ledger.added(deleted, 'b');
    ledger.gone(deleted);
    expect(ledger.audit([kept, '+1 425 555 0100'])).toEqual({ certain: 1, unknown: 1, lost: 0, doubled: 0 });
  });

  it('finds a phone that was told of and is not there', () => {
    const ledger = createLedger();
    ledger.added(ledger.open(), 'a');
    expect(ledger.audit([])).toMatchObject({ certain: 1, lost: 1 });
  });

  it('does not call lost what somebody asked to delete', () => {
    const ledger = createLedger();
    const number = ledger.open();
    ledger.added(number, 'a');
    ledger.deleting(number);
    expect(ledger.audit([])).toMatchObject({ certain: 0, lost: 0 });
  });

  it('finds one that is there twice, one that was deleted, and one that was told as two', () => {
    const ledger = createLedger();
    const [twice, deleted, changed] = [ledger.open(), ledger.open(), ledger.open()];
    ledger.gone(deleted);
    ledger.added(changed, 'a');
    ledger.added(changed, 'b');
    expect(ledger.audit([twice, twice, deleted, changed]).doubled).toBe(3);
  });
});
