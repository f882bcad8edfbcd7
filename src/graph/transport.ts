// Bytes to and from Microsoft Graph, by undici. Failures are classified here, where it is still known whether anything
// was sent: undici says when a request begins to be written to a connection, and what fails before that was never sent.
// Redirects are not followed, and an answer larger than the cap is cut off.
//
// A connection that brings a 503 is not used again, and what is tried again after one goes over a connection of its own:
// Microsoft asks for that, since a new one may come to another of its machines, and one that is kept comes to the same.
import { Client, type Dispatcher, errors, Pool } from 'undici';
import type { Cancellation } from '../runtime/cancellation.ts';
import type { Clock } from '../runtime/clock.ts';
import { Expirable, TimeLimit } from '../runtime/time-limit.ts';
import { type FailureKind, GraphFailure } from './failure.ts';
import { isLongJson, parseInSlices } from './json-in-slices.ts';
import { plainId, type RawAnswer } from './response.ts';

export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly cancellation: Cancellation;
  /** Whether it can be asked again, so that one try is not to take all the time there is. */
  readonly isTry: boolean;
  /** Whether it goes over a connection of its own, which is closed afterwards. */
  readonly isFresh: boolean;
  /** Of the operation that it is for, by which long answers are read one after the other; 0 when absent. */
  readonly order?: number;
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
  readonly clock: Clock;
  /** Milliseconds for a connection to come about. */
  readonly connectMs: number;
  /** Milliseconds for one try of what can be tried again, all in all. */
  readonly tryMs: number;
  /** Milliseconds for the headers of anything else, and between two pieces of its body. */
  readonly timeoutMs: number;
  /** Bytes of an answer at most. */
  readonly maxAnswerBytes: number;
  /** A later turn of the event loop: see turn-queue.ts. */
  nextTurn(order: number): Promise<void>;
}

export function createTransport(options: TransportOptions): Transport {
  const { origin } = options;
  const tries = new TimeLimit(options.clock, options.tryMs);
  const common = {
    connect: { timeout: options.connectMs },
    headersTimeout: options.timeoutMs,
    bodyTimeout: options.timeoutMs,
    maxResponseSize: options.maxAnswerBytes,
  };
  const pool = new Pool(origin, { connections: options.connections, ...common });

  /** It closes when what was asked over it is over. */
  function sendFresh(request: Dispatcher.DispatchOptions, exchange: Exchange): void {
    const client = new Client(origin, common);
    client.dispatch({ ...request, reset: true }, exchange);
    client.close().catch(() => {});
  }

  let long = 0;

  /** Long answers of one operation are read one after the other, too: few of them are half-read and in memory. */
  function turnsFor({ order = 0, cancellation }: WireRequest): () => Promise<void> {
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
          throw new TypeError('a request left the origin of Microsoft Graph');
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

/** One request on its way, as undici tells of it. */
class Exchange extends Expirable implements Dispatcher.DispatchHandler {
  readonly #tries: TimeLimit | null;
  readonly #turns: () => () => Promise<void>;
  readonly #resolve: (answer: RawAnswer) => void;
  readonly #reject: (failure: GraphFailure) => void;
  readonly #chunks: Buffer[] = [];
  /** Of the request, as soon as it is written to a connection. */
  #controller: Dispatcher.DispatchController | null = null;
  #isOver = false;
  #status = 0;
  #bytes = 0;
  #headers: Headers = {};

  constructor(
    cancellation: Cancellation,
    tries: TimeLimit | null,
    turns: () => () => Promise<void>,
    resolve: (answer: RawAnswer) => void,
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

  /** Before it was written to a connection, it was not sent, and will not be: it need not wait for one to say so. */
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
    if (this.#isOver) controller.abort(new Error('ended before it was sent'));
    else this.#controller = controller;
  }

  /** Of a 503 the status and the headers say all: without its body, the connection ends with it. */
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

  /** It stays as it came, outside of the heap, until it has its turn. What nobody waits for any more is not read. */
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

/** What came whole was not read, since nobody waited for it any more. */
class Unread extends Error {
  override readonly name = 'Unread';
}

export function isUnread(error: unknown): boolean {
  return error instanceof GraphFailure && error.cause instanceof Unread;
}

class TooLong extends Error {
  override readonly name = 'TooLong';
}

/** A header sent twice is joined, as RFC 9110 has it: challenges may come in several `WWW-Authenticate`. */
function flat(headers: Record<string, string | string[] | undefined>): Headers {
  for (const name in headers) {
    const value = headers[name];
    if (Array.isArray(value)) headers[name] = value.join(', ');
  }
  return headers as Headers;
}

const JSON_TYPE = /^application\/json\s*(;|$)/i;

/**
 * The JSON of an answer. A body that is not JSON tells nothing under an error status, where the status says enough
 * (proxies answer in HTML), and spoils a success.
 */
function parseBody(status: number, headers: Headers, text: string): unknown {
  try {
    if (isJson(headers)) return JSON.parse(withoutMark(text));
  } catch {
    // Cut or garbled: told below, without the text, which may hold a number.
  }
  return unreadable(status, headers);
}

/** The same of a long text, which is read in slices. */
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

/** Nothing, or a GraphFailure that it throws. */
function unreadable(status: number, headers: Headers): undefined {
  if (status < 200 || status >= 300) return undefined;
  const requestId = plainId(headers['request-id']);
  throw new GraphFailure('bad-response', { trace: { status, requestId, clientRequestId: null } });
}

/** A byte order mark may stand before JSON, and is to be passed over (RFC 8259, section 8.1). */
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

/** Of a request that began to be sent. Anything not listed counts as lost: for a write, the cautious reading. */
function kindOfError(error: Error): FailureKind {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (TOO_SLOW.has(code) || error instanceof Cancelled || error instanceof TooLong) return 'timeout';
  // Bytes that are no HTTP come as an error of undici's parser, with its code or without one.
  if (UNREADABLE.has(code) || error instanceof errors.HTTPParserError) return 'bad-response';
  return 'lost';
}
