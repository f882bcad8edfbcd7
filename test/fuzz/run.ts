// `npm run fuzz -- --minutes 30 [--seed N] [--from N] [--documents N]`: compares the planned executor with GraphQL-js,
// says how far it is, and stops at the first difference with all that is needed to repeat it.
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createSubjects, type Tally, tryDocument } from './fuzzing.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string' },
    from: { type: 'string', default: '0' },
    documents: { type: 'string' },
  },
});
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
const first = Number(values.from);
const last = values.documents === undefined ? Number.POSITIVE_INFINITY : first + Number(values.documents);
const end = Date.now() + Number(values.minutes) * 60_000;
const subjects = createSubjects();
const tally: Tally = { generated: 0, valid: 0, runs: 0, withErrors: 0, withoutData: 0 };

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function progress(): string {
  const { generated, valid, runs, withErrors, withoutData } = tally;
  return `seed ${seed}: ${generated} documents, ${valid} valid, ${runs} runs (${withErrors} with errors, ${withoutData} without data)`;
}

async function search(): Promise<string | null> {
  let next = Date.now() + 10_000;
  for (let number = first; number < last && Date.now() < end; number += 1) {
    const difference = await tryDocument(subjects, seed, number, tally);
    if (difference !== null) return difference;
    if (Date.now() < next) continue;
    say(`${progress()}, no difference`);
    next += 10_000;
  }
  return null;
}

const difference = await search();
say(`${progress()}, ${difference === null ? 'no difference' : 'one difference'}`);
if (difference !== null) {
  say(difference);
  process.exitCode = 1;
}
