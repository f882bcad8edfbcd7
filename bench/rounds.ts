// The order of the benchmark: every server is checked first. Then each round measures every server in every case, one after
// the other. Figures are compared within a round only, because a temporary slowdown of the machine affects all of them.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { checkAnswer } from './answers.ts';
import type { Case } from './cases.ts';
import { type Contender, composing, SUPERGRAPH } from './contenders.ts';
import { createLoad } from './load/load.ts';
import { dealDirectRequests } from './load/requests.ts';
import type { Cores } from './machine.ts';
import { type Measurement, measure, type Plan, SLOW_MS, startContender } from './measure.ts';
import type { Options } from './options.ts';
import { seededRandom } from './random.ts';
import { quantile } from './statistics.ts';
import type { Stub } from './stub.ts';

export interface Setting {
  readonly contenders: readonly Contender[];
  readonly cases: readonly Case[];
  readonly options: Options;
  readonly cores: Cores | null;
  readonly stub: Stub;
  say(line: string): void;
}

/** Composes Hive Gateway's supergraph, whose address of the upstream is part of it. */
export function composeSupergraph(stub: Stub): void {
  mkdirSync(dirname(SUPERGRAPH), { recursive: true });
  const env = { PATH: process.env['PATH'], GRAPH_BASE_URL: stub.url };
  execFileSync(process.execPath, composing.args, {
    cwd: composing.directory,
    env,
    stdio: 'pipe',
    timeout: 60_000,
  });
}

/** @throws Error when a server does not start, answers wrongly, or asks the upstream wrongly */
export async function checkAll({ contenders, cases, cores, stub, say }: Setting): Promise<void> {
  for (const contender of contenders) {
    const server = await startContender(contender, stub, cores, true);
    try {
      await stub.reset();
      for (const asked of cases) await checkAnswer(contender, server.port, asked);
      const { unknown, withoutToken } = await stub.stats();
      if (unknown + withoutToken > 0) {
        throw new Error(
          `${contender.name}: ${unknown} bad requests upstream, ${withoutToken} without a token`,
        );
      }
    } finally {
      await server.stop();
    }
    say(
      `checked   ${contender.name}${contender.rewrites === undefined ? '' : ` (rewrites ${contender.rewrites})`}`,
    );
  }
}

export async function measureAll(setting: Setting): Promise<readonly Measurement[]> {
  const { contenders, cases, options, cores, say } = setting;
  const measurements: Measurement[] = [];
  const total = options.rounds * cases.length * contenders.length;
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const asked of cases) {
      for (const contender of rotated(contenders, round - 1)) {
        const measurement = await measureQuietly(
          { contender, case: asked, round, cores, ...options },
          setting,
        );
        measurements.push(measurement);
        say(`${progress(measurements.length, total, round)} ${line(measurement)}`);
      }
    }
  }
  return measurements;
}

/** Where other processes took more of the machine than this, the figure is measured again. */
const DISTURBED = 0.05;

/** Repeats at most once. The less disturbed measurement counts. */
async function measureQuietly(plan: Plan, { options, stub, say }: Setting): Promise<Measurement> {
  const first = await measure(plan, stub);
  if (options.quick || (first.disturbed ?? 0) <= DISTURBED) return first;
  say(`disturbed ${percent(first.disturbed)}, once more: ${plan.case.name} ${plan.contender.name}`);
  const second = await measure(plan, stub);
  return (second.disturbed ?? 0) < (first.disturbed ?? 0) ? second : first;
}

/** The latency of the stub at low load without a server: the part of every latency that no server causes. */
export async function measureStub({ options, cases, stub }: Setting): Promise<readonly number[]> {
  const [first] = cases;
  if (first === undefined) return [];
  await stub.setLatency(SLOW_MS);
  const load = createLoad(stub.port, first.clients, seededRandom(1));
  const { latencies } = await load.low(options.seconds, dealDirectRequests(first), first.lowRate);
  load.close();
  return latencies;
}

/** Another one begins each round, so that none always follows the same neighbour. */
function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const at = by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

function progress(done: number, total: number, round: number): string {
  return `${String(done).padStart(String(total).length)}/${total} round ${round}`;
}

function percent(share: number | null): string {
  return `${share === null ? '?' : (share * 100).toFixed(0)} %`.padStart(5);
}

function line(measurement: Measurement): string {
  const { case: name, server, operationsPerSecond, cpuPerOperation, busy, disturbed, failed } = measurement;
  const sorted = [...measurement.latencies].sort((a, b) => a - b);
  const parts = [
    `${name} ${server.padEnd(13)}`,
    `${operationsPerSecond.toFixed(0).padStart(6)} ops/s`,
    `${cpuPerOperation?.toFixed(0).padStart(6) ?? '     ?'} µs CPU`,
    `${percent(busy)} busy ${percent(disturbed)} disturbed`,
    `${measurement.upstreamPerOperation.toFixed(2).padStart(6)} upstream`,
    `p50 ${quantile(sorted, 0.5).toFixed(1)} ms`,
    `${measurement.memoryPeak?.toFixed(0) ?? '?'} MB`,
  ];
  return parts.join('  ') + (failed > 0 ? `  ${failed} FAILED` : '');
}
