// A worker: one of several processes that answer requests at the same address. Started by the primary (src/primary.ts),
// which tells it everything it works by; it reads no environment. It outlives the primary by no more than what is under
// way.
import cluster from 'node:cluster';
import { type Service, startService } from './app.ts';
import { createLog } from './observability/logger.ts';
import { tuneEngine } from './process/engine-flags.ts';
import { createEnding, type Ending } from './process/exit.ts';
import { drainTime, handleFaults } from './process/fatal-errors.ts';
import { startProblems } from './process/start-problems.ts';
import { systemClock } from './runtime/clock.ts';
import { refuseCodeGeneration } from './runtime/code-generation.ts';
import { watchEventLoop } from './runtime/event-loop.ts';
import { systemRandom } from './runtime/random.ts';
import { createWorkerStore } from './store/worker.ts';
import { deliver, lineTo } from './workers/line.ts';
import { isOrder, type Question, type Report, type Terms } from './workers/messages.ts';

const line = lineTo(process);
const tell = (report: Report): Promise<void> => deliver(process, report);
let starting: Promise<Service> | null = null;
let leaving: Promise<void> | null = null;
/** Null until it is told how long it may take. */
let ending: Ending | null = null;

async function start(terms: Terms): Promise<Service> {
  const { config, number, hasStore, secrets, explorerHeaders } = terms;
  const log = createLog(config.logLevel, number, systemClock);
  ending = createEnding(process, {
    clock: systemClock,
    log,
    patienceMs: drainTime(config),
    exit: (code) => process.exit(code),
  });
  const outside = {
    clock: systemClock,
    random: systemRandom,
    logger: log.logger,
    lostLogLines: log.lost,
    eventLoop: watchEventLoop(systemClock),
  };
  const service = await startService(config, outside, {
    store: hasStore ? createWorkerStore({ channel: line, clock: systemClock }) : null,
    principals: Buffer.from(secrets.principals, 'base64'),
    audit: Buffer.from(secrets.audit, 'base64'),
    explorerHeaders,
  });
  handleFaults(process, { logger: log.logger, ending, drain: leave });
  return service;
}

async function begin(terms: Terms): Promise<void> {
  starting = start(terms);
  try {
    const { url } = await starting;
    refuseCodeGeneration();
    if (leaving === null) await tell({ kind: 'ready', url });
  } catch (error) {
    const lines = startProblems(error);
    if (lines === null) throw error;
    await tell({ kind: 'failed', lines });
    process.exit(1);
  }
}

/** Goes, once what is under way has its answer. */
function leave(): Promise<void> {
  ending?.begin();
  leaving ??= leaveOnce();
  return leaving;
}

async function leaveOnce(): Promise<void> {
  void tell({ kind: 'leaving' });
  const service = await starting;
  await service?.close();
  if (service !== null) await tell({ kind: 'farewell', metrics: await service.snapshot() });
  if (ending === null) process.exit();
  await ending.exit();
}

/** A second time of being told to go: without the pause for load balancers. */
async function hurry(): Promise<void> {
  void leave();
  const service = await starting;
  await service?.close();
}

async function answer(id: number, what: Question): Promise<void> {
  const service = await starting;
  if (service === null) return;
  if (what === 'readiness') await tell({ kind: 'readiness', id, reason: service.notReady() });
  else await tell({ kind: 'metrics', id, metrics: await service.snapshot() });
}

tuneEngine();
line.listen((message) => {
  if (!isOrder(message)) return;
  switch (message.kind) {
    case 'start':
      return void begin(message.terms);
    case 'drain':
      return void leave();
    case 'hurry':
      return void hurry();
    case 'reopen':
      return void starting?.then(({ reopenAudit }) => reopenAudit());
    case 'ask':
      return void answer(message.id, message.what);
  }
});
// Without the primary nobody says any more whether there should be traffic, and nobody starts another.
cluster.worker?.on('disconnect', () => {
  // Node would end the process on the spot.
  if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true;
  void hurry();
});
// Where a terminal or a service manager tells all processes at once, the primary's word comes too and means the same,
// whichever comes first. So only a second signal hurries what the first has begun.
let signals = 0;
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {
  signals += 1;
  void (signals === 1 ? leave() : hurry());
});
process.on('SIGHUP', () => void starting?.then(({ reopenAudit }) => reopenAudit()));
// That one is for the primary alone; without anybody to hear it, it would end the process. Windows does not have it.
if (process.platform !== 'win32') process.on('SIGUSR2', () => {});
void tell({ kind: 'hello' });
