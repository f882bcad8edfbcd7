// Requests that GraphQL never sees, and the words they are refused in: always JSON, in the form of a GraphQL answer,
// with a code of the contract, and with nothing of the request in it.
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayError } from '../base/errors.ts';
import { challengeOf, extensionsOf } from './mask.ts';
import type { AnswerType } from './negotiation.ts';

/** Bytes of a request body at most: a query for 1,000 people is some 40 kB. */
export const BODY_LIMIT = 256 * 1024;

/** Of every answer, whatever it says: phone numbers are nobody else's to keep. */
export const ALWAYS = { 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff' } as const;

export function refuse(reply: FastifyReply, status: number, message = messageOf(status)): FastifyReply {
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

function messageOf(status: number): string {
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
      return `The body is too large: at most ${BODY_LIMIT} bytes.`;
    case 415:
      return 'Send JSON: `Content-Type: application/json`.';
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
  return answer.code(error.code === 'FORBIDDEN' ? 403 : 503).send(body);
}

/** What is no HTTP, or too much of it: there is no request yet, only a connection. */
export function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const body = bodyOf(status, messageOf(status));
  const headers = { ...ALWAYS, connection: 'close', 'content-type': 'application/json; charset=utf-8' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const reason = { 400: 'Bad Request', 408: 'Request Timeout', 431: 'Request Header Fields Too Large' }[
    status
  ];
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\n${lines.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
