// Which calls wait after Microsoft Graph has asked for a pause, for how long, and how they return.
import { describe, expect, it } from 'vitest';
import type { AffectedCalls, Scope } from '../../src/graph/failure.ts';
import { throttleScope } from '../../src/graph/response.ts';
import { createThrottle, LONGEST_MS, type Party } from '../../src/graph/throttle.ts';
import { type Random, seededRandom } from '../../src/runtime/random.ts';
import { manualClock } from '../support/emulator.ts';

const person = (owner: string, tenantId: string | null = 'home'): Party => {
  return { owner, identity: tenantId === null ? null : { tenantId } };
};
const [ANN, BEN, EVE] = [person('ann'), person('ben'), person('eve', 'elsewhere')];
const WRITES = { of: 'principal', affects: 'writes' } as const;

function start(fraction = 0) {
  const clock = manualClock();
  const random: Random = { ...seededRandom(1), fraction: () => fraction };
  const closed: [Scope, number, AffectedCalls][] = [];
  const throttle = createThrottle({
    clock,
    random,
    closed: (...pause) => void closed.push(pause),
  });
  const waits = (...parties: Party[]): number[] => parties.map((party) => throttle.wait(party, 'reads', 1));
  return { clock, throttle, closed, waits };
}

describe('a pause applies to calls under the same limit', () => {
  it.each([
    ['without a word of it, for the caller', undefined, [2_000, 0, 0]],
    ['of a person, for the caller', 'User_Application/ReadWrite/app/ann', [2_000, 0, 0]],
    [
      'of a tenant and an application, for all from there',
      'Tenant_Application/ReadWrite/app/home',
      [2_000, 2_000, 0],
    ],
    ['of an application, for all', 'Application/ReadWrite/app/app', [2_000, 2_000, 2_000]],
    ['of something unknown, for the caller', 'Galaxy/ReadWrite/app/x', [2_000, 0, 0]],
    ['that is no scope, for the caller', '<script>', [2_000, 0, 0]],
  ])('%s', (_name, header, expected) => {
    const { throttle, waits } = start();
    throttle.throttled(ANN, 2, throttleScope(header));
    expect(waits(ANN, BEN, EVE)).toEqual(expected);
  });

  it('and only to the throttled caller when the tenant is unknown', () => {
    const { throttle, waits } = start();
    const [one, other] = [person('one', null), person('other', null)];
    throttle.throttled(one, 2, throttleScope('Tenant_Application/ReadWrite/app/tenant'));
    expect(waits(one, other, ANN)).toEqual([2_000, 0, 0]);
    throttle.throttled(other, 3, throttleScope('Application/ReadWrite/app/app'));
    expect(waits(one, other, ANN)).toEqual([2_000, 3_000, 0]);
  });

  it('of writes applies to writes only', () => {
    const { throttle } = start();
    throttle.throttled(ANN, 2, throttleScope('Tenant_Application/Write/app/home'));
    expect([throttle.wait(BEN, 'writes', 1), throttle.wait(BEN, 'reads', 1)]).toEqual([2_000, 0]);
  });

  it('of reads and one of writes each last as long as Graph asked', () => {
    const { throttle, clock } = start();
    const waits = () => [throttle.wait(ANN, 'writes', 1), throttle.wait(ANN, 'reads', 1)];
    throttle.throttled(ANN, 60, WRITES);
    throttle.throttled(ANN, 1, null);
    expect(waits()).toEqual([60_000, 1_000]);
    clock.advance(1_000);
    expect(waits()).toEqual([59_000, 0]);
  });

  it('of reads without a Retry-After starts while writes are paused for longer', () => {
    const { throttle } = start();
    throttle.throttled(ANN, 60, WRITES);
    throttle.throttled(ANN, undefined, null);
    expect([throttle.wait(ANN, 'reads', 1), throttle.wait(ANN, 'writes', 1)]).toEqual([500, 60_000]);
  });
});

