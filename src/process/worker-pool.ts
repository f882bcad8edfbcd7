// The worker pool. It keeps the configured number of workers running and replaces a worker that drains or ends. It kills a
// worker that does not start or does not end in time. It gives up when workers repeatedly fail to start.
import type { ChildProcess } from 'node:child_process';
import type { MetricsSnapshot } from '../observability/metrics.ts';
import type { Measured } from '../observability/summed-metrics.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import { withTimeout } from '../runtime/with-timeout.ts';
import { createBackOff } from './back-off.ts';
import { type Order, type Question, type Report, readReport } from './worker-messages.ts';

export interface PoolOptions {
  readonly size: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Milliseconds that a worker has to drain before it is killed. */
  readonly graceMs: number;
  /** Starts the process of a worker. @param number 1 to `size` */
  spawn(number: number): ChildProcess;
  /** Called once, when all workers are ready for the first time. @param url the URL of all workers */
  started(url: string): void;
  /** Called when the pool gives up. @param lines the reasons that the last worker reported */
  failed(lines: readonly string[]): void;
  /** Called with the final metrics of each worker that has ended. */
  ended(metrics: MetricsSnapshot): void;
}

export interface WorkerPool {
  start(): void;
  /** Why the pool should get no requests. Null while at least one worker is ready. */
  notReady(): Promise<string | null>;
  /** The metrics of each worker. For a worker that does not answer, the last metrics that it reported. */
  metrics(): Promise<Measured[]>;
  send(order: Order): void;
  /** Drains all workers. Resolves when they have ended. A second call skips the drain delay. */
  close(): Promise<void>;
}

interface Worker {
  readonly number: number;
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  phase: 'starting' | 'ready' | 'draining';
  /** In the clock's elapsed milliseconds. */
  readySince: number;
  /** Why the worker cannot start. */
  problems: readonly string[];
  metrics: MetricsSnapshot;
}

/** Milliseconds in which a worker must become ready. On an idle machine it takes one second. */
export const START_MS = 60_000;
/** Milliseconds in which a worker must answer a question. */
const ANSWER_MS = 1_000;

export function createWorkerPool(options: PoolOptions): WorkerPool {
  const { size, clock, logger } = options;
  const workers = new Set<Worker>();
  const pending = new Map<number, (report: Report) => void>();
  const backOff = createBackOff();
  const closing = new AbortController();
  let hasStarted = false;
  let closed: Promise<unknown> | null = null;
  let questions = 0;

  const readyWorkers = (): Worker[] => [...workers].filter(({ phase }) => phase === 'ready');

  function spawn(number: number): void {
    const child = options.spawn(number);
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const worker: Worker = {
      number,
      child,
      ended,
      phase: 'starting',
      readySince: 0,
      problems: [],
      metrics: [],
    };
    workers.add(worker);
    const disarm = clock.schedule(START_MS, () => killUnstarted(worker));
    child.on('message', (message) => receive(worker, message));
    // `exit` is too early, because messages can still arrive after it.
    child.once('close', (code, signal) => {
      disarm();
      forget(worker, code, signal);
      resolve();
    });
    // A process that could not be spawned emits no `close`.
    child.on('error', () => child.pid === undefined && child.emit('close', null, null));
  }

  function killUnstarted({ number, child, phase }: Worker): void {
    if (phase !== 'starting') return;
    const fields = { number, pid: child.pid, startMs: START_MS };
    logger.error(fields, 'a worker did not become ready in time and is killed');
    child.kill('SIGKILL');
  }

  function forget(worker: Worker, code: number | null, signal: string | null): void {
    const { number, child, metrics } = worker;
    workers.delete(worker);
    options.ended(metrics);
    if (closed === null) logger.warn({ number, pid: child.pid, code, signal }, 'a worker has ended');
    void replace(worker);
  }

  function receive(worker: Worker, message: unknown): void {
    const report = readReport(message);
    switch (report?.kind) {
      case 'ready':
        becomeReady(worker, report.url);
        return;
      case 'failed':
        worker.problems = report.lines;
        return;
      case 'draining':
        return void replace(worker);
      case 'ended':
      case 'metrics':
        worker.metrics = report.metrics;
    }
    if (report !== null && 'id' in report) pending.get(report.id)?.(report);
  }

  function becomeReady(worker: Worker, url: string): void {
    if (worker.phase !== 'starting') return;
    worker.phase = 'ready';
    worker.readySince = clock.elapsed();
    logger.info({ number: worker.number, pid: worker.child.pid }, 'a worker is ready');
    if (hasStarted || readyWorkers().length < size) return;
    hasStarted = true;
    options.started(url);
  }

  /** Spawns the replacement of a worker that accepts no more requests. Does so once for each worker. */
  async function replace(worker: Worker): Promise<void> {
    if (worker.phase === 'draining') return;
    const ready = worker.phase === 'ready' ? clock.elapsed() - worker.readySince : null;
    worker.phase = 'draining';
    if (closing.signal.aborted) return;
    const { number, problems } = worker;
    const waitMs = backOff(ready);
    const cannotStart = !hasStarted && problems.length > 0;
    if (waitMs === null || cannotStart) return options.failed(problems);
    if (ready === null) logger.error({ number, waitMs }, 'a worker failed to start');
    if (waitMs > 0) await clock.sleep(waitMs, closing.signal).catch(() => undefined);
    if (!closing.signal.aborted) spawn(number);
  }

  /** Null when the worker does not answer in time. */
  async function ask({ child }: Worker, what: Question): Promise<Report | null> {
    questions += 1;
    const id = questions;
    const { promise, resolve } = Promise.withResolvers<Report>();
    pending.set(id, resolve);
    sendTo(child, { kind: 'ask', id, what });
    return withTimeout(clock, ANSWER_MS, promise)
      .catch(() => null)
      .finally(() => pending.delete(id));
  }

  function sendAll(order: Order): void {
    for (const { child } of workers) sendTo(child, order);
  }

  async function endAll(): Promise<void> {
    const disarm = clock.schedule(options.graceMs, () => {
      for (const { child } of workers) child.kill('SIGKILL');
    });
    await Promise.all([...workers].map(({ ended }) => ended));
    disarm();
  }

  return {
    start() {
      for (let number = 1; number <= size; number += 1) spawn(number);
    },
    async notReady() {
      const reports = await Promise.all(readyWorkers().map((worker) => ask(worker, 'readiness')));
      const reasons = reports.map((report) =>
        report?.kind === 'readiness' ? report.reason : 'the event loop lags',
      );
      return reasons.includes(null) ? null : (reasons[0] ?? 'no worker is ready');
    },
    async metrics() {
      await Promise.all([...workers].map((worker) => ask(worker, 'metrics')));
      return [...workers].map(({ phase, number, metrics }) => ({
        worker: phase === 'ready' ? String(number) : null,
        metrics,
      }));
    },
    send: sendAll,
    async close() {
      sendAll({ kind: closed === null ? 'drain' : 'drain-now' });
      closing.abort();
      closed ??= endAll();
      await closed;
    },
  };
}

/** An order to a process that has ended is lost. */
export function sendTo(child: ChildProcess, order: Order): void {
  if (child.connected) child.send(order, () => undefined);
}
