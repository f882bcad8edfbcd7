// The record of one request to the GraphQL endpoint, for logs, metrics and traces. Every request that begins here ends
// here exactly once, whichever part of the gateway answers it.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RequestRecord } from '../graphql/apollo.ts';
import { type Metrics, newRecord } from '../observability/metrics.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';
import { isGuid } from '../runtime/text.ts';
import type { OperationSpan, Tracing } from '../runtime/tracing.ts';

export interface RequestRecordOptions {
  readonly metrics: Pick<Metrics, 'operationEnded'>;
  readonly clock: Clock;
  readonly random: Random;
  /** Null when tracing is off. */
  readonly tracing: Tracing | null;
}

export interface StartedRequest {
  readonly record: RequestRecord;
  readonly span: OperationSpan | null;
  readonly requestId: string;
  /** In the clock's elapsed milliseconds. */
  readonly start: number;
}

export function beginRequest(
  { tracing, clock, random }: RequestRecordOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): StartedRequest {
  const span = tracing === null ? null : tracing.begin(request.raw);
  const requestId = requestIdOf(request) ?? random.uuid();
  reply.header('x-request-id', requestId);
  return { record: { ...newRecord(span), resolved: null }, span, requestId, start: clock.elapsed() };
}

export function endRequest(
  { metrics, clock }: RequestRecordOptions,
  { record, span, start }: StartedRequest,
  { statusCode: status }: FastifyReply,
  upstream = 0,
) {
  metrics.operationEnded(record, status, clock.elapsed() - start, upstream);
  span?.end({ ...record, status });
}

/** The client's id of the request. Null when it is absent or not a GUID: the id appears in logs and is sent to Graph. */
function requestIdOf({ headers }: FastifyRequest): string | null {
  const id = headers['x-request-id'] ?? headers['client-request-id'];
  return typeof id === 'string' && isGuid(id) ? id.toLowerCase() : null;
}
