// HTTP: what is listened to, what is refused before GraphQL sees it, in which words, and how it ends. Apollo Server
// takes over between a request that may come in and its answer.

import { HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import cors from '@fastify/cors';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Apollo, RequestContext } from '../graphql/apollo.ts';
import type { Context, TokenVerdict } from '../graphql/context.ts';
import type { LimitGuard } from '../graphql/limits.ts';
import { type CachedRequest, httpResponseOf, type OperationCache } from '../graphql/operation-cache.ts';
import { persistedQueryError } from '../graphql/persisted-queries.ts';
import { writeAtOnce } from '../graphql/response-text.ts';
import type { DocumentRequest, TrustedDocuments } from '../graphql/trusted-documents.ts';
import type { Operations } from '../observability/metrics.ts';
import { Cancellation } from '../runtime/cancellation.ts';
import type { Clock } from '../runtime/clock.ts';
import { GatewayError } from '../runtime/errors.ts';
import type { Random } from '../runtime/random.ts';
import { TimeLimit } from '../runtime/time-limit.ts';
import type { OperationSpan, Tracing } from '../runtime/tracing.ts';
import type { Door, Visit } from './admission.ts';
import { searchOf } from './client-address.ts';
import { createCompression } from './compression.ts';
import {
  ALWAYS,
  deny,
  isWrongMethod,
  refuse,
  refuseConnection,
  refuseError,
  refuseMethod,
} from './error-responses.ts';
import { type ExplorerKind, GRAPHIQL_PATH, withGraphiQLFallback } from './explorer.ts';
import { answerType } from './negotiation.ts';
import { answerOddities, flawOf, readJson, wireLimits } from './request-checks.ts';
import { begin, end } from './request-record.ts';
import { createUnproven, type Unproven, type UnprovenOptions } from './unproven-tokens.ts';
import type { Unsent } from './unsent-responses.ts';

const HTML = 'text/html; charset=utf-8';

/** What is known of a request before GraphQL looks at it. */
export interface Incoming {
  readonly authorization: string | undefined;
  /** The connection that it came on. */
  readonly connection: object;
  /** To be told who it is as soon as that is known, and before anything is done for them. */
  readonly visit: Pick<Visit, 'admit'>;
  /** A GUID, of the client's making or the gateway's. */
  readonly requestId: string;
  /** Cancelled at the deadline, or when the client goes away. */
  readonly cancellation: Cancellation;
  /** In the clock's elapsed milliseconds. */
  readonly deadline: number;
  /** Null where there are no traces. */
  readonly span: OperationSpan | null;
}

export interface ServerOptions {
  readonly apollo: Apollo;
  /** Null where every request goes through Apollo Server. */
  readonly prepared: OperationCache | null;
  readonly limits: LimitGuard;
  /** Bytes of a request body at most. */
  readonly bodyBytes: number;
  /** The documents that run; null where any does. */
  readonly trusted: TrustedDocuments | null;
  readonly operations: Operations;
  readonly door: Door;
  readonly clock: Clock;
  /**
   * The end of the present turn of the event loop. Answers of one turn leave together then: for each that leaves between
   * two others' work, the system wakes the receiver anew, which costs more than all the rest of sending.
   */
  nextImmediate(): Promise<void>;
  readonly random: Random;
  /** Null for no traces. */
  readonly tracing: Tracing | null;
  /** Addresses and networks of proxies, whose word on where a request comes from is taken. */
  readonly trustedProxies: readonly string[];
  /** Connections of clients at most; one more is closed as it opens. */
  readonly connections: number;
  readonly unsent: Pick<Unsent, 'watch'>;
  readonly corsOrigins: readonly string[];
  /** Milliseconds for the whole of a request, unless its client has less time. */
  readonly deadlineMs: number;
  readonly explorer: ExplorerKind;
  /** The GraphiQL page, made on demand; null where there is no explorer. */
  readonly graphiql: (() => Promise<Buffer>) | null;
  /** Whether answers should end their connection. */
  asksToHangUp(): boolean;
  readonly ownerOf: UnprovenOptions['ownerOf'];
  /** Lets a caller in. Throws a GatewayError. */
  open(incoming: Incoming): Context | Promise<Context>;
}

/** What all requests have in common. */
interface Serving extends ServerOptions {
  /** Of those who have all the time that there is. */
  readonly deadlines: TimeLimit;
  readonly unproven: Unproven;
}

