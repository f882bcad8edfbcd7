// When the circuit opens and how it closes again, on a fake clock.
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
import { circuitOpen } from '../../src/graph/rejected.ts';
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
    calls(50, 'responded');
    calls(49, 'failed');
    expect(breaker.state).toBe('closed');
    calls(1, 'failed');
    expect(breaker.state).toBe('open');
  });

  it('not for a few calls, even if all of them fail', () => {
    const { breaker, calls } = start();
    calls(LEAST_CALLS - 1, 'failed');
    expect(breaker.state).toBe('closed');
  });

  it('not for calls that show nothing about Graph', () => {
    const { breaker, calls } = start();
    calls(1_000, 'none');
    calls(LEAST_CALLS - 1, 'failed');
    expect(breaker.state).toBe('closed');
  });

  it('not for failures outside the window', () => {
    const { breaker, calls, clock } = start();
    calls(LEAST_CALLS - 1, 'failed');
    clock.advance(WINDOW_MS);
    calls(1, 'failed');
    expect(breaker.state).toBe('closed');
    calls(LEAST_CALLS - 1, 'failed');
    expect(breaker.state).toBe('open');
  });

  it('for failures spread over the window, which moves on by one second at a time', () => {
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
  it('rejects all calls with the remaining time', () => {
    const { breaker, clock } = open();
    clock.advance(1_250);
    const rejection = { code: 'UPSTREAM_UNAVAILABLE', retryable: true, retryAfterSeconds: 3.8 };
    expect(breaker.rejection()).toMatchObject(rejection);
    expect(() => breaker.enter()).toThrow(expect.objectContaining(rejection));
  });

  it('ignores calls that began before it opened', () => {
    const { breaker, calls, clock, call } = start();
    const early = breaker.enter();
    calls(LEAST_CALLS, 'failed');
    clock.advance(PAUSE_MS);
    for (let probe = 0; probe < 3; probe += 1) call('responded');
    expect(breaker.state).toBe('closed');
    calls(LEAST_CALLS - 1, 'failed');
    breaker.settle(early, 'failed');
    expect(breaker.state).toBe('closed');
  });

  it('admits one probe after the pause, and no other call until the probe has ended', () => {
    const { breaker, clock } = open();
    clock.advance(PAUSE_MS);
    expect(breaker.rejection()).toBeNull();
    const probe = breaker.enter();
    expect(breaker.state).toBe('half-open');
    expect(breaker.rejection()).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryAfterSeconds: 1 });
    expect(() => breaker.enter()).toThrow();
    breaker.settle(probe, 'responded');
    expect(breaker.rejection()).toBeNull();
  });

  it('closes after three successful probes in a row, not counting those before a failure', () => {
    const { breaker, clock, call } = open();
    clock.advance(PAUSE_MS);
    for (const verdict of ['responded', 'responded', 'failed'] as const) call(verdict);
    expect(breaker.state).toBe('open');
    clock.advance(2 * PAUSE_MS);
    call('responded');
    call('responded');
    expect(breaker.state).toBe('half-open');
    call('responded');
    expect(breaker.state).toBe('closed');
  });

  it('closes after three successful probes', () => {
    const { breaker, clock, call, changes } = open();
    clock.advance(PAUSE_MS);
    call('responded');
    call('responded');
    expect(breaker.state).toBe('half-open');
    call('responded');
    expect(changes).toEqual(['open', 'half-open', 'closed']);
  });

  it('learns nothing from a probe whose caller goes away', () => {
    const { breaker, clock, call } = open();
    clock.advance(PAUSE_MS);
    call('none');
    expect(breaker.state).toBe('half-open');
    expect(breaker.rejection()).toBeNull();
  });

  it('stops waiting for a slow probe, and then ignores its outcome', () => {
    const { breaker, clock, call } = open();
    clock.advance(PAUSE_MS);
    const hanging = breaker.enter();
    clock.advance(PROBE_PATIENCE_MS - 1);
    expect(breaker.rejection()).not.toBeNull();
    clock.advance(1);
    expect(breaker.rejection()).toBeNull();
    const next = breaker.enter();
    breaker.settle(hanging, 'responded');
    expect(breaker.rejection()).not.toBeNull();
    breaker.settle(next, 'responded');
    call('responded');
    call('responded');
    expect(breaker.state).toBe('closed');
    breaker.settle(hanging, 'failed');
    expect(breaker.state).toBe('closed');
  });

  it('opens again after a failed probe, for twice as long and at most 30 seconds', () => {
    const { breaker, clock, call } = open();
    const pauses: (number | undefined)[] = [];
    for (let time = 0; time < 5; time += 1) {
      pauses.push(breaker.rejection()?.waitMs);
      clock.advance(breaker.rejection()?.waitMs ?? 0);
      call('failed');
    }
    expect(pauses).toEqual([PAUSE_MS, 10_000, 20_000, LONGEST_PAUSE_MS, LONGEST_PAUSE_MS]);
  });

  it('starts with the shortest pause again once it has closed', () => {
    const { breaker, clock, call, calls } = open();
    clock.advance(PAUSE_MS);
    call('failed');
    clock.advance(2 * PAUSE_MS);
    calls(3, 'responded');
    calls(LEAST_CALLS, 'failed');
    expect(breaker.rejection()?.waitMs).toBe(PAUSE_MS);
  });
});

describe('what a call shows about Graph', () => {
  it.each([
    ['never-sent', 'failed'],
    ['lost', 'failed'],
    ['timeout', 'failed'],
    ['unavailable', 'failed'],
    ['throttled', 'responded'],
    ['unauthenticated', 'responded'],
    ['forbidden', 'responded'],
    ['not-found', 'responded'],
    ['conflict', 'responded'],
    ['precondition', 'responded'],
    ['rejected', 'responded'],
    ['no-room', 'responded'],
    ['bad-response', 'responded'],
  ] as [FailureKind, Verdict][])('%s: %s', (kind, verdict) => {
    expect(verdictOf(new GraphFailure(kind), false)).toBe(verdict);
    expect(verdictOf(new GraphFailure(kind), true)).toBe('none');
  });

  it('a rejected call and an error of this program show nothing', () => {
    expect(verdictOf(circuitOpen(1), false)).toBe('none');
    expect(verdictOf(new TypeError('odd'), false)).toBe('none');
  });
});
