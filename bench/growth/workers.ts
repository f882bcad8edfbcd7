// One worker compared with two, on the same cores as the load and the stub: no process is bound to a core. The report includes
// the CPU time of all processes, which limits the possible gain.
import { readdirSync, readFileSync } from 'node:fs';
import type { Case } from '../cases.ts';
import { startChild } from '../child.ts';
import type { Contender } from '../contenders.ts';
import { createLoad } from '../load/load.ts';
import { dealRequests } from '../load/requests.ts';
import { memoryOf, processSeconds } from '../machine.ts';
import { seededRandom } from '../random.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import type { Stub } from '../stub.ts';

export const WORKERS = [1, 2] as const;

export interface WorkersRow {
  readonly case: Case;
  readonly workers: number;
  readonly operationsPerSecond: Spread | null;
  /** Microseconds of all processes of the server, for one operation. */
  readonly cpu: Spread | null;
  /** The same of load and stub. */
  readonly cpuOfOthers: Spread | null;
  /** MB resident, of all processes of the server. */
  readonly memory: Spread | null;
  /** Throughput as a multiple of that with one, in the same round. */
  readonly ratio: Spread | null;
}

interface Figures {
  readonly operationsPerSecond: number;
  readonly cpu: number;
  readonly cpuOfOthers: number;
  readonly memory: number;
}

const WARM_UP_SECONDS = 4;

export async function measureWorkers(
  asked: Case,
  rounds: number,
  measure: (asked: Case, workers: number) => Promise<Figures>,
): Promise<readonly WorkersRow[]> {
  const all: { readonly workers: number; readonly round: number; readonly figures: Figures }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? WORKERS : WORKERS.toReversed();
    for (const workers of order) all.push({ workers, round, figures: await measure(asked, workers) });
  }
  const alone = all.filter(({ workers }) => workers === 1);
  return WORKERS.map((workers) => {
    const own = all.filter((one) => one.workers === workers);
    const spread = (figure: keyof Figures) => spreadOf(own.map(({ figures }) => figures[figure]));
    const ratios = own.map(({ round, figures }) => {
      const base = alone.find((one) => one.round === round)?.figures.operationsPerSecond ?? Number.NaN;
      return figures.operationsPerSecond / base;
    });
    return {
      case: asked,
      workers,
      operationsPerSecond: spread('operationsPerSecond'),
      cpu: spread('cpu'),
      cpuOfOthers: spread('cpuOfOthers'),
      memory: spread('memory'),
      ratio: spreadOf(ratios),
    };
  });
}

export async function measureCount(
  asked: Case,
  workers: number,
  { contender, stub, seconds }: { contender: Contender; stub: Stub; seconds: number },
): Promise<Figures> {
  const { args, directory } = contender;
  const environment = {
    ...contender.environment,
    GRAPH_BASE_URL: stub.url,
    WORKERS: String(workers),
    // Several workers require REDIS_URL. The queries are reads, which work without a running Redis.
    ...(workers > 1 ? { REDIS_URL: 'redis://127.0.0.1:6379' } : {}),
    // Each client has its own token, and all its requests go to the worker that has its connection.
    LIMIT_EVENT_LOOP_DELAY_MS: '0',
  };
  const server = await startChild({ args, directory, environment, core: null });
  const load = createLoad(server.port, asked.clients, seededRandom(1));
  const deal = dealRequests(asked);
  try {
    await load.full(WARM_UP_SECONDS, deal, () => undefined);
    const before = look(server.pid, stub.pid);
    let after = before;
    const {
      answered,
      failed,
      seconds: length,
    } = await load.full(seconds, deal, () => {
      after = look(server.pid, stub.pid);
    });
    if (failed > 0) throw new Error(`${failed} operations failed`);
    return {
      operationsPerSecond: answered / length,
      cpu: ((after.own - before.own) * 1e6) / answered,
      cpuOfOthers: ((after.others - before.others) * 1e6) / answered,
      memory: after.memory,
    };
  } finally {
    load.close();
    await server.stop();
  }
}

function look(server: number, stub: number) {
  const seconds = (pids: readonly number[]): number =>
    pids.reduce((sum, pid) => sum + (processSeconds(pid) ?? Number.NaN), 0);
  const own = [server, ...childrenOf(server)];
  const memory = own.reduce((sum, pid) => sum + (memoryOf(pid)?.now ?? Number.NaN), 0);
  return { own: seconds(own), others: seconds([stub, process.pid]), memory };
}

/** Of all threads, since each has children of its own. */
function childrenOf(pid: number): readonly number[] {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks)
    .flatMap((task) => readFileSync(`${tasks}/${task}/children`, 'latin1').split(' '))
    .filter((text) => text !== '')
    .map(Number);
}
