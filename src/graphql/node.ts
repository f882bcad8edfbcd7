// The resolver of Query.node, which finds an object by its global id. The form of the id shows the type of the object.
import type { GraphQLResolveInfo } from 'graphql';
import { userKey } from '../graph/paths.ts';
import type { Facet } from '../profile/facet.ts';
import type { ItemFacet } from '../profile/item-facet.ts';
import { type NamedItem, readItemId } from '../profile/item-id.ts';
import { GatewayError } from '../runtime/errors.ts';
import type { Context } from './context.ts';
import { fieldsOf } from './item-fields.ts';

export const Node = {
  __resolveType: (object: object) => (isTyped(object) ? object.__typename : 'User'),
};

/** An item with the type of its facet: items of several facets have the same properties. */
type TypedItem = ItemFacet & { readonly __typename: string };

function isTyped(object: object): object is TypedItem {
  return '__typename' in object;
}

export const Query = {
  node(_root: unknown, { id }: { readonly id: string }, context: Context, info: GraphQLResolveInfo) {
    if (userKey(id) !== null) return context.users.byId(id, context.userSelection(info));
    for (const facet of context.facets) {
      const item = readItemId(facet, id);
      if (item !== null) return typed(facet, item, context, info);
    }
    const kinds = ['a User', ...context.facets.map(({ type }) => `an ${type}`)].join(' or ');
    throw new GatewayError('BAD_USER_INPUT', `id: use the id of ${kinds}.`);
  },
};

async function typed(
  facet: Facet,
  named: NamedItem,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<TypedItem | null> {
  const item = await context.items(facet).named(named, fieldsOf(facet)(info));
  return item === null ? null : { ...item, __typename: facet.type };
}
