// The admin port: liveness, readiness, and metrics without personal data.
import { describe, expect, it } from 'vitest';
import { startTestProduct, type TestProduct, tokenOf } from '../support/product.ts';

describe('The admin port responds independently of Microsoft Graph', () => {
  it('/livez and /readyz return 200 without a token and without a request to Microsoft Graph', async () => {
    await using product = await startTestProduct();
    product.emulator.faults.add({ on: {}, times: Infinity, do: { status: 503 } });

    const live = await fetch(`${product.adminUrl}/livez`);
    const ready = await fetch(`${product.adminUrl}/readyz`);

    expect([live.status, await live.json()]).toEqual([200, { status: 'alive' }]);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
    expect(product.emulator.calls).toEqual([]);
  });

  it('has no GraphQL endpoint', async () => {
    await using product = await startTestProduct();

    const response = await fetch(`${product.adminUrl}/graphql`, { method: 'POST' });

    expect(response.status).toBe(404);
  });
});

describe('/metrics counts operations', () => {
  it('is in the text format of Prometheus', async () => {
    await using product = await startTestProduct();

    const response = await fetch(`${product.adminUrl}/metrics`);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await response.text()).toContain('# TYPE graphql_operation_duration_seconds histogram');
  });

  it('counts by type and outcome, errors by code, and requests to Microsoft Graph', async () => {
    await using product = await startTestProduct();
    await product.ask('{ me { displayName } }');
    await product.ask('{ me { displayName phones { number } } }');
    await product.ask('mutation { addPhone(input: { number: "+1 425 555 0177" }) { phone { id } } }');
    await product.ask('{ me { shoeSize } }');
    await product.ask('{ me { displayName } }', {}, 'expired');
    await product.request('/graphql', { headers: { 'apollo-require-preflight': 'true' } });

    const metrics = await readMetrics(product);

    expect(countsOf(metrics)).toEqual({
      'graphql_operation_duration_seconds_count{type="query",outcome="ok"}': 2,
      'graphql_operation_duration_seconds_count{type="mutation",outcome="ok"}': 1,
      'graphql_operation_duration_seconds_count{type="query",outcome="error"}': 1,
      // Requests without an operation.
      'graphql_operation_duration_seconds_count{type="none",outcome="error"}': 2,
      'graphql_errors_total{code="GRAPHQL_VALIDATION_FAILED"}': 1,
      'graphql_errors_total{code="UNAUTHENTICATED"}': 2,
      graph_requests_total: 4,
      ...NO_TROUBLE,
    });
    expect(product.emulator.calls).toHaveLength(4);
  });

  it('counts an operation with userErrors as successful, because they are data', async () => {
    await using product = await startTestProduct();
    await product.ask('mutation { addPhone(input: { number: "" }) { userErrors { code } } }');

    expect(countsOf(await readMetrics(product))).toEqual({
      'graphql_operation_duration_seconds_count{type="mutation",outcome="ok"}': 1,
      graph_requests_total: 0,
      ...NO_TROUBLE,
    });
  });

  it('contains no name, number, token or other data that was sent or read', async () => {
    await using product = await startTestProduct();
    const id = 'grace.okafor@contoso.com';
    await product.ask('query OfGraceOkafor($id: ID!) { user(id: $id) { displayName phones { number } } }', {
      id,
    });
    await product.ask(
      'mutation M($input: AddPhoneInput!) { addPhone(input: $input) { phone { number } userErrors { message } } }',
      { input: { number: '+1 425 555 0177', displayName: 'Attic', userId: id } },
    );
    await product.ask('query OfGraceOkafor { user(id: "Grace Okafor") { id } }');
    await product.ask('{ me { id } }', {}, 'expired');

    const metrics = await readMetrics(product);

    const { emulator } = product;
    const secrets = [
      ...['okafor', 'popov', 'contoso', '425 555', '555 0177', '4255550177', 'Attic', 'demo-token'],
      ...emulator.people.map((person) => person.id),
      tokenOf(emulator, 'innocenty'),
    ];
    const own = metrics.split('\n').filter((line) => /^graph(ql)?_/.test(line));
    expect(own).not.toEqual([]);
    expect(secrets.filter((secret) => own.join('\n').toLowerCase().includes(secret.toLowerCase()))).toEqual(
      [],
    );
  });

  it('has no label whose values a caller can choose', async () => {
    await using product = await startTestProduct();
    for (const name of ['One', 'Two', 'Three']) await product.ask(`query ${name} { me { id } }`);

    const own = (await readMetrics(product)).split('\n').filter((line) => /^graph(ql)?_/.test(line));
    const labels = new Set(own.flatMap((line) => [...line.matchAll(/(\w+)="/g)].map(([, label]) => label)));

    expect([...labels].sort()).toEqual(['le', 'outcome', 'scope', 'type']);
  });

  it('counts throttling pauses and the calls that they delay or reject', async () => {
    await using product = await startTestProduct();
    product.emulator.faults.add({ on: {}, do: { status: 429, headers: { 'Retry-After': '3600' } } });
    for (let time = 0; time < 3; time += 1) {
      const { body } = await product.ask('{ me { displayName } }');
      expect(body.errors[0].extensions.code).toBe('THROTTLED');
    }

    expect(product.emulator.calls).toHaveLength(1);
    expect(countsOf(await readMetrics(product))).toMatchObject({
      graph_requests_total: 1,
      graph_throttled_total: 2,
      'graph_throttle_pauses_total{scope="principal"}': 1,
    });
  });

  it('reports an open circuit breaker and the calls that it rejects, and stays ready', async () => {
    await using product = await startTestProduct();
    product.emulator.faults.add({ on: {}, times: Infinity, do: { status: 500 } });
    const add = 'mutation { addPhone(input: { number: "+1 425 555 0177" }) { userErrors { code } } }';
    const ask = async () => (await product.ask(add)).body.errors?.[0].extensions;
    while ((await stateOf(product)) === 0) await ask();
    const asked = product.emulator.calls.length;

    expect(await ask()).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
    expect((await ask()).retryAfterSeconds).toBeGreaterThan(0);

    expect(product.emulator.calls).toHaveLength(asked);
    expect(await stateOf(product)).toBe(2);
    const counts = countsOf(await readMetrics(product));
    expect(counts['graph_circuit_breaker_rejected_total']).toBeGreaterThanOrEqual(2);
    expect((await fetch(`${product.adminUrl}/readyz`)).status).toBe(200);
  });
});

/** The metrics while Microsoft Graph works. */
const NO_TROUBLE = {
  graph_circuit_breaker_rejected_total: 0,
  graph_throttled_total: 0,
  'graph_throttle_pauses_total{scope="principal"}': 0,
  'graph_throttle_pauses_total{scope="tenant"}': 0,
  'graph_throttle_pauses_total{scope="application"}': 0,
};

async function stateOf(product: TestProduct): Promise<number> {
  return Number(/^graph_circuit_breaker_state (\d)$/m.exec(await readMetrics(product))?.[1]);
}

async function readMetrics({ adminUrl }: TestProduct): Promise<string> {
  return (await fetch(`${adminUrl}/metrics`)).text();
}

/** The counters of operations, errors and upstream requests, by series. */
function countsOf(metrics: string): Record<string, number> {
  const lines = metrics.split('\n').filter((line) => /^graph(ql)?_\w+_(count|total)\b/.test(line));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}
