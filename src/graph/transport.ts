// Sends bytes to Microsoft Graph and receives them, with undici. Failures are classified here, because only undici reports
// when it begins to write a request to a connection. A request that fails before that was never sent.
// The transport follows no redirects and aborts responses larger than the limit.
//
// A connection is closed after a 503, and the retry uses a new connection. Microsoft recommends this, since a new
// connection can reach another machine while a kept one reaches the same machine.
import { Client, type Dispatcher, errors, Pool } from 'undici';
import type { Cancellation } from '../runtime/cancellation.ts';
import type { Clock } from '../runtime/clock.ts';
import { Expirable, TimeLimit } from '../runtime/time-limit.ts';
import { type FailureKind, GraphFailure } from './failure.ts';
import { isLongJson, parseInSlices } from './json-in-slices.ts';
import { plainId, type RawResponse } from './response.ts';

export interface UpstreamRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly cancellation: Cancellation;
  /** Whether the request can be retried. One try is then limited to `tryMs`. */
  readonly isTry: boolean;
  /** Whether to use a new connection and close it afterwards. */
  readonly isFresh: boolean;
  /** The order of its operation. Long responses are parsed in this order. Default: 0. */
  readonly order?: number;
}

/** Sends one request and reads the complete response. Rejects with a GraphFailure only. */
export interface Transport {
  send(request: UpstreamRequest): Promise<RawResponse>;
  /** Closes the connections once they are idle. */
  close(): Promise<void>;
}

export interface TransportOptions {
  /** The origin of all requests. A request to another origin is a TypeError. */
  readonly origin: string;
  /** Most connections in the pool. They are kept alive. */
  readonly connections: number;
  readonly clock: Clock;
  /** Milliseconds to establish a connection. */
  readonly connectMs: number;
  /** Milliseconds for one try of a request that can be retried. */
  readonly tryMs: number;
  /** Milliseconds until the headers of any other request, and between two parts of its body. */
  readonly timeoutMs: number;
  /** Most bytes of a response. */
  readonly maxResponseBytes: number;
  /** Resolves in a later turn of the event loop. See turn-queue.ts. */
  nextTurn(order: number): Promise<void>;
}

export function createTransport(options: TransportOptions): Transport {
  const { origin } = options;
  const tries = new TimeLimit(options.clock, options.tryMs);
  const common = {
    connect: { timeout: options.connectMs },
    headersTimeout: options.timeoutMs,
    bodyTimeout: options.timeoutMs,
    maxResponseSize: options.maxResponseBytes,
  };
  const pool = new Pool(origin, { connections: options.connections, ...common });

  /** The client closes once the request has ended. */
  function sendFresh(request: Dispatcher.DispatchOptions, exchange: Exchange): void {
    const client = new Client(origin, common);
    client.dispatch({ ...request, reset: true }, exchange);
    client.close().catch(() => {});
  }

  let long = 0;

  /** The long responses of one operation are also parsed one after the other, so that few are in memory half-parsed. */
  function turnsFor({ order = 0, cancellation }: UpstreamRequest): () => Promise<void> {
    long += 1;
    const place = order + (long % 1_000) / 1_000;
    return async () => {
      await options.nextTurn(place);
      if (cancellation.cancelled) throw new Unread();
    };
  }

  return {
    send(request) {
      return new Promise((resolve, reject) => {
        if (!request.url.startsWith(`${origin}/`))
          throw new TypeError('the URL of a request is outside the origin of Microsoft Graph');
        const { method, headers, body } = request;
        const path = request.url.slice(origin.length);
        const limit = request.isTry ? tries : null;
        const turns = (): (() => Promise<void>) => turnsFor(request);
        const exchange = new Exchange(request.cancellation, limit, turns, resolve, reject);
        const wire = { origin, path, method, headers, body };
        if (request.isFresh) sendFresh(wire, exchange);
        else pool.dispatch(wire, exchange);
      });
    },
    close: () => pool.close(),
  };
}

type Headers = Record<string, string | undefined>;

/** One request in flight. undici calls its handlers. */
class Exchange extends Expirable implements Dispatcher.DispatchHandler {
  readonly #tries: TimeLimit | null;
  readonly #turns: () => () => Promise<void>;
  readonly #resolve: (response: RawResponse) => void;
  readonly #reject: (failure: GraphFailure) => void;
  readonly #chunks: Buffer[] = [];
  /** Set when undici begins to write the request to a connection. */
  #controller: Dispatcher.DispatchController | null = null;
  #isOver = false;
  #status = 0;
  #bytes = 0;
  #headers: Headers = {};

