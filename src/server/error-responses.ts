// Requests that GraphQL never sees, and the words they are refused in: always JSON, in the form of a GraphQL answer,
// with a code of the contract, and with nothing of the request in it.
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { challengeOf, extensionsOf } from '../graphql/error-masking.ts';
import type { GatewayError } from '../runtime/errors.ts';
import type { AnswerType } from './negotiation.ts';

/** Of every answer, whatever it says: phone numbers are nobody else's to keep. */
export const ALWAYS = { 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff' } as const;

export function refuse(
  reply: FastifyReply,
  status: number,
  message = messageOf(status, reply.request.routeOptions.bodyLimit),
): FastifyReply {
  return reply
    .code(status)
    .headers(ALWAYS)
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
      return 'There is nothing here. GraphQL is at /graphql.';
    case 405:
      return 'Use GET or POST.';
    case 406:
      return 'The answer would be JSON, which the Accept header does not allow.';
    case 408:
      return 'The request took too long to arrive.';
    case 413:
      return `The body is too large: at most ${bodyLimit} bytes.`;
    case 415:
      return 'Send JSON in UTF-8, not compressed: `Content-Type: application/json`.';
    case 417:
      return 'Nothing can be expected but an answer.';
    case 431:
      return 'The headers or the address are too large.';
    default:
      return status < 500
        ? 'The request cannot be read. Send one JSON object with a `query`.'
        : 'Something went wrong in the gateway.';
  }
}

/** What Fastify refuses by itself, by the status it would give. */
export function refuseError(reply: FastifyReply, error: unknown): FastifyReply {
  const named =
    typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500;
  return refuse(reply, named >= 400 && named < 600 ? named : 500);
}

/** Methods that the endpoint has no use for, before their bodies are looked at. */
export function isWrongMethod({ method, url }: FastifyRequest): boolean {
  const isEndpoint = /^\/graphql\/?(\?|$)/.test(url);
  return isEndpoint && method !== 'GET' && method !== 'POST' && method !== 'OPTIONS';
}

export function refuseMethod(reply: FastifyReply): FastifyReply {
  return refuse(reply.header('allow', 'GET, POST'), 405);
}

/** A caller who may not come in, or cannot just now. */
export function deny(reply: FastifyReply, error: GatewayError, type: AnswerType | null): FastifyReply {
  const body = JSON.stringify({ errors: [{ message: error.message, extensions: extensionsOf(error) }] });
  const media = type === 'application/graphql-response+json' ? type : 'application/json';
  const answer = reply.headers(ALWAYS).type(`${media}; charset=utf-8`);
  if (error.code === 'UNAUTHENTICATED')
    return answer.code(401).header('www-authenticate', challengeOf(error)).send(body);
  if (error.retryAfterSeconds !== undefined) answer.header('retry-after', Math.ceil(error.retryAfterSeconds));
  return answer.code(statusOf(error)).send(body);
}

function statusOf({ code }: GatewayError): number {
  if (code === 'FORBIDDEN') return 403;
  return code === 'THROTTLED' ? 429 : 503;
}

/** What is no HTTP, or too much of it: there is no request yet, or no end of one. */
export function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || isAnswering(socket)) socket.destroy();
  else answerRaw(socket, statusOfConnection(error.code));
}

function statusOfConnection(code: string | undefined): number {
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return 413;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
}

/**
 * Whether an answer is due for an earlier request on the same connection, or has begun. A refusal would be taken for
 * that answer. Node keeps the answer that is due on the socket, and its own handler looks there too (lib/_http_server.js).
 */
function isAnswering(socket: Socket): boolean {
  const due = (socket as Socket & { readonly _httpMessage?: ServerResponse | null })._httpMessage;
  return due !== undefined && due !== null && (due.headersSent || due.req.complete);
}

/** A refusal written by hand, after which the connection ends. */
export function answerRaw(socket: Duplex, status: number): void {
  if (!socket.writable) return void socket.destroy();
  const body = bodyOf(status, messageOf(status));
  const headers = {
    ...ALWAYS,
    ...(status === 405 ? { allow: 'GET, POST' } : {}),
    connection: 'close',
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}
