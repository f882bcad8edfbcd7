// Rate limit and load shedding over HTTP. The clock stands still in tests of rates, and the emulator holds requests in tests
// of slots, so that every count is exact.
import { describe, expect, it } from 'vitest';
import type { Environment } from '../../src/config/config.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { SAMPLE_MS } from '../../src/server/overload.ts';
import { until } from '../support/emulator.ts';
import { type Answer, ask, startTestProduct, type TestProduct, upstream } from '../support/product.ts';
import { refusalOf } from './refusal.ts';

const QUERY = '{ me { displayName } }';

describe('RATE_LIMIT limits the requests of one principal in a minute', () => {
  it('a caller that floods is throttled, and the requests of others are served', async () => {
    await using product = await startStill({ RATE_LIMIT: '50' });

    const flood = Array.from({ length: 200 }, () => product.ask(QUERY));
    const others = ['admin', 'namesake'].flatMap((name) =>
      Array.from({ length: 20 }, () => product.ask(QUERY, {}, name)),
    );

    expect(counts(await Promise.all(flood))).toEqual({ 200: 50, 429: 150 });
    expect(counts(await Promise.all(others))).toEqual({ 200: 40 });
  });

  it('a rejected caller gets Retry-After, and Microsoft Graph gets no request', async () => {
    await using product = await startStill({ RATE_LIMIT: '6' });
    for (let at = 0; at < 6; at += 1) await product.ask(QUERY);
    const asked = upstream(product.emulator).length;

    const { status, headers, body } = await product.ask(QUERY);

    expect([status, headers.get('retry-after')]).toEqual([429, '10']);
    expect(body).toEqual({
      errors: [
        {
          message: 'Too many requests in a short time. Wait retryAfterSeconds, then try again.',
          extensions: { code: 'THROTTLED', retryable: true, retryAfterSeconds: 10 },
        },
      ],
    });
    expect(upstream(product.emulator)).toHaveLength(asked);
  });

  it('a rejected mutation changes nothing', async () => {
    await using product = await startStill({ RATE_LIMIT: '1' });
    await product.ask(QUERY);

    const { status } = await product.ask('mutation { addPhone(input: { number: "1" }) { phone { id } } }');

    expect(status).toBe(429);
    expect(upstream(product.emulator)).toEqual(['GET /me?$select=displayName,id']);
  });

  it('probes, pages and preflights do not count', async () => {
    await using product = await startStill({ RATE_LIMIT: '1' });
    await product.ask(QUERY);
    const origin = 'https://studio.apollographql.com';
    const preflight = { origin, 'access-control-request-method': 'POST' };

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => [
        fetch(`${product.adminUrl}/livez`),
        fetch(`${product.adminUrl}/readyz`),
        product.request('/graphql', { headers: { accept: 'text/html' } }),
        product.request('/graphql', { method: 'OPTIONS', headers: preflight }),
      ]).flat(),
    );

    expect(counts(answers)).toEqual({ 200: 60, 204: 20 });
    expect((await product.ask(QUERY)).status).toBe(429);
  });

  it('is off with 0', async () => {
    await using product = await startStill({ RATE_LIMIT: '0' });
    const answers = await Promise.all(Array.from({ length: 100 }, () => product.ask(QUERY)));
    expect(counts(answers)).toEqual({ 200: 100 });
  });
});

