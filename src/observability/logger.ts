// The log of this process: JSON lines on stderr, because stdout has messages for a person. When stderr is blocked or fails (a
// full disk, a pipe that nobody reads), lines are lost and counted, and the gateway goes on.
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
  /** The number of lines that were lost so far. */
  lost(): number;
  /** Resolves when all lines so far are written or lost, or after a second. */
  flush(): Promise<void>;
}

/** Maximum bytes of an atomic write to a pipe, so that the lines of several processes do not mix (POSIX, write). */
const ATOMIC_BYTES = 4_096;
/** Docker reads at most this much at once. */
const PIECE_BYTES = 16_384;
const FLUSH_MS = 1_000;
const STDERR = 2;

/** @param worker identifies the process when several write to the same stderr. Null for a single process */
export function createLog(level: string, worker: number | 'primary' | null, clock: Clock): ProcessLog {
  const destination = createLogDestination({
    sink: fstatSync(STDERR).isFile() ? { write: createAppender(STDERR) } : streamSink(process.stderr),
    clock,
    pieceBytes: worker === null ? PIECE_BYTES : ATOMIC_BYTES,
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
  // The callback of the write reports the error. Without a listener the process would end.
  stream.on('error', () => undefined);
  return {
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error) => (error === null || error === undefined ? resolve() : reject(error)));
      }),
  };
}

/** Writes the last lines synchronously. A full pipe takes a part of them, or nothing. */
function writeLast(text: string): void {
  try {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(STDERR, bytes, at);
  } catch {
    // The process is ending and cannot report the error.
  }
}
