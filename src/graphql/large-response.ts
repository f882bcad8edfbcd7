// The body of a large response: parts that were made in slices, and that are handed to the connection in slices. A text of
// 16 MB would hold the event loop twice, when its parts are joined and when it is encoded and written.
import { Readable } from 'node:stream';
import type { Clock } from '../runtime/clock.ts';

/** Bytes that are handed over without letting the event loop go. A connection takes some gigabytes in a second. */
const SLICE = 1024 * 1024;

export class LargeResponse extends Readable {
  /** Of the whole body. */
  readonly bytes: number;
  readonly #clock: Pick<Clock, 'afterTurn'>;
  /** What is still to be sent, the next part last: each is let go of once it is sent. */
  readonly #parts: Buffer[];
  #inTurn = 0;

  constructor(parts: readonly Buffer[], clock: Pick<Clock, 'afterTurn'>) {
    super();
    this.bytes = parts.reduce((sum, { length }) => sum + length, 0);
    this.#parts = parts.toReversed();
    this.#clock = clock;
  }

  override _read(): void {
    if (this.#inTurn < SLICE) {
      this.#sendNext();
      return;
    }
    this.#inTurn = 0;
    this.#clock.afterTurn(() => this.#sendNext());
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#parts.length = 0;
    callback(error);
  }

  #sendNext(): void {
    if (this.destroyed) return;
    const part = this.#parts.pop();
    this.#inTurn += part?.length ?? 0;
    this.push(part ?? null);
  }
}
