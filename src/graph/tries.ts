// The time that one try may take, from the wish to send it to the last byte of its answer: an upstream that lets nothing
// be heard, or a byte a second, is asked again while there is time left. All tries have the same time, so they end in the
// order in which they began, and one timer is enough for all of them.
import type { Clock } from '../base/clock.ts';

/** Something that ends itself when its time is up. */
export interface Expiring {
  /** In the clock's elapsed milliseconds; set when the time begins. */
  due: number;
  expire(): void;
}

export class Tries {
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
