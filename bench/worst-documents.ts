// `npm run bench:documents`: the milliseconds until hostile and worst-case documents are rejected or ready to run: reading,
// limits, parsing, validation and cost. Each runs in a process of its own that has only run `{ __typename }` before. It
// prints a line for each document, the slowest last.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Kind, type OperationDefinitionNode, parse, specifiedRules, validate } from 'graphql';
import { readConfig } from '../src/config/config.ts';
import { createLimitGuard } from '../src/graphql/limits.ts';
import { createSchema } from '../src/graphql/schema.ts';
import { HOSTILE } from '../test/graphql/hostile-documents.ts';
import { WORST } from '../test/graphql/worst-documents.ts';

const DOCUMENTS = [...HOSTILE, ...WORST];
/** Apollo Server stops at so many. */
const MOST_ERRORS = 5;

interface Measured {
  readonly outcome: string;
  readonly limits: number;
  readonly parse: number;
  readonly validate: number;
  readonly cost: number;
}

/** Measures one, in this process. */
function measureHere(at: number): Measured {
  const { config } = readConfig({});
  if (config === null) throw new TypeError('the defaults are wrong');
  const schema = createSchema(join(import.meta.dirname, '../schema'));
  const guard = createLimitGuard(schema, config.limits);
  const small = '{ __typename }';
  guard.checkText(small);
  validate(schema, parse(small), specifiedRules);
  const [, text, variables = {}] = DOCUMENTS[at] ?? ['', small];
  const spent = { limits: 0, parse: 0, validate: 0, cost: 0 };
  function timed<T>(phase: keyof typeof spent, work: () => T): T {
    const start = performance.now();
    try {
      return work();
    } finally {
      spent[phase] = performance.now() - start;
    }
  }
  const refused = timed('limits', () => guard.checkText(text));
  if (refused !== null) return { ...spent, outcome: refused.message.split(':')[0] ?? '' };
  try {
    const document = timed('parse', () => parse(text));
    const options = { maxErrors: MOST_ERRORS };
    const errors = timed('validate', () => validate(schema, document, specifiedRules, options));
    if (errors.length > 0) return { ...spent, outcome: 'invalid' };
    const isOperation = ({ kind }: { kind: string }): boolean => kind === Kind.OPERATION_DEFINITION;
    const operation = document.definitions.find(isOperation) as OperationDefinitionNode;
    const over = timed('cost', () => guard.checkRun({ document, operation, variables }));
    return { ...spent, outcome: over === null ? 'passes' : (over.message.split(':')[0] ?? '') };
  } catch {
    return { ...spent, outcome: 'no document' };
  }
}

function measureApart(at: number): Measured {
  const out = execFileSync(process.execPath, [import.meta.filename, String(at)], { encoding: 'utf8' });
  return JSON.parse(out);
}

const total = ({ limits, parse, validate, cost }: Measured): number => limits + parse + validate + cost;

/** The minimum of three, because of other load on the machine. */
function bestOf(at: number): Measured {
  const tries = [1, 2, 3].map(() => measureApart(at));
  return tries.reduce((best, next) => (total(next) < total(best) ? next : best));
}

function line(name: string, measured: Measured): string {
  const parts = [total(measured), measured.limits, measured.parse, measured.validate, measured.cost];
  return `${parts.map((ms) => ms.toFixed(1).padStart(7)).join('')}  ${measured.outcome.padEnd(12)} ${name}`;
}

const [asked] = process.argv.slice(2);
if (asked !== undefined) {
  process.stdout.write(JSON.stringify(measureHere(Number(asked))));
} else {
  const rows = DOCUMENTS.map(([name], at) => ({ name, measured: bestOf(at) }));
  rows.sort((one, other) => total(one.measured) - total(other.measured));
  process.stdout.write('  total limits  parse  valid   cost  ms\n');
  for (const { name, measured } of rows) process.stdout.write(`${line(name, measured)}\n`);
}
