// Makes the plan of an operation (plan.ts) for fixed values of the variables that its @skip and @include use.
// graphql-js's own functions collect the fields and coerce the values. No code is generated. A plan holds parts of the
// document and of the schema; of a request it holds only those values.
import {
  type FieldNode,
  type GraphQLField,
  GraphQLNonNull,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getArgumentValues,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { getFieldDef } from 'graphql/execution/execute.js';
import { copyOf, copyOfShape } from './plain-copy.ts';
import type { Copy, FieldPlan, Fragments, ObjectPlan, Shape, Values } from './plan.ts';

/** What all plans of one operation with the same directive values share. */
export interface PlanScope {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Fragments;
  /** Only the variables that `@skip` and `@include` use. */
  readonly directiveValues: { [name: string]: unknown };
}

class PlannedField implements FieldPlan {
  readonly responseName: string;
  readonly def: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
  readonly parentType: GraphQLObjectType;
  readonly shape: Shape;
  readonly isNullable: boolean;
  readonly #scope: PlanScope;
  /** Made on demand: most fields are leaves, and there can be many plans. */
  #subplans: Map<GraphQLObjectType, ObjectPlan> | null = null;
  readonly #hasVariables: boolean;
  #args: Values | null = null;
  #copy: Copy | null | undefined;
  #copies: Map<Shape, Copy | null> | null = null;

  constructor(
    scope: PlanScope,
    parentType: GraphQLObjectType,
    responseName: string,
    def: GraphQLField<unknown, unknown>,
    nodes: readonly FieldNode[],
  ) {
    this.#scope = scope;
    this.responseName = responseName;
    this.def = def;
    this.nodes = nodes;
    this.parentType = parentType;
    this.shape = shapeOf(def.type);
    this.isNullable = !(def.type instanceof GraphQLNonNull);
    this.#hasVariables = (nodes[0]?.arguments ?? []).some(({ value }) => mentionsVariable(value));
  }

  get copy(): Copy | null {
    if (this.#copy === undefined) this.#copy = copyOf(this);
    return this.#copy;
  }

  copyOf(shape: Shape): Copy | null {
    const known = this.#copies?.get(shape);
    if (known !== undefined) return known;
    const copy = copyOfShape(shape, this);
    this.#copies ??= new Map();
    this.#copies.set(shape, copy);
    return copy;
  }

  args(variables: Values, known: Map<FieldPlan, Values>): Values {
    const args = this.#args ?? (this.#hasVariables ? known.get(this) : undefined);
    if (args !== undefined) return args;
    const coerced = getArgumentValues(this.def, this.nodes[0] as FieldNode, variables);
    if (this.#hasVariables) known.set(this, coerced);
    else this.#args = coerced;
    return coerced;
  }

  below(type: GraphQLObjectType): ObjectPlan {
    const known = this.#subplans?.get(type);
    if (known !== undefined) return known;
    const { schema, fragments, directiveValues } = this.#scope;
    const plan = objectPlan(
      this.#scope,
      type,
      collectSubfields(schema, fragments, directiveValues, type, this.nodes),
    );
    this.#subplans ??= new Map();
    this.#subplans.set(type, plan);
    return plan;
  }
}

/** @throws GraphQLError where a directive's value does not fit its type */
export function rootPlan(scope: PlanScope, rootType: GraphQLObjectType): ObjectPlan {
  const { schema, fragments, directiveValues, operation } = scope;
  return objectPlan(
    scope,
    rootType,
    collectFields(schema, fragments, directiveValues, rootType, operation.selectionSet),
  );
}

function objectPlan(
  scope: PlanScope,
  type: GraphQLObjectType,
  collected: ReadonlyMap<string, readonly FieldNode[]>,
): ObjectPlan {
  const fields: FieldPlan[] = [];
  let characters = 2;
  for (const [name, nodes] of collected) {
    const def = getFieldDef(scope.schema, type, nodes[0] as FieldNode);
    if (def === null || def === undefined) continue;
    fields.push(new PlannedField(scope, type, name, def, nodes));
    // Quotes, a colon, a comma and `null`, the shortest value except for numbers.
    characters += name.length + 8;
  }
  return { type, fields, characters, hasProto: collected.has('__proto__') };
}

function shapeOf(type: GraphQLOutputType): Shape {
  if (isNonNullType(type)) return { kind: 'non-null', of: shapeOf(type.ofType) };
  if (isListType(type)) return { kind: 'list', of: shapeOf(type.ofType) };
  if (isLeafType(type)) return { kind: 'leaf', type };
  return isAbstractType(type) ? { kind: 'abstract', type } : { kind: 'object', type };
}

function mentionsVariable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, values, fields } = value as {
    kind?: string;
    values?: unknown[];
    fields?: { value: unknown }[];
  };
  if (kind === 'Variable') return true;
  return (
    (values ?? []).some(mentionsVariable) || (fields ?? []).some((field) => mentionsVariable(field.value))
  );
}
