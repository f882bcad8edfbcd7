// Compression of responses, by the Accept-Encoding header (RFC 9110, section 12.5.3), in zlib's own threads. What is shorter
// than a packet is sent as it is, and so is everything for a client that asks for no encoding. A text that an attacker
// chose next to a secret would let its length tell the secret (BREACH); no page can make a browser send such a request,
// since each has a bearer token.
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';

/** In bytes; below it, the headers are most of a response. */
const LEAST = 1_024;
/** Of brotli: above it, each step costs more time than it saves bytes. */
const QUALITY = 4;

type Encoding = 'br' | 'gzip';

export interface Compression {
  /** What to send in the place of a body, with its headers set. */
  send(request: FastifyRequest, reply: FastifyReply, body: unknown): Promise<unknown> | unknown;
}

export function createCompression(): Compression {
  /** A Buffer is sent over and over (the explorer page), a text once. */
  const kept = new WeakMap<Buffer, Map<Encoding, Promise<Buffer>>>();

  function compressed(body: string | Buffer, encoding: Encoding): Promise<Buffer> {
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
      if (encoding === null) return body;
      return compressed(body, encoding).then((bytes) => {
        reply.header('content-encoding', encoding).removeHeader('content-length');
        return bytes;
      });
    },
  };
}

/** Characters are bytes at least, and three bytes at most. */
function isLong(body: unknown): body is string | Buffer {
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
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: QUALITY,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
  };
  return new Promise((resolve, reject) => {
    brotliCompress(body, { params }, (error, bytes) => (error === null ? resolve(bytes) : reject(error)));
  });
}
