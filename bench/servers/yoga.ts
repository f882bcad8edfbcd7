// GraphQL Yoga with default settings, including its caches of parsed and validated documents, and the batched source.
import { createServer } from 'node:http';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { createYoga } from 'graphql-yoga';
import { createBatchedSource } from './batched.ts';
import { GRAPH, HOST, PORT } from './environment.ts';
import { resolvers, typeDefs } from './slice.ts';

const open = createBatchedSource(GRAPH);
const yoga = createYoga({
  schema: makeExecutableSchema({ typeDefs, resolvers }),
  graphiql: false,
  landingPage: false,
  context: ({ request }) => ({ phonesOf: open(request.headers.get('authorization') ?? '') }),
});
createServer(yoga).listen(PORT, HOST);
