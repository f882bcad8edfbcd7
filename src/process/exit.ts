// The end of a process. Once it has begun, the process is gone within a bounded time, whatever hangs: the work that is
// under way, the log, a system call that never returns, or code that never comes to its end.
import { Worker } from 'node:worker_threads';
import type { ProcessLog } from '../observability/logger.ts';
import type { Clock } from '../runtime/clock.ts';

export interface ProcessExit {
  /** From now on the time runs. To be called when the process is told to go; a second call changes nothing. */
  begin(): void;
  /** Ends the process after the last log lines. Without a code, it is `process.exitCode`. */
  exit(code?: number): Promise<void>;
}

export interface ProcessExitOptions {
  readonly clock: Clock;
  readonly log: ProcessLog;
  /** Milliseconds from its beginning to the end. */
  readonly patienceMs: number;
  exit(code: number): void;
}

/** Milliseconds that the thread waits longer than this one, which can still log and set an exit code. */
const SPARE_MS = 1_000;
const LOOK_MS = 20;
/** System calls that another thread of the process waits for, as Node names them. */
const BLOCKING = /^(FSReq|GetAddrInfoReq|GetNameInfoReq)/;

export function createProcessExit(process: NodeJS.Process, options: ProcessExitOptions): ProcessExit {
  const { clock, log, patienceMs, exit } = options;
  let isTimed = false;

  const hangs = (): boolean => process.getActiveResourcesInfo().some((name) => BLOCKING.test(name));

  async function cutShort(): Promise<void> {
    log.logger.error({ patienceMs }, 'the process does not come to its end, and is ended');
    await log.flush();
    if (hangs()) process.kill(process.pid, 'SIGKILL');
    exit(1);
  }

  return {
    begin() {
      if (isTimed) return;
      isTimed = true;
      clock.schedule(patienceMs, () => void cutShort());
      // Its own thread, since this one may be what hangs.
      const workerData = patienceMs + SPARE_MS;
      const watchdog = new Worker(new URL('watchdog.ts', import.meta.url), { workerData, execArgv: [] });
      watchdog.on('error', () => log.logger.error({}, 'there is no watchdog for the end of the process'));
      watchdog.unref();
    },
    async exit(code) {
      await log.flush();
      // Node waits for them when it exits, for ever if need be, and listens to nobody any more.
      while (hangs()) await clock.sleep(LOOK_MS);
      exit(code ?? Number(process.exitCode ?? 0));
    },
  };
}
