// The lifecycle of a GraphQL request: it takes a slot, the caller is authenticated and admitted, the operation runs within
// its deadline, and the slot is released. Every request ends in exactly one response and one record.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context, TokenVerdict } from '../graphql/context.ts';
import { Cancellation } from '../runtime/cancellation.ts';
import type { Clock } from '../runtime/clock.ts';
import { GatewayError } from '../runtime/errors.ts';
import type { TimeLimit } from '../runtime/time-limit.ts';
import type { OperationSpan } from '../runtime/tracing.ts';
import type { Admission, RequestSlot } from './admission.ts';
import { sendGatewayError } from './error-responses.ts';
import { executeRequest, type GraphQLRequestOptions } from './graphql-request.ts';
import { negotiate } from './negotiation.ts';
import { beginRequest, endRequest, type RequestRecordOptions } from './request-record.ts';
import type { UnverifiedTokens } from './unverified-tokens.ts';

/** What is known of a request before its operation is read. */
export interface IncomingRequest {
  readonly authorization: string | undefined;
  readonly connection: object;
  /** Must be given the caller as soon as the caller is known, before any request upstream. */
  readonly slot: Pick<RequestSlot, 'admit'>;
  /** A GUID from the client or the gateway. */
  readonly requestId: string;
  /** Cancelled at the deadline, or when the client disconnects. */
  readonly cancellation: Cancellation;
  /** In the clock's elapsed milliseconds. */
  readonly deadline: number;
  /** Null when tracing is off. */
  readonly span: OperationSpan | null;
}

export interface LifecycleOptions extends GraphQLRequestOptions, RequestRecordOptions {
  readonly admission: Admission;
  readonly clock: Clock;
  /** Milliseconds for a whole request. A client can ask for less with `x-request-timeout-ms`. */
  readonly deadlineMs: number;
  /** Authenticates and admits the caller, and creates the context. Throws a GatewayError. */
  authenticate(request: IncomingRequest): Context | Promise<Context>;
}

/** The options, and the state that all requests of a server share. */
export interface LifecycleState extends LifecycleOptions {
  /** The timer of all requests that have the default deadline. */
  readonly deadlines: TimeLimit;
  readonly unverified: Pick<UnverifiedTokens, 'chargeOf'>;
}

export async function handleRequest(
  state: LifecycleState,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const started = beginRequest(state, request, reply);
  const { record, span, requestId, start } = started;
  const cancellation = new Cancellation();
  const timeoutMs = Math.min(state.deadlineMs, timeoutOf(request));
  const disarm = cancelAfter(state, cancellation, timeoutMs);
  reply.raw.once('close', () => cancellation.cancel());
  let slot: RequestSlot | null = null;
  let context: Context | null = null;
  try {
    const { authorization } = request.headers;
    const deadline = start + timeoutMs;
    slot = state.admission.acquire(request.ip, state.unverified.chargeOf(request));
    const { socket: connection } = request;
    const incoming = { authorization, connection, slot, requestId, cancellation, deadline, span };
    const authenticated = state.authenticate(incoming);
    context = authenticated instanceof Promise ? await authenticated : authenticated;
    record.caller = context.caller;
    return await executeRequest(state, request, reply, { context, record });
  } catch (error) {
    if (!(error instanceof GatewayError)) {
      // Fastify's error handler sends the response after `finally` has recorded it.
      record.codes.add('INTERNAL_SERVER_ERROR');
      reply.code(500);
      throw error;
    }
    const sent = context === null && slot !== null ? slot.errorFor(error) : error;
    record.codes.add(sent.code);
    if (sent.code === 'THROTTLED' && slot !== null) {
      slot.release('unknown');
      slot = null;
      await state.admission.delayRejection();
    }
    return sendGatewayError(reply, sent, negotiate(request.headers.accept, false));
  } finally {
    disarm();
    slot?.release(verdictOf(record.codes, context));
    endRequest(state, started, reply, context?.upstreamRequests);
  }
}

/** Cancels after a time. Requests with the default deadline share a timer; one with less time has its own. */
function cancelAfter(state: LifecycleState, cancellation: Cancellation, ms: number): () => void {
  const { clock, deadlineMs, deadlines } = state;
  if (ms < deadlineMs) return clock.schedule(ms, () => cancellation.cancel());
  deadlines.begin(cancellation);
  return () => deadlines.end(cancellation);
}

/** Whether the token was accepted or rejected, by the gateway or by Microsoft Graph. */
function verdictOf(codes: ReadonlySet<string>, context: Context | null): TokenVerdict {
  if (codes.has('UNAUTHENTICATED')) return 'refused';
  if (context === null) return codes.has('FORBIDDEN') ? 'refused' : 'unknown';
  return context.tokenVerdict;
}

/**
 * Milliseconds that the client waits, from `x-request-timeout-ms`. Infinite without the header. The header is only a hint,
 * so a value that is not an integer of 1 or more is ignored.
 */
function timeoutOf({ headers }: FastifyRequest): number {
  const value = headers['x-request-timeout-ms'];
  return typeof value === 'string' && /^[1-9]\d{0,14}$/.test(value)
    ? Number(value)
    : Number.POSITIVE_INFINITY;
}
