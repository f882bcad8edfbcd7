// Bytes to and from Microsoft Graph, by undici. Failures are classified here, where it is still known whether anything
// was sent. Redirects are not followed, and an answer larger than the cap is cut off.
import { Pool } from 'undici';
import type { RawAnswer } from './answer.ts';
import { type FailureKind, GraphFailure } from './failure.ts';

export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly signal: AbortSignal | null;
}

/** Sends one request and reads its whole answer. Rejects with a GraphFailure and with nothing else. */
export interface Transport {
  send(request: WireRequest): Promise<RawAnswer>;
  /** Closes the connections once they are idle. */
  close(): Promise<void>;
}

export interface TransportOptions {
  /** The origin every request goes to; others are refused. */
  readonly origin: string;
  /** Connections at most, kept alive between requests. */
  readonly connections: number;
  /** Milliseconds for the headers, and between two pieces of the body. */
  readonly timeoutMs: number;
  /** Bytes of an answer at most. */
  readonly maxAnswerBytes: number;
}

export function createTransport(options: TransportOptions): Transport {
  const pool = new Pool(options.origin, {
    connections: options.connections,
    connect: { timeout: options.timeoutMs },
    headersTimeout: options.timeoutMs,
    bodyTimeout: options.timeoutMs,
    maxResponseSize: options.maxAnswerBytes,
  });
  return {
    async send(request) {
      try {
        return await exchange(pool, options.origin, request);
      } catch (error) {
        throw error instanceof GraphFailure ? error : new GraphFailure(kindOfError(error), { cause: error });
      }
    },
    close: () => pool.close(),
  };
}

async function exchange(pool: Pool, origin: string, request: WireRequest): Promise<RawAnswer> {
  if (!request.url.startsWith(`${origin}/`))
    throw new TypeError('a request left the origin of Microsoft Graph');
  const answer = await pool.request({
    path: request.url.slice(origin.length),
    method: request.method,
    headers: request.headers,
    body: request.body,
    signal: request.signal,
  });
  const headers = flat(answer.headers);
  const text = await answer.body.text();
  return {
    status: answer.statusCode,
    headers,
    body: text === '' ? undefined : parseBody(answer.statusCode, headers, text),
  };
}

/** A header sent twice is joined, as RFC 9110 has it: challenges may come in several `WWW-Authenticate`. */
function flat(headers: Record<string, string | string[] | undefined>): Record<string, string | undefined> {
  for (const name in headers) {
    const value = headers[name];
    if (Array.isArray(value)) headers[name] = value.join(', ');
  }
  return headers as Record<string, string | undefined>;
}

/**
 * The JSON of an answer. A body that is not JSON tells nothing under an error status, where the status says enough
 * (proxies answer in HTML), and spoils a success.
 */
function parseBody(status: number, headers: Record<string, string | undefined>, text: string): unknown {
  const isJson = /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '');
  try {
    if (isJson) return JSON.parse(text);
  } catch {
    // Cut or garbled: told below, without the text, which may hold a number.
  }
  if (status >= 200 && status < 300) {
    const requestId = headers['request-id'] ?? null;
    throw new GraphFailure('bad-response', { trace: { status, requestId, clientRequestId: null } });
  }
  return undefined;
}

const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

const TOO_SLOW: ReadonlySet<string> = new Set([
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_ABORTED',
]);

const UNREADABLE: ReadonlySet<string> = new Set([
  'UND_ERR_RES_EXCEEDED_MAX_SIZE',
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
]);

/** Anything not listed counts as lost: for a write that is the cautious reading. */
function kindOfError(error: unknown): FailureKind {
  if (!(error instanceof Error)) return 'lost';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (NEVER_SENT.has(code)) return 'never-sent';
  if (TOO_SLOW.has(code) || error.name === 'AbortError' || error.name === 'TimeoutError') return 'timeout';
  if (UNREADABLE.has(code) || code.startsWith('HPE_')) return 'bad-response';
  return 'lost';
}
