// Microsoft's official JavaScript client with a custom middleware chain. One client serves all callers. The token and the
// ids travel with each call.
//
// The chain has none of the stock handlers of microsoft-graph-client 3.0.7. The authentication handler drops the token on
// plain http, the retry handler resends a POST, and the redirect handler sends bodies to other hosts.
// Middleware must not throw: the client wraps the error and loses its cause. CallState carries the failure instead, and
// `send` throws it.
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
import { type RequestSpans, spanEndOf } from './request-spans.ts';
import { type GraphResponse, type RawResponse, readResponse } from './response.ts';
import type { Party } from './throttle.ts';
import { isUnread, type Transport, type UpstreamRequest } from './transport.ts';

export interface GraphCall {
  readonly method: UpstreamRequest['method'];
  /** The encoded path below the version: a GraphPath or `/$batch`. */
  readonly path: string;
  /** JSON text. Null for no body. */
  readonly body: string | null;
  /** Headers beyond those of every call. Null for none. */
  readonly headers: Readonly<Record<string, string>> | null;
  readonly token: string;
  /** The caller whose limits the call counts towards. */
  readonly principal: Party;
  /** A GUID; sent as `client-request-id`. */
  readonly clientRequestId: string;
  readonly cancellation: Cancellation;
  /** Whether to use a new connection, as after a 503. Default: false. */
  readonly isFresh?: boolean;
  /** The order in which operations parse long responses. Default: 0. */
  readonly order?: number;
  /** The spans of the operations that wait for this call. Null or absent when none is traced. */
  readonly spans?: RequestSpans | null;
}

export interface GraphClient {
  /**
   * Sends one request and returns its response.
   *
   * @throws GraphFailure, or CallRejected while the circuit is open
   */
  send(call: GraphCall): Promise<GraphResponse>;
}

export interface GraphClientOptions {
  /** The root of Microsoft Graph, such as `https://graph.microsoft.com`. It may have a path. */
  readonly root: string;
  readonly transport: Transport;
  readonly guard: Guard;
  readonly clock: Clock;
  /** Milliseconds after which a call without a response counts as Graph's failure, even if the caller cancels it. */
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
      const span = call.spans?.begin({ method, path, server }) ?? null;
      try {
        const state = new CallState(call);
        await dispatch(client.api(path).responseType(ResponseType.RAW).middlewareOptions([state]), call);
        const raw = state.take();
        const response = readResponse(path === BATCH ? asEnvelope(raw) : raw, call.clientRequestId, clock);
        guard.breaker.settle(ticket, 'responded');
        span?.end({ status: response.status, requestId: response.trace.requestId, code: null });
        return response;
      } catch (error) {
        // A response that arrived in time and then waited to be parsed is not late.
        const inTime = clock.elapsed() - began < tryMs || isUnread(error);
        const hasLeft = call.cancellation.cancelled && inTime;
        guard.breaker.settle(ticket, verdictOf(error, hasLeft));
        span?.end(spanEndOf(error));
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
 * Carries a call to the middleware, and its response or failure back. The client passes middleware options through
 * unchanged.
 *
 * The response does not pass through the client, and `take` drops all references. The client is compiled to ECMAScript 5
 * with tslib (2.8.1), whose generators keep everything in their scope alive until the next full garbage collection. With
 * responses in that scope, minor collections took five times as long.
 */
class CallState implements MiddlewareOptions {
  #call: GraphCall | null;
  #response: RawResponse | null = null;
  #failure: GraphFailure | null = null;

  constructor(call: GraphCall) {
    this.#call = call;
  }

  get call(): GraphCall {
    if (this.#call === null) throw new TypeError('the call has ended');
    return this.#call;
  }

  succeed(response: RawResponse): void {
    this.#response = response;
  }

  fail(error: unknown): void {
    this.#failure = error instanceof GraphFailure ? error : new GraphFailure('lost', { cause: error });
  }

  /** Returns the response or throws the failure. May be called once. */
  take(): RawResponse {
    const response = this.#response;
    const failure = this.#failure;
    this.#call = null;
    this.#response = null;
    if (failure !== null) throw failure;
    if (response === null) throw new TypeError('the client returned no response');
    return response;
  }
}

/** A placeholder response for the client. With ResponseType.RAW the client does not read it. */
const RECEIVED = {} as Response;

function callStateIn(context: Context): CallState {
  const options = context.middlewareControl?.getMiddlewareOptions(CallState);
  if (!(options instanceof CallState)) throw new TypeError('the request has no call');
  return options;
}

/** Sets the headers of the request: token, ids and content type. */
class CallerMiddleware implements Middleware {
  #next: Middleware | undefined;

  setNext(next: Middleware): void {
    this.#next = next;
  }

  execute(context: Context): Promise<void> {
    const { call } = callStateIn(context);
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

/** The end of the chain. Sends the request and stores the response or the failure in the CallState. */
class TransportMiddleware implements Middleware {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  execute(context: Context): Promise<void> {
    const state = callStateIn(context);
    const { call } = state;
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
      (response) => state.succeed(response),
      (error: unknown) => state.fail(error),
    );
  }
}