describe('rejected tokens are limited by address', () => {
  it('without a token', async () => {
    await using product = await startStill({ RATE_LIMIT: '100' });
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(product.url, null, QUERY)));
    expect(counts(answers)).toEqual({ 401: 10, 429: 40 });
  });

  it('with tokens that Microsoft Graph rejects, which are then no longer sent to it', async () => {
    await using product = await startStill({ RATE_LIMIT: '100' });
    const known = await product.ask(QUERY);
    const before = upstream(product.emulator).length;

    const statuses: number[] = [];
    for (let at = 0; at < 50; at += 1) statuses.push((await ask(product.url, `made-up-${at}`, QUERY)).status);

    expect(statuses).toEqual([...Array(10).fill(401), ...Array(40).fill(429)]);
    expect(upstream(product.emulator).length - before).toBe(10);
    expect([known.status, (await product.ask(QUERY)).status]).toEqual([200, 200]);
  });

  it('separately for each client behind a proxy in TRUSTED_PROXIES', async () => {
    await using product = await startStill({ RATE_LIMIT: '100', TRUSTED_PROXIES: '127.0.0.0/8' });
    const from = (address: string): Promise<Response> =>
      product.request('/graphql', {
        headers: { 'apollo-require-preflight': 'yes', 'x-forwarded-for': address },
      });
    for (let at = 0; at < 10; at += 1) await from('192.0.2.1');

    expect([(await from('192.0.2.1')).status, (await from('192.0.2.2')).status]).toEqual([429, 401]);
  });

  it('also when the proxy appends a port that changes each time', async () => {
    await using product = await startStill({ RATE_LIMIT: '100', TRUSTED_PROXIES: '127.0.0.0/8' });
    const from = async (address: string): Promise<number> => {
      const headers = { 'apollo-require-preflight': 'yes', 'x-forwarded-for': address };
      return (await product.request('/graphql', { headers })).status;
    };
    for (let at = 0; at < 10; at += 1) await from(`203.0.113.6:${40_000 + at}`);

    expect([await from('203.0.113.6:50000'), await from('203.0.113.7:50000')]).toEqual([429, 401]);
  });

  it('without trusting X-Forwarded-For from any other address', async () => {
    await using product = await startStill({ RATE_LIMIT: '100' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        product.request('/graphql', {
          headers: { 'apollo-require-preflight': 'yes', 'x-forwarded-for': `192.0.2.${at}` },
        }),
      ),
    );
    expect(counts(answers)).toEqual({ 401: 10, 429: 10 });
  });
});

const HELD_MS = 123_456;

describe('LIMIT_IN_FLIGHT limits the requests in flight', () => {
  it('one caller gets half of the slots, and others are still admitted', async () => {
    const { product, release } = await startHeld({ LIMIT_IN_FLIGHT: '10' });
    await using _ = product;

    const flood = Array.from({ length: 20 }, () => product.ask(QUERY));
    await until(() => product.emulator.calls.length > 0);
    const refused = await Promise.all(await settledFirst(flood, 15));
    const other = product.ask(QUERY, {}, 'admin');
    await until(() => new Set(product.emulator.calls.map(({ token }) => token)).has('admin'));
    release();

    for (const answer of refused) {
      expect(answer.status).toBe(429);
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(answer.body.errors[0].extensions).toEqual({
        code: 'THROTTLED',
        retryable: true,
        retryAfterSeconds: 1,
      });
    }
    expect(counts(await Promise.all(flood))).toEqual({ 200: 5, 429: 15 });
    expect((await other).status).toBe(200);
  });

  it('a delayed rejection holds no slot', async () => {
    const told = Promise.withResolvers<void>();
    const clock: Clock = {
      ...systemClock,
      elapsed: () => 0,
      sleep: (ms, signal) => (ms === 100 ? told.promise : systemClock.sleep(ms, signal)),
    };
    const environment = { RATE_LIMIT: '10', LIMIT_IN_FLIGHT: '4' };
    await using product = await startTestProduct({ environment, outside: { clock } });
    for (let request = 0; request < 10; request += 1) await product.ask(QUERY);
    let answered = 0;
    const flood = Array.from({ length: 8 }, async () => {
      const answer = await product.ask(QUERY);
      answered += 1;
      return answer;
    });
    for (let request = 0; request < 10; request += 1)
      expect((await product.ask(QUERY, {}, 'admin')).status).toBe(200);
    expect(answered).toBe(0);
    told.resolve();
    expect(counts(await Promise.all(flood))).toEqual({ 429: 8 });
  });

  it('a request is rejected when all slots are taken, readiness reports it, and requests in flight complete', async () => {
    const { product, release } = await startHeld({ LIMIT_IN_FLIGHT: '2' });
    await using _ = product;
    const change = product.ask(
      'mutation { addPhone(input: { number: "+1 425 555 0177" }) { phone { number } } }',
    );
    const query = product.ask(QUERY, {}, 'admin');
    await until(() => product.emulator.calls.length === 2);

    const late = await product.request('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer demo-token-namesake' },
      body: JSON.stringify({ query: QUERY }),
    });
    const ready = await fetch(`${product.adminUrl}/readyz`);
    const live = await fetch(`${product.adminUrl}/livez`);
    release();

    expect(late.headers.get('retry-after')).toBe('1');
    expect(await refusalOf(late, 503)).toEqual(['OVERLOADED']);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'not ready', reason: 'too many requests in flight' },
    ]);
    expect(live.status).toBe(200);
    expect((await change).body).toEqual({ data: { addPhone: { phone: { number: '+1 425 555 0177' } } } });
    expect((await query).status).toBe(200);
    expect((await fetch(`${product.adminUrl}/readyz`)).status).toBe(200);
  });

  it('a client that disconnects releases its slot', async () => {
    const { product, release } = await startHeld({ LIMIT_IN_FLIGHT: '1' });
    await using _ = product;
    const leaving = new AbortController();
    const gone = product.request('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer demo-token-namesake' },
      body: JSON.stringify({ query: QUERY }),
      signal: leaving.signal,
    });
    await until(() => product.emulator.calls.length === 1);
    const ready = (): Promise<Response> => fetch(`${product.adminUrl}/readyz`);
    expect((await ready()).status).toBe(503);

    leaving.abort();
    await expect(gone).rejects.toThrow();
    await until(async () => (await ready()).status === 200);
    release();

    expect((await product.ask(QUERY)).status).toBe(200);
  });
});

