// How time, CPU and memory grow with the number of users in one query. Each figure is from a fresh server, so that its peaks
// are its own. There is one client, so that the time is that of one operation without a queue.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from '../child.ts';
import type { Contender } from '../contenders.ts';
import { createClient } from '../load/client.ts';
import { dealRequests, tokenOf } from '../load/requests.ts';
import { type Cores, memoryOf, processSeconds } from '../machine.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import type { Stub } from '../stub.ts';
import type { Heap } from './heap.ts';
import { checkQuestion, type Question } from './questions.ts';

export interface Growth {
  readonly question: Question;
  /** Milliseconds of one operation, the median of a round. */
  readonly time: Spread | null;
  /** Milliseconds of CPU of the server's process for one operation. */
  readonly cpu: Spread | null;
  /** MB, since the start. */
  readonly heapPeak: Spread | null;
  readonly heapLive: Spread | null;
  readonly memoryPeak: Spread | null;
  readonly upstream: number;
}

interface Figures extends Heap {
  readonly time: number;
  readonly cpu: number;
  readonly memoryPeak: number;
  readonly upstream: number;
}

/** The total number of users for each size, so that all sizes have the same work. */
export const PEOPLE_ASKED = 30_000;
const PEOPLE_WARMING_UP = 15_000;

export async function measureGrowth(
  questions: readonly Question[],
  rounds: number,
  measure: (question: Question) => Promise<Figures>,
): Promise<readonly Growth[]> {
  const all = new Map(questions.map((question) => [question, [] as Figures[]]));
  for (let round = 0; round < rounds; round += 1)
    for (const [question, figures] of all) figures.push(await measure(question));
  return [...all].map(([question, figures]) => ({
    question,
    time: spreadOf(figures.map(({ time }) => time)),
    cpu: spreadOf(figures.map(({ cpu }) => cpu)),
    heapPeak: spreadOf(figures.map(({ peak }) => peak)),
    heapLive: spreadOf(figures.flatMap(({ live }) => (live === null ? [] : [live]))),
    memoryPeak: spreadOf(figures.map(({ memoryPeak }) => memoryPeak)),
    upstream: figures[0]?.upstream ?? 0,
  }));
}

export async function measureSize(
  question: Question,
  { args, directory, environment }: Contender,
  stub: Stub,
  cores: Cores | null,
): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'growth-'));
  const file = join(folder, 'heap.json');
  const server = await startChild({
    args: ['--import', join(import.meta.dirname, 'heap.ts'), ...args],
    directory,
    environment: { ...environment, GRAPH_BASE_URL: stub.url, HEAP_FILE: file },
    core: cores?.server ?? null,
  });
  try {
    await checkQuestion(server.port, tokenOf(0), question);
    await askFor(server.port, question, PEOPLE_WARMING_UP);
    await stub.reset();
    const before = processSeconds(server.pid) ?? Number.NaN;
    const times = await askFor(server.port, question, PEOPLE_ASKED);
    const seconds = (processSeconds(server.pid) ?? Number.NaN) - before;
    const { requests } = await stub.stats();
    const memoryPeak = memoryOf(server.pid)?.peak ?? Number.NaN;
    await server.stop();
    return {
      ...(JSON.parse(readFileSync(file, 'utf8')) as Heap),
      time: spreadOf(times)?.median ?? Number.NaN,
      cpu: (seconds * 1_000) / times.length,
      memoryPeak,
      upstream: requests / times.length,
    };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Milliseconds of each operation, as many as it takes to have asked for so many people. */
async function askFor(port: number, { size, body }: Question, people: number): Promise<readonly number[]> {
  const client = createClient(port);
  const deal = dealRequests({ bodies: [body], oneToken: true });
  const times: number[] = [];
  while (times.length * size < people) {
    const start = performance.now();
    if (!(await client.ask(deal(0)))) throw new Error('an operation failed');
    times.push(performance.now() - start);
  }
  client.close();
  return times;
}
