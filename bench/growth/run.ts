// `npm run bench:growth`: the cost of an operation by the number of users, and with --workers, the throughput of two workers.
// Writes bench/results/growth.md or workers.md. Needs none of the peers.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createCases } from '../cases.ts';
import { type Contender, contenders } from '../contenders.ts';
import { describeMachine, leaveServerCore, planCores } from '../machine.ts';
import { createPeople } from '../people.ts';
import { seededRandom } from '../random.ts';
import { startStub } from '../stub.ts';
import { createQuestions } from './questions.ts';
import { measureGrowth, measureSize } from './sizes.ts';
import { growthPage, workersPage } from './tables.ts';
import { measureCount, measureWorkers, type WorkersRow } from './workers.ts';

const USAGE = `Usage: npm run bench:growth -- [options]

  --workers     one worker beside two, instead
  --rounds N    rounds, each measuring everything (5)
  --seconds S   length of each measured window, with --workers (5)
`;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function write(file: string, page: string): void {
  const folder = join(import.meta.dirname, '..', 'results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), page);
  say(`\n${page}\nWritten to bench/results/${file}`);
}

function gateway(): Contender {
  const ours = contenders.find(({ name }) => name === 'ours');
  if (ours === undefined) throw new TypeError('this gateway is not among the servers');
  return ours;
}

async function runGrowth(rounds: number): Promise<void> {
  const cores = planCores();
  const run = { startedAt: new Date().toISOString(), machine: describeMachine(cores), rounds };
  if (cores !== null) leaveServerCore(cores);
  const stub = await startStub(cores);
  try {
    const rows = await measureGrowth(createQuestions(createPeople()), rounds, async (question) => {
      const figures = await measureSize(question, gateway(), stub, cores);
      const { kind, size } = question;
      say(
        `${kind} ${size}  ${figures.time.toFixed(1)} ms  ${figures.cpu.toFixed(1)} ms CPU  ${figures.memoryPeak.toFixed(0)} MB`,
      );
      return figures;
    });
    write('growth.md', growthPage(run, rows));
  } finally {
    await stub.stop();
  }
}

async function runWorkers(rounds: number, seconds: number): Promise<void> {
  const run = { startedAt: new Date().toISOString(), machine: describeMachine(null), rounds };
  const stub = await startStub(null);
  try {
    const rows: WorkersRow[] = [];
    const cases = createCases(createPeople(), seededRandom(20_200_706));
    for (const asked of cases.filter(({ name }) => name !== 'Q3')) {
      const some = await measureWorkers(asked, rounds, async (_asked, workers) => {
        const figures = await measureCount(asked, workers, { contender: gateway(), stub, seconds });
        say(`${asked.name} WORKERS=${workers}  ${figures.operationsPerSecond.toFixed(0)} ops/s`);
        return figures;
      });
      rows.push(...some);
    }
    write('workers.md', workersPage(run, rows));
  } finally {
    await stub.stop();
  }
}

// A regular exit stops the processes that were started.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
const { values } = parseArgs({
  options: {
    workers: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) say(USAGE);
else if (values.workers) await runWorkers(Number(values.rounds), Number(values.seconds));
else await runGrowth(Number(values.rounds));