  constructor(
    cancellation: Cancellation,
    tries: TimeLimit | null,
    turns: () => () => Promise<void>,
    resolve: (response: RawResponse) => void,
    reject: (failure: GraphFailure) => void,
  ) {
    super();
    this.#tries = tries;
    this.#turns = turns;
    this.#resolve = resolve;
    this.#reject = reject;
    tries?.begin(this);
    cancellation.onCancel(() => this.#end(new Cancelled()));
  }

  expire(): void {
    this.#end(new TooLong());
  }

  /** Aborts the request. One that is not written to a connection yet fails at once as never sent. */
  #end(why: Error): void {
    if (this.#controller !== null) {
      this.#controller.abort(why);
      return;
    }
    this.#isOver = true;
    this.#tries?.end(this);
    this.#reject(new GraphFailure('never-sent', { cause: why }));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#isOver) controller.abort(new Error('the request ended before it was sent'));
    else this.#controller = controller;
  }

  /** Resolves a 503 without reading its body, which closes the connection. */
  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: object): void {
    this.#status = status;
    this.#headers = flat(headers as Record<string, string | string[] | undefined>);
    if (status !== 503) return;
    this.#resolve({ status, headers: this.#headers, body: undefined });
    controller.abort(new Cancelled());
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
  }

  onResponseEnd(): void {
    this.#tries?.end(this);
    if (isLongJson(this.#bytes)) {
      void this.#readLong();
      return;
    }
    try {
      const text = this.#takeText();
      const body = text === '' ? undefined : parseBody(this.#status, this.#headers, text);
      this.#succeed(body);
    } catch (error) {
      this.#fail(error);
    }
  }

  #takeText(): string {
    const chunks = this.#chunks.splice(0);
    return (chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString() ?? '';
  }

  /** Keeps the bytes outside the heap until its turn. A response without a waiter is not parsed. */
  async #readLong(): Promise<void> {
    const nextTurn = this.#turns();
    try {
      await nextTurn();
      this.#succeed(await parseLongBody(this.#status, this.#headers, this.#takeText(), nextTurn));
    } catch (error) {
      this.#fail(error);
    }
  }

  #succeed(body: unknown): void {
    this.#resolve({ status: this.#status, headers: this.#headers, body, bytes: this.#bytes });
  }

  #fail(error: unknown): void {
    const kind = error instanceof Unread ? 'timeout' : 'bad-response';
    this.#reject(error instanceof GraphFailure ? error : new GraphFailure(kind, { cause: error }));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#tries?.end(this);
    const kind = this.#controller === null ? 'never-sent' : kindOfError(error);
    this.#reject(new GraphFailure(kind, { cause: error }));
  }
}

class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** The complete response was not parsed, because nobody waited for it any more. */
class Unread extends Error {
  override readonly name = 'Unread';
}

export function isUnread(error: unknown): boolean {
  return error instanceof GraphFailure && error.cause instanceof Unread;
}

class TooLong extends Error {
  override readonly name = 'TooLong';
}

/** Joins repeated headers as RFC 9110 describes. There can be several `WWW-Authenticate`. */
function flat(headers: Record<string, string | string[] | undefined>): Headers {
  for (const name in headers) {
    const value = headers[name];
    if (Array.isArray(value)) headers[name] = value.join(', ');
  }
  return headers as Headers;
}

const JSON_TYPE = /^application\/json\s*(;|$)/i;

/**
 * The JSON of a response. A body that is not JSON is ignored under an error status (proxies send HTML) and makes a success
 * fail.
 */
function parseBody(status: number, headers: Headers, text: string): unknown {
  try {
    if (isJson(headers)) return JSON.parse(withoutMark(text));
  } catch {
    // The error below does not quote the text, which may contain a phone number.
  }
  return unreadable(status, headers);
}

/** The same for a long text, which is parsed in slices. */
async function parseLongBody(
  status: number,
  headers: Headers,
  text: string,
  nextTurn: () => Promise<void>,
): Promise<unknown> {
  try {
    if (isJson(headers)) return await parseInSlices(withoutMark(text), nextTurn);
  } catch (error) {
    if (error instanceof Unread) throw error;
  }
  return unreadable(status, headers);
}

function isJson(headers: Headers): boolean {
  return JSON_TYPE.test(headers['content-type'] ?? '');
}

/** @throws GraphFailure for a success; returns undefined for an error status */
function unreadable(status: number, headers: Headers): undefined {
  if (status < 200 || status >= 300) return undefined;
  const requestId = plainId(headers['request-id']);
  throw new GraphFailure('bad-response', { trace: { status, requestId, clientRequestId: null } });
}

/** Removes a byte order mark, as RFC 8259, section 8.1, allows. */
function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

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

/** The kind of an error after sending began. Unknown errors count as lost, the cautious choice for a write. */
function kindOfError(error: Error): FailureKind {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (TOO_SLOW.has(code) || error instanceof Cancelled || error instanceof TooLong) return 'timeout';
  // undici's parser error for bytes that are not HTTP does not always have a code.
  if (UNREADABLE.has(code) || error instanceof errors.HTTPParserError) return 'bad-response';
  return 'lost';
}
