// A request to Microsoft Graph may serve several operations. Its span is a child of the first operation's span and has links
// to the others. The test controls the upstream's responses, so that the order is certain.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { graphPath } from '../../src/graph/paths.ts';
import type { GraphSession } from '../../src/graph/session.ts';
import { startTracing } from '../../src/observability/tracing.ts';
import { Cancellation } from '../../src/runtime/cancellation.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import type { OperationSpan, Tracing } from '../../src/runtime/tracing.ts';
import { type Collector, type ReceivedSpan, startCollector } from '../support/collector.ts';
import { type Connected, connectGraph } from '../support/graph.ts';
import { type ScriptedGraph, startScriptedGraph } from '../support/scripted-graph.ts';

let collector: Collector;
let tracing: Tracing;
let upstream: ScriptedGraph;
let connected: Connected;

beforeEach(async () => {
  collector = await startCollector();
  const { config } = readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  if (config === null || config.tracing === null) throw new Error('there are no traces');
  const outside = { clock: systemClock, logger: silentLogger };
  tracing = startTracing({ config: config.tracing, instance: 'here', ...outside });
  upstream = await startScriptedGraph();
  connected = connectGraph(upstream.url);
});
afterEach(async () => {
  await upstream[Symbol.asyncDispose]();
  await connected[Symbol.asyncDispose]();
  await collector[Symbol.asyncDispose]();
});

interface Operation {
  readonly session: GraphSession;
  readonly span: OperationSpan;
}

/** @param isSampled whether the caller samples the trace */
function begin(isSampled = true): Operation {
  const parent = `00-${crypto.randomUUID().replaceAll('-', '')}-00000000000000ff-0${isSampled ? 1 : 0}`;
  const span = tracing.begin({ method: 'POST', headers: { traceparent: parent }, socket: {} });
  return { span, session: connected.open('a', { span: span.recorded }) };
}

/** The spans of the requests, after all operations have ended. */
async function clientSpans(): Promise<readonly ReceivedSpan[]> {
  await tracing.close();
  return collector.spans.filter(({ kind }) => kind === 'client');
}

const ids = ({ span }: Operation) => ({ traceId: span.traceId, spanId: span.spanId });
const path = (id: string) => graphPath(['users', id]);

describe('the span of a request that serves several operations', () => {
  it('is a child of the first operation’s span, and has links to the others', async () => {
    const operations = [begin(), begin(), begin()] as const;
    const [first, second, third] = operations;
    const answers = Promise.all(operations.map(({ session }, at) => session.read(path(String(at)))));
    (await upstream.next()).answer({});
    await answers;
    const spans = await clientSpans();
    expect(spans).toMatchObject([
      { name: 'POST /$batch', traceId: first.span.traceId, parentSpanId: first.span.spanId },
    ]);
    expect(spans[0]?.links).toEqual([ids(second), ids(third)]);
    expect(spans[0]?.attributes).toMatchObject({ 'graph.batch.size': 3 });
  });

  it('has one link for an operation with several reads', async () => {
    const [first, second] = [begin(), begin()];
    const reads = [first, second, first, second].map(({ session }, at) => session.read(path(String(at))));
    (await upstream.next()).answer({});
    await Promise.all(reads);
    expect((await clientSpans())[0]?.links).toEqual([ids(second)]);
  });

  it('has a link to an operation that joins a read in flight', async () => {
    const [first, second] = [begin(), begin()];
    const read = first.session.read(path('1'));
    const request = await upstream.next();
    const joined = second.session.read(path('1'));
    request.answer({});
    await Promise.all([read, joined]);
    const spans = await clientSpans();
    expect(spans).toMatchObject([{ name: 'GET /users/{id}', traceId: first.span.traceId }]);
    expect(spans[0]?.links).toEqual([ids(second)]);
  });

  it('is a child of the first sampled operation’s span, and has no links to unsampled ones', async () => {
    const [first, second] = [begin(false), begin()];
    const answers = Promise.all([first.session.read(path('1')), second.session.read(path('2'))]);
    (await upstream.next()).answer({});
    await answers;
    const spans = await clientSpans();
    expect(spans).toMatchObject([{ traceId: second.span.traceId, parentSpanId: second.span.spanId }]);
    expect(spans[0]?.links).toEqual([]);
  });

  it('does not exist when no operation is sampled', async () => {
    const [first, second] = [begin(false), begin(false)];
    const answers = Promise.all([first.session.read(path('1')), second.session.read(path('2'))]);
    (await upstream.next()).answer({});
    await answers;
    expect(await clientSpans()).toEqual([]);
  });

  it('does not exist when nothing was sent', async () => {
    const { span } = begin();
    const cancellation = new Cancellation();
    const left = connected.open('a', { span: span.recorded, cancellation }).read(path('1'));
    cancellation.cancel();
    await expect(left).rejects.toMatchObject({ code: 'TIMEOUT' });
    const { breaker } = connected.guard;
    while (breaker.state === 'closed') breaker.settle(breaker.enter(), 'failed');
    const refused = connected.open('a', { span: span.recorded }).read(path('1'));
    await expect(refused).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(await clientSpans()).toEqual([]);
    expect(upstream.untaken).toBe(0);
  });
});
