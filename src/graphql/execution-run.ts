// One execution of an operation: what its fields have in common, and the errors that were found.
import type { GraphQLError, GraphQLResolveInfo, GraphQLSchema } from 'graphql';
import { OperationEnded } from '../runtime/errors.ts';
import type { FieldPlan, ObjectPlan, Values } from './plan.ts';
import type { ResponseSize } from './response-size.ts';

/** A place in the response, innermost key first. */
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
  /** Arguments with variables in them, coerced once. */
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

  /** Why the query must not go on; null while it may. */
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

  /** Not where a place above has become null already, by an error of its own. */
  addError(error: GraphQLError, path: Path | undefined): void {
    if (this.#isNulled(path)) return;
    this.#places.add(path);
    this.errors.push(error);
    this.size.addError(error.message, charactersOf(path));
    if (this.isQuery && this.size.isExceeded()) this.#ended ??= this.size.tooLarge();
  }

  /** Whether a query has to end, by this error or an earlier one: it reads or responds too much, or is out of time. */
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
