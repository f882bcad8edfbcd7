// Mercurius over the batched source, with its JIT (`jit`) or without. With it, this is the fastest of the usual ways to
// write such a server by hand; but that JIT is graphql-jit, which makes source code out of the documents that clients send.
import process from 'node:process';
import { makeExecutableSchema } from '@graphql-tools/schema';
import fastify from 'fastify';
import { mercurius } from 'mercurius';
import { createBatchedSource } from './batched.ts';
import { GRAPH, HOST, PORT } from './environment.ts';
import { resolvers, typeDefs } from './slice.ts';

const open = createBatchedSource(GRAPH);
const app = fastify();
await app.register(mercurius, {
  schema: makeExecutableSchema({ typeDefs, resolvers }),
  // 1 compiles a document when it comes for the second time, 0 never.
  jit: process.argv[2] === 'jit' ? 1 : 0,
  graphiql: false,
  context: (request) => ({ phonesOf: open(request.headers.authorization ?? '') }),
});
await app.listen({ host: HOST, port: PORT });
