// Apollo Server as in its tutorial, with one fetch for each user.
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import type { WirePhone } from '../people.ts';
import { GRAPH, HOST, PORT } from './environment.ts';
import { type PhonesOf, resolvers, type SliceContext, typeDefs } from './slice.ts';

function fetching(authorization: string): PhonesOf {
  return async (userId) => {
    const response = await fetch(`${GRAPH}/beta/users/${userId}/profile/phones`, {
      headers: { authorization },
    });
    if (!response.ok) throw new Error(`Microsoft Graph answered ${response.status}`);
    const { value } = (await response.json()) as { value: readonly WirePhone[] };
    return value;
  };
}

const server = new ApolloServer<SliceContext>({ typeDefs, resolvers });
await startStandaloneServer(server, {
  listen: { host: HOST, port: PORT },
  context: async ({ req }) => ({ phonesOf: fetching(req.headers.authorization ?? '') }),
});
