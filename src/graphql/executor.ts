// Runs operations by plans, and reports variables that do not fit in words that repeat no value.
import {
  coerceInputValue,
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  isInputType,
  type OperationDefinitionNode,
  typeFromAST,
  valueFromAST,
} from 'graphql';
import type { Context } from './context.ts';
import { aboutType } from './error-masking.ts';
import { createPlannedExecutor, type PlannedExecutorOptions } from './planned-executor.ts';

export interface Operation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: Context;
}

export type Executor = (operation: Operation) => Promise<ExecutionResult> | ExecutionResult;

export function createExecutor(schema: GraphQLSchema, options?: PlannedExecutorOptions): Executor {
  const execute = createPlannedExecutor(schema, options);
  return async (request) => {
    const { document, operation, variables, context } = request;
    const result = await execute({ document, operation, variables, context, isOver: () => context.isOver });
    if (result.errors === undefined || result.data !== undefined) return result;
    return { errors: variableErrors(schema, request) ?? result.errors };
  };
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
