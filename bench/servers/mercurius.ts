// Mercurius with the batched source, with its JIT (`jit`) or without. With it, this is the fastest common way to write such a
// server by hand. But its JIT is graphql-jit, which generates source code from the documents of clients.
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
  // 1 compiles a document when it arrives for the second time, 0 never.
  jit: process.argv[2] === 'jit' ? 1 : 0,
  graphiql: false,
  context: (request) => ({ phonesOf: open(request.headers.authorization ?? '') }),
});
await app.listen({ host: HOST, port: PORT });
