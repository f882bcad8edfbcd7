// The log of this process: JSON lines on stderr, so that what a person reads on stdout stays readable. A stderr that takes
// nothing (a full disk, a pipe that nobody reads) costs lines, which are counted, and nothing else.
import { fstatSync, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { pino } from 'pino';
import { createAppender } from '../runtime/append.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import { withTimeout } from '../runtime/with-timeout.ts';
import { createLogDestination, type LogSink } from './log-destination.ts';

export interface ProcessLog {
  readonly logger: Logger;
  /** Lines that were lost so far. */
  lost(): number;
  /** Resolves once the lines so far are written or lost, or after a second. */
  flush(): Promise<void>;
}

/** What a pipe takes in one piece on every system, so that lines of several processes do not mix (POSIX, write). */
const WHOLE_BYTES = 4_096;
/** No more than Docker reads at once. */
const PIECE_BYTES = 16_384;
const FLUSH_MS = 1_000;
const STDERR = 2;

/** @param worker which process this is, where several write to the same stderr; else null */
export function createLog(level: string, worker: number | 'primary' | null, clock: Clock): ProcessLog {
  const destination = createLogDestination({
    sink: fstatSync(STDERR).isFile() ? { write: createAppender(STDERR) } : streamSink(process.stderr),
    clock,
    pieceBytes: worker === null ? PIECE_BYTES : WHOLE_BYTES,
  });
  process.on('exit', () => writeLast(destination.takeWaiting()));
  const logger = pino({ level, base: worker === null ? null : { worker } }, destination);
  return {
    logger,
    lost: destination.lost,
    flush: () => withTimeout(clock, FLUSH_MS, destination.flush()).catch(() => undefined),
  };
}

function streamSink(stream: Writable): LogSink {
  // The write that failed says so; without a listener the process would end.
  stream.on('error', () => undefined);
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error) => (error === null || error === undefined ? resolve() : reject(error)));
      }),
  };
}

/** What there is no time to wait for. A pipe that is full takes a part of it, or nothing. */
function writeLast(text: string): void {
  try {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(STDERR, bytes, at);
  } catch {
    // Nobody is left to be told.
  }
}
