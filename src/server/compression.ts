// Compression of responses by the Accept-Encoding header (RFC 9110, section 12.5.3), in zlib's threads. A body that is
// shorter than a packet is not compressed, and neither is any body for a client that accepts no encoding.
//
// The BREACH attack reads a secret from the length of a compressed response that also contains text of the attacker. It
// needs a web page that makes the victim's browser send the request. No page can do that here: each request needs a bearer
// token.
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import { LargeResponse } from '../graphql/large-response.ts';
import type { Clock } from '../runtime/clock.ts';

/** Minimum body size in bytes. Below it, the headers are most of a response. */
const MIN_BYTES = 1_024;
/** Brotli quality. Higher values cost more time than they save bytes. */
const BROTLI_QUALITY = 4;

type Encoding = 'br' | 'gzip';

export interface Compression {
  /** Returns the body to send and sets its headers. */
  send(request: FastifyRequest, reply: FastifyReply, body: unknown): Promise<unknown> | unknown;
}

export function createCompression(clock: Pick<Clock, 'afterTurn'>): Compression {
  /** Buffers are sent many times (the explorer page), so their compressed forms are kept. A string is sent once. */
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

/** Fastify sets the length of a string or a Buffer itself. */
function withLength(reply: FastifyReply, body: Body): Body {
  if (body instanceof LargeResponse) reply.header('content-length', body.bytes);
  return body;
}

/** Compares by characters first, which is cheap: a character of a string has one to three bytes. */
function isLong(body: unknown): body is Body {
  if (body instanceof LargeResponse) return true;
  if (typeof body !== 'string') return Buffer.isBuffer(body) && body.length >= MIN_BYTES;
  return body.length >= MIN_BYTES || (3 * body.length >= MIN_BYTES && Buffer.byteLength(body) >= MIN_BYTES);
}

function addVary(reply: FastifyReply): void {
  const known = reply.getHeader('vary');
  reply.header('vary', known === undefined ? 'Accept-Encoding' : `${String(known)}, Accept-Encoding`);
}

/** The encoding that the client prefers. Brotli when the header has no weights. Null for no encoding. */
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
    [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
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
