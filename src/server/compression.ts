// Compression of responses, by the Accept-Encoding header (RFC 9110, section 12.5.3), in zlib's own threads. What is shorter
// than a packet is sent as it is, and so is everything for a client that asks for no encoding. A text that an attacker
// chose next to a secret would let its length tell the secret (BREACH); no page can make a browser send such a request,
// since each has a bearer token.
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import { LargeResponse } from '../graphql/large-response.ts';
import type { Clock } from '../runtime/clock.ts';

/** In bytes; below it, the headers are most of a response. */
const LEAST = 1_024;
/** Of brotli: above it, each step costs more time than it saves bytes. */
const QUALITY = 4;

type Encoding = 'br' | 'gzip';

export interface Compression {
  /** What to send in the place of a body, with its headers set. */
  send(request: FastifyRequest, reply: FastifyReply, body: unknown): Promise<unknown> | unknown;
}

export function createCompression(clock: Pick<Clock, 'afterTurn'>): Compression {
  /** A Buffer is sent over and over (the explorer page), a text once. */
  const kept = new WeakMap<Buffer, Map<Encoding, Promise<Buffer>>>();

  function compressed(body: Body, encoding: Encoding): Promise<Buffer | LargeResponse> {
    if (body instanceof LargeResponse) return compressLarge(body, encoding, clock);
    if (typeof body === 'string') return compress(body, encoding);
    const forms = kept.get(body) ?? new Map<Encoding, Promise<Buffer>>();
    kept.set(body, forms);
    const form = forms.get(encoding) ?? compress(body, encoding);
    forms.set(encoding, form);
    return form;
  }

  return {
    send(request, reply, body) {
      if (!isLong(body) || reply.hasHeader('content-encoding')) return body;
      addVary(reply);
      const encoding = encodingFor(request.headers['accept-encoding']);
      if (encoding === null) return withLength(reply, body);
      return compressed(body, encoding).then((bytes) => {
        reply.header('content-encoding', encoding).removeHeader('content-length');
        return withLength(reply, bytes);
      });
    },
  };
}

type Body = string | Buffer | LargeResponse;

/** Fastify sets the length of a text or a Buffer by itself. */
function withLength(reply: FastifyReply, body: Body): Body {
  if (body instanceof LargeResponse) reply.header('content-length', body.bytes);
  return body;
}

/** Characters are bytes at least, and three bytes at most. */
function isLong(body: unknown): body is Body {
  if (body instanceof LargeResponse) return true;
  if (typeof body !== 'string') return Buffer.isBuffer(body) && body.length >= LEAST;
  return body.length >= LEAST || (3 * body.length >= LEAST && Buffer.byteLength(body) >= LEAST);
}

function addVary(reply: FastifyReply): void {
  const known = reply.getHeader('vary');
  reply.header('vary', known === undefined ? 'Accept-Encoding' : `${String(known)}, Accept-Encoding`);
}

/** The encoding that suits the client best, and brotli where it names no weights; null for none. */
export function encodingFor(accept: string | undefined): Encoding | null {
  if (accept === undefined || accept === '') return null;
  const headers = { 'accept-encoding': accept };
  const taken = new Negotiator({ headers }).encodings(['br', 'gzip', 'identity']);
  const best = !accept.includes(';') && taken.includes('br') ? 'br' : taken[0];
  return best === 'br' || best === 'gzip' ? best : null;
}

const inGzip = promisify<string | Buffer, Buffer>(gzip);

function compress(body: string | Buffer, encoding: Encoding): Promise<Buffer> {
  return encoding === 'gzip' ? inGzip(body) : inBrotli(body);
}

function inBrotli(body: string | Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    brotliCompress(body, { params: paramsFor(body.length) }, (error, bytes) =>
      error === null ? resolve(bytes) : reject(error),
    );
  });
}

function paramsFor(length: number) {
  return {
    [constants.BROTLI_PARAM_QUALITY]: QUALITY,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: length,
  };
}

async function compressLarge(
  body: LargeResponse,
  encoding: Encoding,
  clock: Pick<Clock, 'afterTurn'>,
): Promise<LargeResponse> {
  const parts: Buffer[] = [];
  await pipeline(
    body,
    encoding === 'gzip' ? createGzip() : createBrotliCompress({ params: paramsFor(body.bytes) }),
    async (compressed: AsyncIterable<Buffer>) => {
      for await (const part of compressed) parts.push(part);
    },
  );
  return new LargeResponse(parts, clock);
}
