// Process exit. Once the exit has begun, the process ends within a bounded time, even when a request, the log, a system
// call or a loop in the program never completes.
import { Worker } from 'node:worker_threads';
import type { ProcessLog } from '../observability/logger.ts';
import type { Clock } from '../runtime/clock.ts';

export interface ProcessExit {
  /** Starts the time limit. Must be called when the process is told to end. A second call has no effect. */
  begin(): void;
  /** Ends the process after the last log lines are written. The default of `code` is `process.exitCode`. */
  exit(code?: number): Promise<void>;
}

export interface ProcessExitOptions {
  readonly clock: Clock;
  readonly log: ProcessLog;
  /** Maximum milliseconds from `begin` to the end of the process. */
  readonly timeoutMs: number;
  exit(code: number): void;
}

/** Milliseconds that the watchdog thread waits longer than this thread, which can still log and set the exit code. */
const WATCHDOG_DELAY_MS = 1_000;
const POLL_MS = 20;
/** Node's names of the system calls that block a thread of its pool. */
const BLOCKING = /^(FSReq|GetAddrInfoReq|GetNameInfoReq)/;

export function createProcessExit(process: NodeJS.Process, options: ProcessExitOptions): ProcessExit {
  const { clock, log, timeoutMs, exit } = options;
  let hasBegun = false;

  const isBlocked = (): boolean => process.getActiveResourcesInfo().some((name) => BLOCKING.test(name));

  async function forceExit(): Promise<void> {
    log.logger.error({ timeoutMs }, 'the process did not exit in time and is forced to exit');
    await log.flush();
    if (isBlocked()) process.kill(process.pid, 'SIGKILL');
    exit(1);
  }

  return {
    begin() {
      if (hasBegun) return;
      hasBegun = true;
      clock.schedule(timeoutMs, () => void forceExit());
      // A thread of its own, because this one may be blocked.
      const workerData = timeoutMs + WATCHDOG_DELAY_MS;
      const watchdog = new Worker(new URL('watchdog.ts', import.meta.url), { workerData, execArgv: [] });
      watchdog.on('error', () => log.logger.error({}, 'the watchdog of the process exit failed'));
      watchdog.unref();
    },
    async exit(code) {
      await log.flush();
      // Node waits for blocked system calls when it exits, without a limit and without handling events.
      while (isBlocked()) await clock.sleep(POLL_MS);
      exit(code ?? Number(process.exitCode ?? 0));
    },
  };
}
