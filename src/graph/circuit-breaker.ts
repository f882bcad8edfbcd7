// The circuit breaker in front of Microsoft Graph. The circuit opens when half of the calls of the last ten seconds fail
// for reasons on Graph's side. While it is open, calls fail at once. After a pause the circuit is half-open: one call at a
// time probes Graph. Three successful probes in a row close the circuit. A failed probe opens it again for twice as long.
//
// opossum and resilience4j also open at half of the calls in 10 s. Fewer than 20 calls are too few to judge. The pause
// is 5 s to 30 s. Envoy ejects a failing host for 30 s. Graph stands for many hosts, and usually some of them are healthy.
import type { Clock } from '../runtime/clock.ts';
import { type CallRejected, circuitOpen } from './rejected.ts';

/** `half-open`: one call at a time probes whether the outage is over. */
export type BreakerState = 'closed' | 'half-open' | 'open';

/** What the outcome of a call shows: Graph responds, Graph fails, or nothing, for example because the caller went away. */
export type Verdict = 'responded' | 'failed' | 'none';

export interface Breaker {
  readonly state: BreakerState;
  /** The error for a call made now. Null when the call may be made. Changes no state. */
  rejection(): CallRejected | null;
  /**
   * Admits a call.
   *
   * @returns a ticket. The caller passes it to `settle` exactly once.
   * @throws CallRejected while the circuit is open
   */
  enter(): number;
  settle(ticket: number, verdict: Verdict): void;
}

export interface BreakerOptions {
  readonly clock: Clock;
  /** Called on each change of state. @param failed and `calls`: the counts that opened the circuit, otherwise 0 */
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
/** `Retry-After` in milliseconds for calls that arrive during a probe. */
const PROBE_MS = 1_000;
/** Milliseconds after which a probe without a result no longer blocks the next one. A write can take a whole deadline. */
export const PROBE_PATIENCE_MS = 5_000;

export function createBreaker(options: BreakerOptions): Breaker {
  return new CountingBreaker(options);
}

/** Counts calls in slices of one second. A call costs a few additions and allocates nothing. */
class CountingBreaker implements Breaker {
  state: BreakerState = 'closed';
  readonly #clock: Clock;
  readonly #changed: BreakerOptions['changed'];
  readonly #calls = new Float64Array(SLICES);
  readonly #failed = new Float64Array(SLICES);
  /** The number of the last slice used, counted from the start of the clock. */
  #slice = 0;
  /** Incremented each time the circuit closes, so that calls from before an outage do not count after it. */
  #ticket = 0;
  /** The ticket of the running probe, below 0. 0 when there is none. */
  #probe = 0;
  #probes = 0;
  /** When the next probe may replace the running one, in the clock's elapsed milliseconds. */
  #probeEnds = 0;
  #goodProbes = 0;
  #pause = PAUSE_MS;
  /** End of the pause, in the clock's elapsed milliseconds. */
  #until = 0;

  constructor({ clock, changed }: BreakerOptions) {
    this.#clock = clock;
    this.#changed = changed;
  }

  rejection(): CallRejected | null {
    if (this.state === 'closed') return null;
    const now = this.#clock.elapsed();
    if (this.state === 'open') return now < this.#until ? circuitOpen(this.#until - now) : null;
    return this.#probe !== 0 && now < this.#probeEnds ? circuitOpen(PROBE_MS) : null;
  }

  enter(): number {
    if (this.state === 'closed') return this.#ticket;
    const rejection = this.rejection();
    if (rejection !== null) throw rejection;
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
    } else if (verdict === 'responded') {
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

  /** The index of the current slice. Clears the slices that have passed since the last count. */
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
