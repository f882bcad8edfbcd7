// Spans as a collector receives them: one for an operation, as a child of the caller's span, and one for each of its
// upstream requests.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../support/emulator.ts';
import { startTraced } from '../support/traced.ts';

const traced = await startTraced();
const { product, collector, ask, spansOf } = traced;
const { emulator } = product;
afterAll(() => traced[Symbol.asyncDispose]());
beforeEach(() => {
  emulator.reset();
  collector.forget();
});

const ADD = `mutation Add($input: AddPhoneInput!) {
  addPhone(input: $input) { phone { id } userErrors { code } }
}`;
const PHONES = 'query Phones { me { phones { number } } }';

describe('the span of an operation', () => {
  it('is a child of the caller’s span, with the names and attributes of the conventions', async () => {
    const { traceId, callerSpanId } = await ask(PHONES);
    const { server } = await spansOf(traceId);
    expect(server).toMatchObject({
      name: 'query',
      kind: 'server',
      parentSpanId: callerSpanId,
      status: 'unset',
      links: [],
      events: 0,
    });
    expect(server.attributes).toEqual({
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Phones',
      'http.request.method': 'POST',
      'http.route': '/graphql',
      'http.response.status_code': 200,
      'url.path': '/graphql',
      'url.scheme': 'http',
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(product.url).port),
    });
    expect(server.end).toBeGreaterThan(server.start);
  });

  it('is the same when the operation runs from the operation cache', async () => {
    const attributes = [];
    for (let run = 0; run < 3; run += 1) {
      const { server } = await spansOf((await ask(PHONES)).traceId);
      attributes.push({ name: server.name, ...server.attributes });
    }
    expect(attributes[2]).toEqual(attributes[0]);
    expect(attributes[2]).toMatchObject({ name: 'query', 'graphql.operation.name': 'Phones' });
  });

  it('has no operation name when there is none, and keeps the caller’s trace state', async () => {
    const { traceId } = await ask('{ me { id } }', { headers: { tracestate: 'vendor=abc' } });
    const { server } = await spansOf(traceId);
    expect(server.attributes).not.toHaveProperty('graphql.operation.name');
    expect(server.traceState).toBe('vendor=abc');
  });

  it('has the name of the service and of the process', async () => {
    const { server } = await spansOf((await ask(PHONES)).traceId);
    expect(server.resource).toMatchObject({
      'service.name': 'profile-phones',
      'service.instance.id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'telemetry.sdk.language': 'nodejs',
    });
    expect(collector.requests[0]).toMatchObject({
      path: '/v1/traces',
      headers: { 'content-type': 'application/x-protobuf' },
    });
  });

  it.each([
    ['no trace at all', undefined],
    ['garbage', 'garbage'],
    ['a version that is none', `ff-${'a'.repeat(32)}-${'b'.repeat(16)}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`],
    ['a span of zeros', `00-${'a'.repeat(32)}-${'0'.repeat(16)}-01`],
    ['capital letters', `00-${'A'.repeat(32)}-${'b'.repeat(16)}-01`],
    ['a span that is too long', `00-${'a'.repeat(32)}-${'b'.repeat(17)}-01`],
    ['two traces', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01, 00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`],
  ])('begins a new trace when the traceparent is %s', async (_name, traceparent) => {
    const answer = await product.request('/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer demo-token-innocenty',
        tracestate: '=,=;garbage',
        ...(traceparent === undefined ? {} : { traceparent }),
      },
      body: JSON.stringify({ query: PHONES }),
    });
    expect(answer.status).toBe(200);
    await until(() => collector.spans.some(({ kind }) => kind === 'server'));
    const server = collector.spans.find(({ kind }) => kind === 'server');
    expect(server?.parentSpanId).toBe('');
    expect(server?.traceId).not.toMatch(/^(a+|0+|c+)$/);
    expect(server?.traceState).toBe('');
  });
});

describe('the span of a request to Microsoft Graph', () => {
  it('has the path template and Graph’s request id', async () => {
    const { traceId } = await ask(PHONES);
    const { server, clients } = await spansOf(traceId);
    expect(clients).toMatchObject([
      { name: 'GET /me/profile/phones', kind: 'client', parentSpanId: server.spanId, status: 'unset' },
    ]);
    expect(clients[0]?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'url.template': '/me/profile/phones',
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(emulator.url).port),
      'azure.service.request.id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(clients[0]?.start).toBeGreaterThanOrEqual(server.start);
    expect(clients[0]?.end).toBeLessThanOrEqual(server.end);
  });

  it('contains no user id', async () => {
    const query = 'query ($id: ID!) { user(id: $id) { displayName } }';
    const { traceId } = await ask(query, { variables: { id: 'innocenty@contoso.com' } });
    const { clients } = await spansOf(traceId);
    expect(clients.map(({ name }) => name)).toEqual(['GET /users/{id}']);
  });

  it('is one for a batch, with the number of reads', async () => {
    const { traceId } = await ask('{ me { displayName phones { number } } }');
    const { server, clients } = await spansOf(traceId);
    expect(clients).toMatchObject([
      {
        name: 'POST /$batch',
        parentSpanId: server.spanId,
        links: [],
        attributes: { 'url.template': '/$batch', 'graph.batch.size': 2, 'http.response.status_code': 200 },
      },
    ]);
  });

  it('exists for a mutation too', async () => {
    const { traceId } = await ask(ADD, { variables: { input: { number: '+1 425 555 0123' } } });
    const { server, clients } = await spansOf(traceId);
    expect(server).toMatchObject({ name: 'mutation', attributes: { 'graphql.operation.name': 'Add' } });
    expect(clients).toMatchObject([
      { name: 'POST /me/profile/phones', attributes: { 'http.response.status_code': 201 } },
    ]);
  });

  it('is separate for each attempt', async () => {
    emulator.faults.add({ on: { path: '/phones' }, do: { status: 502 }, times: 1 });
    const { traceId, body } = await ask(PHONES);
    expect(body.errors).toBeUndefined();
    const { server, clients } = await spansOf(traceId);
    expect(clients).toMatchObject([
      { status: 'error', attributes: { 'http.response.status_code': 502, 'error.type': '502' } },
      { status: 'unset', attributes: { 'http.response.status_code': 200 } },
    ]);
    expect(server.status).toBe('unset');
  });

  it('is not propagated to Microsoft Graph', async () => {
    await ask(PHONES, { headers: { tracestate: 'vendor=abc', baggage: 'a=b' } });
    expect(emulator.calls).toHaveLength(1);
    const names = Object.keys(emulator.calls[0]?.headers ?? {});
    expect(names).toContain('client-request-id');
    expect(names.filter((name) => /^(traceparent|tracestate|baggage|b3)$/.test(name))).toEqual([]);
  });
});

describe('an error in a span has a status and a code only', () => {
  it.each([
    ['that Graph answers', { status: 403 }, 'FORBIDDEN', '403'],
    ['that is no answer', { reset: 'after' }, 'UPSTREAM_UNAVAILABLE', 'UPSTREAM_UNAVAILABLE'],
    ['that cannot be read', { truncate: true }, 'UPSTREAM_BAD_RESPONSE', 'UPSTREAM_BAD_RESPONSE'],
  ] as const)('%s', async (_name, action, code, type) => {
    emulator.faults.add({ on: { path: '/phones' }, do: action, times: Number.POSITIVE_INFINITY });
    const { traceId, body } = await ask(PHONES);
    expect(body.errors?.[0]?.extensions?.code).toBe(code);
    const { server, clients } = await spansOf(traceId);
    expect(clients.at(-1)).toMatchObject({ status: 'error', message: '', events: 0 });
    expect(clients.at(-1)?.attributes['error.type']).toBe(type);
    expect(server).toMatchObject({ status: 'error', message: '', events: 0 });
    expect(server.attributes).toMatchObject({ 'error.type': code, 'http.response.status_code': 200 });
  });

  it.each([
    ['a token that is none', '{ me { id } }', { token: 'nobody' }, 'UNAUTHENTICATED', 401],
    ['a document that cannot be parsed', '{ me', {}, 'GRAPHQL_PARSE_FAILED', 400],
    ['a field that is none', '{ nothing }', {}, 'GRAPHQL_VALIDATION_FAILED', 400],
    ['too many tokens', `{ ${'__typename '.repeat(2_001)} }`, {}, 'LIMIT_EXCEEDED', 400],
    [
      'an Accept header that allows no answer',
      PHONES,
      { headers: { accept: 'text/css' } },
      'BAD_REQUEST',
      406,
    ],
  ] as const)('of %s', async (_name, query, options, code, status) => {
    const { traceId } = await ask(query, options);
    const { server } = await spansOf(traceId);
    expect(server).toMatchObject({ status: 'error', message: '', events: 0 });
    expect(server.attributes).toMatchObject({ 'error.type': code, 'http.response.status_code': status });
  });

  it('and an operation that cannot be parsed has no type', async () => {
    const { traceId } = await ask('{ me');
    const { server } = await spansOf(traceId);
    expect(server.name).toBe('GraphQL Operation');
    expect(server.attributes).not.toHaveProperty('graphql.operation.type');
  });
});
