import { describe, expect, it } from 'vitest';
import { TimeoutError, withTimeout } from '../../src/runtime/with-timeout.ts';
import { manualClock } from '../support/emulator.ts';

describe('what is waited for so long and no longer', () => {
  it('comes in time as it is, for good or ill, and leaves nothing waiting', async () => {
    const clock = manualClock();
    const fault = new TypeError('no');
    expect(await withTimeout(clock, 10, Promise.resolve('yes'))).toBe('yes');
    await expect(withTimeout(clock, 10, Promise.reject(fault))).rejects.toBe(fault);
    expect(clock.waiting).toBe(0);
  });

  it('is too late when the time is up', async () => {
    const clock = manualClock();
    const { promise, reject } = Promise.withResolvers<never>();
    const waiting = withTimeout(clock, 10, promise);
    clock.advance(10);
    await expect(waiting).rejects.toEqual(new TimeoutError(10));
    reject(new TypeError('nobody waits for this any more'));
  });

  it('is in time when it was there and the process had not looked yet', async () => {
    const clock = manualClock();
    const { promise, resolve } = Promise.withResolvers<string>();
    const waiting = withTimeout(clock, 10, promise);
    clock.advance(10);
    resolve('it was there');
    expect(await waiting).toBe('it was there');
  });
});
