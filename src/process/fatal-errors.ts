// Faults that nobody caught. A rejected promise is the trouble of one piece of work: it is logged, and everything else
// goes on. After an exception nobody knows what state the process is in: it finishes what is under way and goes, with an
// exit code that has it started again. The log says where, and never what: a message may hold what a person typed.
import { errorFields } from '../runtime/error-fields.ts';
import type { Logger } from '../runtime/log.ts';
import type { ProcessExit } from './exit.ts';

export interface FatalErrorOptions {
  readonly logger: Logger;
  readonly ending: ProcessExit;
  /** Finishes what is under way. */
  drain(): Promise<void>;
}

/** @param process where it is heard of them */
export function handleFatalErrors(
  process: NodeJS.Process,
  { logger, ending, drain }: FatalErrorOptions,
): void {
  let leaving = false;
  process.on('unhandledRejection', (reason: unknown) =>
    logger.error(errorFields(reason), 'unhandled rejection'),
  );
  process.on('uncaughtException', (error: unknown) => {
    logger.error(errorFields(error), 'uncaught exception');
    if (leaving) return;
    leaving = true;
    // Whoever hurries it by a signal does not make it a success.
    process.exitCode = 1;
    ending.begin();
    const end = (): Promise<void> => ending.exit(1);
    void drain().then(end, end);
  });
  // A reader that is gone or a disk that is full is no fault of the program. Who has to know is told by the write itself.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** Milliseconds within which a gateway has drained, and some to spare. */
export function drainTime(times: {
  readonly drainDelayMs: number;
  readonly requestDeadlineMs: number;
}): number {
  return times.drainDelayMs + times.requestDeadlineMs + 5_000;
}
