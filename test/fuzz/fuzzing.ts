// Runs documents at random through GraphQL-js and through the planned executor, until one is answered differently.
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { createPlannedExecutor, type ExecutionRequest } from '../../src/graphql/planned-executor.ts';
import type { ObjectMaker } from './answers.ts';
import { createChance, seedOf } from './chance.ts';
import { type Difference, difference, type Execution, errorText } from './compare.ts';
import { type Generated, generate } from './grammar.ts';
import { createFuzzSchema, createProductSchema } from './schemas.ts';
import { answerAtRandom } from './sources.ts';
import { createRun, exact, type Run, type Timing } from './trace.ts';
import { countUnhandled } from './unhandled.ts';

type Executor = (request: ExecutionRequest) => ExecutionResult | Promise<ExecutionResult>;

interface Subject {
  readonly name: string;
  readonly schema: GraphQLSchema;
  readonly makeObject: ObjectMaker;
  readonly planned: Executor;
}

/** What was done so far. */
export interface Tally {
  generated: number;
  valid: number;
  runs: number;
  /** Runs whose answer has errors, and those that ended before any field. */
  withErrors: number;
  withoutData: number;
}

const RUNS = 3;
const TIMINGS: readonly Timing[] = ['none', 'none', 'turns', 'turns', 'microtasks'];

export function createSubjects(): readonly Subject[] {
  // Thousands of errors are made on purpose, and nobody looks at where.
  Error.stackTraceLimit = 0;
  return [subject('made up', createFuzzSchema()), subject('product', createProductSchema())];
}

function subject(name: string, schema: GraphQLSchema): Subject {
  return { name, schema, makeObject: answerAtRandom(schema), planned: createPlannedExecutor(schema) };
}

/** Tries the document of this seed and number. Says how the answers differ, or null. */
export async function tryDocument(
  subjects: readonly Subject[],
  seed: number,
  number: number,
  tally: Tally,
): Promise<string | null> {
  const own = seedOf(seed, `document ${number}`);
  const chance = createChance(own);
  // Two documents of three are for the schema that has everything.
  const subject = subjects[number % 3 === 0 ? 1 : 0];
  if (subject === undefined) throw new TypeError('There are two schemas');
  const generated = generate(subject.schema, chance);
  const document = parse(generated.text);
  tally.generated += 1;
  if (validate(subject.schema, document).length > 0) return null;
  tally.valid += 1;
  for (let index = 0; index < RUNS; index += 1) {
    const random = createChance(seedOf(own, `run ${index}`));
    const variables = generated.variables.values(random);
    const operationName = random.pick(generated.operationNames);
    const timing = random.pick(TIMINGS);
    const make = (): Run => createRun(seedOf(own, `data ${index}`), timing);
    const request = { document, operation: operationOf(document, operationName), variables };
    const expected = await observe(subject, make(), request, interpret(subject.schema));
    const found = await observe(subject, make(), request, subject.planned);
    count(tally, expected);
    const differs = difference(expected, found);
    if (differs !== null)
      return report(subject, generated, { seed, number, index, operationName, variables, timing }, differs);
  }
  return null;
}

function operationOf(document: DocumentNode, name: string): OperationDefinitionNode {
  for (const definition of document.definitions) {
    if (definition.kind === 'OperationDefinition' && definition.name?.value === name) return definition;
  }
  throw new TypeError(`No operation ${name}`);
}

function interpret(schema: GraphQLSchema): Executor {
  return ({ document, operation, variables, context, rootValue }) =>
    execute({
      schema,
      document,
      operationName: operation.name?.value ?? null,
      variableValues: variables,
      contextValue: context,
      rootValue,
    });
}

type Asked = Pick<ExecutionRequest, 'document' | 'operation' | 'variables'>;

async function observe(subject: Subject, run: Run, asked: Asked, executor: Executor): Promise<Execution> {
  const root = asked.operation.operation === 'mutation' ? 'Mutation' : 'Query';
  const rootValue = subject.makeObject(root, 'root', run);
  let result: ExecutionResult | null = null;
  let thrown: string | null = null;
  let errors: readonly string[] | null = null;
  const end = (value: ExecutionResult): void => {
    result = value;
    errors = value.errors?.map(errorText) ?? null;
  };
  const fail = (error: unknown): void => {
    thrown = exact(error);
  };
  const unhandled = await countUnhandled(async () => {
    try {
      const answered = executor({ ...asked, context: run, rootValue });
      if (answered instanceof Promise) answered.then(end, fail);
      else end(answered);
    } catch (error) {
      fail(error);
    }
    if (run.timing === 'none' && (result !== null || thrown !== null)) return;
    await run.turns.drain(() => result !== null || thrown !== null);
  });
  return { result, thrown, errors, unhandled, run };
}

function count(tally: Tally, { result }: Execution): void {
  tally.runs += 1;
  if (result?.errors !== undefined) tally.withErrors += 1;
  if (result !== null && !('data' in result)) tally.withoutData += 1;
}

function report(
  subject: Subject,
  generated: Generated,
  at: object,
  { what, expected, found }: Difference,
): string {
  return [
    `Not the same ${what} (schema: ${subject.name}) at ${exact(at)}`,
    ...['--- document', generated.text, '--- expected', expected, '--- found', found],
  ].join('\n');
}
