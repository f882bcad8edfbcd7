// Microsoft's official JavaScript client, with a middleware chain of our own: one client for all callers, the token
// and the ids of a call travelling with the call.
//
// None of the stock handlers is in the chain: the authentication handler drops the token on plain http, the retry
// handler sends a POST again, the redirect handler carries bodies to other hosts (microsoft-graph-client 3.0.7).
// Middleware must not throw, either: the client would wrap the error and lose its cause. So a failure travels as an
// answer, and is thrown again on this side of the client.
import {
  Client,
  type Context,
  type Middleware,
  type MiddlewareOptions,
  ResponseType,
} from '@microsoft/microsoft-graph-client';
import type { Cancellation } from '../base/cancellation.ts';
import type { Clock } from '../base/clock.ts';
import { serverOf } from '../base/tracing.ts';
import { type GraphAnswer, type RawAnswer, readAnswer } from './answer.ts';
import { GraphFailure } from './failure.ts';
import { type Guard, verdictOf } from './guard.ts';
import { endOf, type Origins } from './origins.ts';
import type { Party } from './throttle.ts';
import type { Transport, WireRequest } from './transport.ts';

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
        const request = client
          .api(call.path)
          .responseType(ResponseType.RAW)
          .middlewareOptions([new CallOptions(call)]);
        const outcome = (await dispatch(request, call)) as Outcome;
        if (outcome.failure !== null) throw outcome.failure;
        const answer = readAnswer(outcome.answer, call.clientRequestId, clock);
        guard.breaker.settle(ticket, 'answered');
        span?.end({ status: answer.status, requestId: answer.trace.requestId, code: null });
        return answer;
      } catch (error) {
        const hasLeft = call.cancellation.cancelled && clock.elapsed() - began < tryMs;
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

/** How a call reaches the middleware: the client hands these through untouched. */
class CallOptions implements MiddlewareOptions {
  readonly call: GraphCall;

  constructor(call: GraphCall) {
    this.call = call;
  }
}

/** What the client takes for a response. Asked for raw, it hands it on without a look inside. */
type Outcome =
  | { readonly answer: RawAnswer; readonly failure: null }
  | { readonly answer: null; readonly failure: GraphFailure };

function callOf(context: Context): GraphCall {
  const options = context.middlewareControl?.getMiddlewareOptions(CallOptions);
  if (!(options instanceof CallOptions)) throw new TypeError('a request came without its call');
  return options.call;
}

/** Puts the caller's token and the ids of the call on the request. */
class CallerMiddleware implements Middleware {
  #next: Middleware | undefined;

  setNext(next: Middleware): void {
    this.#next = next;
  }

  execute(context: Context): Promise<void> {
    const call = callOf(context);
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
    const call = callOf(context);
    const end = (outcome: Outcome): void => {
      context.response = outcome as unknown as Response;
    };
    const sent = this.#transport.send({
      method: call.method,
      url: String(context.request),
      headers: context.options?.headers as Record<string, string>,
      body: call.body,
      cancellation: call.cancellation,
      isTry: call.method === 'GET' || call.path === BATCH,
      isFresh: call.isFresh ?? false,
    });
    return sent.then(
      (answer) => end({ answer, failure: null }),
      (error: unknown) => {
        const failure = error instanceof GraphFailure ? error : new GraphFailure('lost', { cause: error });
        end({ answer: null, failure });
      },
    );
  }
}
