// Apollo Server as in its tutorial, and Microsoft's official client with its default middleware as in its README: one client
// for each request, one GET for each user.
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { Client } from '@microsoft/microsoft-graph-client';
import type { WirePhone } from '../people.ts';
import { GRAPH, HOST, PORT } from './environment.ts';
import { type PhonesOf, resolvers, type SliceContext, typeDefs } from './slice.ts';

function asking(authorization: string): PhonesOf {
  const client = Client.init({
    baseUrl: GRAPH,
    defaultVersion: 'beta',
    authProvider: (done) => done(null, authorization.replace(/^Bearer /, '')),
  });
  return async (userId) => {
    // Over plain http the middleware removes `Authorization`, but only in that spelling.
    const request = client.api(`/users/${userId}/profile/phones`).header('authorization', authorization);
    const { value } = (await request.get()) as { value: readonly WirePhone[] };
    return value;
  };
}

const server = new ApolloServer<SliceContext>({ typeDefs, resolvers });
await startStandaloneServer(server, {
  listen: { host: HOST, port: PORT },
  context: async ({ req }) => ({ phonesOf: asking(req.headers.authorization ?? '') }),
});
