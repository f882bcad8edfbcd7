// HTTP: what is listened to, what is refused before GraphQL sees it, in which words, and how it ends. Apollo Server
// takes over between a request that may come in and its answer.

import { HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import cors from '@fastify/cors';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Cancellation } from '../base/cancellation.ts';
import type { Clock } from '../base/clock.ts';
import { GatewayError } from '../base/errors.ts';
import type { Context } from '../context.ts';
import type { Apollo, RequestContext } from './apollo.ts';
import { answerType } from './negotiation.ts';
import { newRecord, type Operations } from './operations.ts';
import { answerOf, type Prepared, type PreparedRequest } from './prepared.ts';
import {
  ALWAYS,
  BODY_LIMIT,
  deny,
  isWrongMethod,
  refuse,
  refuseConnection,
  refuseError,
  refuseMethod,
} from './refusals.ts';

/** What is known of a request before GraphQL looks at it. */
export interface Incoming {
  readonly authorization: string | undefined;
  /** Cancelled at the deadline, or when the client goes away. */
  readonly cancellation: Cancellation;
  /** In the clock's elapsed milliseconds. */
  readonly deadline: number;
}

export interface ServerOptions {
  readonly apollo: Apollo;
  readonly prepared: Prepared;
  readonly operations: Operations;
  readonly clock: Clock;
  readonly corsOrigins: readonly string[];
  /** Milliseconds for the whole of a request. */
  readonly deadlineMs: number;
  /** The page of the explorer that is not Apollo's own, made on demand; null for none. */
  readonly explorerPage: (() => Promise<string>) | null;
  /** Whether a request for a page gets one at all. */
  readonly hasExplorer: boolean;
  /** Whether answers should end their connection: true while the process is going away. */
  isDraining(): boolean;
  /** Lets a caller in. Throws a GatewayError. */
  open(incoming: Incoming): Context | Promise<Context>;
}

export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    requestTimeout: options.deadlineMs,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true },
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, _request, reply) => void refuseError(reply, error),
  });
  app.removeContentTypeParser('text/plain');
  if (options.corsOrigins.length > 0) await app.register(cors, corsOptions(options.corsOrigins));
  app.addHook('onRequest', (request, reply, next) => {
    if (isWrongMethod(request)) refuseMethod(reply);
    else next();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.headers(ALWAYS);
    if (options.isDraining()) reply.header('connection', 'close');
    done();
  });
  app.setErrorHandler((error, _request, reply) => refuseError(reply, error));
  app.setNotFoundHandler((request, reply) =>
    request.method === 'OPTIONS' ? refuseMethod(reply) : refuse(reply, 404),
  );
  app.get('/graphql', (request, reply) => {
    const type = answerType(request.headers.accept, options.hasExplorer);
    return type === 'page' ? servePage(options, request, reply) : serve(options, request, reply);
  });
  app.post('/graphql', (request, reply) => serve(options, request, reply));
  app.get('/', (request, reply) => {
    const isPage = answerType(request.headers.accept, options.hasExplorer) === 'page';
    return isPage ? reply.redirect('/graphql') : refuse(reply, 404);
  });
  return app;
}

function corsOptions(origins: readonly string[]) {
  return {
    origin: [...origins],
    methods: ['GET', 'POST'],
    allowedHeaders: [
      'content-type',
      'authorization',
      'apollo-require-preflight',
      'x-apollo-operation-name',
      'apollographql-client-name',
      'apollographql-client-version',
    ],
    exposedHeaders: ['www-authenticate', 'retry-after'],
    maxAge: 600,
    strictPreflight: false,
  };
}

async function serve(
  options: ServerOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { clock, operations } = options;
  const record = newRecord();
  const start = clock.elapsed();
  const cancellation = new Cancellation();
  const disarm = clock.schedule(options.deadlineMs, () => cancellation.cancel());
  reply.raw.once('close', () => cancellation.cancel());
  let context: Context | null = null;
  try {
    const { authorization } = request.headers;
    context = await options.open({ authorization, cancellation, deadline: start + options.deadlineMs });
    return await answer(options, request, reply, { context, record });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    record.codes.add(error.code);
    return deny(reply, error, answerType(request.headers.accept, false));
  } finally {
    disarm();
    operations.ended(record, reply.statusCode, clock.elapsed() - start, context?.upstreamRequests ?? 0);
  }
}

async function answer(
  { apollo, prepared }: ServerOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  contextValue: RequestContext,
): Promise<FastifyReply> {
  const asked = { method: request.method, accept: request.headers.accept, body: request.body };
  const known = prepared.find(asked);
  if (known !== null) return answerPrepared(apollo, known, reply, contextValue);
  if (answerType(request.headers.accept, false) === null) {
    contextValue.record.codes.add('BAD_REQUEST');
    return refuse(reply, 406);
  }
  const { status, headers, body } = await apollo.server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: toApollo(request),
    context: async () => contextValue,
  });
  for (const [name, value] of headers) reply.header(name, value);
  if (body.kind !== 'complete') throw new TypeError('incremental answers are not supported');
  const contentType = headers.get('content-type');
  const ran = status === undefined || status === 200;
  const { resolved } = contextValue.record;
  if (ran && resolved !== null && contentType !== undefined) prepared.learn(asked, resolved, contentType);
  return reply.code(status ?? 200).send(body.string);
}

/** The same answer for a request that Apollo Server has let through before. */
async function answerPrepared(
  apollo: Apollo,
  known: PreparedRequest,
  reply: FastifyReply,
  { context, record }: RequestContext,
): Promise<FastifyReply> {
  const { document, operation, operationName, variables } = known;
  record.name = operation.name?.value.slice(0, 64) ?? null;
  record.type = operation.operation;
  record.prepared = true;
  const result = await apollo.execute({ document, operation, operationName, variables, context });
  for (const { extensions } of result.errors ?? []) record.codes.add(String(extensions['code']));
  const { status, headers, body } = answerOf(result);
  for (const [name, value] of headers) reply.header(name, value);
  return reply.code(status).header('content-type', known.contentType).send(body);
}

async function servePage(
  { apollo, explorerPage }: ServerOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (explorerPage !== null) return reply.type('text/html; charset=utf-8').send(await explorerPage());
  const { body } = await apollo.server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: toApollo(request),
    context: () => Promise.reject(new TypeError('a page needs no context')),
  });
  if (body.kind !== 'complete') throw new TypeError('the page is incomplete');
  return reply.type('text/html; charset=utf-8').send(body.string);
}

function toApollo(request: FastifyRequest): HTTPGraphQLRequest {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const query = request.url.indexOf('?');
  return {
    method: request.method,
    headers,
    search: query === -1 ? '' : request.url.slice(query),
    body: request.body,
  };
}
