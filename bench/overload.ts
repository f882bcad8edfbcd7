// `npm run bench:overload`: the throughput of the gateway at up to three times its capacity. It first measures the capacity,
// with clients that wait for their responses, and then sends requests at multiples of it, at a rate that does not depend on
// the responses. Everything runs on 127.0.0.1, in some three minutes.
//
// A response counts when it is complete, has no errors, and arrives within the gateway's deadline and the measured time.
// Every other request was rejected, which the gateway does at once, or failed.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createCases } from './cases.ts';
import { startChild } from './child.ts';
import { contenders } from './contenders.ts';
import { type Client, createClient } from './load/client.ts';
import { createLoad, type Load } from './load/load.ts';
import { type Deal, dealRequests } from './load/requests.ts';
import { describeMachine, leaveServerCore, planCores, processSeconds } from './machine.ts';
import { createPeople } from './people.ts';
import { seededRandom } from './random.ts';
import { quantile } from './statistics.ts';
import { startStub } from './stub.ts';

/** Of the upstream, in milliseconds. */
const LATENCY = 50;
const WARM_SECONDS = 5;
const PEAK_SECONDS = 6;
const SECONDS = 10;
const MULTIPLES = [1, 2, 3] as const;
const DEADLINE_MS = 10_000;
/** Callers, each with a token of its own, in rotation. */
const CALLERS = 300;
/** Clients of the capacity measurement: enough that there is always work. */
const WAITING = 24;
/** Kept open, as by a proxy. A process accepts only one new connection in a turn of its event loop. */
const CONNECTIONS = 1_000;
/** A pause after a flood, so that its garbage does not affect the next one. */
const REST_MS = 2_000;

/** The work of the gateway in a time window. */
interface Done {
  /** Good answers in time, a second. */
  readonly goodput: number;
  /** Mean share of a core. On a shared machine it is less than one. */
  readonly cores: number;
}

interface Outcome extends Done {
  readonly asked: number;
  /** Of good answers, in milliseconds, sorted. */
  readonly latencies: readonly number[];
  readonly late: number;
  readonly refused: number;
}

/** Connections that are kept; more are opened while none is free. */
interface Connections {
  take(): Client;
  give(client: Client): void;
  /** Those that were opened because none was free. */
  readonly more: number;
  close(): void;
}

async function openConnections(port: number, deal: Deal, many: number): Promise<Connections> {
  const all: Client[] = [];
  const open = (): Client => {
    const client = createClient(port);
    all.push(client);
    return client;
  };
  const free: Client[] = [];
  while (free.length < many) {
    const some = Array.from({ length: WAITING }, open);
    await Promise.all(some.map((client) => client.ask(deal(0))));
    free.push(...some);
  }
  const kept = all.length;
  return {
    take: () => free.pop() ?? open(),
    give: (client) => void free.push(client),
    get more() {
      return all.length - kept;
    },
    close() {
      for (const client of all) client.close();
    },
  };
}

/** Sends requests at a rate that does not depend on the responses. */
async function pour(pid: number, connections: Connections, deal: Deal, rate: number): Promise<Outcome> {
  const pending: Promise<void>[] = [];
  const latencies: number[] = [];
  let [asked, inTime, refused] = [0, 0, 0];
  const start = performance.now();
  const end = start + SECONDS * 1_000;
  const used = processSeconds(pid) ?? Number.NaN;

  async function ask(): Promise<void> {
    const client = connections.take();
    const began = performance.now();
    const isGood = await client.ask(deal(0));
    const now = performance.now();
    if (!isGood) refused += 1;
    else latencies.push(now - began);
    if (isGood && now < end && now - began <= DEADLINE_MS) inTime += 1;
    connections.give(client);
  }

  while (performance.now() < end) {
    const due = ((performance.now() - start) / 1_000) * rate;
    for (; asked < due; asked += 1) pending.push(ask());
    await sleep(2);
  }
  const cores = ((processSeconds(pid) ?? Number.NaN) - used) / SECONDS;
  await Promise.all(pending);
  latencies.sort((a, b) => a - b);
  const late = latencies.filter((ms) => ms > DEADLINE_MS).length;
  return { asked, goodput: inTime / SECONDS, cores, latencies, late, refused };
}

