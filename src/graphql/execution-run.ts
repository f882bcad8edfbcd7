// The state of one execution of an operation: what its fields share, and the errors so far.
import type { GraphQLError, GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import { OperationEnded } from '../runtime/errors.ts';
import type { FieldPlan, ObjectPlan, Values } from './plan.ts';
import type { ResponseSize } from './response-size.ts';

/** A path in the response, innermost key first. */
export interface Path {
  readonly prev: Path | undefined;
  readonly key: string | number;
  readonly typename: string | undefined;
}

export function addPath(prev: Path | undefined, key: string | number, typename: string | undefined): Path {
  return { prev, key, typename };
}

export function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { readonly then?: unknown } | null | undefined)?.then === 'function';
}

type OperationInfo = Pick<
  GraphQLResolveInfo,
  'schema' | 'fragments' | 'operation' | 'rootValue' | 'variableValues'
>;

type ExecuteFields = (
  run: Run,
  plan: ObjectPlan,
  source: unknown,
  path: Path | undefined,
) => Record<string, unknown> | Promise<Record<string, unknown>>;

export class Run {
  readonly context: unknown;
  readonly size: ResponseSize;
  readonly executeFields: ExecuteFields;
  readonly errors: GraphQLError[] = [];
  readonly isQuery: boolean;
  /** Coerced arguments of fields whose arguments contain variables. */
  readonly args = new Map<FieldPlan, Values>();
  readonly #info: OperationInfo;
  readonly #places = new Set<Path | undefined>();
  #ended: OperationEnded | null = null;

  constructor(info: OperationInfo, context: unknown, size: ResponseSize, executeFields: ExecuteFields) {
    this.#info = info;
    this.context = context;
    this.size = size;
    this.executeFields = executeFields;
    this.isQuery = info.operation.operation === 'query';
  }

  /** The error that ends the query. Null while it may continue. */
  get ended(): OperationEnded | null {
    return this.#ended;
  }

  infoOf(field: FieldPlan, path: Path): GraphQLResolveInfo {
    const { schema, fragments, operation, rootValue, variableValues } = this.#info;
    const { def, nodes, parentType } = field;
    const place = path as GraphQLResolveInfo['path'];
    return {
      fieldName: def.name,
      fieldNodes: nodes,
      returnType: def.type,
      parentType,
      path: place,
      schema,
      fragments,
      rootValue,
      operation,
      variableValues,
    };
  }

  get schema(): GraphQLSchema {
    return this.#info.schema;
  }

  get variables(): Values {
    return this.#info.variableValues;
  }

  /** Adds an error, unless an earlier error has already set this position or one above it to null. */
  addError(error: GraphQLError, path: Path | undefined): void {
    if (this.#isNulled(path)) return;
    this.#places.add(path);
    this.errors.push(error);
    this.size.addError(error.message, charactersOf(path));
    if (this.isQuery && this.size.isExceeded()) this.#ended ??= this.size.tooLarge();
  }

  /** Whether this error or an earlier one ends the query: it exceeds a limit or its deadline. */
  mustEnd(error: unknown): boolean {
    if (this.isQuery && error instanceof OperationEnded) this.#ended ??= error;
    return this.isQuery && this.#ended !== null;
  }

  #isNulled(path: Path | undefined): boolean {
    if (this.#places.size === 0) return false;
    for (let place = path; place !== undefined; place = place.prev) if (this.#places.has(place)) return true;
    return this.#places.has(undefined);
  }
}

function charactersOf(path: Path | undefined): number {
  let characters = 0;
  for (let place = path; place !== undefined; place = place.prev) characters += String(place.key).length + 3;
  return characters;
}