export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const deadlines = new TimeLimit(options.clock, options.deadlineMs);
  const unproven = createUnproven(options);
  const compression = createCompression(options.clock);
  const serving: Serving = { ...options, deadlines, unproven };
  const app = fastify({
    bodyLimit: options.bodyBytes,
    http: wireLimits(options.deadlineMs),
    requestTimeout: options.deadlineMs,
    keepAliveTimeout: 72_000,
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true },
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, _request, reply) => void refuseError(reply, error),
  });
  app.server.maxConnections = options.connections;
  answerOddities(app);
  readJson(app);
  if (options.corsOrigins.length > 0) await app.register(cors, corsOptions(options.corsOrigins));
  app.addHook('onRequest', (request, reply, next) => {
    const flaw = flawOf(request.raw);
    if (flaw !== null) refuse(reply, flaw.status);
    else if (isWrongMethod(request)) refuseMethod(reply);
    else next();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    reply.headers(ALWAYS);
    if (options.asksToHangUp()) reply.header('connection', 'close');
    // Counted as it is before compression: that much waits until it is compressed.
    options.unsent.watch(reply.raw, payload);
    done();
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const sent = compression.send(request, reply, payload);
    if (sent instanceof Promise) sent.then((bytes) => done(null, bytes), done);
    else done(null, sent);
  });
  app.setErrorHandler((error, _request, reply) => refuseError(reply, error));
  app.setNotFoundHandler((request, reply) =>
    request.method === 'OPTIONS' ? refuseMethod(reply) : refuse(reply, 404),
  );
  app.get(
    '/graphql',
    {
      onRequest: (request, reply, next) =>
        asksForPage(options, request) ? next() : unproven.charge(request, reply, next),
    },
    (request, reply) =>
      asksForPage(options, request) ? servePage(options, request, reply) : serve(serving, request, reply),
  );
  app.post('/graphql', { onRequest: unproven.charge }, (request, reply) => serve(serving, request, reply));
  app.get('/', (request, reply) => {
    return asksForPage(options, request) ? reply.redirect('/graphql') : refuse(reply, 404);
  });
  const { graphiql } = options;
  if (graphiql !== null) {
    app.get(GRAPHIQL_PATH, (request, reply) =>
      asksForPage(options, request) ? serveGraphiQL(graphiql, reply) : refuse(reply, 404),
    );
  }
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
      'graphql-require-preflight',
      'traceparent',
      'tracestate',
      'client-request-id',
      'x-request-id',
      'x-request-timeout-ms',
      'x-apollo-operation-name',
      'apollographql-client-name',
      'apollographql-client-version',
    ],
    exposedHeaders: ['www-authenticate', 'retry-after', 'x-request-id'],
    maxAge: 600,
    strictPreflight: false,
  };
}

function asksForPage({ explorer }: ServerOptions, { headers }: FastifyRequest): boolean {
  return answerType(headers.accept, explorer !== 'off') === 'page';
}

async function serve(options: Serving, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const begun = begin(options, request, reply);
  const { record, span, requestId, start } = begun;
  const cancellation = new Cancellation();
  const allowed = Math.min(options.deadlineMs, timeoutOf(request));
  const disarm = limitTime(options, cancellation, allowed);
  reply.raw.once('close', () => cancellation.cancel());
  let visit: Visit | null = null;
  let context: Context | null = null;
  try {
    const { authorization } = request.headers;
    const deadline = start + allowed;
    visit = options.door.arrive(request.ip, options.unproven.chargeOf(request));
    const { socket: connection } = request;
    const incoming = { authorization, connection, visit, requestId, cancellation, deadline, span };
    const opened = options.open(incoming);
    context = opened instanceof Promise ? await opened : opened;
    record.caller = context.caller;
    return await answer(options, request, reply, { context, record });
  } catch (error) {
    if (!(error instanceof GatewayError)) {
      // As the error handler is about to answer it.
      record.codes.add('INTERNAL_SERVER_ERROR');
      reply.code(500);
      throw error;
    }
    const told = context === null && visit !== null ? visit.refusal(error) : error;
    record.codes.add(told.code);
    if (told.code === 'THROTTLED' && visit !== null) {
      visit.leave('unknown');
      visit = null;
      await options.door.holdBack();
    }
    return deny(reply, told, answerType(request.headers.accept, false));
  } finally {
    disarm();
    visit?.leave(verdictOf(record.codes, context));
    end(options, begun, reply, context?.upstreamRequests);
  }
}

/** Most have the same time; one whose client has less needs a timer of its own. */
function limitTime(serving: Serving, cancellation: Cancellation, ms: number): () => void {
  const { clock, deadlineMs, deadlines } = serving;
  if (ms < deadlineMs) return clock.schedule(ms, () => cancellation.cancel());
  deadlines.begin(cancellation);
  return () => deadlines.end(cancellation);
}

/** What became of the caller's token: with the gateway where that checks it, or with Microsoft Graph. */
function verdictOf(codes: ReadonlySet<string>, context: Context | null): TokenVerdict {
  if (codes.has('UNAUTHENTICATED')) return 'refused';
  if (context === null) return codes.has('FORBIDDEN') ? 'refused' : 'unknown';
  return context.tokenVerdict;
}