describe('LIMIT_EVENT_LOOP_DELAY_MS is the mean delay at which requests are rejected', () => {
  it('at twice the threshold no request is admitted, readiness reports it, and it recovers', async () => {
    let [delay, now] = [0, 0];
    const clock: Clock = { ...systemClock, elapsed: () => now };
    const eventLoop = { takeDelay: () => delay, delayNow: () => 0 };
    await using product = await startTestProduct({
      environment: { LIMIT_EVENT_LOOP_DELAY_MS: '100' },
      outside: { clock, eventLoop },
    });
    const statuses = async (): Promise<number[]> => {
      now += SAMPLE_MS;
      return [(await product.ask(QUERY)).status, (await fetch(`${product.adminUrl}/readyz`)).status];
    };

    expect(await statuses()).toEqual([200, 200]);
    delay = 200;
    expect(await statuses()).toEqual([503, 503]);
    delay = 100;
    expect(await statuses()).toEqual([200, 200]);
  });
});

function startStill(environment: Environment): Promise<TestProduct> {
  return startTestProduct({ environment, outside: { clock: { ...systemClock, elapsed: () => 0 } } });
}

/** A gateway whose requests to Microsoft Graph wait until they are released. */
async function startHeld(environment: Environment) {
  const released = Promise.withResolvers<void>();
  const clock: Clock = {
    ...systemClock,
    sleep: (ms, signal) => (ms === HELD_MS ? released.promise : systemClock.sleep(ms, signal)),
  };
  const product = await startTestProduct({ environment, outside: { clock } });
  product.emulator.faults.add({ on: {}, times: Number.POSITIVE_INFINITY, do: { delayMs: HELD_MS } });
  return { product, release: () => released.resolve() };
}

/** The first `many` responses to arrive. */
function settledFirst(answers: readonly Promise<Answer>[], many: number): Promise<Answer[]> {
  return new Promise((resolve) => {
    const settled: Answer[] = [];
    for (const answer of answers) {
      void answer.then((value) => settled.push(value) === many && resolve(settled));
    }
  });
}

function counts(answers: readonly { readonly status: number }[]): Record<number, number> {
  const counted: Record<number, number> = {};
  for (const { status } of answers) counted[status] = (counted[status] ?? 0) + 1;
  return counted;
}
