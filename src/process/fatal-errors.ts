// Fatal errors: those that no code caught. A rejected promise affects one piece of work, so it is logged and the process
// goes on. After an exception the state of the process is unknown. It completes the requests in flight and exits with 1, so
// that a supervisor restarts it. The log has the location of the error and never its message, which may contain user input.
import { errorFields } from '../runtime/error-fields.ts';
import type { Logger } from '../runtime/log.ts';
import type { ProcessExit } from './exit.ts';

export interface FatalErrorOptions {
  readonly logger: Logger;
  readonly processExit: ProcessExit;
  /** Completes the requests in flight. */
  drain(): Promise<void>;
}

export function handleFatalErrors(
  process: NodeJS.Process,
  { logger, processExit, drain }: FatalErrorOptions,
): void {
  let isExiting = false;
  process.on('unhandledRejection', (reason: unknown) =>
    logger.error(errorFields(reason), 'unhandled rejection'),
  );
  process.on('uncaughtException', (error: unknown) => {
    logger.error(errorFields(error), 'uncaught exception');
    if (isExiting) return;
    isExiting = true;
    // The exit code stays 1 when a signal arrives meanwhile.
    process.exitCode = 1;
    processExit.begin();
    const end = (): Promise<void> => processExit.exit(1);
    void drain().then(end, end);
  });
  // A closed pipe or a full disk is not an error of the program. The code that writes gets the error from its write.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** Milliseconds in which a gateway drains, with a margin. */
export function drainTime(times: {
  readonly drainDelayMs: number;
  readonly requestDeadlineMs: number;
}): number {
  return times.drainDelayMs + times.requestDeadlineMs + 5_000;
}
