// The measured delay of the event loop, with turns whose length the test controls.
import { describe, expect, it } from 'vitest';
import { RESOLUTION_MS, watchEventLoop } from '../../src/runtime/event-loop.ts';
import { manualClock } from '../support/emulator.ts';

function start() {
  const clock = manualClock();
  const eventLoop = watchEventLoop(clock);
  /** Turns of so many milliseconds each. */
  const turns = (many: number, ms: number): void => {
    for (let turn = 0; turn < many; turn += 1) clock.advance(ms);
  };
  return { clock, eventLoop, turns };
}

describe('the delay of the event loop', () => {
  it('is 0 while every timer runs on time', () => {
    const { eventLoop, turns } = start();
    turns(50, RESOLUTION_MS);
    expect([eventLoop.takeDelay(), eventLoop.delayNow()]).toEqual([0, 0]);
  });

  it('is the length of its turns', () => {
    const { eventLoop, turns } = start();
    turns(5, 300);
    expect(eventLoop.takeDelay()).toBeCloseTo(300 - RESOLUTION_MS);
    expect(eventLoop.takeDelay()).toBe(0);
  });

  it('is a mean over time: one long turn among many short ones counts by its length', () => {
    const { eventLoop, turns } = start();
    turns(25, 20);
    turns(1, 500);
    // Half of all moments were in turns of 20 ms, and half in one of 500.
    expect(eventLoop.takeDelay()).toBeCloseTo((20 + 500) / 2 - RESOLUTION_MS);
  });

  it('includes the current turn, also when nothing else happened since the last measurement', () => {
    const elapsed = { now: 0 };
    const clock = { ...manualClock(), elapsed: () => elapsed.now };
    const eventLoop = watchEventLoop(clock);
    elapsed.now = 800;
    expect([eventLoop.delayNow(), eventLoop.takeDelay()]).toEqual([780, 780]);
    elapsed.now = 1_500;
    expect(eventLoop.takeDelay()).toBe(1_480);
  });

  it('ends with the turn', () => {
    const { eventLoop, turns } = start();
    turns(1, 2_000);
    expect(eventLoop.delayNow()).toBe(0);
    expect(eventLoop.takeDelay()).toBe(1_980);
    turns(10, RESOLUTION_MS);
    expect(eventLoop.takeDelay()).toBe(0);
  });
});
