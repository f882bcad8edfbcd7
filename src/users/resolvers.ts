// Query and User: reading arguments, calling the source, returning.
import type { GraphQLResolveInfo } from 'graphql';
import type { QueryResolvers } from '../__generated__/resolvers-types.ts';
import type { Context } from '../graphql/context.ts';
import { selectionOf } from '../graphql/selection.ts';
import type { Person, Wanted } from './loader.ts';

export const Query: QueryResolvers = {
  me: (_root, _args, context, info) => context.directory.me(wanted(context, info)),
  user: (_root, { id }, context, info) => context.directory.person(id, wanted(context, info)),
  // An error in the place of a person is how GraphQL is told of one that could not be read; its types do not know.
  users: async (_root, { ids }, context, info) =>
    (await context.directory.people(ids, wanted(context, info))) as (Person | null)[],
  async directory(_root, { first, after, search, filter }, context, info) {
    const isCounted = selectionOf(info, 'UserConnection').properties.includes('totalCount');
    const request = {
      first,
      after: after ?? null,
      search: search ?? null,
      filter: filter ?? null,
      isCounted,
    };
    const page = await context.directory.page(request, wanted(context, info));
    return {
      totalCount: page.totalCount,
      edges: page.people.map(({ person, cursor }) => ({ node: person, cursor })),
      nodes: page.people.map(({ person }) => person),
      pageInfo: {
        hasNextPage: page.hasNextPage,
        hasPreviousPage: false,
        startCursor: page.people[0]?.cursor ?? null,
        endCursor: page.endCursor,
      },
    };
  },
};

function wanted(context: Context, info: GraphQLResolveInfo): Wanted {
  const { properties, facets } = selectionOf(info, 'User');
  return { properties, facets: facets.flatMap((facet) => context.prefetch(facet, info) ?? []) };
}
