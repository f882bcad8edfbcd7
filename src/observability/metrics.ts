// Records each operation when it ends: one log line and the metrics. The fields are names, ids, numbers and codes, and never
// a variable or a part of the document.
import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from 'prom-client';
import type { Logger } from '../runtime/log.ts';
import type { Identity } from '../runtime/principal.ts';
import type { SpanIds } from '../runtime/tracing.ts';

/** A request to the GraphQL endpoint. Its members are set while the request is processed. */
export interface OperationRecord {
  /** The operation name; null without one. Clients choose it, so it is not a metric label. */
  name: string | null;
  type: 'query' | 'mutation' | 'subscription' | null;
  /** Whether the operation ran from the operation cache, without Apollo Server. */
  prepared: boolean;
  /** The ids of the caller; null with pass-through. */
  caller: Identity | null;
  /** The error codes of the response. */
  readonly codes: Set<string>;
  /** Null without tracing. */
  readonly span: SpanIds | null;
}

export interface Operations {
  /** @param upstream the number of Microsoft Graph requests that the operation took part in */
  ended(record: OperationRecord, status: number, milliseconds: number, upstream: number): void;
  metrics(): Promise<MetricsText>;
  /** The same metrics as data, for aggregation across processes. */
  snapshot(): Promise<MetricsSnapshot>;
}

/** The state of the Microsoft Graph client. The values are read whenever metrics are requested. */
export interface UpstreamFigures {
  readonly breaker: 'closed' | 'half-open' | 'open';
  /** Calls rejected while the circuit was open. */
  readonly circuitOpen: number;
  /** Calls delayed or rejected during a pause that Graph asked for. */
  readonly paused: number;
  /** Pauses that Graph asked for, by scope. */
  readonly pauses: Readonly<Record<string, number>>;
}

/** Responses that clients have not read yet. The values are read whenever metrics are requested. */
export interface UnsentFigures {
  /** Bytes that are waiting now. */
  readonly bytes: number;
  /** Connections closed because a response was not read, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
}

/** In the text format of Prometheus. */
export interface MetricsText {
  readonly text: string;
  readonly contentType: string;
}

export type MetricsSnapshot = readonly MetricObjectWithValues<MetricValue<string>>[];

export function newRecord(span: SpanIds | null): OperationRecord {
  return { name: null, type: null, prepared: false, caller: null, codes: new Set(), span };
}

/** In seconds, as OpenTelemetry's semantic conventions recommend for HTTP durations. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

export function createOperations(
  logger: Logger,
  upstream: UpstreamFigures,
  unsent: UnsentFigures,
  lostLogLines: () => number,
): Operations {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'graphql_operation_duration_seconds',
    help: 'Time from a request to its response, in seconds.',
    labelNames: ['type', 'outcome'],
    buckets: BUCKETS,
    registers: [registry],
  });
  const errors = new Counter({
    name: 'graphql_errors_total',
    help: 'Operations with at least one error of this code.',
    labelNames: ['code'],
    registers: [registry],
  });
  const requests = new Counter({
    name: 'graph_requests_total',
    help: 'Requests to Microsoft Graph. A request that several operations share counts once for each.',
    registers: [registry],
  });
  watchUpstream(registry, upstream);
  watchUnsent(registry, unsent);
  countLostLogLines(registry, lostLogLines);
  return {
    ended(record, status, milliseconds, upstream) {
      const outcome = record.codes.size > 0 || status >= 400 ? 'error' : 'ok';
      const type = record.type ?? 'none';
      duration.observe({ type, outcome }, milliseconds / 1000);
      requests.inc(upstream);
      for (const code of record.codes) errors.inc({ code });
      logger.info(
        {
          operation: record.name,
          type,
          outcome,
          status,
          ms: Math.round(milliseconds * 10) / 10,
          upstream,
          prepared: record.prepared,
          tenantId: record.caller?.tenantId,
          userId: record.caller?.userId ?? undefined,
          clientId: record.caller?.clientId,
          codes: [...record.codes].join(' ') || undefined,
          trace_id: record.span?.traceId,
          span_id: record.span?.spanId,
        },
        'operation',
      );
    },
    metrics: async () => ({ text: await registry.metrics(), contentType: registry.contentType }),
    snapshot: () => registry.getMetricsAsJSON(),
  };
}

/** Creates the metrics of a process that serves no operations. */
export function measureProcess(lostLogLines: () => number): Pick<Operations, 'snapshot'> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  countLostLogLines(registry, lostLogLines);
  return { snapshot: () => registry.getMetricsAsJSON() };
}

function countLostLogLines(registry: Registry, lostLogLines: () => number): void {
  new Counter({
    name: 'log_lines_lost_total',
    help: 'Log lines that could not be written.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(lostLogLines());
    },
  });
}

const STATES = { closed: 0, 'half-open': 1, open: 2 } as const;

function watchUpstream(registry: Registry, upstream: UpstreamFigures): void {
  const registers = [registry];
  new Gauge({
    name: 'graph_breaker_state',
    help: 'State of the circuit breaker for Microsoft Graph: 0 closed, 1 half-open, 2 open.',
    registers,
    collect() {
      this.set(STATES[upstream.breaker]);
    },
  });
  new Counter({
    name: 'graph_breaker_rejected_total',
    help: 'Microsoft Graph calls rejected because the circuit was open.',
    registers,
    collect() {
      this.reset();
      this.inc(upstream.circuitOpen);
    },
  });
  new Counter({
    name: 'graph_throttle_held_total',
    help: 'Microsoft Graph calls delayed or rejected during a pause that Graph asked for.',
    registers,
    collect() {
      this.reset();
      this.inc(upstream.paused);
    },
  });
  new Counter({
    name: 'graph_throttle_pauses_total',
    help: 'Pauses that Microsoft Graph asked for, by scope.',
    labelNames: ['scope'],
    registers,
    collect() {
      this.reset();
      for (const [scope, count] of Object.entries(upstream.pauses)) this.inc({ scope }, count);
    },
  });
}

function watchUnsent(registry: Registry, unsent: UnsentFigures): void {
  const registers = [registry];
  new Gauge({
    name: 'http_unsent_response_bytes',
    help: 'Bytes of responses that clients have not read yet.',
    registers,
    collect() {
      this.set(unsent.bytes);
    },
  });
  new Counter({
    name: 'http_connections_dropped_total',
    help: 'Connections closed because the client did not read a response: too slowly (time), or with too many unread bytes (bytes).',
    labelNames: ['reason'],
    registers,
    collect() {
      this.reset();
      for (const [reason, count] of Object.entries(unsent.dropped)) this.inc({ reason }, count);
    },
  });
}
