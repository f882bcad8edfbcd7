// CORS: the web pages that may call the gateway from a browser. These are Apollo Sandbox, while it is the explorer, or the
// origins in CORS_ORIGINS. The gateway also responds to other pages, but their browsers do not let them read it.
import { describe, expect, it } from 'vitest';
import type { Environment } from '../../src/config/config.ts';
import { startTestProduct, type TestProduct, tokenOf } from '../support/product.ts';
import { refusalOf } from './refusal.ts';

const SANDBOX = ['https://studio.apollographql.com', 'https://sandbox.embed.apollographql.com'];
const FOREIGN = [
  'https://example.com',
  'https://studio.apollographql.com.example.com',
  'http://studio.apollographql.com',
  'https://apollographql.com',
  'http://localhost:3000',
  'null',
];

describe('Apollo Sandbox may call the gateway by default', () => {
  it.each(SANDBOX)('a preflight from %s gets the allowed methods and headers', async (origin) => {
    await using product = await startTestProduct();

    const response = await preflight(product, origin);

    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(listOf(response, 'access-control-allow-methods')).toEqual(['GET', 'POST']);
    expect(listOf(response, 'access-control-allow-headers')).toEqual(
      expect.arrayContaining([
        'authorization',
        'content-type',
        'apollo-require-preflight',
        'graphql-require-preflight',
        'traceparent',
        'tracestate',
        'client-request-id',
        'x-request-id',
        'x-request-timeout-ms',
      ]),
    );
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it.each(SANDBOX)('a page from %s can read the response', async (origin) => {
    await using product = await startTestProduct();

    const response = await call(product, { origin });

    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    expect(listOf(response, 'access-control-expose-headers')).toEqual([
      'retry-after',
      'www-authenticate',
      'x-request-id',
    ]);
    expect(listOf(response, 'vary')).toContain('Origin');
    expect(await response.json()).toEqual({ data: { me: { displayName: 'Innocenty Popov' } } });
  });

  it('the page can read Retry-After of a 429', async () => {
    await using product = await startTestProduct({ environment: { RATE_LIMIT: '1' } });
    const [origin = ''] = SANDBOX;

    await call(product, { origin });
    const refusal = await call(product, { origin });

    expect(refusal.status).toBe(429);
    expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refusal.headers.get('access-control-allow-origin')).toBe(origin);
    expect(listOf(refusal, 'access-control-expose-headers')).toContain('retry-after');
  });

  it('the page can read error responses: 400, 401, 404, 405', async () => {
    await using product = await startTestProduct();
    const [origin = ''] = SANDBOX;
    const headers = { origin, 'content-type': 'application/json' };

    const refusals = [
      await product.request('/graphql', { method: 'POST', headers, body: '{' }),
      await product.request('/graphql', { method: 'POST', headers, body: '{"query":"{ me { id } }"}' }),
      await product.request('/nowhere', { headers }),
      await product.request('/graphql', { method: 'DELETE', headers: { origin } }),
    ];

    expect(refusals.map(({ status }) => status)).toEqual([400, 401, 404, 405]);
    for (const refusal of refusals) expect(refusal.headers.get('access-control-allow-origin')).toBe(origin);
    expect(listOf(refusals[1] as Response, 'access-control-expose-headers')).toContain('www-authenticate');
  });
});

describe('Other origins may not, unless they are configured', () => {
  it.each(FOREIGN)('%s is not allowed', async (origin) => {
    await using product = await startTestProduct();

    const answers = [await preflight(product, origin), await call(product, { origin })];

    for (const { headers } of answers) expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('CORS_ORIGINS replaces the origins of Sandbox', async () => {
    const origin = 'https://phones.contoso.com';
    const origins = `${origin}, http://localhost:3000`;
    await using product = await startTestProduct({ environment: { CORS_ORIGINS: origins } });

    const [named, second, ...sandbox] = await Promise.all(
      [origin, 'http://localhost:3000', ...SANDBOX].map((from) => preflight(product, from)),
    );

    expect(named?.headers.get('access-control-allow-origin')).toBe(origin);
    expect(second?.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
    for (const { headers } of sandbox) expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each<Environment>([{ EXPLORER: 'graphiql' }, { EXPLORER: 'off' }])(
    'with %o CORS is off, and OPTIONS is an unsupported method',
    async (environment) => {
      await using product = await startTestProduct({ environment });
      const [origin = ''] = SANDBOX;

      const asked = await preflight(product, origin);
      const called = await call(product, { origin });

      expect(asked.headers.get('allow')).toBe('GET, POST');
      expect(await refusalOf(asked, 405)).toEqual(['BAD_REQUEST']);
      for (const { headers } of [asked, called]) {
        expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
      }
    },
  );
});

function preflight({ request }: TestProduct, origin: string): Promise<Response> {
  return request('/graphql', {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
}

function call({ request, emulator }: TestProduct, headers: Readonly<Record<string, string>>) {
  const authorization = `Bearer ${tokenOf(emulator, 'innocenty')}`;
  return request('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization, ...headers },
    body: '{"query":"{ me { displayName } }"}',
  });
}

function listOf({ headers }: Response, name: string): string[] {
  const items = (headers.get(name) ?? '').split(',');
  return items.map((item) => item.trim()).sort((a, b) => a.localeCompare(b));
}
