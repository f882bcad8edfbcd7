// Error responses that the HTTP server sends without executing GraphQL. They are always JSON in the form of a GraphQL
// response, have a code of the public contract, and repeat nothing of the request.
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { challengeOf, extensionsOf } from '../graphql/error-masking.ts';
import type { GatewayError } from '../runtime/errors.ts';
import type { ResponseType } from './negotiation.ts';

/** Headers of every response. Phone numbers must not be cached. */
export const COMMON_HEADERS = {
  'cache-control': 'private, no-store',
  'x-content-type-options': 'nosniff',
} as const;

export function sendError(
  reply: FastifyReply,
  status: number,
  message = messageOf(status, reply.request.routeOptions.bodyLimit),
): FastifyReply {
  return reply
    .code(status)
    .headers(COMMON_HEADERS)
    .type('application/json; charset=utf-8')
    .send(bodyOf(status, message));
}

function bodyOf(status: number, message: string): string {
  const code = status >= 500 ? 'INTERNAL_SERVER_ERROR' : 'BAD_REQUEST';
  return JSON.stringify({ errors: [{ message, extensions: { code } }] });
}

function messageOf(status: number, bodyLimit?: number): string {
  switch (status) {
    case 404:
      return 'Not found. The GraphQL endpoint is /graphql.';
    case 405:
      return 'Use GET or POST.';
    case 406:
      return 'The response is JSON, which the Accept header does not allow.';
    case 408:
      return 'The request took too long to arrive.';
    case 413:
      return `The request body exceeds the limit of ${bodyLimit} bytes.`;
    case 415:
      return 'Send JSON in UTF-8, not compressed: `Content-Type: application/json`.';
    case 417:
      return 'The Expect header allows only 100-continue.';
    case 431:
      return 'The headers or the URL are too large.';
    default:
      return status < 500
        ? 'The request cannot be parsed. Send one JSON object with a `query`.'
        : 'Something went wrong in the gateway.';
  }
}

/** Sends the error response for an error of Fastify, with the status that Fastify gives it. */
export function sendFrameworkError(reply: FastifyReply, error: unknown): FastifyReply {
  const status =
    typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500;
  return sendError(reply, status >= 400 && status < 600 ? status : 500);
}

/** Whether the endpoint does not support the method. Known before the body is read. */
export function isUnsupportedMethod({ method, url }: FastifyRequest): boolean {
  const isEndpoint = /^\/graphql\/?(\?|$)/.test(url);
  return isEndpoint && method !== 'GET' && method !== 'POST' && method !== 'OPTIONS';
}

export function sendMethodNotAllowed(reply: FastifyReply): FastifyReply {
  return sendError(reply.header('allow', 'GET, POST'), 405);
}

/** Sends the error of a request that was not authenticated or not admitted. */
export function sendGatewayError(
  reply: FastifyReply,
  error: GatewayError,
  type: ResponseType | null,
): FastifyReply {
  const body = JSON.stringify({ errors: [{ message: error.message, extensions: extensionsOf(error) }] });
  const media = type === 'application/graphql-response+json' ? type : 'application/json';
  const response = reply.headers(COMMON_HEADERS).type(`${media}; charset=utf-8`);
  if (error.code === 'UNAUTHENTICATED')
    return response.code(401).header('www-authenticate', challengeOf(error)).send(body);
  if (error.retryAfterSeconds !== undefined)
    response.header('retry-after', Math.ceil(error.retryAfterSeconds));
  return response.code(statusOf(error)).send(body);
}

function statusOf({ code }: GatewayError): number {
  if (code === 'FORBIDDEN') return 403;
  return code === 'THROTTLED' ? 429 : 503;
}

/** Handles bytes that Node's parser rejects, and requests that do not arrive in time. */
export function handleConnectionError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || hasPendingResponse(socket)) socket.destroy();
  else writeRawError(socket, statusOfConnection(error.code));
}

function statusOfConnection(code: string | undefined): number {
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return 413;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
}

/**
 * Whether the response to an earlier request on the same connection is pending or has begun. The client would take an
 * error response for that response. Node keeps the pending response on the socket; Node's own handler reads the same
 * property (lib/_http_server.js).
 */
function hasPendingResponse(socket: Socket): boolean {
  const pending = (socket as Socket & { readonly _httpMessage?: ServerResponse | null })._httpMessage;
  return pending !== undefined && pending !== null && (pending.headersSent || pending.req.complete);
}

/** Writes an error response without Node's HTTP server, then closes the connection. */
export function writeRawError(socket: Duplex, status: number): void {
  if (!socket.writable) return void socket.destroy();
  const body = bodyOf(status, messageOf(status));
  const headers = {
    ...COMMON_HEADERS,
    ...(status === 405 ? { allow: 'GET, POST' } : {}),
    connection: 'close',
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}
