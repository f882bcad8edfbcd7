// Whether the soak would notice: growth among noise, a phone that is lost, one that is there twice.
import { describe, expect, it } from 'vitest';
import { createLedger } from '../../soak/ledger.ts';
import { report, type Soaked, type Taken } from '../../soak/report.ts';
import { isFlat, trendOf } from '../../soak/trend.ts';
import { seededRandom } from '../../src/runtime/random.ts';

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

const CALM: Taken = {
  heap: 60e6,
  external: 10e6,
  rss: 300e6,
  descriptors: 100,
  sockets: 50,
  timers: 10,
  resources: 70,
  delayP99: 5,
  underWay: 0,
};

function soaked(changes: Partial<Soaked> = {}): Soaked {
  const measured = Array.from({ length: 12 }, () => CALM);
  return {
    everySeconds: EVERY_SECONDS,
    samples: measured,
    secondsToRest: 320,
    rests: measured,
    tally: new Map([['operations', 1000]]),
    audit: { certain: 1, unknown: 0, lost: 0, doubled: 0 },
    leftOut: 0,
    isAlive: true,
    ...changes,
  };
}

/** One more of it every time. */
function growing(of: (at: number) => Partial<Taken>): Taken[] {
  return Array.from({ length: 12 }, (_, at) => ({ ...CALM, ...of(at) }));
}

describe('the verdict of the report', () => {
  it('is good where nothing grows and every key is known', () => {
    const { text, isGood } = report(soaked());
    expect(isGood).toBe(true);
    expect(text).toContain('verdict: flat, nothing lost, nothing doubled');
  });

  it.each([
    ['a timer', { timers: 1 }],
    ['a socket', { sockets: 2 }],
    ['something else that keeps the event loop alive', { resources: 2 }],
    ['a file', { descriptors: 2 }],
    ['a little memory', { heap: 1e6 }],
    ['a buffer', { external: 1e6 }],
  ] as const)('finds %s that is forgotten from each rest to the next', (_, gain) => {
    const [name, more] = Object.entries(gain)[0] as [keyof Taken, number];
    const { text, isGood } = report(soaked({ rests: growing((at) => ({ [name]: CALM[name] + at * more })) }));
    expect(isGood).toBe(false);
    expect(text.match(/GROWS/g)).toHaveLength(1);
    expect(text).toContain('verdict: NOT GOOD');
  });

  it('does not take for growth that more is under way', () => {
    const samples = growing((at) => ({ timers: 10 + 20 * at, underWay: 20 * at, delayP99: 50 * at }));
    expect(report(soaked({ samples })).isGood).toBe(true);
  });

  it('finds memory that grows under load and is given back at rest', () => {
    const samples = growing((at) => ({ heap: 60e6 + at * 2e6 }));
    expect(report(soaked({ samples })).isGood).toBe(false);
  });

  it.each([
    { certain: 0, unknown: 0, lost: 0, doubled: 0 },
    { certain: 1, unknown: 1, lost: 0, doubled: 0 },
    { certain: 1, unknown: 0, lost: 1, doubled: 0 },
    { certain: 1, unknown: 0, lost: 0, doubled: 1 },
  ])('is not good with keys of which this is known: %o', (audit) => {
    expect(report(soaked({ audit })).isGood).toBe(false);
  });

  it('says when the gateway died', () => {
    const { text, isGood } = report(soaked({ isAlive: false }));
    expect(isGood).toBe(false);
    expect(text).toContain('IT DIED');
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
