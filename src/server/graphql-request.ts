// Executes an admitted GraphQL request and sends its response. A request that is known from earlier ones runs from the
// operation cache; every other request goes through Apollo Server.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Apollo, RequestContext } from '../graphql/apollo.ts';
import { executeThroughApollo } from '../graphql/apollo-request.ts';
import type { LimitGuard } from '../graphql/limits.ts';
import { type CachedRequest, httpResponseOf, type OperationCache } from '../graphql/operation-cache.ts';
import { persistedQueryError } from '../graphql/persisted-queries.ts';
import { writeAtOnce } from '../graphql/response-text.ts';
import type { DocumentRequest, TrustedDocuments } from '../graphql/trusted-documents.ts';
import { sendError } from './error-responses.ts';
import { negotiate } from './negotiation.ts';
import { queryStringOf } from './query-string.ts';

export interface GraphQLRequestOptions {
  readonly apollo: Apollo;
  /** The operation cache. Null when every request must go through Apollo Server. */
  readonly prepared: OperationCache | null;
  readonly limits: LimitGuard;
  /** The documents that may run. Null when every document may run. */
  readonly trusted: TrustedDocuments | null;
  /**
   * Resolves at the end of the current turn of the event loop. All responses of one turn are then written together. A
   * response that is written between other work makes the system wake up its receiver, which costs more than the rest of
   * sending.
   */
  nextImmediate(): Promise<void>;
}

export async function executeRequest(
  options: GraphQLRequestOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  contextValue: RequestContext,
): Promise<FastifyReply> {
  const { apollo, prepared, limits, trusted } = options;
  const received = receivedFrom(request);
  const opened = trusted === null ? received : trusted.open(received);
  if (opened instanceof GraphQLError) return sendOperationError(opened, request, reply, contextValue);
  const { method, headers } = request;
  const httpRequest = { method, accept: headers.accept, body: opened.body };
  const known = prepared?.find(httpRequest) ?? null;
  if (known !== null) return executePrepared(options, known, reply, contextValue);
  const accept = negotiate(headers.accept, false);
  if (accept === null) {
    contextValue.record.codes.add('BAD_REQUEST');
    return sendError(reply, 406);
  }
  const text = documentOf(opened);
  const error = (text === null ? null : limits.checkText(text)) ?? persistedQueryError(opened, text);
  if (error !== null) return sendOperationError(error, request, reply, contextValue);
  const response = await executeThroughApollo(apollo.server, { ...opened, headers, accept }, contextValue);
  for (const [name, value] of response.headers) reply.header(name, value);
  const { status, contentType, body } = response;
  const { resolved } = contextValue.record;
  if (status === 200 && resolved !== null && contentType !== undefined)
    prepared?.learn(httpRequest, resolved, contentType);
  return reply.code(status).send(apollo.take(body));
}

/** Sends the response that Apollo Server sends for an operation that it cannot run. */
async function sendOperationError(
  error: GraphQLError,
  request: FastifyRequest,
  reply: FastifyReply,
  { record }: RequestContext,
): Promise<FastifyReply> {
  record.codes.add(String(error.extensions['code']));
  const { status, body } = await httpResponseOf({ errors: [error] }, writeAtOnce);
  const type = negotiate(request.headers.accept, false) ?? 'application/json';
  return reply.code(status).type(`${type}; charset=utf-8`).send(body);
}

/** Sends the same response as Apollo Server, without it. */
async function executePrepared(
  { apollo, nextImmediate }: GraphQLRequestOptions,
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

export function receivedFrom({ method, url, body }: FastifyRequest): DocumentRequest {
  return { method, body, search: queryStringOf(url) };
}

/** The document's text, where Apollo Server reads it. Null when the request has none. */
function documentOf({ method, body, search }: DocumentRequest): string | null {
  if (method === 'GET') return new URLSearchParams(search).get('query');
  const query = typeof body === 'object' && body !== null && 'query' in body ? body.query : null;
  return typeof query === 'string' ? query : null;
}
