// The log of this process.
import { pino } from 'pino';
import type { Logger } from './base/log.ts';

/** What a pipe takes in one piece on every system, so that lines of several processes do not mix (POSIX, write). */
const WHOLE = 4_096;

/**
 * Goes to stderr, so that what a person reads on stdout stays readable; in pieces, so that a line costs no system call of
 * its own.
 *
 * @param worker which process this is, where several write to the same stderr; else null
 */
export function createLogger(level: string, worker: number | 'primary' | null): Logger {
  const pieces = worker === null ? { minLength: 12_288 } : { minLength: WHOLE / 2, maxWrite: WHOLE };
  const stderr = pino.destination({ dest: 2, sync: false, periodicFlush: 200, ...pieces });
  return pino({ level, base: worker === null ? null : { worker } }, stderr);
}
