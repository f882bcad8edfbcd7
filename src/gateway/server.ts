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
import { challengeOf, extensionsOf } from './mask.ts';
import { newRecord, type Operations } from './operations.ts';
import { answerOf, type Prepared, type PreparedRequest } from './prepared.ts';

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

/** Bytes of a request body at most: a query for 1,000 people is some 40 kB. */
const BODY_LIMIT = 256 * 1024;

export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    requestTimeout: options.deadlineMs,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: true },
    frameworkErrors: (error, _request, reply) =>
      void refuse(reply, error.statusCode ?? 400, 'BAD_REQUEST', 'The request is malformed.'),
  });
  app.removeContentTypeParser('text/plain');
  if (options.corsOrigins.length > 0) await app.register(cors, corsOptions(options.corsOrigins));
  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.header('x-content-type-options', 'nosniff');
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-store');
    if (options.isDraining()) reply.header('connection', 'close');
    done();
  });
  app.setErrorHandler((error, _request, reply) =>
    refuse(reply, statusOf(error), 'BAD_REQUEST', messageOf(statusOf(error))),
  );
  app.setNotFoundHandler((request, reply) => notFound(request, reply));
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: (request, reply) => serve(options, request, reply),
  });
  app.get('/', (request, reply) =>
    wantsPage(options, request) ? serve(options, request, reply) : notFound(request, reply),
  );
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

function statusOf(error: unknown): number {
  const status =
    typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500;
  return status >= 400 && status < 600 ? status : 500;
}

function messageOf(status: number): string {
  if (status === 413) return `The body is too large: at most ${BODY_LIMIT} bytes.`;
  if (status === 415) return 'Send JSON: `Content-Type: application/json`.';
  return status < 500
    ? 'The request cannot be read. Send one JSON object with a `query`.'
    : 'Something went wrong in the gateway.';
}

function notFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (request.url.split('?')[0] !== '/graphql') {
    return refuse(reply, 404, 'BAD_REQUEST', 'There is nothing here. GraphQL is at /graphql.');
  }
  return refuse(reply.header('allow', 'GET, POST'), 405, 'BAD_REQUEST', 'Use GET or POST.');
}

function refuse(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  const shown = status >= 500 ? 'INTERNAL_SERVER_ERROR' : code;
  return reply.code(status).send({ errors: [{ message, extensions: { code: shown } }] });
}

/** A browser that opens the address, as opposed to a program that calls it. */
function wantsPage({ hasExplorer }: ServerOptions, request: FastifyRequest): boolean {
  return hasExplorer && request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
}

async function serve(
  options: ServerOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (wantsPage(options, request)) return servePage(options, request, reply);
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
    return await answer(options, request, reply, { context, record, resolved: null });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    record.codes.add(error.code);
    return deny(reply, error);
  } finally {
    disarm();
    operations.ended(record, reply.statusCode, clock.elapsed() - start, context?.upstreamRequests ?? 0);
  }
}

function deny(reply: FastifyReply, error: GatewayError): FastifyReply {
  const body = { errors: [{ message: error.message, extensions: extensionsOf(error) }] };
  if (error.code !== 'UNAUTHENTICATED') return reply.code(403).send(body);
  return reply.code(401).header('www-authenticate', challengeOf(error)).send(body);
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
  const { status, headers, body } = await apollo.server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: toApollo(request),
    context: async () => contextValue,
  });
  for (const [name, value] of headers) reply.header(name, value);
  if (body.kind !== 'complete') throw new TypeError('incremental answers are not supported');
  const contentType = headers.get('content-type');
  const ran = status === undefined || status === 200;
  if (ran && contextValue.resolved !== null && contentType !== undefined) {
    prepared.learn(asked, contextValue.resolved, contentType);
  }
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
