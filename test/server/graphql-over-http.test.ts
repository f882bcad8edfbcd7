// GraphQL over HTTP: the audits of the specification, and the responses to GET and POST.
import { serverAudits } from 'graphql-http';
import { describe, expect, it } from 'vitest';
import { startTestProduct, type TestProduct, tokenOf, upstream } from '../support/product.ts';
import { refusalOf } from './refusal.ts';

describe("graphql-http's audits of a server find no error", () => {
  /** Legacy clients of application/json expect 200. Here a request that cannot run gets 400 for every client. */
  const ALWAYS = {
    // Parsing failed: 400.
    '572B': 'warn',
    // Validation failed: 400.
    FDE2: 'warn',
    // Invalid variables: 400.
    '7B9B': 'warn',
  };

  it('reports these and nothing else', async () => {
    await using product = await startTestProduct({ environment: { INTROSPECTION: 'on' } });

    expect(await audit(product)).toEqual(ALWAYS);
  });
});

/** The ids of the audits that fail. */
async function audit({ url, emulator }: TestProduct): Promise<Record<string, string>> {
  const authorization = `Bearer ${tokenOf(emulator, 'innocenty')}`;
  const fetchFn: typeof fetch = (address, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', authorization);
    return fetch(address, { ...init, headers });
  };
  const found: Record<string, string> = {};
  for (const { id, fn } of serverAudits({ url, fetchFn })) {
    const { status } = await fn();
    if (status !== 'ok') found[id] = status;
  }
  return found;
}

describe('POST accepts JSON and responds in the requested media type', () => {
  it.each([
    [undefined, 'application/json; charset=utf-8'],
    ['*/*', 'application/json; charset=utf-8'],
    ['application/json', 'application/json; charset=utf-8'],
    ['application/graphql-response+json', 'application/graphql-response+json; charset=utf-8'],
    [
      'application/graphql-response+json, application/json;q=0.9',
      'application/graphql-response+json; charset=utf-8',
    ],
  ])('Accept: %s gets %s', async (accept, type) => {
    await using product = await startTestProduct();

    const response = await post(product, { query: '{ me { displayName } }' }, { ...(accept && { accept }) });

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(await response.json()).toEqual({ data: { me: { displayName: 'Innocenty Popov' } } });
  });

  it.each<[string, 'json' | 'graphql' | null]>([
    // The header that the draft of GraphQL over HTTP recommends to clients.
    ['application/graphql-response+json; charset=utf-8, application/json; charset=utf-8', 'graphql'],
    ['application/json; charset=utf-8', 'json'],
    ['application/json;charset=UTF-8', 'json'],
    ['application/json;charset="utf-8"', 'json'],
    ['application/json ; charset=utf-8 ; q=0.5 , application/graphql-response+json;q=0.4', 'json'],
    ['application/json; q=0.5, application/graphql-response+json; charset=utf-8; q=0.9', 'graphql'],
    ['APPLICATION/JSON;Q=0.1,Application/GraphQL-Response+JSON;Q=0.2', 'graphql'],
    ['application/json;q=1.000', 'json'],
    ['application/json;profile="a,b;q=0";q=0.5', 'json'],
    ['application/json;profile="a\\"b,c", application/graphql-response+json;q=0.1', 'json'],
    ['application/json;odata.metadata=minimal, text/plain, */*', 'json'],
    ['text/html;level=1, application/*;q=0.2', 'json'],
    ['*/*;q=0.1', 'json'],
    ['application/json;q=0, */*', 'graphql'],
    ['application/json;charset=utf-8;q=0, */*', 'graphql'],
    ['application/json;version=2;q=0, */*', 'json'],
    ['multipart/mixed;deferSpec=20220824, application/json', 'json'],
    [', application/json;q=0.5, ,', 'json'],
    ['application/json;', 'json'],
    ['application/json;unfinished="', 'json'],
    ['', 'json'],
    ['application/json;q=0', null],
    ['application/json;q=0.000, application/graphql-response+json;q=0', null],
    ['*/*;q=0', null],
    ['application/xml;charset=utf-8', null],
    ['text/*;q=0.5', null],
  ])('Accept: %s is interpreted by the rules of HTTP: %s', async (accept, kind) => {
    await using product = await startTestProduct();

    const response = await post(product, { query: '{ me { displayName } }' }, { accept });

    if (kind === null) return expect(await refusalOf(response, 406)).toEqual(['BAD_REQUEST']);
    const type = kind === 'json' ? 'application/json' : 'application/graphql-response+json';
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
  });

  it('responds with 200 to an operation that ran, even when fields failed', async () => {
    await using product = await startTestProduct();
    product.emulator.faults.add({ on: { path: '/me' }, do: { status: 403 } });

    const accept = 'application/graphql-response+json';
    const response = await post(product, { query: '{ me { displayName } }' }, { accept });

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      data: { me: null },
      errors: [{ path: ['me'], extensions: { code: 'FORBIDDEN' } }],
    });
  });

  it('runs the operation that operationName names', async () => {
    await using product = await startTestProduct();
    const query = 'query A { me { id } } query B { me { displayName } }';

    const response = await post(product, { query, operationName: 'B' });

    expect(await response.json()).toEqual({ data: { me: { displayName: 'Innocenty Popov' } } });
  });
});