/**
 * Milliseconds that the client will wait, by `x-request-timeout-ms`; no end without it. What is no whole number from 1 up
 * counts for nothing, as with any header that only gives a hint: the request can be answered all the same, and ends with
 * the gateway's own deadline.
 */
function timeoutOf({ headers }: FastifyRequest): number {
  const asked = headers['x-request-timeout-ms'];
  return typeof asked === 'string' && /^[1-9]\d{0,14}$/.test(asked)
    ? Number(asked)
    : Number.POSITIVE_INFINITY;
}

async function answer(
  options: ServerOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  contextValue: RequestContext,
): Promise<FastifyReply> {
  const { apollo, prepared, limits, trusted } = options;
  const received = receivedFrom(request);
  const opened = trusted === null ? received : trusted.open(received);
  if (opened instanceof GraphQLError) return refuseOperation(opened, request, reply, contextValue);
  const asked = { method: request.method, accept: request.headers.accept, body: opened.body };
  const known = prepared?.find(asked) ?? null;
  if (known !== null) return answerPrepared(options, known, reply, contextValue);
  const type = answerType(request.headers.accept, false);
  if (type === null) {
    contextValue.record.codes.add('BAD_REQUEST');
    return refuse(reply, 406);
  }
  const text = textOf(opened);
  const refused = (text === null ? null : limits.checkText(text)) ?? persistedQueryError(opened, text);
  if (refused !== null) return refuseOperation(refused, request, reply, contextValue);
  const { status, headers, body } = await apollo.server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: toApollo(request, opened, type),
    context: async () => contextValue,
  });
  for (const [name, value] of headers) reply.header(name, value);
  if (body.kind !== 'complete') throw new TypeError('incremental answers are not supported');
  const contentType = headers.get('content-type');
  const ran = status === undefined || status === 200;
  const { resolved } = contextValue.record;
  if (ran && resolved !== null && contentType !== undefined) prepared?.learn(asked, resolved, contentType);
  return reply.code(status ?? 200).send(apollo.take(body.string));
}

/** What Apollo Server would answer to a request that it could not run; this one it never sees. */
async function refuseOperation(
  error: GraphQLError,
  request: FastifyRequest,
  reply: FastifyReply,
  { record }: RequestContext,
): Promise<FastifyReply> {
  record.codes.add(String(error.extensions['code']));
  const { status, body } = await httpResponseOf({ errors: [error] }, writeAtOnce);
  const type = answerType(request.headers.accept, false) ?? 'application/json';
  return reply.code(status).type(`${type}; charset=utf-8`).send(body);
}

/** The same answer for a request that Apollo Server has let through before. */
async function answerPrepared(
  { apollo, nextImmediate }: ServerOptions,
  known: CachedRequest,
  reply: FastifyReply,
  { context, record }: RequestContext,
): Promise<FastifyReply> {
  const { document, operation, operationName, variables } = known;
  record.name = operation.name?.value.slice(0, 64) ?? null;
  record.type = operation.operation;
  record.prepared = true;
  const result = await apollo.execute({ document, operation, operationName, variables, context });
  for (const { extensions } of result.errors ?? []) record.codes.add(String(extensions['code']));
  const { status, headers, body } = await httpResponseOf(result, apollo.write);
  for (const [name, value] of headers) reply.header(name, value);
  await nextImmediate();
  return reply.code(status).header('content-type', known.contentType).send(body);
}

async function servePage(
  { apollo, explorer, graphiql }: ServerOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (explorer === 'graphiql' && graphiql !== null) return serveGraphiQL(graphiql, reply);
  const { body } = await apollo.server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: toApollo(request, receivedFrom(request), 'text/html'),
    context: () => Promise.reject(new TypeError('a page needs no context')),
  });
  if (body.kind !== 'complete') throw new TypeError('the page is incomplete');
  return reply.type(HTML).send(withGraphiQLFallback(body.string));
}

async function serveGraphiQL(page: () => Promise<Buffer>, reply: FastifyReply): Promise<FastifyReply> {
  return reply.type(HTML).send(await page());
}

function receivedFrom({ method, url, body }: FastifyRequest): DocumentRequest {
  return { method, body, search: searchOf(url) };
}

/** The document of a request, found where Apollo Server finds it; null for none. */
function textOf({ method, body, search }: DocumentRequest): string | null {
  if (method === 'GET') return new URLSearchParams(search).get('query');
  const query = typeof body === 'object' && body !== null && 'query' in body ? body.query : null;
  return typeof query === 'string' ? query : null;
}

/** @param accept the type of the answer, decided by now */
function toApollo(
  request: FastifyRequest,
  { method, body, search }: DocumentRequest,
  accept: string,
): HTTPGraphQLRequest {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  headers.set('accept', accept);
  return { method, headers, search, body };
}
