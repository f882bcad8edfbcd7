// Executes operations with plans (plan.ts), following the GraphQL specification. Data, order, errors and resolver calls are
// the same as with graphql-js; a test compares both on random documents.
// A plan saves collecting fields and coercing arguments for each object. Values without a resolver are copied
// (plain-copy.ts). A response has a size limit, and a large one is made in slices (response-size.ts).
import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
} from 'graphql';
import type { OperationEnded } from '../runtime/errors.ts';
import { completeField } from './complete-value.ts';
import { addPath, isPromise, type Path, Run } from './execution-run.ts';
import { leastSizeOf } from './mutation-size.ts';
import { newObject, SLOW, tryCopyProperty } from './plain-copy.ts';
import type { FieldPlan, ObjectPlan } from './plan.ts';
import { createPlanCache } from './plan-cache.ts';
import { type ResponseLimits, ResponseOutOfTime, ResponseSize } from './response-size.ts';

export interface ExecutionRequest {
  readonly document: DocumentNode;
  /** A query or mutation of the document. The document must be valid. */
  readonly operation: OperationDefinitionNode;
  /** As received, not coerced. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: unknown;
  readonly rootValue?: unknown;
  /** Whether nobody waits for the response any more. A query that is executed in slices then ends with TIMEOUT. */
  isOver?(): boolean;
  /** The order of the operation among those that share the event loop. Default: the order of arrival. */
  readonly order?: number;
}

export interface PlannedExecutorOptions {
  readonly limits: ResponseLimits;
  /** Resolves in a later turn of the event loop. @param order the order of the operation */
  nextTurn(order: number): Promise<void>;
  /** Called with each result and its approximate number of characters. */
  made?(result: ExecutionResult, characters: number): void;
}

export type PlannedExecutor = (request: ExecutionRequest) => ExecutionResult | Promise<ExecutionResult>;

const UNLIMITED: PlannedExecutorOptions = {
  limits: { responseValues: Number.POSITIVE_INFINITY, responseBytes: Number.POSITIVE_INFINITY },
  nextTurn: () => Promise.resolve(),
};

/** Most errors about variables, as in graphql-js. */
export const MAX_VARIABLE_ERRORS = 50;

export function createPlannedExecutor(
  schema: GraphQLSchema,
  { limits, nextTurn, made }: PlannedExecutorOptions = UNLIMITED,
): PlannedExecutor {
  const plans = createPlanCache(schema);

  let operations = 0;

  function nextTurnOf({ isOver, operation, order: given }: ExecutionRequest): () => Promise<void> {
    operations += 1;
    const order = given ?? operations;
    if (isOver === undefined || operation.operation === 'mutation') return () => nextTurn(order);
    return async () => {
      await nextTurn(order);
      if (isOver()) throw new ResponseOutOfTime();
    };
  }

  return (request) => {
    const { document, operation, variables, context, rootValue } = request;
    const definitions = operation.variableDefinitions ?? [];
    const { coerced, errors } = getVariableValues(schema, definitions, variables, {
      maxErrors: MAX_VARIABLE_ERRORS,
    });
    if (errors !== undefined) return { errors };
    const isMutation = operation.operation === 'mutation';
    const size = new ResponseSize(limits, nextTurnOf(request), !isMutation);
    const parts = plans.partsOf(document, operation);
    const info = { schema, fragments: parts.fragments, operation, rootValue, variableValues: coerced };
    const run = new Run(info, context, size, executeFields);
    const respond = isMutation ? respondToMutation : respondToQuery;
    const result = respond(run, () => plans.find(parts, coerced), rootValue);
    if (made === undefined) return result;
    if (!(result instanceof Promise)) return report(result);
    return result.then(report);

    function report(known: ExecutionResult): ExecutionResult {
      made?.(known, size.characters);
      return known;
    }
  };
}

type Data = Record<string, unknown>;

type Respond = (
  run: Run,
  plan: () => ObjectPlan,
  root: unknown,
) => ExecutionResult | Promise<ExecutionResult>;

const respondToQuery: Respond = (run, plan, root) => {
  const fail = (error: unknown) => failed(run, error);
  const succeed = (data: Data) => (run.ended === null ? succeeded(run, data) : fail(run.ended));
  try {
    const data = executeFields(run, plan(), root, undefined);
    return isPromise(data) ? (data as Promise<Data>).then(succeed, fail) : succeed(data as Data);
  } catch (error) {
    return fail(error);
  }
};

const respondToMutation: Respond = async (run, find, root) => {
  try {
    const plan = find();
    const tooLarge = sizeError(run, plan);
    if (tooLarge !== null) return { errors: [tooLarge] };
    return succeeded(run, await executeSerially(run, plan, root));
  } catch (error) {
    return failed(run, error);
  }
};

function succeeded({ errors }: Run, data: Data): ExecutionResult {
  return errors.length === 0 ? { data } : { errors, data };
}

function failed(run: Run, error: unknown): ExecutionResult {
  // The data so far is dropped, and its errors too: most would repeat this one.
  if (run.ended !== null) return { errors: [located(run.ended)], data: null };
  run.addError(error as GraphQLError, undefined);
  return { errors: run.errors, data: null };
}

/** The error for a mutation whose response would exceed the limits. Null for any other. */
function sizeError(run: Run, plan: ObjectPlan): GraphQLError | null {
  const { values, characters } = leastSizeOf(run, plan);
  const size = run.size.withAtLeast(values, characters);
  return size === null ? null : new GraphQLError(size.message, { extensions: { code: size.code } });
}

function located(error: OperationEnded): GraphQLError {
  return new GraphQLError(error.message, { originalError: error });
}

/** Executes the root fields of a mutation one after the other. */
async function executeSerially(run: Run, plan: ObjectPlan, source: unknown): Promise<Data> {
  const data = newObject(plan);
  for (const field of plan.fields) {
    data[field.responseName] = await executeField(run, field, source, undefined);
  }
  return data;
}

function executeFields(
  run: Run,
  plan: ObjectPlan,
  source: unknown,
  path: Path | undefined,
): Data | Promise<Data> {
  run.size.addObject(plan);
  const data = newObject(plan);
  let names: string[] | null = null;
  try {
    for (const field of plan.fields) {
      const value = executeField(run, field, source, path);
      data[field.responseName] = value;
      if (!isPromise(value)) continue;
      names ??= [];
      names.push(field.responseName);
    }
  } catch (error) {
    if (names === null) throw error;
    // The promises of other fields can reject too, so they are awaited.
    return settle(data, names).finally(() => {
      throw error;
    });
  }
  return names === null ? data : settle(data, names);
}

/** Replaces promises with their values. */
function settle(data: Data, names: readonly string[]): Promise<Data> {
  const [name = ''] = names;
  if (names.length === 1) {
    return (data[name] as Promise<unknown>).then((value) => {
      data[name] = value;
      return data;
    });
  }
  return Promise.all(names.map((key) => data[key])).then((values) => {
    for (const [at, key] of names.entries()) data[key] = values[at];
    return data;
  });
}

function executeField(run: Run, field: FieldPlan, source: unknown, path: Path | undefined): unknown {
  const { copy, def } = field;
  const copied = copy === null ? SLOW : tryCopyProperty(copy, source, def.name, run.size);
  if (copied !== SLOW) return copied;
  return completeField(run, field, addPath(path, field.responseName, field.parentType.name), source);
}