describe('GET runs queries only', () => {
  it('reads query, variables and operationName from the URL', async () => {
    await using product = await startTestProduct();

    const response = await get(product, {
      query: 'query Other { me { id } } query Somebody($id: ID!) { user(id: $id) { displayName } }',
      variables: JSON.stringify({ id: 'grace.okafor@contoso.com' }),
      operationName: 'Somebody',
    });

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ data: { user: { displayName: 'Grace Okafor' } } });
    expect(product.emulator.calls).toHaveLength(1);
  });

  it.each<Record<string, string>>([
    { operationName: '' },
    { variables: '' },
    { extensions: '' },
    { operationName: '', variables: '', extensions: '' },
    { variables: 'null', extensions: 'null' },
  ])('treats %o as absent', async (empty) => {
    await using product = await startTestProduct();

    const response = await get(product, { query: '{ me { displayName } }', ...empty });

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ data: { me: { displayName: 'Innocenty Popov' } } });
  });

  it.each<Record<string, string>>([{ query: '' }, { variables: '[]' }, { extensions: '{' }])(
    'rejects %o',
    async (wrong) => {
      await using product = await startTestProduct();

      const response = await get(product, { query: '{ me { displayName } }', ...wrong });

      expect(await refusalOf(response, 400)).toEqual(['BAD_REQUEST']);
    },
  );

  it('rejects a mutation with 405 and Allow: POST, and changes nothing', async () => {
    await using product = await startTestProduct();

    const response = await get(product, {
      query: 'mutation { addPhone(input: { number: "+1 425 555 0177" }) { phone { id } } }',
    });

    expect(await refusalOf(response, 405)).toEqual(['BAD_REQUEST']);
    expect(response.headers.get('allow')).toBe('POST');
    expect(upstream(product.emulator)).toEqual([]);
  });

  it('runs a query with only a bearer token, which no web page can send without a preflight', async () => {
    await using product = await startTestProduct();

    const response = await get(product, { query: '{ me { displayName } }' });

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ data: { me: { displayName: 'Innocenty Popov' } } });
  });

  it.each<[string, Record<string, string>]>([
    ['no authorization', {}],
    ['what a browser remembers from a password prompt', { authorization: 'Basic aW5ub2NlbnR5OnB3' }],
    ['a cookie', { cookie: 'session=1' }],
    ['no token after the word', { authorization: 'Bearer' }],
    ['a header against forged requests', { 'apollo-require-preflight': 'true' }],
  ])('requires a token when there is only %s', async (_what, headers) => {
    await using product = await startTestProduct();
    const query = encodeURIComponent('{ me { displayName } }');

    const response = await product.request(`/graphql?query=${query}`, { headers });

    expect(await refusalOf(response, 401)).toEqual(['UNAUTHENTICATED']);
    expect(upstream(product.emulator)).toEqual([]);
  });

  it.each([
    ['a form', 'application/x-www-form-urlencoded'],
    ['text', 'text/plain'],
    ['a form with files', 'multipart/form-data; boundary=x'],
  ])('rejects %s by GET and by POST, also with a token', async (_what, type) => {
    await using product = await startTestProduct();
    const headers = {
      authorization: `Bearer ${tokenOf(product.emulator, 'innocenty')}`,
      'content-type': type,
    };
    const query = encodeURIComponent('{ me { displayName } }');

    const got = await product.request(`/graphql?query=${query}`, { headers });
    const body = '{"query":"{ me { displayName } }"}';
    const posted = await product.request('/graphql', { method: 'POST', headers, body });

    expect(await refusalOf(got, 415)).toEqual(['BAD_REQUEST']);
    expect(await refusalOf(posted, 415)).toEqual(['BAD_REQUEST']);
    expect(upstream(product.emulator)).toEqual([]);
  });
});

function post(
  { request, emulator }: TestProduct,
  body: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const authorization = `Bearer ${tokenOf(emulator, 'innocenty')}`;
  return request('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization, ...headers },
    body: JSON.stringify(body),
  });
}

function get(
  { request, emulator }: TestProduct,
  parameters: Readonly<Record<string, string>>,
): Promise<Response> {
  const authorization = `Bearer ${tokenOf(emulator, 'innocenty')}`;
  return request(`/graphql?${new URLSearchParams(parameters)}`, { headers: { authorization } });
}
