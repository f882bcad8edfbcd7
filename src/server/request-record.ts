// One request to the GraphQL endpoint from its head to its end, as logs, metrics and traces see it: every request that is
// begun here ends here once, whoever answered it.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RequestRecord } from '../graphql/apollo.ts';
import { newRecord, type Operations } from '../observability/metrics.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import { isGuid } from '../runtime/text.ts';
import type { OperationSpan, Tracing } from '../runtime/tracing.ts';

export interface LogOptions {
  readonly operations: Pick<Operations, 'ended'>;
  readonly clock: Clock;
  readonly random: Random;
  /** Null for no traces. */
  readonly tracing: Tracing | null;
}

/** What is known of a request from its head. */
export interface Begun {
  readonly record: RequestRecord;
  readonly span: OperationSpan | null;
  readonly requestId: string;
  /** In the clock's elapsed milliseconds. */
  readonly start: number;
}

export function begin(
  { tracing, clock, random }: LogOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Begun {
  const span = tracing === null ? null : tracing.begin(request.raw);
  const requestId = requestIdOf(request) ?? random.uuid();
  reply.header('x-request-id', requestId);
  return { record: { ...newRecord(span), resolved: null }, span, requestId, start: clock.elapsed() };
}

export function end(
  { operations, clock }: LogOptions,
  begun: Begun,
  { statusCode: status }: FastifyReply,
  upstream = 0,
) {
  operations.ended(begun.record, status, clock.elapsed() - begun.start, upstream);
  begun.span?.end({ ...begun.record, status });
}

/** By which the client knows its request; null for none, and for what is no GUID: it goes into logs and upstream. */
function requestIdOf({ headers }: FastifyRequest): string | null {
  const id = headers['x-request-id'] ?? headers['client-request-id'];
  return typeof id === 'string' && isGuid(id) ? id.toLowerCase() : null;
}
