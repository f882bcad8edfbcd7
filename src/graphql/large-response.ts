// The body of a large response as a stream of parts. One string of 16 MB would block the event loop twice: when its parts
// are joined, and when it is encoded and written.
import { Readable } from 'node:stream';
import type { Clock } from '../runtime/clock.ts';

/** Bytes passed on before yielding to the event loop. A connection accepts gigabytes per second. */
const SLICE = 1024 * 1024;

export class LargeResponse extends Readable {
  /** Bytes of the whole body. */
  readonly bytes: number;
  readonly #clock: Pick<Clock, 'afterTurn'>;
  /** The parts to send, in reverse order, so that each part can be freed once it is sent. */
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
