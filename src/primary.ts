// The primary: with WORKERS more than 1, the process that answers no request itself. It starts the workers and replaces
// those that end, holds what they share, runs the embedded emulator where there is one, and speaks to the operator: admin
// port, signals, greeting.
//
// The workers listen on one socket that the primary has bound and they all accept from (node:cluster's SCHED_NONE). So a
// connection is nobody's until a worker takes it, and a worker that is killed takes none along that it had not accepted.
// With cluster's round robin, one that is on its way to a worker that dies hangs for ever; with a socket for each worker
// (SO_REUSEPORT), those in its queue are reset whenever one ends, and a few connections can all be one worker's.
import cluster from 'node:cluster';
import { once } from 'node:events';
import { getCompileCacheDir } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { Config } from './config/config.ts';
import { createLog } from './observability/logger.ts';
import { measureProcess } from './observability/metrics.ts';
import { createSummedMetrics } from './observability/summed-metrics.ts';
import { startSurroundings } from './process/embedded-emulator.ts';
import { createEnding } from './process/exit.ts';
import { drainTime, handleFaults } from './process/fatal-errors.ts';
import { greeting } from './process/greeting.ts';
import { systemClock } from './runtime/clock.ts';
import { refuseCodeGeneration } from './runtime/code-generation.ts';
import { systemRandom } from './runtime/random.ts';
import { startAdmin } from './server/admin.ts';
import { createStoreHost } from './store/host.ts';
import { createMemoryStore } from './store/store.ts';
import { createCrew, StartFailure } from './workers/crew.ts';
import { lineTo } from './workers/line.ts';
import { createMember, type Member } from './workers/member.ts';
import type { Terms } from './workers/messages.ts';
import { shareOf } from './workers/shares.ts';

const SECRET_BYTES = 32;
/**
 * Where what V8 has compiled of the program is kept for the next worker, which then starts with a third less CPU and takes
 * 18 MB less (Node need not load what strips types). Beside the packages, where only those can write whose code runs
 * anyway; where nobody can, each worker compiles for itself.
 */
const COMPILED = join(import.meta.dirname, '../node_modules/.cache/compiled');

/** @param names that the store holds at most, where the primary holds it */
export async function runPrimary(config: Config, size: number, names: number): Promise<void> {
  const clock = systemClock;
  const log = createLog(config.logLevel, 'primary', clock);
  const { logger } = log;
  const ending = createEnding(process, {
    clock,
    log,
    // Longer than for the workers, which it waits for.
    patienceMs: drainTime(config) + 5_000,
    exit: (code) => process.exit(code),
  });
  const { emulator, config: settled, explorerHeaders } = await startSurroundings(config, clock);
  // The one that a free port is for is the same for all who come later.
  const port = config.port === 0 ? await freePort(config.host) : config.port;
  const store = config.state.kind === 'memory' ? createMemoryStore(clock, names) : null;
  const host = store === null ? null : createStoreHost(store);
  const secret = (): string => Buffer.from(systemRandom.bytes(SECRET_BYTES)).toString('base64');
  const common: Omit<Terms, 'number'> = {
    config: { ...shareOf(settled, size), port },
    hasStore: store !== null,
    secrets: { principals: secret(), audit: secret() },
    explorerHeaders,
  };
  const sum = createSummedMetrics();
  const crew = createCrew({
    size,
    clock,
    logger,
    patienceMs: drainTime(config),
    hire: (number) => hire({ ...common, number }, host),
    ended: (member) => sum.keep(member.metrics()),
    giveUp: (failure) => void leave(failure),
  });
  const own = measureProcess(log.lost);
  let isDraining = false;
  const admin = await startAdmin({
    host: config.host,
    port: config.adminPort,
    notReady: () => (isDraining ? 'draining' : readiness(crew.ready())),
    async metrics() {
      await Promise.all(crew.all().map((member) => member.measure()));
      const mine = { worker: 'primary', metrics: await own.snapshot() };
      const theirs = crew.all().map((member) => {
        return { worker: member.isReady() ? String(member.number) : null, metrics: member.metrics() };
      });
      return sum.text([mine, ...theirs]);
    },
  });

  /** @param failure why, where it is no success */
  async function leave(failure: StartFailure | null): Promise<void> {
    ending.begin();
    if (!isDraining) logger.info({ drainDelayMs: config.drainDelayMs }, 'draining');
    isDraining = true;
    if (failure !== null) {
      process.exitCode = 1;
      process.stderr.write(`${failure.lines.join('\n')}\n`);
    }
    await crew.close();
    await admin.close();
    await emulator?.close();
    await store?.close();
    await ending.exit();
  }

  handleFaults(process, { logger, ending, drain: () => leave(null) });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void leave(null));
  // The launcher is gone, which could not go in this process's place (bin/run.js).
  process.on('disconnect', () => void leave(null));
  if (config.audit?.to.kind === 'file') {
    process.on('SIGHUP', () => {
      for (const member of crew.all()) member.tell({ kind: 'reopen' });
    });
  }
  // Windows does not have it.
  if (process.platform !== 'win32') process.on('SIGUSR2', () => void crew.renew());

  try {
    const url = await crew.start();
    refuseCodeGeneration();
    process.stdout.write(greeting(config, { url, adminUrl: admin.url, emulator }));
    logger.info({ workers: size }, 'all workers are ready');
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error;
    if (!isDraining) await leave(error);
  }
}

function hire(terms: Terms, host: ReturnType<typeof createStoreHost> | null): Member {
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  cluster.setupPrimary({ exec: join(import.meta.dirname, 'worker.ts'), args: [] });
  const { process: child } = cluster.fork({ NODE_COMPILE_CACHE: getCompileCacheDir() ?? COMPILED });
  host?.serve(lineTo(child));
  return createMember({ child, terms, clock: systemClock });
}

/** Ready as long as one of them is. */
async function readiness(members: readonly Member[]): Promise<string | null> {
  if (members.length === 0) return 'no worker is ready';
  const reasons = await Promise.all(members.map((member) => member.readiness()));
  return reasons.includes(null) ? null : (reasons[0] ?? null);
}

async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
