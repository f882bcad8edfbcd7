// Sends one HTTP request through Apollo Server. Apollo's own request and response types stay in this file, so the HTTP
// server does not depend on them.
import type { IncomingHttpHeaders } from 'node:http';
import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import type { RequestContext } from './apollo.ts';
import type { DocumentRequest } from './trusted-documents.ts';

export interface ApolloRequest extends DocumentRequest {
  readonly headers: IncomingHttpHeaders;
  /** The media type that content negotiation selected. Replaces the Accept header. */
  readonly accept: string;
}

export interface ApolloResponse {
  readonly status: number;
  readonly headers: Iterable<readonly [string, string]>;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** Executes a GraphQL request. */
export async function executeThroughApollo(
  server: ApolloServer<RequestContext>,
  request: ApolloRequest,
  context: RequestContext,
): Promise<ApolloResponse> {
  const { status, headers, body } = await server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: toApollo(request),
    context: async () => context,
  });
  if (body.kind !== 'complete') throw new TypeError('incremental responses are not supported');
  return { status: status ?? 200, headers, contentType: headers.get('content-type'), body: body.string };
}

/** The HTML of the landing page. */
export async function landingPage(
  server: ApolloServer<RequestContext>,
  request: ApolloRequest,
): Promise<string> {
  const { body } = await server.executeHTTPGraphQLRequest({
    httpGraphQLRequest: toApollo(request),
    context: () => Promise.reject(new TypeError('the landing page has no context')),
  });
  if (body.kind !== 'complete') throw new TypeError('the landing page is incomplete');
  return body.string;
}

function toApollo({ method, headers: given, accept, search, body }: ApolloRequest): HTTPGraphQLRequest {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  headers.set('accept', accept);
  return { method, headers, search, body };
}
