// The routes of the explorer pages. A page and the GraphQL endpoint share a URL: the Accept header selects between them.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Apollo } from '../graphql/apollo.ts';
import { landingPage } from '../graphql/apollo-request.ts';
import { sendError } from './error-responses.ts';
import { type ExplorerKind, GRAPHIQL_PATH, withGraphiQLFallback } from './explorer.ts';
import { receivedFrom } from './graphql-request.ts';
import { negotiate } from './negotiation.ts';

const HTML = 'text/html; charset=utf-8';

export interface ExplorerOptions {
  readonly apollo: Pick<Apollo, 'server'>;
  readonly explorer: ExplorerKind;
  /** Renders the GraphiQL page. Null when the explorer is off. */
  readonly graphiql: (() => Promise<Buffer>) | null;
}

/** Adds the routes beside /graphql. */
export function addExplorerRoutes(app: FastifyInstance, options: ExplorerOptions): void {
  app.get('/', (request, reply) =>
    prefersPage(options, request) ? reply.redirect('/graphql') : sendError(reply, 404),
  );
  const { graphiql } = options;
  if (graphiql === null) return;
  app.get(GRAPHIQL_PATH, (request, reply) =>
    prefersPage(options, request) ? sendGraphiQL(graphiql, reply) : sendError(reply, 404),
  );
}

/** Whether the client prefers the explorer page to a GraphQL response. */
export function prefersPage({ explorer }: ExplorerOptions, { headers }: FastifyRequest): boolean {
  return negotiate(headers.accept, explorer !== 'off') === 'page';
}

/** Sends the explorer page at /graphql. */
export async function sendPage(
  { apollo, explorer, graphiql }: ExplorerOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (explorer === 'graphiql' && graphiql !== null) return sendGraphiQL(graphiql, reply);
  const { headers } = request;
  const html = await landingPage(apollo.server, { ...receivedFrom(request), headers, accept: 'text/html' });
  return reply.type(HTML).send(withGraphiQLFallback(html));
}

async function sendGraphiQL(page: () => Promise<Buffer>, reply: FastifyReply): Promise<FastifyReply> {
  return reply.type(HTML).send(await page());
}
