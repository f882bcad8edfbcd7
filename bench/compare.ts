// `node bench/compare.ts <directory of another checkout>`: what this checkout takes in CPU for each operation, beside
// another one and the bare proxy. All three run at once, each in a process of its own, and take turns at the load in short
// windows. Ratios are formed within a round, so that whatever else the machine does is done to all of them.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Case, createCases } from './cases.ts';
import type { Child } from './child.ts';
import { type Contender, contenders } from './contenders.ts';
import { createLoad, type Load } from './load/load.ts';
import { dealRequests } from './load/requests.ts';
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
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '2' },
    'warm-up': { type: 'string', default: '15' },
    cases: { type: 'string', default: 'Q1,Q2,Q3' },
    /** Of node, for the gateway of this checkout alone. */
    node: { type: 'string', default: '' },
  },
});
const [rounds, seconds, warmUp] = [values.rounds, values.seconds, values['warm-up']].map(Number) as [
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
  // A machine that has other things to do must not make a server turn requests away, which costs less than to answer.
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
  readonly load: Load;
  /** Microseconds of CPU for an operation, by round. */
  readonly costs: number[];
}

async function start(contender: Contender, { clients }: Case, stub: Stub): Promise<Running> {
  const server = await startContender(contender, stub, cores);
  return { name: contender.name, server, load: createLoad(server.port, clients, seededRandom(1)), costs: [] };
}

/** Microseconds of CPU of the server's process for an operation, its threads for garbage and compiling included. */
async function cost({ server, load }: Running, asked: Case, length: number): Promise<number> {
  const before = processSeconds(server.pid) ?? Number.NaN;
  const { asked: count, failed } = await load.full(length, dealRequests(asked), () => undefined);
  if (failed > 0) throw new Error(`${failed} operations failed`);
  return (((processSeconds(server.pid) ?? Number.NaN) - before) * 1e6) / count;
}

async function compare(asked: Case, stub: Stub): Promise<void> {
  const all: Running[] = [];
  try {
    for (const contender of compared()) {
      const running = await start(contender, asked, stub);
      all.push(running);
      await cost(running, asked, warmUp);
    }
    for (let round = 0; round < rounds; round += 1) {
      const order = round % 2 === 0 ? all : all.toReversed();
      for (const running of order) running.costs.push(await cost(running, asked, seconds));
    }
    tell(asked, all);
  } finally {
    for (const { load, server } of all) {
      load.close();
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
