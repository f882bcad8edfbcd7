// When Microsoft Graph is left alone, and how it is called again, with time in the test's hands.
import { describe, expect, it } from 'vitest';
import {
  createBreaker,
  LEAST_CALLS,
  LONGEST_PAUSE_MS,
  PAUSE_MS,
  PROBE_PATIENCE_MS,
  type Verdict,
  WINDOW_MS,
} from '../../src/graph/circuit-breaker.ts';
import { type FailureKind, GraphFailure } from '../../src/graph/failure.ts';
import { verdictOf } from '../../src/graph/guard.ts';
import { leftAlone } from '../../src/graph/rejected.ts';
import { manualClock } from '../support/emulator.ts';

function start() {
  const clock = manualClock();
  const changes: string[] = [];
  const breaker = createBreaker({ clock, changed: (state) => void changes.push(state) });
  const call = (verdict: Verdict): void => breaker.settle(breaker.enter(), verdict);
  const calls = (many: number, verdict: Verdict): void => {
    for (let made = 0; made < many; made += 1) call(verdict);
  };
  return { clock, breaker, changes, call, calls };
}

function open() {
  const started = start();
  started.calls(LEAST_CALLS, 'failed');
  return started;
}

describe('a breaker opens', () => {
  it('when half of the calls have failed', () => {
    const { breaker, calls } = start();
    calls(50, 'answered');
    calls(49, 'failed');
    expect(breaker.state).toBe('closed');
    calls(1, 'failed');
    expect(breaker.state).toBe('open');
  });

  it('not for a few calls, whatever becomes of them', () => {
    const { breaker, calls } = start();
    calls(LEAST_CALLS - 1, 'failed');
    expect(breaker.state).toBe('closed');
  });

  it('not for calls that say nothing of Graph', () => {
    const { breaker, calls } = start();
    calls(1_000, 'none');
    calls(LEAST_CALLS - 1, 'failed');
    expect(breaker.state).toBe('closed');
  });

  it('not for failures that are long past', () => {
    const { breaker, calls, clock } = start();
    calls(LEAST_CALLS - 1, 'failed');
    clock.advance(WINDOW_MS);
    calls(1, 'failed');
    expect(breaker.state).toBe('closed');
    calls(LEAST_CALLS - 1, 'failed');
    expect(breaker.state).toBe('open');
  });

  it('for failures spread over the window, a second of it being forgotten at a time', () => {
    const { breaker, calls, clock } = start();
    for (let second = 0; second < 30; second += 1) {
      calls(1, 'failed');
      clock.advance(WINDOW_MS / 10);
    }
    expect(breaker.state).toBe('closed');
    calls(LEAST_CALLS - 10, 'failed');
    expect(breaker.state).toBe('closed');
    calls(1, 'failed');
    expect(breaker.state).toBe('open');
  });
});

