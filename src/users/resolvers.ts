// Resolvers of Query. Each reads its arguments and calls the user loader.
import type { QueryResolvers } from '../__generated__/resolvers-types.ts';
import { selectionOf } from '../graphql/selection.ts';

export const Query: QueryResolvers = {
  me: (_root, _args, context, info) => context.users.me(context.userSelection(info)),
  user: (_root, { id }, context, info) => context.users.byId(id, context.userSelection(info)),
  users: (_root, { ids }, context, info) => context.users.byIds(ids, context.userSelection(info)),
  async directory(_root, { first, after, search, filter }, context, info) {
    const isCounted = selectionOf(info, 'UserConnection').properties.includes('totalCount');
    const request = {
      first,
      after: after ?? null,
      search: search ?? null,
      filter: filter ?? null,
      isCounted,
    };
    const page = await context.users.page(request, context.userSelection(info));
    return {
      totalCount: page.totalCount,
      edges: page.users.map(({ user, cursor }) => ({ node: user, cursor })),
      nodes: page.users.map(({ user }) => user),
      pageInfo: {
        hasNextPage: page.hasNextPage,
        hasPreviousPage: false,
        startCursor: page.users[0]?.cursor ?? null,
        endCursor: page.endCursor,
      },
    };
  },
};
