// `npm run bench`: measures this gateway beside what people would use instead, and writes bench/results/.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCases } from './cases.ts';
import { contenders } from './contenders.ts';
import { installPeers, peerVersions } from './install.ts';
import { BUSY, describeMachine, leaveServerCore, planCores } from './machine.ts';
import { type Options, readOptions, usage } from './options.ts';
import { createPeople } from './people.ts';
import { seededRandom } from './random.ts';
import { drawChart } from './report/chart.ts';
import { type Results, summarize } from './report/summary.ts';
import { writeTables } from './report/tables.ts';
import { checkAll, composeSupergraph, measureAll, measureStub, type Setting } from './rounds.ts';
import { startStub } from './stub.ts';

const SEED = 20_200_706;
const OUTPUT = join(import.meta.dirname, 'results');

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function optionsOrExit(): Options {
  const names = contenders.map(({ name }) => name);
  try {
    const options = readOptions(process.argv.slice(2), names);
    if (options !== 'help') return options;
    say(usage(names));
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage(names)}`);
    process.exit(1);
  }
}

async function run(options: Options): Promise<Results> {
  const cores = planCores();
  const machine = describeMachine(cores);
  if (cores === null) say('Processes cannot be bound to cores here: figures will be less steady.');
  else leaveServerCore(cores);
  if (machine.loadBefore > BUSY)
    say(`The machine is busy already (load ${machine.loadBefore}): distrust the figures.`);
  const startedAt = new Date().toISOString();
  const stub = await startStub(cores);
  try {
    const chosen = contenders.filter(({ name }) => options.only === null || options.only.includes(name));
    const cases = createCases(createPeople(), seededRandom(SEED));
    const setting: Setting = {
      contenders: chosen,
      cases: cases.filter(({ name }) => options.cases.includes(name)),
      options,
      cores,
      stub,
      say,
    };
    if (chosen.some(({ name }) => name === 'hive')) composeSupergraph(stub);
    await checkAll(setting);
    const direct = await measureStub(setting);
    const measurements = await measureAll(setting);
    return { startedAt, machine, versions: peerVersions(), options, direct, measurements };
  } finally {
    await stub.stop();
  }
}

function write(results: Results): void {
  mkdirSync(OUTPUT, { recursive: true });
  const summaries = summarize(results.measurements);
  writeFileSync(join(OUTPUT, 'results.json'), `${JSON.stringify(results, roundNumbers)}\n`);
  writeFileSync(join(OUTPUT, 'results.md'), writeTables(results, summaries));
  writeFileSync(join(OUTPUT, 'throughput.svg'), drawChart(summaries));
  say(`\n${writeTables(results, summaries)}\nWritten to bench/results/`);
}

function roundNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1_000) / 1_000 : value;
}

// A regular exit stops the processes that were started.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
const options = optionsOrExit();
try {
  installPeers(say);
  write(await run(options));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}
