// HTTP as bytes on a connection: what is refused before a request is looked at, because two programs could read it in two
// ways, or because it takes what others need: time, connections, memory. Node's parser is strict by itself about
// lengths and chunks; what it lets pass, or drops without a word, is refused here.
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { answerRaw } from './error-responses.ts';

/** Bytes of all header lines. A token of Entra ID for a person in 150 groups is some 9 kB. */
const HEADER_BYTES = 16 * 1024;
/** Header lines. Beyond a limit of its own, Node drops them without a word. */
const HEADERS = 100;
const HEADERS_MS = 10_000;

/** How long a client may take, and how much it may send, before there is a request. */
export function wireLimits(deadlineMs: number) {
  return {
    maxHeaderSize: HEADER_BYTES,
    requestTimeout: deadlineMs,
    headersTimeout: Math.min(HEADERS_MS, deadlineMs),
    connectionsCheckingInterval: Math.min(1_000, Math.ceil(deadlineMs / 4)),
    // By Node's own check the answer would have no body.
    requireHostHeader: false,
  };
}

export interface Flaw {
  readonly status: 400 | 415 | 431;
}

/** What is wrong with a request by its head; null for nothing. Header names come in any case, and in any number. */
export function flawOf({ rawHeaders, headers, httpVersion }: IncomingMessage): Flaw | null {
  if (rawHeaders.length > 2 * HEADERS) return { status: 431 };
  let hosts = 0;
  let types = 0;
  let authorizations = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
    else if (name.length === 12 && name.toLowerCase() === 'content-type') types += 1;
    else if (name.length === 13 && name.toLowerCase() === 'authorization') authorizations += 1;
  }
  if (hosts > 1 || (hosts === 0 && httpVersion !== '1.0')) return { status: 400 };
  if (types > 1 || authorizations > 1) return { status: 400 };
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return { status: 415 };
  return isReadable(headers['content-type']) ? null : { status: 415 };
}

/** Whether the text of a body would be in UTF-8, which is all that JSON is sent in (RFC 8259, section 8.1). */
function isReadable(contentType: string | undefined): boolean {
  if (contentType === undefined || contentType === 'application/json') return true;
  const charsets = [...contentType.matchAll(/;\s*charset\s*=\s*"?([^";\s]*)/gi)];
  return charsets.every(([, charset]) => /^utf-?8$/i.test(charset ?? ''));
}

/** JSON in bytes that are UTF-8: a decoder would put something else in the place of what is not, and say nothing. */
export function readJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = body as Buffer;
    if (isUtf8(bytes)) return parse(request, bytes.toString(), done);
    done(Object.assign(new Error('the body is not UTF-8'), { statusCode: 400 }));
  });
}

/** Answers in words of ours what Node would answer in its own, or by hanging up. */
export function answerOddities(app: FastifyInstance): void {
  app.server.on('connect', (_request, socket) => answerRaw(socket, 405));
  app.server.on('checkExpectation', (request: IncomingMessage) => answerRaw(request.socket, 417));
}
