// The primary: with WORKERS more than 1, the process that answers no requests itself. It runs the worker pool, the embedded
// emulator where there is one, the admin port and the signals. What workers share is in Redis.
//
// The workers accept from one socket, which the primary has bound (SCHED_NONE). A connection belongs to no worker until one
// accepts it, so a worker that is killed takes none along that it had not accepted. With node:cluster's round robin, a
// connection that is on its way to a worker that dies hangs for ever.
import cluster from 'node:cluster';
import { getCompileCacheDir } from 'node:module';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { createLog } from '../observability/logger.ts';
import { measureProcess } from '../observability/metrics.ts';
import { createSummedMetrics } from '../observability/summed-metrics.ts';
import { systemClock } from '../runtime/clock.ts';
import { disableCodeGeneration } from '../runtime/code-generation.ts';
import { systemRandom } from '../runtime/random.ts';
import { startAdmin } from '../server/admin.ts';
import { emulatorVariables, startEmbeddedEmulator } from './embedded-emulator.ts';
import { createProcessExit } from './exit.ts';
import { drainTime, handleFatalErrors } from './fatal-errors.ts';
import { readyMessage } from './ready-message.ts';
import type { WorkerOptions } from './worker-messages.ts';
import { createWorkerPool, sendTo } from './worker-pool.ts';

const KEY_BYTES = 32;
/**
 * Where what V8 has compiled of the program is kept for the next worker, which then starts with a third less CPU and takes
 * 18 MB less (Node need not load what strips types). It is beside the packages, where only those can write whose code runs
 * anyway. Where nobody can write, each worker compiles for itself.
 */
const COMPILED = join(import.meta.dirname, '../../node_modules/.cache/compiled');

export async function runPrimary(config: Config, size: number): Promise<void> {
  const clock = systemClock;
  const log = createLog(config.logLevel, 'primary', clock);
  const { logger } = log;
  const graceMs = drainTime(config);
  // Longer than for the workers, which it waits for.
  const patienceMs = graceMs + 5_000;
  const ending = createProcessExit(process, { clock, log, patienceMs, exit: (code) => process.exit(code) });
  const surroundings = await startEmbeddedEmulator(config, clock);
  const { emulator, explorerHeaders } = surroundings;
  const environment = emulatorVariables(surroundings);
  const principals = systemRandom.bytes(KEY_BYTES);
  const audit = systemRandom.bytes(KEY_BYTES);
  const sum = createSummedMetrics();
  const own = measureProcess(log.lost);
  let isDraining = false;
  const pool = createWorkerPool({
    size,
    clock,
    logger,
    graceMs,
    spawn: (number) => spawn({ number, environment, principals, audit, explorerHeaders }),
    started(url) {
      disableCodeGeneration();
      process.stdout.write(readyMessage(config, { url, adminUrl: admin.url, emulator }));
      logger.info({ workers: size }, 'all workers are ready');
    },
    failed: (lines) => void fail(lines),
    ended: sum.keep,
  });
  const admin = await startAdmin({
    host: config.host,
    port: config.adminPort,
    notReady: () => (isDraining ? 'draining' : pool.notReady()),
    metrics: async () =>
      sum.text([{ worker: 'primary', metrics: await own.snapshot() }, ...(await pool.metrics())]),
  });

  async function drain(): Promise<void> {
    ending.begin();
    if (!isDraining) logger.info({ drainDelayMs: config.drainDelayMs }, 'draining');
    isDraining = true;
    await pool.close();
    await admin.close();
    await emulator?.close();
    await ending.exit();
  }

  async function fail(lines: readonly string[]): Promise<void> {
    if (isDraining) return;
    process.exitCode = 1;
    const reasons = lines.length > 0 ? lines : ['The workers end before they are ready; the log says how.'];
    process.stderr.write(`${reasons.join('\n')}\n`);
    await drain();
  }

  handleFatalErrors(process, { logger, ending, drain });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void drain());
  // The launcher has ended, which could not put the program in its own place (bin/run.js).
  process.on('disconnect', () => void drain());
  if (config.audit?.to.kind === 'file') process.on('SIGHUP', () => pool.send({ kind: 'reopen' }));
  pool.start();
}

function spawn(options: WorkerOptions) {
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  cluster.setupPrimary({ serialization: 'advanced' });
  const { process: child } = cluster.fork({ NODE_COMPILE_CACHE: getCompileCacheDir() ?? COMPILED });
  sendTo(child, { kind: 'start', options });
  return child;
}
