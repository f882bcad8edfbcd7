// `npm run bench:small-heap`: whether a gateway with little memory survives the worst requests that its limits accept. It has
// a heap of 256 MB, and Microsoft Graph is a stub in another process. Attackers, each with its own token, send one request
// after the other; some of them never read a response. Another caller sends a small query every 100 ms. The program prints
// a line every ten seconds and a verdict at the end. Everything runs on 127.0.0.1.
//
// The heap column is the minimum of the ten seconds, which excludes garbage. The event loop delay is the gateway's metric.
// On a shared machine it includes the time of other processes; the CPU time of the longest block does not. The load is the
// system's load average of one minute.
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { freePort, startChild } from './child.ts';
import { contenders } from './contenders.ts';
import { attacks } from './heap-attacks.ts';
import type { Holds } from './holds.ts';
import { tokenOf } from './load/requests.ts';
import { describeMachine, planCores } from './machine.ts';
import { quantile } from './statistics.ts';
import { startStub } from './stub.ts';

const HEAP_MB = 256;
/** Of the upstream, in milliseconds. */
const LATENCY = 20;
/** Of the first person in the directory. */
const PHONES = 300;
const READERS = 4;
const NON_READERS = 2;
/** Connections that one who never reads keeps open. */
const UNREAD = 8;
const UNREAD_EVERY_MS = 1_000;
const SMALL_EVERY_MS = 100;
const REPORT_MS = 10_000;
/** Before the heap counts: caches fill, and V8 compiles. */
const WARM_SECONDS = 30;
const SMALL = JSON.stringify({ query: '{ me { id displayName } }' });
const MOST_P99_MS = 200;
const MOST_DELAY_MS = 50;

interface Answer {
  /** Of HTTP; 0 for none. */
  readonly status: number;
  readonly bytes: number;
  readonly ms: number;
}

interface Seen {
  requests: number;
  slowestMs: number;
  mostBytes: number;
  readonly statuses: Map<number, number>;
}

/** Prints what is wrong and the usage, and exits. */
function readOptions<T extends ParseArgsConfig>(config: T) {
  try {
    return parseArgs(config);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(1);
  }
}

const USAGE = `Usage: npm run bench:small-heap -- [options]

  --minutes N   how long (5)
  --only TEXT   attacks whose names contain this
  --quick       twenty seconds: to see that it works, not to measure
`;

const { values: options } = readOptions({
  options: {
    help: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '5' },
    quick: { type: 'boolean', default: false },
    /** Only attacks whose names contain this. */
    only: { type: 'string', default: '' },
  },
});
if (options.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const seconds = options.quick ? 20 : Number(options.minutes) * 60;
const chosen = attacks.filter(({ name }) => name.includes(options.only));
const ours = contenders.find(({ name }) => name === 'ours');
if (ours === undefined || chosen.length === 0 || !(seconds > 0))
  throw new TypeError('there is nothing to measure');

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const stub = await startStub(null, { PHONES_OF_FIRST: String(PHONES) });
await stub.setLatency(LATENCY);
const adminPort = await freePort();
const holdsPort = await freePort();
const gateway = await startChild({
  ...ours,
  args: [`--max-old-space-size=${HEAP_MB}`, '--import', join(import.meta.dirname, 'holds.ts'), ...ours.args],
  // All limits are the defaults, including the rate limit.
  environment: {
    GRAPH_CLOUD: 'emulator',
    GRAPH_BASE_URL: stub.url,
    ADMIN_PORT: String(adminPort),
    HOLDS_PORT: String(holdsPort),
    INTROSPECTION: 'on',
    DRAIN_DELAY_MS: '0',
  },
  core: null,
});
const end = performance.now() + seconds * 1_000;
const isOver = (): boolean => performance.now() >= end;
const byAttack = new Map<string, Seen>();
const small: number[] = [];
const allSmall: number[] = [];
let [smallFailed, sent] = [0, 0];

function headers(caller: number, body: string) {
  return {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    authorization: `Bearer ${tokenOf(caller)}`,
  };
}

/** Sends a request and throws the response away. Never rejects. */
function ask(agent: Agent, caller: number, body: string): Promise<Answer> {
  const began = performance.now();
  return new Promise((resolve) => {
    let bytes = 0;
    const tell = (status: number): void => resolve({ status, bytes, ms: performance.now() - began });
    const options = {
      agent,
      port: gateway.port,
      path: '/graphql',
      method: 'POST',
      headers: headers(caller, body),
    };
    const asked = request({ host: '127.0.0.1', ...options }, (response) => {
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => tell(response.statusCode ?? 0));
      response.on('error', () => tell(0));
    });
    asked.on('error', () => tell(0));
    asked.end(body);
  });
}

