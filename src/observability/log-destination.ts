// Buffers log lines and writes them in pieces, so that a line does not need a system call of its own.
//
// A log that cannot be written does not stop the gateway. Lines that the sink rejects are lost and counted, and so are lines
// that exceed the buffer while the sink is blocked. The next piece is written as usual, so logging recovers with the sink.
import { AppendError } from '../runtime/append.ts';
import type { Clock } from '../runtime/clock.ts';

export interface LogSink {
  /** Must not be called again before it has settled. @throws AppendError, or another error when nothing was written */
  write(text: string): Promise<void>;
}

export interface LogDestination {
  /** @param line including its line break */
  write(line: string): void;
  /** The number of lines that were lost so far. */
  lost(): number;
  /** Resolves when all lines so far are written or lost. */
  flush(): Promise<void>;
  /** Removes and returns the lines that were not passed to the sink yet, for a process that cannot wait. */
  takeWaiting(): string;
}

export interface LogDestinationOptions {
  readonly sink: LogSink;
  readonly clock: Clock;
  /** Maximum bytes of a piece. A longer line is a piece of its own. */
  readonly pieceBytes: number;
}

/** Maximum bytes that wait: some 3,000 lines. */
const MAX_WAITING_BYTES = 1_048_576;
/** Maximum milliseconds that a line waits for others. */
const GATHER_MS = 200;

interface Piece {
  text: string;
  bytes: number;
}

export function createLogDestination({ sink, clock, pieceBytes }: LogDestinationOptions): LogDestination {
  let pieces: Piece[] = [];
  /** Bytes of the waiting pieces and of the piece that is being written. */
  let bytesWaiting = 0;
  let lost = 0;
  /** The number of pieces to write although they are not full. */
  let due = 0;
  let writing: Promise<void> | null = null;
  let isTimed = false;

  function gather(line: string, bytes: number): void {
    const last = pieces.at(-1);
    if (last === undefined || last.bytes + bytes > pieceBytes) pieces.push({ text: line, bytes });
    else {
      last.text += line;
      last.bytes += bytes;
    }
    bytesWaiting += bytes;
  }

  async function writeOne({ text, bytes }: Piece): Promise<void> {
    try {
      await sink.write(text);
    } catch (error) {
      lost += linesAfter(text, error);
    }
    bytesWaiting -= bytes;
    writing = null;
    proceed();
  }

  /** Writes a piece that is full or due, and starts the timer of the others. */
  function proceed(): void {
    if (writing === null && (due > 0 || pieces.length > 1)) {
      const piece = pieces.shift();
      due = Math.max(due - 1, 0);
      if (piece !== undefined) writing = writeOne(piece);
    }
    if (isTimed || pieces.length === 0) return;
    isTimed = true;
    clock.schedule(GATHER_MS, () => {
      isTimed = false;
      due = pieces.length;
      proceed();
    });
  }

  return {
    write(line) {
      const bytes = Buffer.byteLength(line);
      if (bytesWaiting + bytes > MAX_WAITING_BYTES) {
        lost += 1;
        return;
      }
      gather(line, bytes);
      proceed();
    },
    lost: () => lost,
    async flush() {
      while (pieces.length > 0 || writing !== null) {
        due = pieces.length;
        proceed();
        await writing;
      }
    },
    takeWaiting() {
      const taken = pieces;
      pieces = [];
      for (const { bytes } of taken) bytesWaiting -= bytes;
      return taken.map(({ text }) => text).join('');
    },
  };
}

/** The number of lines that were not written completely. */
function linesAfter(text: string, error: unknown): number {
  const written = error instanceof AppendError ? error.written : 0;
  return Buffer.from(text).subarray(written).toString('latin1').split('\n').length - 1;
}
