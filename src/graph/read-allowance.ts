// How many bytes the reads of one operation may bring from Microsoft Graph. Each response has a bound of its own, but what an
// operation reads is kept together until its own response is made.
import { OperationEnded } from '../runtime/errors.ts';

export class ReadsTooLarge extends OperationEnded {
  constructor(most: number) {
    const message = `read bytes: at most ${most} from Microsoft Graph in an operation. Ask for fewer people, or less of each.`;
    super('LIMIT_EXCEEDED', message);
  }
}

export class ReadAllowance {
  readonly #most: number;
  #taken = 0;
  #exceeded: ReadsTooLarge | null = null;

  constructor(most: number) {
    this.#most = most;
  }

  /** Why the operation must not read any more; null while it may. The same error each time. */
  get exceeded(): ReadsTooLarge | null {
    return this.#exceeded;
  }

  /** @returns as `exceeded` */
  take(bytes: number): ReadsTooLarge | null {
    this.#taken += bytes;
    if (this.#taken > this.#most) this.#exceeded ??= new ReadsTooLarge(this.#most);
    return this.#exceeded;
  }
}
