// Where log lines go on their way out. They wait here and leave in pieces, so that a line costs no system call of its own.
//
// A log that cannot be written stops nothing: what the sink refuses is lost and counted, and so is a line for which there
// is no room while the sink takes nothing. The next piece is tried as ever, so that logging works again once the sink does.
import { AppendError } from '../runtime/append.ts';
import type { Clock } from '../runtime/clock.ts';

export interface LogSink {
  /** Called again only after this has settled. @throws AppendError, or anything else where nothing was written */
  write(text: string): Promise<void>;
}

export interface LogDestination {
  /** @param line with its line break */
  write(line: string): void;
  /** Lines that were lost so far. */
  lost(): number;
  /** Resolves once the sink has all that was given before, or has refused it. */
  flush(): Promise<void>;
  /** Takes back what the sink was not given yet, for a process that has no time to wait. */
  takeWaiting(): string;
}

export interface LogDestinationOptions {
  readonly sink: LogSink;
  readonly clock: Clock;
  /** Bytes that leave together at most. A line that is longer by itself leaves alone. */
  readonly pieceBytes: number;
}

/** Bytes that wait at most: some 3,000 lines. */
const MOST_WAITING_BYTES = 1_048_576;
/** Milliseconds that a line waits for others. */
const GATHER_MS = 200;

interface Piece {
  text: string;
  bytes: number;
}

export function createLogDestination({ sink, clock, pieceBytes }: LogDestinationOptions): LogDestination {
  let pieces: Piece[] = [];
  /** Of the pieces, and of the one that is on its way. */
  let bytesWaiting = 0;
  let lost = 0;
  /** Pieces that leave though they are not full. */
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

  /** Writes what is full or due, and has the rest wait for its time. */
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
      if (bytesWaiting + bytes > MOST_WAITING_BYTES) {
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

/** Lines of the text whose end was not written. */
function linesAfter(text: string, error: unknown): number {
  const written = error instanceof AppendError ? error.written : 0;
  return Buffer.from(text).subarray(written).toString('latin1').split('\n').length - 1;
}
