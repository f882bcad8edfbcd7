// Limits the bytes that the reads of one operation may bring from Microsoft Graph. Each response has its own limit, but an
// operation keeps all it has read in memory until its response is complete.
import { OperationEnded } from '../runtime/errors.ts';

export class ReadsTooLarge extends OperationEnded {
  constructor(most: number) {
    const message = `read bytes: at most ${most} from Microsoft Graph in an operation. Request fewer users or fewer fields.`;
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

  /** The error once the limit is exceeded, always the same object. Null while the operation may read on. */
  get exceeded(): ReadsTooLarge | null {
    return this.#exceeded;
  }

  /** Counts bytes that were read. @returns `exceeded` */
  take(bytes: number): ReadsTooLarge | null {
    this.#taken += bytes;
    if (this.#taken > this.#most) this.#exceeded ??= new ReadsTooLarge(this.#most);
    return this.#exceeded;
  }
}