async function peakOf(pid: number, load: Load, deal: Deal): Promise<Done> {
  const used = processSeconds(pid) ?? Number.NaN;
  let cores = Number.NaN;
  const { answered, seconds } = await load.full(PEAK_SECONDS, deal, () => {
    cores = ((processSeconds(pid) ?? Number.NaN) - used) / PEAK_SECONDS;
  });
  return { goodput: answered / seconds, cores };
}

const percent = (part: number, whole: number): string => `${((part / whole) * 100).toFixed(0)} %`;

const { values: options } = parseArgs({
  options: { case: { type: 'string', default: 'Q2' }, rounds: { type: 'string', default: '2' } },
});
const ours = contenders.find(({ name }) => name === 'ours');
const random = seededRandom(2020);
const asking = createCases(createPeople(), random).find(({ name }) => name === options.case);
if (ours === undefined || asking === undefined) throw new Error('there is nothing to measure');

const cores = planCores();
const machine = describeMachine(cores);
if (cores !== null) leaveServerCore(cores);
const stub = await startStub(cores);
await stub.setLatency(LATENCY);
const gateway = await startChild({
  ...ours,
  environment: { ...ours.environment, GRAPH_BASE_URL: stub.url, REQUEST_DEADLINE_MS: String(DEADLINE_MS) },
  core: cores?.server ?? null,
});
const say = (...cells: (string | number)[]): void => void process.stdout.write(`| ${cells.join(' | ')} |\n`);

try {
  const dealt = dealRequests(asking);
  let questions = 0;
  // The same callers, however many ask at a time.
  const deal: Deal = () => {
    questions += 1;
    return dealt(questions % CALLERS);
  };
  const load = createLoad(gateway.port, WAITING, random);
  const connections = await openConnections(gateway.port, deal, CONNECTIONS);
  process.stdout.write(`${options.case}, ${JSON.stringify(machine)}\n\n`);
  say(
    'asked a second',
    'good a second',
    'of what it can',
    'for each second of a core',
    'p50',
    'p99',
    'refused',
    'late',
  );
  say(...Array<string>(8).fill('---'));
  await load.full(WARM_SECONDS, deal, () => {});
  const { pid } = gateway;
  let before = await peakOf(pid, load, deal);
  for (let round = 0; round < Number(options.rounds); round += 1) {
    for (const multiple of MULTIPLES) {
      const flood = await pour(pid, connections, deal, before.goodput * multiple);
      await sleep(REST_MS);
      // The speed of the machine changes, so the capacity is the mean of the measurements before and after.
      const after = await peakOf(pid, load, deal);
      const peak = (before.goodput + after.goodput) / 2;
      const peakOfCore = (before.goodput / before.cores + after.goodput / after.cores) / 2;
      const ofCore = flood.goodput / flood.cores;
      before = after;
      const asked = flood.asked / SECONDS;
      say(
        `${asked.toFixed(0)} (${(asked / peak).toFixed(1)} times)`,
        flood.goodput.toFixed(0),
        `${percent(flood.goodput, peak)} of ${peak.toFixed(0)}`,
        `${ofCore.toFixed(0)}: ${percent(ofCore, peakOfCore)} of ${peakOfCore.toFixed(0)}`,
        ...[0.5, 0.99].map((share) => `${quantile(flood.latencies, share).toFixed(0)} ms`),
        flood.refused,
        flood.late,
      );
    }
  }
  process.stdout.write(`\nConnections opened beyond the ${CONNECTIONS} kept: ${connections.more}\n`);
  connections.close();
  load.close();
} finally {
  await gateway.stop();
  await stub.stop();
}
