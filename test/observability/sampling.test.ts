// Sampling: which traces are exported. Every log line has the id of its trace, whether that is exported or not.
import { GraphQLError } from 'graphql';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Environment } from '../../src/config/config.ts';
import { createErrorMasking } from '../../src/graphql/error-masking.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { until } from '../support/emulator.ts';
import { startTraced, type Traced } from '../support/traced.ts';

const QUERY = '{ me { phones { number } } }';

interface Line {
  readonly msg: string;
  readonly trace_id?: string;
  readonly span_id?: string;
}

async function start(environment: Environment): Promise<{ traced: Traced; lines: Line[] }> {
  const lines: Line[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line));
  return { traced: await startTraced({ environment, logger: pino({}, { write }) }), lines };
}

/** Whether two traces are exported: one that its caller samples, and one that its caller does not sample. */
async function exported(environment: Environment): Promise<boolean[]> {
  const { traced, lines } = await start(environment);
  const answers = [
    await traced.ask(QUERY, { isSampled: true }),
    await traced.ask(QUERY, { isSampled: false }),
  ];
  await traced[Symbol.asyncDispose]();
  const operations = lines.filter(({ msg }) => msg === 'operation');
  expect(operations.map((line) => line.trace_id)).toEqual(answers.map(({ traceId }) => traceId));
  return answers.map(({ traceId }) => {
    const spans = traced.collector.spans.filter((span) => span.traceId === traceId);
    // All spans of a trace are exported, or none.
    expect([0, 2]).toContain(spans.length);
    return spans.length > 0;
  });
}

describe('traces are exported', () => {
  it.each<[string, Environment, boolean[]]>([
    ['as their callers do', {}, [true, false]],
    ['all of them', { OTEL_TRACES_SAMPLER: 'always_on' }, [true, true]],
    ['not at all', { OTEL_TRACES_SAMPLER: 'always_off' }, [false, false]],
    [
      'as their callers do, by whichever sampler for those that begin here',
      { OTEL_TRACES_SAMPLER: 'parentbased_always_off' },
      [true, false],
    ],
    [
      'by a share of all',
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '1' },
      [true, true],
    ],
    [
      'by a share of none',
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' },
      [false, false],
    ],
  ])('%s', async (_name, environment, expected) => {
    expect(await exported(environment)).toEqual(expected);
  });

  it('as separate traces when the headers of callers are ignored', async () => {
    const { traced, lines } = await start({ OTEL_PROPAGATORS: 'none' });
    const { traceId } = await traced.ask(QUERY, { isSampled: false });
    await traced[Symbol.asyncDispose]();
    const traces = new Set(traced.collector.spans.map((span) => span.traceId));
    expect(traces.size).toBe(1);
    expect(traces).not.toContain(traceId);
    expect(traces).toContain(lines.find(({ msg }) => msg === 'operation')?.trace_id);
  });

  it('by a ratio of their ids', async () => {
    const environment = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' };
    const { traced, lines } = await start(environment);
    const many = 200;
    for (let asked = 0; asked < many; asked += 1) await traced.ask(QUERY, { headers: { traceparent: '' } });
    await traced[Symbol.asyncDispose]();
    const servers = traced.collector.spans.filter(({ kind }) => kind === 'server');
    expect(lines.filter((line) => line.trace_id !== undefined)).toHaveLength(many);
    // Eight standard deviations.
    expect(Math.abs(servers.length - many / 2)).toBeLessThan(60);
  });
});

describe('a log line has the ids of a span', () => {
  it('those of its operation', async () => {
    const { traced, lines } = await start({});
    const { traceId } = await traced.ask(QUERY);
    const { server } = await traced.spansOf(traceId);
    await until(() => lines.length > 0);
    expect(lines[0]).toMatchObject({ msg: 'operation', trace_id: traceId, span_id: server.spanId });
    await traced[Symbol.asyncDispose]();
  });

  it('also for a rejected token, and for an audit trail that cannot be written', async () => {
    const { traced, lines } = await start({ AUTH_MODE: 'entra', AUDIT_LOG: '/nowhere/at/all' });
    const refused = await traced.ask(QUERY, { token: 'no.to.ken' });
    const token = await traced.product.emulator.entra.userToken('innocenty');
    const add = 'mutation { addPhone(input: { number: "+1 425 555 0123" }) { userErrors { code } } }';
    const failed = await traced.ask(add, { token });
    expect(failed.body.errors?.[0]?.extensions?.code).toBe('INTERNAL_SERVER_ERROR');
    await traced[Symbol.asyncDispose]();
    const traceOf = (msg: string) => lines.find((line) => line.msg === msg)?.trace_id;
    expect(traceOf('Rejected an access token')).toBe(refused.traceId);
    expect(traceOf('the audit trail cannot be written')).toBe(failed.traceId);
  });
});

