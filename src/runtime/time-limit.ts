// The same time for many things: requests, or tries of one. They run out of it in the order in which they began, so one
// timer is enough for all of them, where one for each would cost more than all else that is done about time.
//
// They are linked among themselves, and not kept in a Set: its old tables would hold on to whole answers, for the reason
// that `passing.ts` gives.
import type { Clock } from './clock.ts';

/** Something that ends itself when its time is up. Of one limit at a time. */
export abstract class Expirable {
  /** In the clock's elapsed milliseconds; set when the time begins. */
  due = 0;
  /** Those that began before and after this; null when the time has not begun, or is over. */
  before: Expirable | null = null;
  after: Expirable | null = null;

  abstract expire(): void;
}

export class TimeLimit {
  readonly #clock: Clock;
  readonly #ms: number;
  /** Between the last and the first. */
  readonly #ends = new Ends();
  #armed = false;

  /** @param ms milliseconds for each, 1 or more */
  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.#ms = ms;
  }

  /** Of one whose time has not begun. */
  begin(one: Expirable): void {
    one.due = this.#clock.elapsed() + this.#ms;
    const last = this.#ends.before as Expirable;
    one.before = last;
    one.after = this.#ends;
    last.after = one;
    this.#ends.before = one;
    if (!this.#armed) this.#arm(this.#ms);
  }

  /** The one whose time has begun longest ago; null for none. */
  get first(): Expirable | null {
    const { after } = this.#ends;
    return after === this.#ends ? null : after;
  }

  /** Also of one that has expired, or never began. */
  end(one: Expirable): void {
    const { before, after } = one;
    if (before === null || after === null) return;
    before.after = after;
    after.before = before;
    one.before = null;
    one.after = null;
  }

  #arm(ms: number): void {
    this.#armed = true;
    this.#clock.schedule(ms, () => this.#look());
  }

  #look(): void {
    this.#armed = false;
    const now = this.#clock.elapsed();
    for (let one = this.#ends.after; one !== this.#ends && one !== null; one = this.#ends.after) {
      if (one.due > now) {
        this.#arm(one.due - now);
        return;
      }
      this.end(one);
      one.expire();
    }
  }
}

/** Its `after` is the first, its `before` the last; both are itself when there is none. */
class Ends extends Expirable {
  override before: Expirable = this;
  override after: Expirable = this;

  expire(): void {}
}
