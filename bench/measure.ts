// One measurement: a fresh server is warmed up, put under full load, and then gets occasional requests with a slow upstream.
// It is fresh, so that its memory is not affected by an earlier case.
import { cpus } from 'node:os';
import type { Case, CaseName } from './cases.ts';
import { startChild } from './child.ts';
import type { Contender } from './contenders.ts';
import { createLoad, type FullLoad } from './load/load.ts';
import { dealRequests } from './load/requests.ts';
import { type Cores, machineSeconds, memoryOf, processSeconds } from './machine.ts';
import { seededRandom } from './random.ts';
import type { Stub } from './stub.ts';

/** Milliseconds that the upstream takes at low load: what a nearby Microsoft Graph takes at best. */
export const SLOW_MS = 50;

export interface Measurement {
  readonly round: number;
  readonly case: CaseName;
  readonly server: string;
  /** At full load. */
  readonly operationsPerSecond: number;
  /** Microseconds of CPU of the server's process; null where the system does not tell. */
  readonly cpuPerOperation: number | null;
  /** The share of its core that the server used. */
  readonly busy: number | null;
  /** The share of the machine that processes took which are no part of this, under both loads. */
  readonly disturbed: number | null;
  /** MB resident, right after full load, and at the most since the start. */
  readonly memory: number | null;
  readonly memoryPeak: number | null;
  /** HTTP requests to the upstream, at full load. */
  readonly upstreamPerOperation: number;
  readonly upstreamPerOperationLow: number;
  /** Operations without a good answer, under both loads. */
  readonly failed: number;
  /** Milliseconds, at low load. */
  readonly latencies: readonly number[];
}

export interface Plan {
  readonly contender: Contender;
  readonly case: Case;
  readonly round: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly cores: Cores | null;
}

export async function measure(plan: Plan, stub: Stub): Promise<Measurement> {
  const { contender, case: asked, round, seconds } = plan;
  await stub.setLatency(0);
  const server = await startContender(contender, stub, plan.cores);
  const load = createLoad(server.port, asked.clients, seededRandom(round));
  const deal = dealRequests(asked);
  try {
    await load.full(plan.warmUpSeconds, deal, () => undefined);
    await stub.reset();
    const before = lookAtCpu(server.pid, stub.pid);
    let after = before;
    const full = await load.full(seconds, deal, () => {
      after = lookAtCpu(server.pid, stub.pid);
    });
    const fullStats = await stub.stats();
    const memory = memoryOf(server.pid);
    await stub.setLatency(SLOW_MS);
    await stub.reset();
    const low = await load.low(seconds, deal, asked.lowRate);
    const lowStats = await stub.stats();
    return {
      round,
      case: asked.name,
      server: contender.name,
      operationsPerSecond: full.answered / full.seconds,
      ...cpuFigures(before, after, full),
      disturbed: disturbance(before, lookAtCpu(server.pid, stub.pid)),
      memory: memory?.now ?? null,
      memoryPeak: memory?.peak ?? null,
      upstreamPerOperation: fullStats.requests / full.asked,
      upstreamPerOperationLow: lowStats.requests / low.asked,
      failed: full.failed + low.failed,
      latencies: low.latencies,
    };
  } finally {
    load.close();
    await server.stop();
  }
}

/** CPU time so far, in seconds; NaN for what the system does not tell. */
function lookAtCpu(server: number, stub: number) {
  const own = processSeconds(server) ?? Number.NaN;
  const ours = own + (processSeconds(stub) ?? Number.NaN) + (processSeconds(process.pid) ?? Number.NaN);
  return { own, others: (machineSeconds() ?? Number.NaN) - ours, at: performance.now() / 1_000 };
}

type CpuLook = ReturnType<typeof lookAtCpu>;

function cpuFigures(before: CpuLook, after: CpuLook, { answered, seconds }: FullLoad) {
  const own = after.own - before.own;
  return { cpuPerOperation: known((own * 1e6) / answered), busy: known(own / seconds) };
}

function disturbance(before: CpuLook, after: CpuLook): number | null {
  const others = Math.max(0, after.others - before.others);
  return known(others / (after.at - before.at) / cpus().length);
}

function known(figure: number): number | null {
  return Number.isFinite(figure) ? figure : null;
}

export function startContender(contender: Contender, stub: Stub, cores: Cores | null, telling = false) {
  const { args, directory, environment } = contender;
  const start = { args, directory, environment: { ...environment, GRAPH_BASE_URL: stub.url } };
  return startChild({ ...start, core: cores?.server ?? null }, telling);
}
