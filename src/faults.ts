// Faults that nobody caught. A rejected promise is the trouble of one piece of work: it is logged, and everything else
// goes on. After an exception nobody knows what state the process is in: it finishes what is under way and goes, with an
// exit code that has it started again. The log says where, and never what: a message may hold what a person typed.
import type { EventEmitter } from 'node:events';
import { faultOf } from './base/fault.ts';
import type { Logger } from './base/log.ts';

export interface FaultOptions {
  readonly logger: Logger;
  /** Finishes what is under way, in bounded time. */
  drain(): Promise<void>;
  exit(code: number): void;
}

/** @param process where it is heard of them */
export function handleFaults(process: EventEmitter, { logger, drain, exit }: FaultOptions): void {
  let leaving = false;
  process.on('unhandledRejection', (reason: unknown) => logger.error(faultOf(reason), 'unhandled rejection'));
  process.on('uncaughtException', (error: unknown) => {
    logger.error(faultOf(error), 'uncaught exception');
    if (leaving) return;
    leaving = true;
    const end = (): void => exit(1);
    void drain().then(end, end);
  });
}
