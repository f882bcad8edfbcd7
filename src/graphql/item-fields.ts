// Which fields of the items of a facet an operation selects, so that these properties and no others are read.
import type { GraphQLResolveInfo, OperationDefinitionNode } from 'graphql';
import type { Facet } from '../profile/facet.ts';
import type { ReadAfter } from '../profile/mutations/many.ts';
import { fieldsAnywhere, hasArgumentAnywhere } from './selection.ts';

export type FieldsOf = (info: GraphQLResolveInfo) => readonly string[];

const perFacet = new WeakMap<Facet, FieldsOf>();

/**
 * Gives the fields of a facet's items that an operation needs: those that it selects, and those that its arguments filter
 * by. The same list for every run of the operation: what is made of it is remembered by it.
 */
export function fieldsOf(facet: Facet): FieldsOf {
  const known = perFacet.get(facet) ?? createFieldsOf(facet);
  perFacet.set(facet, known);
  return known;
}

function createFieldsOf(facet: Facet): FieldsOf {
  const perOperation = new WeakMap<OperationDefinitionNode, readonly string[]>();
  return (info) => {
    const known = perOperation.get(info.operation) ?? neededFields(facet, info);
    perOperation.set(info.operation, known);
    return known;
  };
}

function neededFields({ type, segment, filterFields }: Facet, info: GraphQLResolveInfo): readonly string[] {
  const filtered = Object.entries(filterFields).flatMap(([argument, field]) =>
    hasArgumentAnywhere(info, `User.${segment}(${argument})`) ? [field] : [],
  );
  return [...new Set([...fieldsAnywhere(info, type), ...fieldsAnywhere(info, 'Node'), ...filtered])];
}

/**
 * What is read after many changes: the selected fields of the items, and the owners where a payload has them.
 *
 * @param payloads the types of payloads that have a field `user`
 */
export function readAfter(facet: Facet, payloads: readonly string[], info: GraphQLResolveInfo): ReadAfter {
  const owners = payloads.some((name) => fieldsAnywhere(info, name).has('user'));
  return { fields: fieldsOf(facet)(info), owners };
}
