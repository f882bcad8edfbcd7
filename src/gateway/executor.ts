// Running operations. A document that comes back is compiled (graphql-jit) and runs several times faster; one that
// comes once, or that the compiler cannot take, runs on graphql-js. The answers are the same, and a test compares them.
//
// Compiled operations hang on their documents, which Apollo Server keeps in a store of bounded size: what falls out of
// the store takes its compiled form along.
import {
  coerceInputValue,
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  isInputType,
  type OperationDefinitionNode,
  typeFromAST,
  valueFromAST,
  valueFromASTUntyped,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Context } from '../context.ts';
import { aboutType } from './mask.ts';

export interface Operation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: Context;
}

export type Executor = (operation: Operation) => Promise<ExecutionResult> | ExecutionResult;

/** How often an operation has been seen, or its compiled form, or that it has none. */
type Known = number | Compiled | 'interpreted';

interface Compiled {
  readonly query: CompiledQuery['query'];
  /** The default values of variables, in the form that a client would send. */
  readonly defaults: readonly (readonly [string, unknown])[];
}

/** An operation is compiled when it is seen for the second time: most that are sent once never come again. */
const COMPILE_AT = 2;

export function createExecutor(schema: GraphQLSchema): Executor {
  const known = new WeakMap<OperationDefinitionNode, Known>();

  function compiled(request: Operation): Compiled | null {
    const state = known.get(request.operation) ?? 0;
    if (state === 'interpreted') return null;
    if (typeof state !== 'number') return state;
    if (state + 1 < COMPILE_AT) {
      known.set(request.operation, state + 1);
      return null;
    }
    const result = compile(schema, request);
    known.set(request.operation, result ?? 'interpreted');
    return result;
  }

  return async (request) => {
    const fast = compiled(request);
    const result = await (fast === null ? interpret(schema, request) : run(fast, request));
    if (result.errors === undefined || result.data !== undefined) return result;
    return { errors: variableErrors(schema, request) ?? result.errors };
  };
}

/**
 * Values of enums and of GraphQL's own scalars are taken as they are: the rooms read each value from Graph's JSON into what
 * the schema says, or into null, so a second look at every one of them finds nothing. It takes a fifth of the time of a
 * large answer.
 */
const OPTIONS = { disablingCapturingStackErrors: true, disableLeafSerialization: true };

function compile(schema: GraphQLSchema, { document, operation, operationName }: Operation): Compiled | null {
  try {
    const compiled = compileQuery(schema, document, operationName, OPTIONS);
    if (!isCompiledQuery(compiled)) return null;
    const defaults = (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)] as const],
    );
    return { query: compiled.query, defaults };
  } catch {
    return null;
  }
}

/** graphql-jit 0.8.9 takes `$a: T! = x` for a variable that has to be given; so it is given. */
function run({ query, defaults }: Compiled, { context, variables }: Operation) {
  const missing = defaults.filter(([name]) => !Object.hasOwn(variables, name));
  const given = missing.length === 0 ? variables : { ...variables, ...Object.fromEntries(missing) };
  return query(undefined, context, given);
}

function interpret(schema: GraphQLSchema, request: Operation): Promise<ExecutionResult> | ExecutionResult {
  return execute({
    schema,
    document: request.document,
    operationName: request.operationName ?? null,
    variableValues: request.variables,
    contextValue: request.context,
  });
}

/**
 * Why variables do not fit, in words that repeat no value: the path within the variable, and the type expected there.
 * Null when they do fit, and something else is wrong.
 */
function variableErrors(schema: GraphQLSchema, { operation, variables }: Operation): GraphQLError[] | null {
  const errors: GraphQLError[] = [];
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type);
    if (!isInputType(type)) continue;
    const report = (path: readonly (string | number)[], what: string): void => {
      const place = ['', ...path]
        .map((key) => (typeof key === 'number' ? `[${key}]` : key === '' ? '' : `.${key}`))
        .join('');
      const message = `Variable "$${name}" does not fit at "${name}${place}": ${what}`;
      errors.push(new GraphQLError(message, { nodes: definition, extensions: { code: 'BAD_USER_INPUT' } }));
    };
    const value = Object.hasOwn(variables, name)
      ? variables[name]
      : valueFromAST(definition.defaultValue, type);
    if (value === undefined && definition.type.kind !== 'NonNullType') continue;
    if (value === undefined) report([], `a value of type "${type}" is required.`);
    else coerceInputValue(value, type, (path, _value, error) => report(path, aboutType(error.message)));
  }
  return errors.length > 0 ? errors : null;
}
