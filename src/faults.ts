// Faults that nobody caught. A rejected promise is the trouble of one piece of work: it is logged, and everything else
// goes on. After an exception nobody knows what state the process is in: it finishes what is under way and goes, with an
// exit code that has it started again. The log says where, and never what: a message may hold what a person typed.
import type { Clock } from './base/clock.ts';
import { faultOf } from './base/fault.ts';
import type { Logger } from './base/log.ts';

export interface FaultOptions {
  readonly logger: Logger;
  readonly clock: Clock;
  /** Finishes what is under way. */
  drain(): Promise<void>;
  /** Milliseconds for that: a process that is not well may not get to its end. */
  readonly patienceMs: number;
  exit(code: number): void;
}

/** @param process where it is heard of them */
export function handleFaults(process: NodeJS.Process, options: FaultOptions): void {
  const { logger, clock, drain, patienceMs, exit } = options;
  let leaving = false;
  process.on('unhandledRejection', (reason: unknown) => logger.error(faultOf(reason), 'unhandled rejection'));
  process.on('uncaughtException', (error: unknown) => {
    logger.error(faultOf(error), 'uncaught exception');
    if (leaving) return;
    leaving = true;
    // Whoever hurries it by a signal does not make it a success.
    process.exitCode = 1;
    const end = (): void => exit(1);
    void Promise.race([drain(), clock.sleep(patienceMs)]).then(end, end);
  });
}

/** Milliseconds within which a gateway has drained, and some to spare. */
export function drainTime(times: {
  readonly drainDelayMs: number;
  readonly requestDeadlineMs: number;
}): number {
  return times.drainDelayMs + times.requestDeadlineMs + 5_000;
}
