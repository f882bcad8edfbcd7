// Microsoft's official JavaScript client, with a middleware chain of our own: one client for all callers, the token
// and the ids of a call travelling with the call.
//
// None of the stock handlers is in the chain: the authentication handler drops the token on plain http, the retry
// handler sends a POST again, the redirect handler carries bodies to other hosts (microsoft-graph-client 3.0.7).
// Middleware must not throw, either: the client would wrap the error and lose its cause. So a failure is kept beside the
// client, and thrown after it has returned.
import {
  Client,
  type Context,
  type Middleware,
  type MiddlewareOptions,
  ResponseType,
} from '@microsoft/microsoft-graph-client';
import type { Cancellation } from '../runtime/cancellation.ts';
import type { Clock } from '../runtime/clock.ts';
import { serverOf } from '../runtime/tracing.ts';
import { asEnvelope } from './batch.ts';
import { GraphFailure } from './failure.ts';
import { type Guard, verdictOf } from './guard.ts';
import { endOf, type Origins } from './request-spans.ts';
import { type GraphAnswer, type RawAnswer, readAnswer } from './response.ts';
import type { Party } from './throttle.ts';
import { isUnread, type Transport, type WireRequest } from './transport.ts';

export interface GraphCall {
  readonly method: WireRequest['method'];
  /** Below the version, encoded: a GraphPath, or `/$batch`. */
  readonly path: string;
  /** JSON text, or null for none. */
  readonly body: string | null;
  /** Beyond those that every call has; null for none. */
  readonly headers: Readonly<Record<string, string>> | null;
  readonly token: string;
  /** Whose call it is: what is throttled is that. */
  readonly principal: Party;
  /** A GUID; sent as `client-request-id`. */
  readonly clientRequestId: string;
  readonly cancellation: Cancellation;
  /** Whether it goes over a connection of its own, as after a 503; not so when absent. */
  readonly isFresh?: boolean;
  /** By which operations take turns; 0 when absent. */
  readonly order?: number;
  /** Where there are traces, for whose sake it is sent; null or absent for nobody's that is traced. */
  readonly origins?: Origins | null;
}

export interface GraphClient {
  /** One request, one answer. Rejects with a GraphFailure, or with HeldBack when Graph is left alone. */
  send(call: GraphCall): Promise<GraphAnswer>;
}

export interface GraphClientOptions {
  /** The root of Microsoft Graph, such as `https://graph.microsoft.com`; a path in it is kept. */
  readonly root: string;
  readonly transport: Transport;
  readonly guard: Guard;
  readonly clock: Clock;
  /** Milliseconds after which a call without an answer is Graph's failure, whoever ends it then. */
  readonly tryMs: number;
}

/** The path of a batch, below the version. */
export const BATCH = '/$batch';

export function createGraphClient(options: GraphClientOptions): GraphClient {
  const { guard, clock, tryMs } = options;
  const server = serverOf(options.root);
  const client = Client.initWithMiddleware({
    baseUrl: options.root,
    defaultVersion: 'beta',
    middleware: [new CallerMiddleware(), new TransportMiddleware(options.transport)],
  });
  return {
    async send(call) {
      const ticket = guard.breaker.enter();
      const began = clock.elapsed();
      const { method, path } = call;
      const span = call.origins?.begin({ method, path, server }) ?? null;
      try {
        const inClient = new CallInClient(call);
        await dispatch(client.api(path).responseType(ResponseType.RAW).middlewareOptions([inClient]), call);
        const raw = inClient.take();
        const answer = readAnswer(path === BATCH ? asEnvelope(raw) : raw, call.clientRequestId, clock);
        guard.breaker.settle(ticket, 'answered');
        span?.end({ status: answer.status, requestId: answer.trace.requestId, code: null });
        return answer;
      } catch (error) {
        // A response that waited long to be read came in time.
        const inTime = clock.elapsed() - began < tryMs || isUnread(error);
        const hasLeft = call.cancellation.cancelled && inTime;
        guard.breaker.settle(ticket, verdictOf(error, hasLeft));
        span?.end(endOf(error));
        if (error instanceof GraphFailure) guard.noteFailure(call.principal, error);
        throw error;
      }
    },
  };
}

type GraphRequest = ReturnType<Client['api']>;

function dispatch(request: GraphRequest, call: GraphCall): Promise<unknown> {
  switch (call.method) {
    case 'GET':
      return request.get();
    case 'POST':
      return request.post(call.body);
    case 'PATCH':
      return request.patch(call.body);
    case 'DELETE':
      return request.delete();
  }
}

/**
 * One call on its way through Microsoft's client. The client hands its middleware nothing but a request and the options of
 * that request. So this is an option: it takes the call in to the middleware, and its response or failure back.
 *
 * The response does not pass through the client, and `take` lets go of everything. The client (microsoft-graph-client
 * 3.0.7) is compiled to ECMAScript 5 with generators by tslib (2.8.1). V8 keeps what those generators see until the next
 * full collection. When they saw the responses, collecting young objects took five times as long.
 */
class CallInClient implements MiddlewareOptions {
  #call: GraphCall | null;
  #answer: RawAnswer | null = null;
  #failure: GraphFailure | null = null;

  constructor(call: GraphCall) {
    this.#call = call;
  }

  get call(): GraphCall {
    if (this.#call === null) throw new TypeError('the call is over');
    return this.#call;
  }

  bring(answer: RawAnswer): void {
    this.#answer = answer;
  }

  fail(error: unknown): void {
    this.#failure = error instanceof GraphFailure ? error : new GraphFailure('lost', { cause: error });
  }

  /** What came, or what went wrong, which it throws; once. */
  take(): RawAnswer {
    const answer = this.#answer;
    const failure = this.#failure;
    this.#call = null;
    this.#answer = null;
    if (failure !== null) throw failure;
    if (answer === null) throw new TypeError('the client came back with nothing');
    return answer;
  }
}

/** What the client takes for a response. Asked for raw, it hands it on without a look inside. */
const RECEIVED = {} as Response;

function callIn(context: Context): CallInClient {
  const options = context.middlewareControl?.getMiddlewareOptions(CallInClient);
  if (!(options instanceof CallInClient)) throw new TypeError('a request came without its call');
  return options;
}

/** Puts the caller's token and the ids of the call on the request. */
class CallerMiddleware implements Middleware {
  #next: Middleware | undefined;

  setNext(next: Middleware): void {
    this.#next = next;
  }

  execute(context: Context): Promise<void> {
    const { call } = callIn(context);
    const headers: Record<string, string> = {
      ...call.headers,
      accept: 'application/json',
      authorization: `Bearer ${call.token}`,
      'client-request-id': call.clientRequestId,
    };
    if (call.body !== null) headers['content-type'] = 'application/json';
    context.options = { headers };
    return this.#next?.execute(context) ?? Promise.resolve();
  }
}

/** The end of the chain: sends, and answers with what came or with what went wrong. */
class TransportMiddleware implements Middleware {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  execute(context: Context): Promise<void> {
    const inClient = callIn(context);
    const { call } = inClient;
    const sent = this.#transport.send({
      method: call.method,
      url: String(context.request),
      headers: context.options?.headers as Record<string, string>,
      body: call.body,
      cancellation: call.cancellation,
      isTry: call.method === 'GET' || call.path === BATCH,
      isFresh: call.isFresh ?? false,
      order: call.order ?? 0,
    });
    context.response = RECEIVED;
    return sent.then(
      (answer) => inClient.bring(answer),
      (error: unknown) => inClient.fail(error),
    );
  }
}
