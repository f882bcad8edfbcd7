// A failing collector affects no request and no shutdown, and causes one log line.
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { type Environment, readConfig } from '../../src/config/config.ts';
import { startTracing } from '../../src/observability/tracing.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { type Collector, type Mood, startCollector } from '../support/collector.ts';
import { manualClock, until } from '../support/emulator.ts';
import { startTestProduct } from '../support/product.ts';
import { startTraced, type Traced } from '../support/traced.ts';

const QUERY = '{ me { phones { number } } }';
const FAILS = 'exporting traces fails; spans are dropped until it works again';
const WORKS = 'traces are exported again';

interface Line {
  readonly msg: string;
  readonly code?: string;
  readonly status?: number;
  readonly dropped?: number;
}

async function start(environment: Environment = {}): Promise<{ traced: Traced; said: () => Line[] }> {
  const lines: Line[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line));
  // A failed export is retried after 0.8 seconds or more, and not when less time is left.
  const hasty = { OTEL_EXPORTER_OTLP_TIMEOUT: '700', ...environment };
  const traced = await startTraced({ environment: hasty, logger: pino({}, { write }) });
  return { traced, said: () => lines.filter(({ msg }) => msg !== 'operation' && msg !== 'draining') };
}

/** Sends requests, each after the export of the one before, until there were this many exports. */
async function askThrough({ ask, collector }: Traced, exports: number): Promise<void> {
  const end = collector.requests.length + exports;
  for (let seen = collector.requests.length; seen < end; seen = collector.requests.length) {
    const { status, body } = await ask(QUERY);
    expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
    await until(() => collector.requests.length > seen);
  }
}

describe('while the collector fails', () => {
  it.each<[Mood, object]>([
    [503, { code: 'none' }],
    [400, { status: 400 }],
    [401, { status: 401 }],
    ['reset', { code: 'ECONNRESET' }],
    ['hang', { code: 'none' }],
  ])('%s, all requests are served and the log has one line', async (mood, reason) => {
    const { traced, said } = await start();
    traced.collector.mood = mood;
    await askThrough(traced, 3);
    await until(() => said().length > 0);
    expect(said()).toMatchObject([{ msg: FAILS, ...reason }]);

    traced.collector.mood = 'well';
    await askThrough(traced, 3);
    await until(() => said().length > 1);
    expect(said()).toMatchObject([{ msg: FAILS }, { msg: WORKS }]);
    expect(said()[1]?.dropped).toBeGreaterThanOrEqual(3);
    await traced[Symbol.asyncDispose]();
    expect(said()).toHaveLength(2);
  });

  it('by not listening, the log has the error code, and traces are exported once it listens', async () => {
    const gone = await startCollector();
    await gone[Symbol.asyncDispose]();
    const { traced, said } = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: gone.url });
    for (let asked = 0; asked < 5; asked += 1) expect((await traced.ask(QUERY)).status).toBe(200);
    await until(() => said().length > 0);
    expect(said()).toMatchObject([{ msg: FAILS, code: 'ECONNREFUSED' }]);

    await using back = await startCollector(gone.port);
    await traced.ask(QUERY);
    await until(() => back.spans.length > 0);
    await until(() => said().length > 1);
    expect(said()).toMatchObject([{ msg: FAILS }, { msg: WORKS }]);
    await traced[Symbol.asyncDispose]();
  });

  it('spans beyond the queue size are dropped, and requests are served', async () => {
    const { traced } = await start({
      OTEL_EXPORTER_OTLP_TIMEOUT: '60000',
      OTEL_BSP_MAX_QUEUE_SIZE: '4',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '2',
    });
    traced.collector.mood = 'hang';
    const answers = await Promise.all(Array.from({ length: 50 }, () => traced.ask(QUERY)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(traced.collector.requests).toHaveLength(1);
    traced.collector.mood = 'well';
    await traced.product.close();
    // The export that hangs is lost. The queue has room for four of the others.
    expect(traced.collector.spans).toHaveLength(4);
    await traced[Symbol.asyncDispose]();
  });
});

describe('at shutdown, the process', () => {
  it('exports the remaining spans', async () => {
    const { traced } = await start({ OTEL_BSP_SCHEDULE_DELAY: '600000' });
    const answers = [await traced.ask(QUERY), await traced.ask(QUERY)];
    expect(traced.collector.requests).toEqual([]);
    await traced.product.close();
    const servers = traced.collector.spans.filter(({ kind }) => kind === 'server');
    expect(servers.map(({ traceId }) => traceId)).toEqual(answers.map(({ traceId }) => traceId));
    await traced[Symbol.asyncDispose]();
  });

  it('exports the spans of operations that were in flight', async () => {
    const { traced } = await start({ OTEL_BSP_SCHEDULE_DELAY: '600000' });
    const { emulator } = traced.product;
    emulator.faults.add({ on: { path: '/phones' }, do: { delayMs: 300 } });
    const asked = traced.ask(QUERY);
    await until(() => emulator.calls.length > 0);
    await traced.product.close();
    const { traceId } = await asked;
    expect(traced.collector.spans.map((span) => span.traceId)).toEqual([traceId, traceId]);
    await traced[Symbol.asyncDispose]();
  });

  it.each<[string, (collector: Collector) => Promise<void>]>([
    ['hangs', async (collector) => void Object.assign(collector, { mood: 'hang' })],
    ['asks to be asked again later', async (collector) => void Object.assign(collector, { mood: 503 })],
    ['is gone', async (collector) => collector[Symbol.asyncDispose]()],
  ])('waits at most a second and a half for a collector that %s', async (name, trouble) => {
    const collector = await startCollector();
    const { config } = readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    if (config === null || config.tracing === null) throw new Error('there are no traces');
    const clock = manualClock();
    const tracing = startTracing({ config: config.tracing, instance: 'here', clock, logger: silentLogger });
    await trouble(collector);
    tracing
      .begin({ headers: {}, socket: {} })
      .end({ type: 'query', name: null, status: 200, codes: new Set() });
    let isClosed = false;
    const closing = tracing.close().then(() => {
      isClosed = true;
    });
    await until(() => clock.waiting > 0);
    clock.advance(1_499);
    // A quarter of a second, in which all exports have arrived and failed.
    await systemClock.sleep(250);
    expect(isClosed).toBe(false);
    clock.advance(1);
    await closing;
    if (name !== 'is gone') await collector[Symbol.asyncDispose]();
  });

  it('exits at once when there is nothing to export, also without a collector', async () => {
    const clock = manualClock();
    const { config } = readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
    if (config === null || config.tracing === null) throw new Error('there are no traces');
    const tracing = startTracing({ config: config.tracing, instance: 'here', clock, logger: silentLogger });
    await expect(tracing.close()).resolves.toBeUndefined();
  });
});

describe('traces on standard output', () => {
  it('are readable', async () => {
    const written: string[] = [];
    const { dir } = console;
    // The SDK's console exporter has no other destination.
    console.dir = (what: unknown) => void written.push(JSON.stringify(what));
    try {
      const product = await startTestProduct({ environment: { OTEL_TRACES_EXPORTER: 'console' } });
      await product.ask(QUERY);
      await product.close();
    } finally {
      console.dir = dir;
    }
    expect(written).toHaveLength(2);
    expect(written[1]).toContain('graphql.operation.type');
  });
});