function note(name: string, { status, bytes, ms }: Answer): void {
  const seen = byAttack.get(name) ?? { requests: 0, slowestMs: 0, mostBytes: 0, statuses: new Map() };
  byAttack.set(name, seen);
  seen.requests += 1;
  seen.slowestMs = Math.max(seen.slowestMs, ms);
  seen.mostBytes = Math.max(seen.mostBytes, bytes);
  seen.statuses.set(status, (seen.statuses.get(status) ?? 0) + 1);
}

/** The next attack, and a body that was not sent before. */
function deal(): readonly [string, string] {
  const attack = chosen[sent % chosen.length];
  sent += 1;
  return [attack?.name ?? '', attack?.body(sent) ?? ''];
}

async function attackAndRead(caller: number): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  while (!isOver()) {
    const [name, body] = deal();
    const answer = await ask(agent, caller, body);
    note(name, answer);
    // A throttled attacker waits before its next request.
    if (answer.status === 429 || answer.status === 0) await sleep(SMALL_EVERY_MS);
  }
  agent.destroy();
}

async function attackWithoutReading(caller: number): Promise<void> {
  const open: { destroy(): void }[] = [];
  while (!isOver()) {
    const [, body] = deal();
    const socket = connect({ port: gateway.port, host: '127.0.0.1' });
    socket.on('error', () => {});
    socket.pause();
    const head = Object.entries({ host: '127.0.0.1', ...headers(caller, body) });
    socket.write(
      `POST /graphql HTTP/1.1\r\n${head.map((pair) => pair.join(': ')).join('\r\n')}\r\n\r\n${body}`,
    );
    open.push(socket);
    if (open.length > UNREAD) open.shift()?.destroy();
    await sleep(UNREAD_EVERY_MS);
  }
  for (const socket of open) socket.destroy();
}

/** Sends queries at a rate that does not depend on the responses. */
async function askSmall(caller: number): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const pending: Promise<void>[] = [];
  while (!isOver()) {
    const answered = ask(agent, caller, SMALL).then(({ status, ms }) => {
      small.push(ms);
      allSmall.push(ms);
      if (status !== 200) smallFailed += 1;
    });
    pending.push(answered);
    await sleep(SMALL_EVERY_MS);
  }
  await Promise.all(pending);
  agent.destroy();
}

interface Metrics {
  readonly heapMb: number;
  readonly rssMb: number;
  /** The most since it was asked last. */
  readonly delayMs: number;
  readonly holds: Holds;
}

