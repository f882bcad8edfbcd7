// `npm run soak`: one gateway under load for a long time, with faults between it and Microsoft Graph. What it holds must
// not grow, and no phone may be lost or doubled.
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../src/base/random.ts';
import { createAsk, type Tally } from './asking.ts';
import type { Sample } from './inside.ts';
import { createLedger } from './ledger.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { flatOut, paced } from './pace.ts';
import { createPerson } from './person.ts';
import { type Processes, startProcesses } from './processes.ts';
import { progress, report } from './report.ts';

const EVERY_SECONDS = 10;
/** Milliseconds after which no change is under way: the latest fault is 15 seconds late. */
const LATE_MS = 20_000;

function say(text: string): void {
  process.stdout.write(text);
}

/** Resolves with a word of good or bad. */
async function soak(options: Options, processes: Processes): Promise<boolean> {
  const { facts } = processes;
  const ledger = createLedger();
  const tally: Tally = new Map();
  const people = facts.people.slice(0, options.clients).map((id, at) => {
    const ask = createAsk(processes.url, () => processes.tokenOf(id), tally);
    const random = seededRandom(at + 1);
    return createPerson({ ask, others: facts.people, ledger, random, now: () => performance.now() });
  });

  say(`${processes.hasRedis ? 'with Redis' : 'in memory'}, ${people.length} people\n`);
  await flatOut(people, options.probeSeconds);
  const capacity = await flatOut(people, options.probeSeconds);
  const rate = capacity * options.share;
  say(`capacity ${capacity.toFixed(0)} operations/s; ${options.minutes} minutes at ${rate.toFixed(0)}/s,`);
  say(` ${options.faultPercent} % of the requests upstream struck\n`);
  tally.clear();
  await processes.trouble(true);

  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  const isOver = (): boolean => seconds() >= options.minutes * 60 || !processes.isAlive;
  const samples: Sample[] = [];
  const load = paced(people, rate, isOver);
  for (let before = 0; !isOver(); ) {
    await sleep(EVERY_SECONDS * 1000);
    if (!processes.isAlive) break;
    const sample = await processes.sample();
    samples.push(sample);
    const operations = tally.get('operations') ?? 0;
    const phones = (await processes.numbers()).length;
    const pace = (operations - before) / EVERY_SECONDS;
    say(progress({ seconds: seconds(), rate: pace, errors: errorsIn(tally), phones, at: sample }));
    before = operations;
  }
  const { leftOut } = await load;

  await processes.trouble(false);
  const counted = new Map(tally);
  await sleep(LATE_MS);
  if (processes.isAlive) await Promise.all(people.map(({ settle }) => settle()));
  const audit = ledger.audit(await processes.numbers());
  const { isAlive } = processes;
  const told = report({ everySeconds: EVERY_SECONDS, samples, tally: counted, audit, leftOut, isAlive });
  say(`\n${told.text}`);
  return told.isGood;
}

function errorsIn(tally: Tally): number {
  let errors = 0;
  for (const [name, times] of tally) if (name !== 'operations') errors += times;
  return errors;
}

async function run(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') return say(USAGE);
  // Whoever is told to stop takes the processes along, which `exit` does.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const processes = await startProcesses(options.faultPercent);
  try {
    if (!(await soak(options, processes))) process.exitCode = 1;
  } finally {
    await processes.close();
  }
}

await run();
