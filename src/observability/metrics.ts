// What is known of each operation once it has ended: one line in the log and a few numbers. Names and codes only; never
// a variable, never a part of the document.
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

/** One request to the GraphQL endpoint, as it is filled in on its way. */
export interface OperationRecord {
  /** The operation's own name; null for none. Made by the client, so it is no label of a metric. */
  name: string | null;
  type: 'query' | 'mutation' | 'subscription' | null;
  /** Whether it was known well enough to be run without Apollo Server. */
  prepared: boolean;
  /** Who asked, by ids; null where that is not known. */
  caller: Identity | null;
  /** The codes of its errors. */
  readonly codes: Set<string>;
  /** Null where there are no traces. */
  readonly span: SpanIds | null;
}

export interface Operations {
  /** @param upstream requests to Microsoft Graph that the operation took part in */
  ended(record: OperationRecord, status: number, milliseconds: number, upstream: number): void;
  metrics(): Promise<MetricsText>;
  /** The same as data, to be added to that of others. */
  snapshot(): Promise<MetricsSnapshot>;
}

/** How it stands with Microsoft Graph, read when somebody asks for the numbers. */
export interface UpstreamFigures {
  readonly breaker: 'closed' | 'half-open' | 'open';
  /** Calls that were not made because Graph was left alone. */
  readonly leftAlone: number;
  /** Calls that were not made at once because Graph had asked for a pause. */
  readonly paused: number;
  /** Pauses that Graph has asked for, by how far they reach. */
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

/** Seconds; by the advice of OpenTelemetry's semantic conventions for HTTP durations. */
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
    help: 'Time from the request to its answer.',
    labelNames: ['type', 'outcome'],
    buckets: BUCKETS,
    registers: [registry],
  });
  const errors = new Counter({
    name: 'graphql_errors_total',
    help: 'Operations that had at least one error of this code.',
    labelNames: ['code'],
    registers: [registry],
  });
  const requests = new Counter({
    name: 'graph_requests_total',
    help: 'Requests to Microsoft Graph, counted once for each operation that took part.',
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

/** The numbers of a process that answers no operations. */
export function measureProcess(lostLogLines: () => number): Pick<Operations, 'snapshot'> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  countLostLogLines(registry, lostLogLines);
  return { snapshot: () => registry.getMetricsAsJSON() };
}

function countLostLogLines(registry: Registry, lostLogLines: () => number): void {
  new Counter({
    name: 'log_lines_lost_total',
    help: 'Lines of the log that could not be written.',
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
    help: 'Whether Microsoft Graph is called: 0 as ever, 1 one call at a time to see how it is, 2 not at all.',
    registers,
    collect() {
      this.set(STATES[upstream.breaker]);
    },
  });
  new Counter({
    name: 'graph_breaker_rejected_total',
    help: 'Calls of Microsoft Graph that were not made because it failed.',
    registers,
    collect() {
      this.reset();
      this.inc(upstream.leftAlone);
    },
  });
  new Counter({
    name: 'graph_throttle_held_total',
    help: 'Calls of Microsoft Graph that were not made at once because it had asked for a pause.',
    registers,
    collect() {
      this.reset();
      this.inc(upstream.paused);
    },
  });
  new Counter({
    name: 'graph_throttle_pauses_total',
    help: 'Pauses that Microsoft Graph has asked for, by how far they reach.',
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
    help: 'Bytes of responses that wait for their clients to read them.',
    registers,
    collect() {
      this.set(unsent.bytes);
    },
  });
  new Counter({
    name: 'http_connections_dropped_total',
    help: 'Connections closed for a response that was not read: not in time, or the longest when too many bytes waited.',
    labelNames: ['reason'],
    registers,
    collect() {
      this.reset();
      for (const [reason, count] of Object.entries(unsent.dropped)) this.inc({ reason }, count);
    },
  });
}
