// `npm run bench:compare -- <directory of another checkout>`: what this checkout takes in CPU for each operation, beside
// another one and the bare proxy. The three processes run at the same time and take turns with a fixed number of operations.
// Ratios are computed within a round, so that other load on the machine affects all of them. On a busy machine the minimum
// of many short rounds is the best estimate.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Case, type CaseName, createCases } from './cases.ts';
import type { Child } from './child.ts';
import { type Contender, contenders } from './contenders.ts';
import { type Client, createClient } from './load/client.ts';
import { type Deal, dealRequests } from './load/requests.ts';
import { leaveServerCore, memoryOf, planCores, processSeconds } from './machine.ts';
import { startContender } from './measure.ts';
import { createPeople } from './people.ts';
import { seededRandom } from './random.ts';
import { spreadOf } from './statistics.ts';
import { type Stub, startStub } from './stub.ts';

const SEED = 20_200_706;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '20' },
    /** Milliseconds of the bare proxy's CPU that a round takes, roughly. */
    size: { type: 'string', default: '400' },
    /** Rounds of the same size before the first that counts. */
    'warm-up': { type: 'string', default: '25' },
    cases: { type: 'string', default: 'Q1,Q2,Q3' },
    /** Of node, for the gateway of this checkout alone. */
    node: { type: 'string', default: '' },
  },
});
const [rounds, size, warmUp] = [values.rounds, values.size, values['warm-up']].map(Number) as [
  number,
  number,
  number,
];
const cases = createCases(createPeople(), seededRandom(SEED)).filter(({ name }) =>
  values.cases.split(',').includes(name),
);

function find(name: string): Contender {
  const found = contenders.find((contender) => contender.name === name);
  if (found === undefined) throw new TypeError(`there is no server ${name}`);
  return found;
}

function compared(): readonly Contender[] {
  const [gateway, bare] = [find('ours'), find('bare')];
  // On a busy machine a server must not reject requests, because a rejection is cheaper than a response.
  const ours = { ...gateway, environment: { ...gateway.environment, LIMIT_EVENT_LOOP_DELAY_MS: '0' } };
  const flags = values.node.split(' ').filter((flag) => flag !== '');
  const here: Contender = { ...ours, name: 'here', args: [...flags, ...ours.args] };
  const others = positionals.map((path, at): Contender => {
    const directory = resolve(path);
    const name = positionals.length === 1 ? 'other' : `other ${at + 1}`;
    return { ...ours, name, args: [join(directory, 'src', 'main.ts')], directory };
  });
  return [bare, ...others, here];
}

interface Running {
  readonly name: string;
  readonly server: Child;
  readonly clients: readonly Client[];
  /** Microseconds of CPU for an operation, by round. */
  readonly costs: number[];
}

/** Operations that the bare proxy does in a millisecond of CPU, roughly. */
const paces: Readonly<Record<CaseName, number>> = { Q1: 12, Q2: 0.8, Q3: 12 };

async function start(contender: Contender, asked: Case, stub: Stub): Promise<Running> {
  const server = await startContender(contender, stub, cores);
  const clients = Array.from({ length: asked.clients }, () => createClient(server.port));
  return { name: contender.name, server, clients, costs: [] };
}

/** Whether all operations succeeded. */
async function ask(clients: readonly Client[], deal: Deal, count: number): Promise<boolean> {
  let left = count;
  let isGood = true;
  async function keepAsking(client: Client, number: number): Promise<void> {
    for (; left > 0; ) {
      left -= 1;
      if (!(await client.ask(deal(number)))) isGood = false;
    }
  }
  await Promise.all(clients.map(keepAsking));
  return isGood;
}

/**
 * Microseconds of CPU of the server's process for an operation, including its threads for garbage collection and
 * compilation. NaN, which is ignored, when an operation failed.
 */
async function cost({ server, clients }: Running, asked: Case, times = 1): Promise<number> {
  const count = Math.ceil(size * paces[asked.name]) * times;
  const before = processSeconds(server.pid) ?? Number.NaN;
  if (!(await ask(clients, dealRequests(asked), count))) return Number.NaN;
  return (((processSeconds(server.pid) ?? Number.NaN) - before) * 1e6) / count;
}

async function compare(asked: Case, stub: Stub): Promise<void> {
  const all: Running[] = [];
  try {
    for (const contender of compared()) {
      const running = await start(contender, asked, stub);
      all.push(running);
      if (warmUp > 0) await cost(running, asked, warmUp);
    }
    for (let round = 0; round < rounds; round += 1) {
      const order = round % 2 === 0 ? all : all.toReversed();
      for (const running of order) running.costs.push(await cost(running, asked));
    }
    tell(asked, all);
  } finally {
    for (const { clients, server } of all) {
      for (const client of clients) client.close();
      await server.stop();
    }
  }
}

function tell({ name }: Case, all: readonly Running[]): void {
  const bare = all[0]?.costs ?? [];
  for (const running of all) {
    const costs = spreadOf(running.costs);
    const ratios = spreadOf(running.costs.map((own, at) => (bare[at] ?? Number.NaN) / own));
    const least = (spreadOf(bare)?.least ?? Number.NaN) / (costs?.least ?? Number.NaN);
    const memory = memoryOf(running.server.pid);
    process.stdout.write(
      `${name} ${running.name.padEnd(8)} ${costs?.median.toFixed(1).padStart(7)} µs ` +
        `(${costs?.least.toFixed(1)} to ${costs?.most.toFixed(1)})  bare ÷ it ${ratios?.median.toFixed(3)} ` +
        `(${ratios?.least.toFixed(3)} to ${ratios?.most.toFixed(3)}), of the least ${least.toFixed(3)}  ${memory?.now.toFixed(0)} MB, ` +
        `${memory?.peak.toFixed(0)} at the most\n`,
    );
  }
}

const cores = planCores();
if (cores !== null) leaveServerCore(cores);
const stub = await startStub(cores);
try {
  for (const asked of cases) await compare(asked, stub);
} finally {
  await stub.stop();
}
