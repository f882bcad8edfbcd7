// The HTTP server: its routes, its hooks, and the checks that every request passes before it is routed.
import cors from '@fastify/cors';
import fastify, { type FastifyInstance } from 'fastify';
import { TimeLimit } from '../runtime/time-limit.ts';
import { createCompression } from './compression.ts';
import {
  COMMON_HEADERS,
  handleConnectionError,
  isUnsupportedMethod,
  sendError,
  sendFrameworkError,
  sendMethodNotAllowed,
} from './error-responses.ts';
import { addExplorerRoutes, type ExplorerOptions, prefersPage, sendPage } from './explorer-routes.ts';
import { handleUnsupportedRequests, parserLimits, problemOf, registerJsonParser } from './request-checks.ts';
import { handleRequest, type LifecycleOptions, type LifecycleState } from './request-lifecycle.ts';
import type { UnsentResponses } from './unsent-responses.ts';
import {
  createUnverifiedTokens,
  type UnverifiedTokenOptions,
  type UnverifiedTokens,
} from './unverified-tokens.ts';

export interface ServerOptions extends LifecycleOptions, Omit<ExplorerOptions, 'apollo'> {
  /** Maximum bytes of a request body. */
  readonly bodyBytes: number;
  /** Addresses and networks of proxies whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies: readonly string[];
  /** Maximum connections. One more is closed as it opens. */
  readonly connections: number;
  readonly unsent: Pick<UnsentResponses, 'watch'>;
  readonly corsOrigins: readonly string[];
  /** Whether responses close their connections. */
  closesConnections(): boolean;
  readonly ownerOf: UnverifiedTokenOptions['ownerOf'];
}

export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = createFastify(options);
  handleUnsupportedRequests(app);
  registerJsonParser(app);
  if (options.corsOrigins.length > 0) await app.register(cors, corsOptions(options.corsOrigins));
  addHooks(app, options);
  app.setErrorHandler((error, _request, reply) => sendFrameworkError(reply, error));
  app.setNotFoundHandler((request, reply) =>
    request.method === 'OPTIONS' ? sendMethodNotAllowed(reply) : sendError(reply, 404),
  );
  const unverified = createUnverifiedTokens(options);
  const deadlines = new TimeLimit(options.clock, options.deadlineMs);
  addGraphQLRoutes(app, { ...options, deadlines, unverified });
  addExplorerRoutes(app, options);
  return app;
}

function createFastify(options: ServerOptions): FastifyInstance {
  const app = fastify({
    bodyLimit: options.bodyBytes,
    http: parserLimits(options.deadlineMs),
    requestTimeout: options.deadlineMs,
    keepAliveTimeout: 72_000,
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true },
    clientErrorHandler: handleConnectionError,
    frameworkErrors: (error, _request, reply) => void sendFrameworkError(reply, error),
  });
  app.server.maxConnections = options.connections;
  return app;
}

function addHooks(app: FastifyInstance, options: ServerOptions): void {
  const compression = createCompression(options.clock);
  app.addHook('onRequest', (request, reply, next) => {
    const problem = problemOf(request.raw);
    if (problem !== null) sendError(reply, problem.status);
    else if (isUnsupportedMethod(request)) sendMethodNotAllowed(reply);
    else next();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    reply.headers(COMMON_HEADERS);
    if (options.closesConnections()) reply.header('connection', 'close');
    // Counts the uncompressed bytes, which stay in memory until they are compressed.
    options.unsent.watch(reply.raw, payload);
    done();
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const sent = compression.send(request, reply, payload);
    if (sent instanceof Promise) sent.then((bytes) => done(null, bytes), done);
    else done(null, sent);
  });
}

type RouteState = LifecycleState & ExplorerOptions & { readonly unverified: UnverifiedTokens };

/** /graphql is the endpoint, and the explorer page for a browser. The page is not charged to the client's address. */
function addGraphQLRoutes(app: FastifyInstance, state: RouteState): void {
  const { charge } = state.unverified;
  app.get(
    '/graphql',
    {
      onRequest: (request, reply, next) =>
        prefersPage(state, request) ? next() : charge(request, reply, next),
    },
    (request, reply) =>
      prefersPage(state, request) ? sendPage(state, request, reply) : handleRequest(state, request, reply),
  );
  app.post('/graphql', { onRequest: charge }, (request, reply) => handleRequest(state, request, reply));
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
