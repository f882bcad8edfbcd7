import { describe, expect, it } from 'vitest';
import { TimeoutError, withTimeout } from '../../src/runtime/with-timeout.ts';
import { manualClock } from '../support/emulator.ts';

describe('a promise with a timeout', () => {
  it('settles like the promise when that is in time, and leaves no timer', async () => {
    const clock = manualClock();
    const fault = new TypeError('no');
    expect(await withTimeout(clock, 10, Promise.resolve('yes'))).toBe('yes');
    await expect(withTimeout(clock, 10, Promise.reject(fault))).rejects.toBe(fault);
    expect(clock.waiting).toBe(0);
  });

  it('rejects with a TimeoutError when the time is up', async () => {
    const clock = manualClock();
    const { promise, reject } = Promise.withResolvers<never>();
    const waiting = withTimeout(clock, 10, promise);
    clock.advance(10);
    await expect(waiting).rejects.toEqual(new TimeoutError(10));
    reject(new TypeError('nobody waits for this any more'));
  });

  it('still resolves when the promise settled before the process handled the timer', async () => {
    const clock = manualClock();
    const { promise, resolve } = Promise.withResolvers<string>();
    const waiting = withTimeout(clock, 10, promise);
    clock.advance(10);
    resolve('it was there');
    expect(await waiting).toBe('it was there');
  });
});
