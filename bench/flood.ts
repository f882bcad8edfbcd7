// `npm run bench:flood`: how a flood of one caller affects other callers. Twenty callers, each with its own token, send
// requests at a steady rate, without and with one more caller that sends as fast as it can over many connections. The first
// run has the default rate limit. The second has none, so only the fair share of request slots limits the flood. Everything
// runs on 127.0.0.1, in a minute and a half.
import { setTimeout as sleep } from 'node:timers/promises';
import { createCases } from './cases.ts';
import { startChild } from './child.ts';
import { contenders } from './contenders.ts';
import { createClient } from './load/client.ts';
import { type Deal, dealRequests } from './load/requests.ts';
import { describeMachine, leaveServerCore, planCores } from './machine.ts';
import { createPeople } from './people.ts';
import { seededRandom } from './random.ts';
import { quantile } from './statistics.ts';
import { startStub } from './stub.ts';

/** Of the upstream, in milliseconds. */
const LATENCY = 20;
const ROUNDS = 3;
const SECONDS = 6;
/** The number of steady callers. The next number is the flood. */
const OTHERS = 20;
/** Milliseconds between two requests of a steady caller. */
const EVERY_MS = 100;
/** Connections of the flood. */
const FLOOD = 64;

interface Noticed {
  /** Latencies of the steady callers in milliseconds, sorted. */
  readonly latencies: readonly number[];
  readonly failed: number;
  /** Responses to the flood a second, including rejections. */
  readonly flooded: number;
}

async function watch(port: number, deal: Deal, isFlooded: boolean): Promise<Noticed> {
  const end = performance.now() + SECONDS * 1_000;
  const latencies: number[] = [];
  let [failed, flooded] = [0, 0];

  async function askSteadily(number: number): Promise<void> {
    const client = createClient(port);
    await sleep((EVERY_MS * number) / OTHERS);
    while (performance.now() < end) {
      const began = performance.now();
      if (await client.ask(deal(number))) latencies.push(performance.now() - began);
      else failed += 1;
      await sleep(Math.max(0, EVERY_MS - (performance.now() - began)));
    }
    client.close();
  }

  async function flood(): Promise<void> {
    const client = createClient(port);
    while (performance.now() < end) {
      await client.ask(deal(OTHERS));
      flooded += 1;
    }
    client.close();
  }

  const others = Array.from({ length: OTHERS }, (_, number) => askSteadily(number));
  const floods = Array.from({ length: isFlooded ? FLOOD : 0 }, () => flood());
  await Promise.all([...others, ...floods]);
  return { latencies: latencies.toSorted((a, b) => a - b), failed, flooded: flooded / SECONDS };
}

const ours = contenders.find(({ name }) => name === 'ours');
const asking = createCases(createPeople(), seededRandom(2020)).find(({ name }) => name === 'Q1');
if (ours === undefined || asking === undefined) throw new Error('there is nothing to measure');
const start = ours;

const cores = planCores();
const machine = describeMachine(cores);
if (cores !== null) leaveServerCore(cores);
const stub = await startStub(cores);
await stub.setLatency(LATENCY);
const deal = dealRequests(asking);
const rows = ['| rate for each caller | flood | answers to it a second | p50 | p99 | slowest | failed |'];
rows.push('|---|---|---|---|---|---|---|');

/** @param rate RATE_LIMIT */
async function measure(rate: string, title: string): Promise<void> {
  const environment = { ...start.environment, GRAPH_BASE_URL: stub.url, RATE_LIMIT: rate };
  const gateway = await startChild({ ...start, environment, core: cores?.server ?? null });
  try {
    await watch(gateway.port, deal, true);
    const seen: Record<string, Noticed[]> = { no: [], yes: [] };
    for (let round = 1; round <= ROUNDS; round += 1) {
      for (const flood of ['no', 'yes']) {
        process.stderr.write(`${title}, round ${round} of ${ROUNDS}, flood: ${flood}\n`);
        seen[flood]?.push(await watch(gateway.port, deal, flood === 'yes'));
      }
    }
    for (const [flood, all] of Object.entries(seen)) {
      const latencies = all.flatMap((noticed) => noticed.latencies).toSorted((a, b) => a - b);
      const cells = [
        title,
        flood,
        (all.reduce((sum, { flooded }) => sum + flooded, 0) / all.length).toFixed(0),
        ...[0.5, 0.99, 1].map((share) => `${quantile(latencies, share).toFixed(1)} ms`),
        all.reduce((sum, { failed }) => sum + failed, 0),
      ];
      rows.push(`| ${cells.join(' | ')} |`);
    }
  } finally {
    await gateway.stop();
  }
}

try {
  await measure('3000', '3000 a minute');
  await measure('0', 'none');
  process.stdout.write(`${JSON.stringify(machine)}\n\n${rows.join('\n')}\n`);
} finally {
  await stub.stop();
}