/** Null when the gateway is gone. */
async function readMetrics(): Promise<Metrics | null> {
  try {
    const text = await (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text();
    const holds = (await (await fetch(`http://127.0.0.1:${holdsPort}`)).json()) as Holds;
    const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
    return {
      heapMb: value('nodejs_heap_size_used_bytes') / 1024 ** 2,
      rssMb: value('process_resident_memory_bytes') / 1024 ** 2,
      delayMs: value('nodejs_eventloop_lag_max_seconds') * 1_000,
      holds,
    };
  } catch {
    return null;
  }
}

interface Period {
  readonly atSeconds: number;
  readonly heapMb: number;
  readonly delaysMs: readonly number[];
  readonly mostCpuMs: number;
  readonly held: number;
}

function report(atSeconds: number, metrics: readonly Metrics[]): Period {
  const sorted = small.splice(0).toSorted((a, b) => a - b);
  const statuses = new Map<number, number>();
  for (const seen of byAttack.values())
    for (const [status, count] of seen.statuses) statuses.set(status, (statuses.get(status) ?? 0) + count);
  const heapMb = Math.min(...metrics.map((each) => each.heapMb));
  const delaysMs = metrics.map(({ delayMs }) => delayMs);
  const mostCpuMs = Math.max(...metrics.map(({ holds }) => holds.mostCpuMs));
  const held = metrics.reduce((sum, { holds }) => sum + holds.over, 0);
  const cells = [
    `${atSeconds.toFixed(0)} s`,
    sent,
    [...statuses]
      .toSorted(([a], [b]) => a - b)
      .map(([status, count]) => `${status}: ${count}`)
      .join(', '),
    `${heapMb.toFixed(0)} MB`,
    `${Math.max(...metrics.map(({ rssMb }) => rssMb)).toFixed(0)} MB`,
    ...[0.5, 0.99, 1].map((share) => `${quantile(sorted, share).toFixed(0)} ms`),
    `${Math.max(...delaysMs).toFixed(0)} ms`,
    `${mostCpuMs.toFixed(0)} ms`,
    smallFailed,
    loadavg()[0]?.toFixed(1),
  ];
  say(`| ${cells.join(' | ')} |`);
  return { atSeconds, heapMb, delaysMs, mostCpuMs, held };
}

/** @returns null when the gateway ended before its time */
async function watch(): Promise<readonly Period[] | null> {
  const periods: Period[] = [];
  // Blocks of the event loop during the start do not count.
  await readMetrics();
  let metrics: Metrics[] = [];
  const began = performance.now();
  let due = began + REPORT_MS;
  while (!isOver()) {
    await sleep(1_000);
    const read = await readMetrics();
    if (read === null) return null;
    metrics.push(read);
    if (performance.now() < due) continue;
    periods.push(report((performance.now() - began) / 1_000, metrics));
    metrics = [];
    due += REPORT_MS;
  }
  return periods;
}

function verdict(periods: readonly Period[] | null): string {
  if (periods === null) return 'FAILED: the gateway ended';
  const p99 = quantile(
    allSmall.toSorted((a, b) => a - b),
    0.99,
  );
  const counted = periods.filter(({ atSeconds }) => atSeconds > WARM_SECONDS).map(({ heapMb }) => heapMb);
  const half = Math.floor(counted.length / 2);
  const [before, after] = [counted.slice(0, half), counted.slice(half)].map((heaps) => Math.min(...heaps));
  const delays = periods.flatMap(({ delaysMs }) => delaysMs).toSorted((a, b) => a - b);
  const late = delays.filter((ms) => ms > MOST_DELAY_MS).length;
  const held = periods.reduce((sum, period) => sum + period.held, 0);
  const mostCpuMs = Math.max(...periods.map((period) => period.mostCpuMs));
  const good = p99 < MOST_P99_MS && smallFailed === 0;
  return [
    `${good ? 'PASSED' : 'FAILED'}: p99 of the small query ${p99.toFixed(0)} ms (below ${MOST_P99_MS}), ${smallFailed} of ${allSmall.length} failed`,
    half === 0
      ? 'too short a time to compare heaps'
      : `heap ${before?.toFixed(0)} MB in the first half after ${WARM_SECONDS} s, ${after?.toFixed(0)} MB in the second`,
    `event loop delayed more than ${MOST_DELAY_MS} ms in ${late} of ${delays.length} seconds, at most ${delays.at(-1)?.toFixed(0)} ms`,
    `held for more than ${MOST_DELAY_MS} ms of CPU time ${held} times, at most ${mostCpuMs.toFixed(0)} ms`,
  ].join('; ');
}

function sayAttacks(): void {
  say('\n| request | sent | statuses | slowest | largest response |\n|---|---|---|---|---|');
  for (const [name, seen] of [...byAttack].toSorted(([, a], [, b]) => b.slowestMs - a.slowestMs)) {
    const statuses = [...seen.statuses].map(([status, count]) => `${status}: ${count}`).join(', ');
    const size = `${(seen.mostBytes / 1024).toFixed(0)} kB`;
    say(`| ${name} | ${seen.requests} | ${statuses} | ${seen.slowestMs.toFixed(0)} ms | ${size} |`);
  }
}

try {
  say(`${JSON.stringify(describeMachine(planCores()))}, heap of ${HEAP_MB} MB\n`);
  say(
    '| after | requests | statuses | heap | RSS | small p50 | p99 | slowest | event loop delay | longest hold in CPU | small failed | load |',
  );
  say(`|${'---|'.repeat(12)}`);
  const parties = [
    ...Array.from({ length: READERS }, (_, at) => attackAndRead(at)),
    ...Array.from({ length: NON_READERS }, (_, at) => attackWithoutReading(READERS + at)),
    askSmall(READERS + NON_READERS),
  ];
  const periods = await watch();
  const told = verdict(periods);
  if (periods !== null) await Promise.all(parties);
  sayAttacks();
  say(`\n${told}`);
  process.exitCode = told.startsWith('PASSED') ? 0 : 1;
} finally {
  await gateway.stop();
  await stub.stop();
}
process.exit();
