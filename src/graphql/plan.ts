// The plan of an operation: which fields it executes, in which order, with which arguments, for fixed values of the
// variables that its @skip and @include use. Fields are collected and values coerced by graphql-js's own functions; no
// code is generated. A plan holds parts of the document and of the schema, and nothing of a request but those values.
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLLeafType,
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
import { type Copy, copyOf, copyOfShape } from './plain-copy.ts';

export type Values = Readonly<Record<string, unknown>>;
export type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

/** What all plans of one operation with the same directive values have in common. */
export interface PlanScope {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Fragments;
  /** Values of the variables that `@skip` and `@include` use, and of no others. */
  readonly directiveValues: { [name: string]: unknown };
}

/** The fields of one object type in one place of the response. */
export interface ObjectPlan {
  readonly type: GraphQLObjectType;
  readonly fields: readonly FieldPlan[];
  /** Characters of the JSON of an object whose values are all empty. */
  readonly characters: number;
  /** Whether a response name is `__proto__`, which an ordinary object cannot hold as a property of its own. */
  readonly hasProto: boolean;
}

/** A type, unwrapped step by step. */
export type Shape =
  | { readonly kind: 'non-null' | 'list'; readonly of: Shape }
  | { readonly kind: 'leaf'; readonly type: GraphQLLeafType }
  | { readonly kind: 'object'; readonly type: GraphQLObjectType }
  | { readonly kind: 'abstract'; readonly type: GraphQLAbstractType };

/** A field of the response, in one place of it. */
export class FieldPlan {
  readonly responseName: string;
  readonly def: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
  readonly parentType: GraphQLObjectType;
  readonly shape: Shape;
  readonly isNullable: boolean;
  readonly #scope: PlanScope;
  /** Made when they are needed: most fields are leaves, and there may be many plans. */
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

  /** How to copy the value from its source; null where that takes a resolver, here or below. */
  get copy(): Copy | null {
    if (this.#copy === undefined) this.#copy = copyOf(this);
    return this.#copy;
  }

  /** How to copy what the field has resolved to, or an item of it; null where that takes a resolver below. */
  copyOf(shape: Shape): Copy | null {
    const known = this.#copies?.get(shape);
    if (known !== undefined) return known;
    const copy = copyOfShape(shape, this);
    this.#copies ??= new Map();
    this.#copies.set(shape, copy);
    return copy;
  }

  /** Throws a GraphQLError for arguments that do not fit. @param known of this run, by field */
  args(variables: Values, known: Map<FieldPlan, Values>): Values {
    const args = this.#args ?? (this.#hasVariables ? known.get(this) : undefined);
    if (args !== undefined) return args;
    const coerced = getArgumentValues(this.def, this.nodes[0] as FieldNode, variables);
    if (this.#hasVariables) known.set(this, coerced);
    else this.#args = coerced;
    return coerced;
  }

  /** The plan of what is selected below. Throws a GraphQLError where a directive's value does not fit. */
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

/** Throws a GraphQLError where a directive's value does not fit, or the schema has no such operations. */
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
    fields.push(new FieldPlan(scope, type, name, def, nodes));
    // Quotes, a colon and a comma, and `null`, the shortest value but for numbers.
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