describe('an internal error', () => {
  it('is INTERNAL_SERVER_ERROR with status 500 in the span and in the log', async () => {
    const lines: Line[] = [];
    let isBroken = false;
    const traced = await startTraced({
      logger: pino({}, { write: (line) => void lines.push(JSON.parse(line)) }),
      outside: {
        eventLoop: {
          takeDelay: () => 0,
          // Read for each request.
          delayNow() {
            if (isBroken) throw new TypeError('+1 425 555 0187');
            return 0;
          },
        },
      },
    });
    isBroken = true;
    const { traceId, status } = await traced.ask(QUERY);
    isBroken = false;
    expect(status).toBe(500);
    const { server } = await traced.spansOf(traceId);
    expect(server).toMatchObject({ name: 'GraphQL Operation', status: 'error', message: '', events: 0 });
    expect(server.attributes).toMatchObject({
      'error.type': 'INTERNAL_SERVER_ERROR',
      'http.response.status_code': 500,
    });
    expect(lines).toMatchObject([
      { trace_id: traceId, outcome: 'error', status: 500, codes: 'INTERNAL_SERVER_ERROR' },
    ]);
    await traced[Symbol.asyncDispose]();
  });

  it('of a field has a log line of its own, with the same span', () => {
    const lines: Line[] = [];
    const logger = pino({}, { write: (line) => void lines.push(JSON.parse(line)) });
    const mask = createErrorMasking({ logger, random: seededRandom(1) });
    const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
    mask.publicError(new GraphQLError('', { originalError: new TypeError('') }), span);
    expect(lines).toMatchObject([{ msg: 'unexpected error', trace_id: span.traceId, span_id: span.spanId }]);
  });
});

describe('a token for Microsoft Graph', () => {
  it('that is exchanged for a user has a child span, and no second one while the token is valid', async () => {
    const { traced } = await start({ AUTH_MODE: 'entra' });
    const token = await traced.product.emulator.entra.userToken('innocenty');
    const first = await traced.spansOf((await traced.ask(QUERY, { token })).traceId);
    const second = await traced.spansOf((await traced.ask(QUERY, { token })).traceId);
    await traced[Symbol.asyncDispose]();
    expect(first.clients.map(({ name }) => name)).toEqual([
      'POST /{tenant}/oauth2/v2.0/token',
      'GET /me/profile/phones',
    ]);
    expect(first.clients[0]).toMatchObject({ parentSpanId: first.server.spanId, status: 'unset' });
    expect(first.clients[0]?.attributes).toEqual({
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'url.template': '/{tenant}/oauth2/v2.0/token',
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(traced.product.emulator.url).port),
    });
    expect(second.clients.map(({ name }) => name)).toEqual(['GET /me/profile/phones']);
  });

  it.each([
    ['is refused', { status: 400, body: { error: 'invalid_grant' } }, '400'],
    ['is lost twice', { reset: 'before' }, 'UPSTREAM_UNAVAILABLE'],
  ] as const)('that %s is a span with an error', async (_name, action, type) => {
    const { traced } = await start({ AUTH_MODE: 'entra' });
    const { entra, faults } = traced.product.emulator;
    const token = await entra.userToken('innocenty');
    faults.add({ on: { path: '/oauth2/v2.0/token' }, do: action, times: 2 });
    const { clients, server } = await traced.spansOf((await traced.ask(QUERY, { token })).traceId);
    await traced[Symbol.asyncDispose]();
    expect(clients[0]).toMatchObject({ status: 'error', message: '', attributes: { 'error.type': type } });
    expect(server.status).toBe('error');
  });
});
