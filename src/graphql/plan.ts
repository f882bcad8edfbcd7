// What a plan of an operation is: the fields that the operation executes, in order, with their arguments. planner.ts makes
// plans, planned-executor.ts runs them.
import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLAbstractType,
  GraphQLField,
  GraphQLLeafType,
  GraphQLObjectType,
} from 'graphql';
import type { ResponseSize } from './response-size.ts';

export type Values = Readonly<Record<string, unknown>>;
export type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

/** The fields of one object type at one position of the response. */
export interface ObjectPlan {
  readonly type: GraphQLObjectType;
  readonly fields: readonly FieldPlan[];
  /** Characters of the JSON of an object whose values are all empty. */
  readonly characters: number;
  /** Whether a response name is `__proto__`, which an ordinary object cannot hold as an own property. */
  readonly hasProto: boolean;
}

/** A field at one position of the response. */
export interface FieldPlan {
  readonly responseName: string;
  readonly def: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
  readonly parentType: GraphQLObjectType;
  readonly shape: Shape;
  readonly isNullable: boolean;
  /** Copies the value of the field from its source. Null where the field, or a field below it, has a resolver. */
  readonly copy: Copy | null;
  /** Copies what the field has resolved to, or an item of it. Null where a field below has a resolver. */
  copyOf(shape: Shape): Copy | null;
  /**
   * @param known the arguments of this run that have variables, by field; coerced arguments are added
   * @throws GraphQLError for an argument that does not fit its type
   */
  args(variables: Values, known: Map<FieldPlan, Values>): Values;
  /**
   * The plan of the fields selected below.
   *
   * @throws GraphQLError where a directive's value does not fit its type
   */
  below(type: GraphQLObjectType): ObjectPlan;
}

/** A type, unwrapped step by step. */
export type Shape =
  | { readonly kind: 'non-null' | 'list'; readonly of: Shape }
  | { readonly kind: 'leaf'; readonly type: GraphQLLeafType }
  | { readonly kind: 'object'; readonly type: GraphQLObjectType }
  | { readonly kind: 'abstract'; readonly type: GraphQLAbstractType };

/** Copies a value into the response, or returns SLOW (plain-copy.ts). */
export type Copy = (value: unknown, size: ResponseSize) => unknown;
