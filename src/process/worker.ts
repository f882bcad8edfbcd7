// A worker: one of several processes that answer requests at the same address. The primary (src/process/primary.ts) spawns it and
// sends it its options. It outlives the primary by no more than what is under way.
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

/** @param environment of the primary, which has found no problem in it */
export function runWorker(environment: Environment): void {
  let starting: Promise<App> | null = null;
  let draining: Promise<void> | null = null;
  /** Null until the configuration says how long it may take. */
  let ending: ProcessExit | null = null;

  async function start({ number, ...options }: WorkerOptions): Promise<App> {
    const { config } = readConfig({ ...environment, ...options.environment });
    if (config === null) throw new TypeError('the primary and its worker have different configurations');
    const log = createLog(config.logLevel, number, systemClock);
    const { logger, lost: lostLogLines } = log;
    const exit = (code: number): never => process.exit(code);
    ending = createProcessExit(process, { clock: systemClock, log, patienceMs: drainTime(config), exit });
    const eventLoop = watchEventLoop(systemClock);
    const outside = { clock: systemClock, random: systemRandom, logger, lostLogLines, eventLoop };
    const service = await startApp(shareOf(config), outside, { store: null, ...options });
    handleFatalErrors(process, { logger, ending, drain });
    return service;
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
    ending?.begin();
    draining ??= drainOnce();
    return draining;
  }

  async function drainOnce(): Promise<void> {
    void send({ kind: 'draining' });
    const service = await starting;
    await service?.close();
    if (service !== null) await send({ kind: 'ended', metrics: await service.snapshot() });
    if (ending === null) process.exit();
    await ending.exit();
  }

  /** Cuts the delay short. */
  async function hurry(): Promise<void> {
    void drain();
    await (await starting)?.close();
  }

  async function answer({ id, what }: Extract<Order, { kind: 'ask' }>): Promise<void> {
    const service = await starting;
    if (service === null) return;
    if (what === 'readiness') await send({ kind: 'readiness', id, reason: service.notReady() });
    else await send({ kind: 'metrics', id, metrics: await service.snapshot() });
  }

  const reopen = (): void => void starting?.then(({ reopenAudit }) => reopenAudit());

  function receive(order: Order | null): void {
    switch (order?.kind) {
      case 'start':
        return void begin(order.options);
      case 'drain':
        return void drain();
      case 'hurry':
        return void hurry();
      case 'ask':
        return void answer(order);
      case 'reopen':
        reopen();
    }
  }

  process.on('message', (message) => receive(readOrder(message)));
  // Without the primary nobody watches this process. Node would end it on the spot.
  cluster.worker?.on('disconnect', () => {
    if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true;
    void hurry();
  });
  // A terminal or a service manager can signal all processes at once. The primary's order comes too and means the same.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => void drain());
  process.on('SIGHUP', reopen);
}

/** Resolves once it is on its way, or lost. */
function send(report: Report): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(report, undefined, undefined, () => resolve());
    else resolve();
  });
}
