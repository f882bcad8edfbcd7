// What is left of the gateway when three times as much is asked as it can do: `npm run overload`. First what it can do, with
// clients that wait for their answers; then questions that come whether or not earlier ones were answered, at multiples
// of that. All on 127.0.0.1, in a minute and a half.
//
// An answer counts when it is whole, has no errors, and came within the gateway's deadline. Everything else was refused,
// which the gateway does at once, or is a failure.
import { setTimeout as sleep } from 'node:timers/promises';
import { createCases } from './cases.ts';
import { startChild } from './child.ts';
import { contenders } from './contenders.ts';
import { type Client, createClient } from './load/client.ts';
import { createLoad } from './load/load.ts';
import { type Deal, dealRequests } from './load/requests.ts';
import { describeMachine, leaveServerCore, planCores } from './machine.ts';
import { createPeople } from './people.ts';
import { seededRandom } from './random.ts';
import { quantile } from './statistics.ts';
import { startStub } from './stub.ts';

/** Of the upstream, in milliseconds. */
const LATENCY = 50;
const WARM_SECONDS = 5;
const SECONDS = 12;
const MULTIPLES = [1, 2, 3] as const;
const DEADLINE_MS = 10_000;
/** Callers, each with a token of its own, in rotation. */
const CALLERS = 300;
/** Waiting for their answers while it is found out what can be done. */
const WAITING = 32;

interface Outcome {
  readonly asked: number;
  /** Good answers within the time in which questions came, a second. */
  readonly goodput: number;
  /** Of good answers, in milliseconds, sorted. */
  readonly latencies: readonly number[];
  readonly late: number;
  readonly refused: number;
}

/** Questions at a rate that nothing slows down. Connections are opened as they are needed, and kept. */
async function pour(port: number, deal: Deal, rate: number): Promise<Outcome> {
  const free: Client[] = [];
  const all: Client[] = [];
  const pending: Promise<void>[] = [];
  const latencies: number[] = [];
  let [asked, inTime, refused] = [0, 0, 0];
  const start = performance.now();
  const end = start + SECONDS * 1_000;

  function clientFor(): Client {
    const known = free.pop();
    if (known !== undefined) return known;
    const made = createClient(port);
    all.push(made);
    return made;
  }

  async function ask(): Promise<void> {
    const client = clientFor();
    const began = performance.now();
    const isGood = await client.ask(deal(asked % CALLERS));
    const now = performance.now();
    if (!isGood) refused += 1;
    else latencies.push(now - began);
    if (isGood && now < end && now - began <= DEADLINE_MS) inTime += 1;
    free.push(client);
  }

  while (performance.now() < end) {
    const due = ((performance.now() - start) / 1_000) * rate;
    for (; asked < due; asked += 1) pending.push(ask());
    await sleep(2);
  }
  await Promise.all(pending);
  for (const client of all) client.close();
  latencies.sort((a, b) => a - b);
  const late = latencies.filter((ms) => ms > DEADLINE_MS).length;
  return { asked, goodput: inTime / SECONDS, latencies, late, refused };
}

async function peakOf(port: number, deal: Deal, random: () => number): Promise<number> {
  const load = createLoad(port, WAITING, random);
  await load.full(WARM_SECONDS, deal, () => {});
  const { answered, seconds, failed } = await load.full(SECONDS, deal, () => {});
  load.close();
  if (failed > 0) throw new Error(`${failed} questions failed while there was nothing in the way`);
  return answered / seconds;
}

const ours = contenders.find(({ name }) => name === 'ours');
const random = seededRandom(2020);
const asking = createCases(createPeople(), random).find(({ name }) => name === 'Q2');
if (ours === undefined || asking === undefined) throw new Error('there is nothing to measure');

const cores = planCores();
const machine = describeMachine(cores);
if (cores !== null) leaveServerCore(cores);
const stub = await startStub(cores);
await stub.setLatency(LATENCY);
const gateway = await startChild({
  ...ours,
  environment: {
    ...ours.environment,
    GRAPH_BASE_URL: stub.url,
    LOG_LEVEL: 'warn',
    REQUEST_DEADLINE_MS: String(DEADLINE_MS),
  },
  core: cores?.server ?? null,
});
try {
  const deal = dealRequests(asking);
  const peak = await peakOf(gateway.port, deal, random);
  const rows = [`| asked a second | good a second | of the most | p50 | p99 | slowest | refused | late |`];
  rows.push('|---|---|---|---|---|---|---|---|');
  rows.push(`| ${WAITING} waiting clients | ${peak.toFixed(0)} | 100 % | | | | 0 | 0 |`);
  for (const multiple of MULTIPLES) {
    const { asked, goodput, latencies, late, refused } = await pour(gateway.port, deal, peak * multiple);
    const cells = [
      `${(asked / SECONDS).toFixed(0)} (${multiple} times)`,
      goodput.toFixed(0),
      `${((goodput / peak) * 100).toFixed(0)} %`,
      ...[0.5, 0.99, 1].map((share) => `${quantile(latencies, share).toFixed(0)} ms`),
      refused,
      late,
    ];
    rows.push(`| ${cells.join(' | ')} |`);
    // What was left behind, garbage say, is not the next one's.
    await sleep(2_000);
  }
  process.stdout.write(`${JSON.stringify(machine)}\n\n${rows.join('\n')}\n`);
} finally {
  await gateway.stop();
  await stub.stop();
}
