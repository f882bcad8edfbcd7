// Checks on a request's bytes and headers before it is routed. They reject requests that two HTTP implementations could
// read differently, and requests that take too much time, too many connections or too much memory. Node's parser is strict
// about lengths and chunks; these checks cover what it accepts or ignores silently.
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { writeRawError } from './error-responses.ts';

/** Maximum bytes of all header lines. A token of Entra ID for a user in 150 groups has some 9 kB. */
const HEADER_BYTES = 16 * 1024;
/** Maximum header lines. Node drops the lines beyond its own limit without an error. */
const HEADERS = 100;
const HEADERS_MS = 10_000;

/** Limits of Node's HTTP server on a request that has not arrived completely. */
export function parserLimits(deadlineMs: number) {
  return {
    maxHeaderSize: HEADER_BYTES,
    requestTimeout: deadlineMs,
    headersTimeout: Math.min(HEADERS_MS, deadlineMs),
    connectionsCheckingInterval: Math.min(1_000, Math.ceil(deadlineMs / 4)),
    // `problemOf` checks the Host header: Node's own check sends a response without a body.
    requireHostHeader: false,
  };
}

export interface RequestProblem {
  readonly status: 400 | 415 | 431;
}

/** What is wrong with the headers of a request. Null when nothing is. Node keeps repeated names in `rawHeaders` only. */
export function problemOf({ rawHeaders, headers, httpVersion }: IncomingMessage): RequestProblem | null {
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
  return isUtf8Type(headers['content-type']) ? null : { status: 415 };
}

/** Whether a content type allows UTF-8, the only encoding of JSON (RFC 8259, section 8.1). */
function isUtf8Type(contentType: string | undefined): boolean {
  if (contentType === undefined || contentType === 'application/json') return true;
  const charsets = [...contentType.matchAll(/;\s*charset\s*=\s*"?([^";\s]*)/gi)];
  return charsets.every(([, charset]) => /^utf-?8$/i.test(charset ?? ''));
}

/** Accepts only bodies of JSON in valid UTF-8. A decoder would replace invalid bytes without an error. */
export function registerJsonParser(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = body as Buffer;
    if (isUtf8(bytes)) return parse(request, bytes.toString(), done);
    done(Object.assign(new Error('the body is not valid UTF-8'), { statusCode: 400 }));
  });
}

/** Sends the gateway's error response for CONNECT and for `Expect`, where Node would close or send its own response. */
export function handleUnsupportedRequests(app: FastifyInstance): void {
  app.server.on('connect', (_request, socket) => writeRawError(socket, 405));
  app.server.on('checkExpectation', (request: IncomingMessage) => writeRawError(request.socket, 417));
}