describe('an open breaker', () => {
  it('lets nothing through, and says for how long', () => {
    const { breaker, clock } = open();
    clock.advance(1_250);
    const refusal = { code: 'UPSTREAM_UNAVAILABLE', retryable: true, retryAfterSeconds: 3.8 };
    expect(breaker.refusal()).toMatchObject(refusal);
    expect(() => breaker.enter()).toThrow(expect.objectContaining(refusal));
  });

  it('hears nothing of calls that began before', () => {
    const { breaker, calls, clock, call } = start();
    const early = breaker.enter();
    calls(LEAST_CALLS, 'failed');
    clock.advance(PAUSE_MS);
    for (let probe = 0; probe < 3; probe += 1) call('answered');
    expect(breaker.state).toBe('closed');
    calls(LEAST_CALLS - 1, 'failed');
    breaker.settle(early, 'failed');
    expect(breaker.state).toBe('closed');
  });

  it('lets one call through after the pause, and no other until that has ended', () => {
    const { breaker, clock } = open();
    clock.advance(PAUSE_MS);
    expect(breaker.refusal()).toBeNull();
    const probe = breaker.enter();
    expect(breaker.state).toBe('half-open');
    expect(breaker.refusal()).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryAfterSeconds: 1 });
    expect(() => breaker.enter()).toThrow();
    breaker.settle(probe, 'answered');
    expect(breaker.refusal()).toBeNull();
  });

  it('closes after three in a row: those before a failure do not count', () => {
    const { breaker, clock, call } = open();
    clock.advance(PAUSE_MS);
    for (const verdict of ['answered', 'answered', 'failed'] as const) call(verdict);
    expect(breaker.state).toBe('open');
    clock.advance(2 * PAUSE_MS);
    call('answered');
    call('answered');
    expect(breaker.state).toBe('half-open');
    call('answered');
    expect(breaker.state).toBe('closed');
  });

  it('closes after three of them', () => {
    const { breaker, clock, call, changes } = open();
    clock.advance(PAUSE_MS);
    call('answered');
    call('answered');
    expect(breaker.state).toBe('half-open');
    call('answered');
    expect(changes).toEqual(['open', 'half-open', 'closed']);
  });

  it('is none the wiser when the caller of such a call leaves', () => {
    const { breaker, clock, call } = open();
    clock.advance(PAUSE_MS);
    call('none');
    expect(breaker.state).toBe('half-open');
    expect(breaker.refusal()).toBeNull();
  });

  it('waits for such a call only so long, and hears nothing of it then', () => {
    const { breaker, clock, call } = open();
    clock.advance(PAUSE_MS);
    const hanging = breaker.enter();
    clock.advance(PROBE_PATIENCE_MS - 1);
    expect(breaker.refusal()).not.toBeNull();
    clock.advance(1);
    expect(breaker.refusal()).toBeNull();
    const next = breaker.enter();
    breaker.settle(hanging, 'answered');
    expect(breaker.refusal()).not.toBeNull();
    breaker.settle(next, 'answered');
    call('answered');
    call('answered');
    expect(breaker.state).toBe('closed');
    breaker.settle(hanging, 'failed');
    expect(breaker.state).toBe('closed');
  });

  it('opens again at the first that fails, for twice as long, and for half a minute at the most', () => {
    const { breaker, clock, call } = open();
    const pauses: (number | undefined)[] = [];
    for (let time = 0; time < 5; time += 1) {
      pauses.push(breaker.refusal()?.waitMs);
      clock.advance(breaker.refusal()?.waitMs ?? 0);
      call('failed');
    }
    expect(pauses).toEqual([PAUSE_MS, 10_000, 20_000, LONGEST_PAUSE_MS, LONGEST_PAUSE_MS]);
  });

  it('forgets how long it was once it has closed', () => {
    const { breaker, clock, call, calls } = open();
    clock.advance(PAUSE_MS);
    call('failed');
    clock.advance(2 * PAUSE_MS);
    calls(3, 'answered');
    calls(LEAST_CALLS, 'failed');
    expect(breaker.refusal()?.waitMs).toBe(PAUSE_MS);
  });
});

describe('what a call says of Graph', () => {
  it.each([
    ['never-sent', 'failed'],
    ['lost', 'failed'],
    ['timeout', 'failed'],
    ['unavailable', 'failed'],
    ['throttled', 'answered'],
    ['unauthenticated', 'answered'],
    ['forbidden', 'answered'],
    ['not-found', 'answered'],
    ['conflict', 'answered'],
    ['precondition', 'answered'],
    ['rejected', 'answered'],
    ['no-room', 'answered'],
    ['bad-response', 'answered'],
  ] as [FailureKind, Verdict][])('%s: %s', (kind, verdict) => {
    expect(verdictOf(new GraphFailure(kind), false)).toBe(verdict);
    expect(verdictOf(new GraphFailure(kind), true)).toBe('none');
  });

  it('a call that was not made, and a fault of the program: nothing', () => {
    expect(verdictOf(leftAlone(1), false)).toBe('none');
    expect(verdictOf(new TypeError('odd'), false)).toBe('none');
  });
});
