// Query and User: reading arguments, calling the source, returning.
import type { QueryResolvers } from '../__generated__/resolvers-types.ts';
import { selectionOf } from '../graphql/selection.ts';

export const Query: QueryResolvers = {
  me: (_root, _args, context, info) => context.directory.me(context.wanted(info)),
  user: (_root, { id }, context, info) => context.directory.person(id, context.wanted(info)),
  users: (_root, { ids }, context, info) => context.directory.people(ids, context.wanted(info)),
  async directory(_root, { first, after, search, filter }, context, info) {
    const isCounted = selectionOf(info, 'UserConnection').properties.includes('totalCount');
    const request = {
      first,
      after: after ?? null,
      search: search ?? null,
      filter: filter ?? null,
      isCounted,
    };
    const page = await context.directory.page(request, context.wanted(info));
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
