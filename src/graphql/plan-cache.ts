// Caches plans. It is limited in plans and in fields. The fields of a plan are counted at each spread of a fragment, so they
// can be many more than the text suggests.
import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Fragments, ObjectPlan, Values } from './plan.ts';
import { rootPlan } from './planner.ts';

/** The parts of a document that the plans of an operation need. */
export interface OperationParts {
  readonly operation: OperationDefinitionNode;
  readonly fragments: Fragments;
  /** Identifies the operation in the cache. */
  readonly id: number;
  /** Names of all variables in `@skip` and `@include`. */
  readonly directiveVariables: readonly string[];
  /** Most fields of a plan, counted at each spread of a fragment. */
  readonly fields: number;
}

export interface PlanCache {
  partsOf(document: DocumentNode, operation: OperationDefinitionNode): OperationParts;
  /**
   * @param values the coerced variables
   * @throws GraphQLError when the value of a directive is invalid
   */
  find(parts: OperationParts, values: Values): ObjectPlan;
}

const MAX_PLANS = 2_000;
/** Most fields of all plans. A field takes about 230 bytes, and 850 for its part of the document: at most 40 MB of heap. */
const MAX_FIELDS = 40_000;

export function createPlanCache(schema: GraphQLSchema): PlanCache {
  const parts = new WeakMap<OperationDefinitionNode, OperationParts>();
  const plans = new LRUCache<string, ObjectPlan>({ max: MAX_PLANS, maxSize: MAX_FIELDS });
  let operations = 0;
  return {
    partsOf(document, operation) {
      const known = parts.get(operation);
      if (known !== undefined) return known;
      operations += 1;
      const made = partsOfOperation(document, operation, operations);
      parts.set(operation, made);
      return made;
    },
    find({ operation, fragments, id, directiveVariables, fields }, values) {
      const key = keyOf(id, directiveVariables, values);
      const known = plans.get(key);
      if (known !== undefined) return known;
      const directiveValues: Record<string, unknown> = Object.create(null);
      for (const name of directiveVariables)
        if (Object.hasOwn(values, name)) directiveValues[name] = values[name];
      const plan = rootPlan({ schema, operation, fragments, directiveValues }, rootTypeOf(schema, operation));
      plans.set(key, plan, { size: Math.min(fields, MAX_FIELDS) });
      return plan;
    },
  };
}

function keyOf(id: number, names: readonly string[], values: Values): string {
  let key = String(id);
  for (const name of names) key += Object.hasOwn(values, name) ? `,${String(values[name])}` : ',';
  return key;
}

function rootTypeOf(schema: GraphQLSchema, operation: OperationDefinitionNode): GraphQLObjectType {
  const type = schema.getRootType(operation.operation);
  if (type) return type;
  throw new GraphQLError(`Schema is not configured to execute ${operation.operation} operation.`, {
    nodes: operation,
  });
}

function partsOfOperation(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  id: number,
): OperationParts {
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  const directiveVariables = new Set<string>();
  const note = {
    Directive(node: DirectiveNode) {
      for (const { value } of node.arguments ?? [])
        if (value.kind === Kind.VARIABLE) directiveVariables.add(value.name.value);
    },
  };
  visit(operation, note);
  for (const fragment of Object.values(fragments)) visit(fragment, note);
  const fields = countFields(operation.selectionSet, fragments, new Map());
  return { operation, fragments, id, directiveVariables: [...directiveVariables], fields };
}

/** Expects a valid document, without cycles of fragments. */
function countFields(
  { selections }: SelectionSetNode,
  fragments: Fragments,
  known: Map<string, number>,
): number {
  let count = 1;
  for (const selection of selections) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const name = selection.name.value;
      const fragment = fragments[name];
      const fields = known.get(name) ?? (fragment ? countFields(fragment.selectionSet, fragments, known) : 0);
      known.set(name, fields);
      count += fields;
    } else {
      count += 1 + (selection.selectionSet ? countFields(selection.selectionSet, fragments, known) : 0);
    }
  }
  return count;
}
