// The gateway with its emulator, and with tracing to a collector of the test.
import { type Collector, type ReceivedSpan, startCollector } from './collector.ts';
import { until } from './emulator.ts';
import { type Answer, startTestProduct, type TestOptions, type TestProduct, tokenOf } from './product.ts';

export interface Traced extends AsyncDisposable {
  readonly product: TestProduct;
  readonly collector: Collector;
  /** Sends an operation within a trace of the caller. */
  ask(query: string, options?: AskTraced): Promise<TracedAnswer>;
  /** The spans of a trace, after the operation's span has arrived. */
  spansOf(traceId: string): Promise<TraceSpans>;
}

export interface AskTraced {
  readonly variables?: Readonly<Record<string, unknown>>;
  /** The name of a demo user. */
  readonly as?: string;
  /** Replaces the token of the demo user. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the caller samples the trace. */
  readonly isSampled?: boolean;
}

export interface TracedAnswer extends Answer {
  readonly traceId: string;
  /** The caller's own span. */
  readonly callerSpanId: string;
}

export interface TraceSpans {
  /** The span of the operation. */
  readonly server: ReceivedSpan;
  /** The spans of its upstream requests, in the order of their start. */
  readonly clients: readonly ReceivedSpan[];
}

/** Shorter than OpenTelemetry's default of five seconds. */
const SOON = { OTEL_BSP_SCHEDULE_DELAY: '1' };

export async function startTraced(options: TestOptions = {}): Promise<Traced> {
  const { environment = {} } = options;
  const collector = await startCollector();
  const own = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...SOON };
  const product = await startTestProduct({ ...options, environment: { ...own, ...environment } });
  let asked = 0;
  return {
    product,
    collector,
    async ask(query, { variables, as = 'innocenty', token, headers = {}, isSampled = true } = {}) {
      asked += 1;
      const traceId = asked.toString(16).padStart(32, 'a');
      const callerSpanId = asked.toString(16).padStart(16, 'b');
      const response = await fetch(product.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${token ?? tokenOf(product.emulator, as)}`,
          traceparent: `00-${traceId}-${callerSpanId}-0${isSampled ? 1 : 0}`,
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      });
      const { status, headers: answered } = response;
      return { status, headers: answered, body: await response.json(), traceId, callerSpanId };
    },
    spansOf: (traceId) => spansOf(collector, traceId),
    async [Symbol.asyncDispose]() {
      await product.close();
      await collector[Symbol.asyncDispose]();
    },
  };
}

/** Spans are exported in the order of their end, and the operation's span ends last. */
export async function spansOf(collector: Collector, traceId: string): Promise<TraceSpans> {
  const all = () => collector.spans.filter((span) => span.traceId === traceId);
  const find = () => all().find(({ kind }) => kind === 'server');
  await until(() => find() !== undefined);
  const clients = all().filter(({ kind }) => kind === 'client');
  return { server: find() as ReceivedSpan, clients: clients.sort((a, b) => (a.start < b.start ? -1 : 1)) };
}
