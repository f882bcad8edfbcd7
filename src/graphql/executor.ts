// Runs operations with the planned executor, and reports invalid variables without quoting values.
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
import {
  createPlannedExecutor,
  MAX_VARIABLE_ERRORS,
  type PlannedExecutorOptions,
} from './planned-executor.ts';

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
    const { order } = context;
    const isOver = (): boolean => context.isOver;
    const result = await execute({ document, operation, variables, context, order, isOver });
    if (result.errors === undefined || result.data !== undefined) return result;
    return { errors: variableErrors(schema, request) ?? result.errors };
  };
}

class TooManyErrors extends Error {}

/**
 * The errors of invalid variables: the path within the variable and the expected type, without the value. Null when all
 * variables are valid. Reports the first MAX_VARIABLE_ERRORS errors, as graphql-js does.
 */
function variableErrors(schema: GraphQLSchema, request: Operation): GraphQLError[] | null {
  const errors: GraphQLError[] = [];
  try {
    findVariableErrors(schema, request, errors);
  } catch (error) {
    if (!(error instanceof TooManyErrors)) throw error;
    const extensions = { code: 'BAD_USER_INPUT' };
    errors.push(
      new GraphQLError('Further variables have values that do not fit their types.', { extensions }),
    );
  }
  return errors.length > 0 ? errors : null;
}

function findVariableErrors(
  schema: GraphQLSchema,
  { operation, variables }: Operation,
  errors: GraphQLError[],
): void {
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type);
    if (!isInputType(type)) continue;
    const report = (path: readonly (string | number)[], what: string): void => {
      if (errors.length === MAX_VARIABLE_ERRORS) throw new TooManyErrors();
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
}
