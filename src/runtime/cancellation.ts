// The end of something's being wanted: a request whose client has gone, a call nobody waits for any more. What
// AbortSignal says, for a twentieth of its cost, which counts where there are several to a request.
import { Expirable } from './time-limit.ts';

export class Cancellation extends Expirable {
  #cancelled = false;
  #listeners: (() => void)[] | null = null;

  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Calls `listener` once when it comes to that; at once if it has. */
  onCancel(listener: () => void): void {
    if (this.#cancelled) listener();
    else if (this.#listeners === null) this.#listeners = [listener];
    else this.#listeners.push(listener);
  }

  expire(): void {
    this.cancel();
  }

  /** The first call counts. */
  cancel(): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    const listeners = this.#listeners;
    this.#listeners = null;
    for (const listener of listeners ?? []) listener();
  }
}
