// A worker: one of several processes that serve requests at the same address. The primary (src/process/primary.ts) spawns
// it and sends its options. When the primary ends, the worker completes the requests in flight and exits.
import cluster from 'node:cluster';
import { type App, startApp } from '../app.ts';
import { type Environment, readConfig } from '../config/config.ts';
import { createLog } from '../observability/logger.ts';
import { systemClock } from '../runtime/clock.ts';
import { disableCodeGeneration } from '../runtime/code-generation.ts';
import { watchEventLoop } from '../runtime/event-loop.ts';
import { systemRandom } from '../runtime/random.ts';
import { createProcessExit, type ProcessExit } from './exit.ts';
import { drainTime, handleFatalErrors } from './fatal-errors.ts';
import { startProblems } from './start-problems.ts';
import { type Order, type Report, readOrder, type WorkerOptions } from './worker-messages.ts';
import { shareOf } from './worker-shares.ts';

/** @param environment the environment of the primary, which has validated it */
export function runWorker(environment: Environment): void {
  let starting: Promise<App> | null = null;
  let draining: Promise<void> | null = null;
  /** Null until the configuration with its time limit is read. */
  let processExit: ProcessExit | null = null;

  async function start({ number, ...options }: WorkerOptions): Promise<App> {
    const { config } = readConfig({ ...environment, ...options.environment });
    if (config === null) throw new TypeError('the primary and its worker have different configurations');
    const log = createLog(config.logLevel, number, systemClock);
    const { logger, lost: lostLogLines } = log;
    const exit = (code: number): never => process.exit(code);
    processExit = createProcessExit(process, { clock: systemClock, log, timeoutMs: drainTime(config), exit });
    const eventLoop = watchEventLoop(systemClock);
    const dependencies = { clock: systemClock, random: systemRandom, logger, lostLogLines, eventLoop };
    const app = await startApp(shareOf(config), dependencies, { store: null, ...options });
    handleFatalErrors(process, { logger, processExit, drain });
    return app;
  }

  async function begin(options: WorkerOptions): Promise<void> {
    starting = start(options);
    try {
      const { url } = await starting;
      disableCodeGeneration();
      if (draining === null) await send({ kind: 'ready', url });
    } catch (error) {
      const lines = startProblems(error);
      if (lines === null) throw error;
      await send({ kind: 'failed', lines: [...lines] });
      process.exit(1);
    }
  }

  function drain(): Promise<void> {
    processExit?.begin();
    draining ??= drainOnce();
    return draining;
  }

  async function drainOnce(): Promise<void> {
    void send({ kind: 'draining' });
    const app = await starting;
    await app?.close();
    if (app !== null) await send({ kind: 'ended', metrics: await app.snapshot() });
    if (processExit === null) process.exit();
    await processExit.exit();
  }

  /** Drains without the drain delay. */
  async function drainNow(): Promise<void> {
    void drain();
    await (await starting)?.close();
  }

  async function answer({ id, what }: Extract<Order, { kind: 'ask' }>): Promise<void> {
    const app = await starting;
    if (app === null) return;
    if (what === 'readiness') await send({ kind: 'readiness', id, reason: app.notReady() });
    else await send({ kind: 'metrics', id, metrics: await app.snapshot() });
  }

  const reopen = (): void => void starting?.then(({ reopenAudit }) => reopenAudit());

  function receive(order: Order | null): void {
    switch (order?.kind) {
      case 'start':
        return void begin(order.options);
      case 'drain':
        return void drain();
      case 'drain-now':
        return void drainNow();
      case 'ask':
        return void answer(order);
      case 'reopen':
        reopen();
    }
  }

  process.on('message', (message) => receive(readOrder(message)));
  // The primary has ended. By default Node would end this process at once, with its requests.
  cluster.worker?.on('disconnect', () => {
    if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true;
    void drainNow();
  });
  // A terminal or a service manager can signal all processes at once. The primary sends its own order for the same event.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => void drain());
  process.on('SIGHUP', reopen);
}

/** Resolves when the report is sent, or lost because the primary has ended. */
function send(report: Report): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(report, undefined, undefined, () => resolve());
    else resolve();
  });
}