describe('a pause lasts', () => {
  it('exactly as long as Graph asks', () => {
    const { throttle, waits, clock } = start();
    throttle.throttled(ANN, 2.128, null);
    clock.advance(2_127);
    expect(waits(ANN)).toEqual([1]);
    clock.advance(1);
    expect(waits(ANN)).toEqual([0]);
  });

  it('until the later of two ends, and the earlier one is not reported', () => {
    const { throttle, waits, closed } = start();
    throttle.throttled(ANN, 5, null);
    throttle.throttled(ANN, 1, null);
    expect(waits(ANN)).toEqual([5_000]);
    expect(closed).toEqual([['principal', 5_000, 'all']]);
  });

  it('as long as asked, even if a shorter pause of another caller begins and ends meanwhile', () => {
    const { throttle, waits, clock } = start();
    throttle.throttled(ANN, 10, null);
    throttle.throttled(EVE, 1, null);
    clock.advance(5_000);
    expect(waits(ANN, EVE)).toEqual([5_000, 0]);
  });

  it('as long as the last of many responses asks, and is reported once', () => {
    const { throttle, waits, closed, clock } = start();
    for (let answer = 0; answer < 100; answer += 1) {
      throttle.throttled(ANN, 10, null);
      clock.advance(1);
    }
    expect(waits(ANN)).toEqual([9_999]);
    expect(closed).toHaveLength(1);
    clock.advance(5_000);
    throttle.throttled(ANN, 10, null);
    expect(closed).toHaveLength(2);
  });

  it('at most ten minutes, also in the report', () => {
    const { throttle, waits, closed } = start();
    throttle.throttled(ANN, 1e15, null);
    expect(waits(ANN)).toEqual([LONGEST_MS]);
    expect(closed).toEqual([['principal', LONGEST_MS, 'all']]);
  });

  it('a fraction of a second when Graph sends no usable Retry-After, and longer each time', () => {
    const { throttle, waits, clock, closed } = start();
    const pauses: number[] = [];
    for (const seconds of [undefined, 0, undefined, undefined, undefined, undefined, undefined]) {
      throttle.throttled(ANN, seconds, null);
      // Other responses in flight announce the same pause.
      clock.advance(100);
      throttle.throttled(ANN, undefined, null);
      const [wait = 0] = waits(ANN);
      pauses.push(100 + wait);
      clock.advance(wait);
    }
    expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
    expect(closed).toHaveLength(pauses.length);
    clock.advance(60_000);
    throttle.throttled(ANN, undefined, null);
    expect(waits(ANN)).toEqual([250]);
  });

  it('and half of that is random', () => {
    const { throttle, waits } = start(0.5);
    throttle.throttled(ANN, undefined, null);
    expect(waits(ANN)).toEqual([375]);
  });
});

describe('after a pause', () => {
  it('a few calls are admitted at once, twice as many with each quarter of a second, and all after two seconds', () => {
    const { throttle, clock } = start();
    throttle.throttled(ANN, 1, null);
    clock.advance(1_000);
    const let_in: number[] = [];
    for (let step = 0; step < 5; step += 1) {
      let through = 0;
      while (through < 10_000 && throttle.wait(ANN, 'reads', 1) === 0) through += 1;
      let_in.push(through);
      clock.advance(step < 3 ? 250 : 1_250);
    }
    expect(let_in).toEqual([4, 4, 8, 16, 10_000]);
  });

  it('waiting calls return spread over time, the first ones at once', () => {
    const { throttle } = start(0.5);
    throttle.throttled(ANN, 1, null);
    const waits = Array.from({ length: 64 }, () => Math.round(throttle.wait(ANN, 'reads', 1)));
    expect([waits[0], waits[3], waits[7], waits[15], waits[63]]).toEqual([1_000, 1_000, 1_125, 1_250, 1_500]);
  });

  it('calls that waited for an earlier pause do not count again', () => {
    const { throttle, clock, waits } = start(0.5);
    for (let pause = 0; pause < 2; pause += 1) {
      throttle.throttled(ANN, 1, null);
      expect(waits(ANN, ANN, ANN, ANN)).toEqual([1_000, 1_000, 1_000, 1_000]);
      clock.advance(1_000);
    }
  });

  it('a batch that waited counts as its reads', () => {
    const { throttle } = start(0.5);
    throttle.throttled(ANN, 1, null);
    throttle.wait(ANN, 'reads', 7);
    expect(throttle.wait(ANN, 'reads', 1)).toBe(1_125);
  });

  it('a batch counts as its reads, and is admitted as a whole', () => {
    const { throttle, clock } = start();
    throttle.throttled(ANN, 1, null);
    clock.advance(1_000);
    expect(throttle.wait(ANN, 'reads', 20)).toBe(0);
    expect(throttle.wait(ANN, 'reads', 1)).toBeGreaterThan(500);
  });

  it('the next pause starts from the beginning', () => {
    const { throttle, clock, waits } = start();
    throttle.throttled(ANN, 1, null);
    clock.advance(1_500);
    throttle.throttled(ANN, 1, null);
    expect(waits(ANN)).toEqual([1_000]);
    clock.advance(1_000);
    expect(waits(ANN, ANN, ANN, ANN)).toEqual([0, 0, 0, 0]);
    expect(waits(ANN)).not.toEqual([0]);
  });
});

describe('the memory for pauses', () => {
  it('is bounded: the oldest pause is dropped first', () => {
    const { throttle, waits } = start();
    for (let at = 0; at <= 10_000; at += 1) throttle.throttled(person(`caller ${at}`), 60, null);
    expect(waits(person('caller 0'), person('caller 1'))).toEqual([0, 60_000]);
  });
});
