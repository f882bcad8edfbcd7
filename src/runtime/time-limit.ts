// The same time limit for many objects, such as requests. They expire in the order in which they began, so one timer
// serves all of them. A timer for each would cost more than everything else about deadlines.
//
// The objects form a linked list instead of a Set: the old tables of a Set would keep whole responses alive, for the reason
// given in `transient-map.ts`.
import type { Clock, ElapsedMs } from './clock.ts';

/** An object that expires. It can be in one TimeLimit at a time. */
export abstract class Expirable {
  /** When it expires. Set by `begin`. */
  due: ElapsedMs = 0;
  /** The neighbors in the list; null outside of a list. */
  before: Expirable | null = null;
  after: Expirable | null = null;

  abstract expire(): void;
}

export class TimeLimit {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #list = new ListHead();
  #isArmed = false;

  /** @param ms the time limit of each object in milliseconds, 1 or more */
  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.#ms = ms;
  }

  /** Starts the time of an object that is in no list. */
  begin(one: Expirable): void {
    one.due = this.#clock.elapsed() + this.#ms;
    const last = this.#list.before as Expirable;
    one.before = last;
    one.after = this.#list;
    last.after = one;
    this.#list.before = one;
    if (!this.#isArmed) this.#arm(this.#ms);
  }

  /** The object that expires next; null without one. */
  get first(): Expirable | null {
    const { after } = this.#list;
    return after === this.#list ? null : after;
  }

  /** Removes an object before it expires. Does nothing for an object that has expired or never began. */
  end(one: Expirable): void {
    const { before, after } = one;
    if (before === null || after === null) return;
    before.after = after;
    after.before = before;
    one.before = null;
    one.after = null;
  }

  #arm(ms: number): void {
    this.#isArmed = true;
    this.#clock.schedule(ms, () => this.#expireDue());
  }

  #expireDue(): void {
    this.#isArmed = false;
    const now = this.#clock.elapsed();
    for (let one = this.#list.after; one !== this.#list && one !== null; one = this.#list.after) {
      if (one.due > now) {
        this.#arm(one.due - now);
        return;
      }
      this.end(one);
      one.expire();
    }
  }
}

/** `after` is the first object and `before` the last. In an empty list, both are the head itself. */
class ListHead extends Expirable {
  override before: Expirable = this;
  override after: Expirable = this;

  expire(): void {}
}
