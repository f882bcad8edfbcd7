// `npm run soak`: one gateway under load for a long time, with faults between it and Microsoft Graph. Its memory and other
// resources must not grow, no phone may be lost or duplicated, and every key must have a known outcome in the end.
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../src/runtime/random.ts';
import { createAsk, type Tally } from './asking.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { flatOut } from './pace.ts';
import { createPerson, type Person } from './person.ts';
import { type Processes, startProcesses } from './processes.ts';
import { line, report } from './report.ts';
import { EVERY_SECONDS, goThrough } from './stretches.ts';

/** A write that had no effect is sent again after five minutes and the time of a request. */
const UNKNOWN_SECONDS = 7 * 60;
const ASK_AGAIN_SECONDS = 15;

function say(text: string): void {
  process.stdout.write(text);
}

/** Resolves with the verdict. */
async function soak(options: Options, processes: Processes): Promise<boolean> {
  const ledger = createLedger();
  const tally: Tally = new Map();
  const people = peopleWho(options, processes, ledger, tally);
  say(`${processes.hasRedis ? 'with Redis' : 'in memory'}, ${people.length} people\n`);
  await flatOut(people, options.probeSeconds);
  const capacity = await flatOut(people, options.probeSeconds);
  const rate = capacity * options.share;
  say(`capacity ${capacity.toFixed(0)} operations/s; ${options.minutes} minutes at ${rate.toFixed(0)}/s,`);
  say(` ${options.faultPercent} % of the requests upstream struck\n`);

  tally.clear();
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  await processes.trouble(true);
  const stretches = await goThrough({
    people,
    processes,
    tally,
    rate,
    minutes: options.minutes,
    seconds,
    say,
  });
  await processes.trouble(false);
  const counted = new Map(tally);
  if (processes.isAlive) await settle(people, tally, seconds);
  const audit = ledger.audit(await processes.numbers());
  const { isAlive } = processes;
  const told = report({ ...stretches, everySeconds: EVERY_SECONDS, tally: counted, audit, isAlive });
  say(`\n${told.text}`);
  return told.isGood;
}

function peopleWho(
  options: Options,
  { facts, tokenOf, url }: Processes,
  ledger: Ledger,
  tally: Tally,
): Person[] {
  return facts.people.slice(0, options.clients).map((id, at) => {
    const ask = createAsk(url, () => tokenOf(id), tally);
    const random = seededRandom(at + 1);
    return createPerson({ ask, others: facts.people, ledger, random, now: () => performance.now() });
  });
}

/** Repeats calls with an unknown outcome until there are none. */
async function settle(people: readonly Person[], tally: Tally, seconds: () => number): Promise<void> {
  for (const end = seconds() + UNKNOWN_SECONDS; seconds() < end; await sleep(ASK_AGAIN_SECONDS * 1000)) {
    tally.clear();
    const left = await Promise.all(people.map((person) => person.settle()));
    const unknown = left.reduce((sum, keys) => sum + keys, 0);
    const told = [...tally].map(([name, times]) => `  ${name} ${times}`);
    say(line(seconds(), `calm  unknown keys ${unknown}${told.join('')}`));
    if (unknown === 0) return;
  }
}

async function run(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') return say(USAGE);
  // A signal ends the other processes too: `exit` does that.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const processes = await startProcesses(options.faultPercent);
  try {
    if (!(await soak(options, processes))) process.exitCode = 1;
  } finally {
    await processes.close();
  }
}

await run();
