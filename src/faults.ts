// Faults that nobody caught. A rejected promise is the trouble of one piece of work: it is logged, and everything else
// goes on. After an exception nobody knows what state the process is in: it finishes what is under way and goes, with an
// exit code that has it started again. The log says where, and never what: a message may hold what a person typed.
import type { EventEmitter } from 'node:events';
import type { LogFields, Logger } from './base/log.ts';

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

/** The kind of an error and the place in this program, out of a stack that begins with the message. */
export function faultOf(error: unknown): LogFields {
  if (!(error instanceof Error)) return { kind: typeof error, where: null };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
  const where = frames
    .map((line) => /src\/[\w/.-]+:\d+/.exec(line)?.[0])
    .find((place) => place !== undefined);
  return { kind: error.name, code: codeOf(error), where: where ?? null };
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && /^[A-Z][A-Z0-9_]{0,63}$/.test(String(error.code))
    ? String(error.code)
    : undefined;
}
