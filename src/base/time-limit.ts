// The same time for many things: requests, or tries of one. They run out of it in the order in which they began, so one
// timer is enough for all of them, where one for each would cost more than all else that is done about time.
import type { Clock } from './clock.ts';

/** Something that ends itself when its time is up. */
export interface Expiring {
  /** In the clock's elapsed milliseconds; set when the time begins. */
  due: number;
  expire(): void;
}

export class TimeLimit {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #running = new Set<Expiring>();
  #armed = false;

  /** @param ms milliseconds for each, 1 or more */
  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.#ms = ms;
  }

  begin(one: Expiring): void {
    one.due = this.#clock.elapsed() + this.#ms;
    this.#running.add(one);
    if (!this.#armed) this.#arm(this.#ms);
  }

  /** Also for one that has expired. */
  end(one: Expiring): void {
    this.#running.delete(one);
  }

  #arm(ms: number): void {
    this.#armed = true;
    this.#clock.schedule(ms, () => this.#look());
  }

  #look(): void {
    this.#armed = false;
    const now = this.#clock.elapsed();
    for (const one of this.#running) {
      if (one.due > now) {
        this.#arm(one.due - now);
        return;
      }
      this.#running.delete(one);
      one.expire();
    }
  }
}
