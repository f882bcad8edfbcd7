// The circuit breaker before Microsoft Graph. When half of the calls of the last ten seconds failed by no fault of those
// who called, Graph is left alone: callers are told so at once instead of waiting for what will not come, and an
// upstream that is coming back is not met by all of them. Then one call at a time is let through to see; three that are
// answered, one after the other, and all is as before. One that is not, and the pause is twice as long.
//
// The figures: half of the calls in 10 s is where opossum and resilience4j open; below 20 calls chance decides. Graph is
// left alone for 5 s and for 30 s at the most, Envoy's time for a host that fails: it stands for many hosts, and as a
// rule some of them are well.
import type { Clock } from '../runtime/clock.ts';
import { type HeldBack, leftAlone } from './rejected.ts';

/** `half-open`: one call at a time may see whether the outage is over. */
export type BreakerState = 'closed' | 'half-open' | 'open';

/** What a call says of the upstream: that it answers, that it does not, or neither, since its caller left. */
export type Verdict = 'answered' | 'failed' | 'none';

export interface Breaker {
  readonly state: BreakerState;
  /** Why a call would not be let through now; null where it would. */
  refusal(): HeldBack | null;
  /**
   * Lets a call through. What is returned is to be handed to `settle`, once, with what came of it.
   *
   * @throws HeldBack
   */
  enter(): number;
  settle(ticket: number, verdict: Verdict): void;
}

export interface BreakerOptions {
  readonly clock: Clock;
  /** Told of every change. @param failed of so many calls; 0 of 0 where it is not about that */
  readonly changed: (state: BreakerState, failed: number, calls: number) => void;
}

export const WINDOW_MS = 10_000;
export const LEAST_CALLS = 20;
export const FAILED_SHARE = 0.5;
export const PAUSE_MS = 5_000;
export const LONGEST_PAUSE_MS = 30_000;
export const GOOD_PROBES = 3;

const SLICES = 10;
const SLICE_MS = WINDOW_MS / SLICES;
/** Milliseconds that those are to wait who come while another one sees how things are. */
const PROBE_MS = 1_000;
/** Milliseconds after which one that has seen nothing is waited for no more: a change may take all of a long deadline. */
export const PROBE_PATIENCE_MS = 5_000;

export function createBreaker(options: BreakerOptions): Breaker {
  return new CountingBreaker(options);
}

/** A call costs it a few additions, and no object. */
class CountingBreaker implements Breaker {
  state: BreakerState = 'closed';
  readonly #clock: Clock;
  readonly #changed: BreakerOptions['changed'];
  readonly #calls = new Float64Array(SLICES);
  readonly #failed = new Float64Array(SLICES);
  /** The last slice that was counted in, by its number since the start of the clock. */
  #slice = 0;
  /** Grows whenever it closes: what began before an outage says nothing after it. */
  #ticket = 0;
  /** The ticket of the call that is to see how things are, below 0; 0 for none. */
  #probe = 0;
  #probes = 0;
  /** When another may go in its place, in the clock's elapsed milliseconds. */
  #probeEnds = 0;
  #goodProbes = 0;
  #pause = PAUSE_MS;
  /** In the clock's elapsed milliseconds. */
  #until = 0;

  constructor({ clock, changed }: BreakerOptions) {
    this.#clock = clock;
    this.#changed = changed;
  }

  refusal(): HeldBack | null {
    if (this.state === 'closed') return null;
    const now = this.#clock.elapsed();
    if (this.state === 'open') return now < this.#until ? leftAlone(this.#until - now) : null;
    return this.#probe !== 0 && now < this.#probeEnds ? leftAlone(PROBE_MS) : null;
  }

  enter(): number {
    if (this.state === 'closed') return this.#ticket;
    const refusal = this.refusal();
    if (refusal !== null) throw refusal;
    if (this.state === 'open') this.#become('half-open');
    this.#probes += 1;
    this.#probe = -this.#probes;
    this.#probeEnds = this.#clock.elapsed() + PROBE_PATIENCE_MS;
    return this.#probe;
  }

  settle(ticket: number, verdict: Verdict): void {
    if (ticket < 0) {
      if (ticket === this.#probe) this.#probed(verdict);
    } else if (this.state === 'closed' && ticket === this.#ticket && verdict !== 'none') this.#count(verdict);
  }

  #probed(verdict: Verdict): void {
    this.#probe = 0;
    if (verdict === 'failed') {
      this.#pause = Math.min(LONGEST_PAUSE_MS, this.#pause * 2);
      this.#open(0, 0);
    } else if (verdict === 'answered') {
      this.#goodProbes += 1;
      if (this.#goodProbes < GOOD_PROBES) return;
      this.#pause = PAUSE_MS;
      this.#ticket += 1;
      this.#become('closed');
    }
  }

  #count(verdict: Verdict): void {
    const slice = this.#now();
    this.#calls[slice] = (this.#calls[slice] ?? 0) + 1;
    if (verdict !== 'failed') return;
    this.#failed[slice] = (this.#failed[slice] ?? 0) + 1;
    const calls = sum(this.#calls);
    const failed = sum(this.#failed);
    if (calls >= LEAST_CALLS && failed >= calls * FAILED_SHARE) this.#open(failed, calls);
  }

  /** The place of the present slice; those that have passed since the last count are emptied. */
  #now(): number {
    const slice = Math.floor(this.#clock.elapsed() / SLICE_MS);
    for (let passed = Math.min(slice - this.#slice, SLICES); passed > 0; passed -= 1) {
      const place = (slice - passed + 1) % SLICES;
      this.#calls[place] = 0;
      this.#failed[place] = 0;
    }
    this.#slice = slice;
    return slice % SLICES;
  }

  #open(failed: number, calls: number): void {
    this.#calls.fill(0);
    this.#failed.fill(0);
    this.#goodProbes = 0;
    this.#until = this.#clock.elapsed() + this.#pause;
    this.#become('open', failed, calls);
  }

  #become(state: BreakerState, failed = 0, calls = 0): void {
    this.state = state;
    this.#changed(state, failed, calls);
  }
}

function sum(slices: Float64Array): number {
  let total = 0;
  for (const count of slices) total += count;
  return total;
}
