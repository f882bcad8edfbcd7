// The primary process, when WORKERS is more than 1. It serves no requests. It runs the worker pool, the embedded emulator
// (if any) and the admin port, and handles signals. The workers share their state in Redis.
//
// The workers accept connections from one socket that the primary has bound (SCHED_NONE). So a worker that is killed loses
// only the connections that it has accepted. With the round robin of node:cluster, a connection that is sent to a worker
// that dies would hang forever.
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
 * The directory of V8's compile cache. With it, a worker starts with a third less CPU and needs 18 MB less memory, because
 * Node does not load its type stripper. The directory is in node_modules: whoever can write there can run code anyway. When
 * it is not writable, each worker compiles the program itself.
 */
const COMPILE_CACHE = join(import.meta.dirname, '../../node_modules/.cache/compiled');

export async function runPrimary(config: Config, size: number): Promise<void> {
  const clock = systemClock;
  const log = createLog(config.logLevel, 'primary', clock);
  const { logger } = log;
  const graceMs = drainTime(config);
  // Longer than for the workers, because the primary waits for them.
  const timeoutMs = graceMs + 5_000;
  const processExit = createProcessExit(process, {
    clock,
    log,
    timeoutMs,
    exit: (code) => process.exit(code),
  });
  const setup = await startEmbeddedEmulator(config, clock);
  const { emulator, explorerHeaders } = setup;
  const environment = emulatorVariables(setup);
  const principals = systemRandom.bytes(KEY_BYTES);
  const audit = systemRandom.bytes(KEY_BYTES);
  const summed = createSummedMetrics();
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
    ended: summed.keep,
  });
  const admin = await startAdmin({
    host: config.host,
    port: config.adminPort,
    notReady: () => (isDraining ? 'draining' : pool.notReady()),
    metrics: async () =>
      summed.text([{ worker: 'primary', metrics: await own.snapshot() }, ...(await pool.metrics())]),
  });

  async function drain(): Promise<void> {
    processExit.begin();
    if (!isDraining) logger.info({ drainDelayMs: config.drainDelayMs }, 'draining');
    isDraining = true;
    await pool.close();
    await admin.close();
    await emulator?.close();
    await processExit.exit();
  }

  async function fail(lines: readonly string[]): Promise<void> {
    if (isDraining) return;
    process.exitCode = 1;
    const reasons =
      lines.length > 0 ? lines : ['The workers end before they are ready. See the log for the reason.'];
    process.stderr.write(`${reasons.join('\n')}\n`);
    await drain();
  }

  handleFatalErrors(process, { logger, processExit, drain });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void drain());
  // The launcher (bin/run.js) has ended. It is the parent where it cannot replace itself with the program.
  process.on('disconnect', () => void drain());
  if (config.audit?.to.kind === 'file') process.on('SIGHUP', () => pool.send({ kind: 'reopen' }));
  pool.start();
}

function spawn(options: WorkerOptions) {
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  cluster.setupPrimary({ serialization: 'advanced' });
  const { process: child } = cluster.fork({ NODE_COMPILE_CACHE: getCompileCacheDir() ?? COMPILE_CACHE });
  sendTo(child, { kind: 'start', options });
  return child;
}
