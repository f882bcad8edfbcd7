// The GraphQL-over-HTTP specification: what its own audits say, and how GET and POST are answered.
import { serverAudits } from 'graphql-http';
import { describe, expect, it } from 'vitest';
import { startTestProduct, type TestProduct, tokenOf, upstream } from '../support/product.ts';
import { refusalOf } from './refusal.ts';

const PREFLIGHT = { 'apollo-require-preflight': 'true' };

describe("graphql-http's audits of a server find no error", () => {
  /** Clients of application/json expect 200 by old custom; a request that cannot run is 400 here, for every client. */
  const ALWAYS = {
    // Parsing failed: 400.
    '572B': 'warn',
    // Validation failed: 400.
    FDE2: 'warn',
    // The variables do not fit: 400.
    '7B9B': 'warn',
  };

  it('has these to say, and nothing else, when GET comes with the header against forged requests', async () => {
    await using product = await startTestProduct({ environment: { INTROSPECTION: 'on' } });

    expect(await audit(product, PREFLIGHT)).toEqual(ALWAYS);
  });

  it('has three more notices when GET comes without it, since a web page could send that', async () => {
    await using product = await startTestProduct({ environment: { INTROSPECTION: 'on' } });

    expect(await audit(product, {})).toEqual({
      ...ALWAYS,
      // GET with a query in the address.
      '5A70': 'notice',
      // The same with variables, for application/graphql-response+json.
      D6D5: 'notice',
      // The same for application/json.
      '6A70': 'notice',
    });
  });
});

/** The audits that are not fulfilled, by id. */
async function audit(
  { url, emulator }: TestProduct,
  headersOfGet: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const authorization = `Bearer ${tokenOf(emulator, 'innocenty')}`;
  const fetchFn: typeof fetch = (address, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', authorization);
    if ((init?.method ?? 'GET') === 'GET') {
      for (const [name, value] of Object.entries(headersOfGet)) headers.set(name, value);
    }
    return fetch(address, { ...init, headers });
  };
  const found: Record<string, string> = {};
  for (const { id, fn } of serverAudits({ url, fetchFn })) {
    const { status } = await fn();
    if (status !== 'ok') found[id] = status;
  }
  return found;
}

describe('POST takes JSON and answers in the media type that is asked for', () => {
  it.each([
    [undefined, 'application/json; charset=utf-8'],
    ['*/*', 'application/json; charset=utf-8'],
    ['application/json', 'application/json; charset=utf-8'],
    ['application/graphql-response+json', 'application/graphql-response+json; charset=utf-8'],
    [
      'application/graphql-response+json, application/json;q=0.9',
      'application/graphql-response+json; charset=utf-8',
    ],
  ])('Accept: %s is answered with %s', async (accept, type) => {
    await using product = await startTestProduct();

    const response = await post(product, { query: '{ me { displayName } }' }, { ...(accept && { accept }) });

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(await response.json()).toEqual({ data: { me: { displayName: 'Innocenty Popov' } } });
  });

  it('answers 200 for an operation that ran, whatever became of its fields', async () => {
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

describe('GET reads, and only reads', () => {
  it('takes query, variables and operationName from the address', async () => {
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

  it('refuses a mutation with 405 and Allow: POST, and nothing is changed', async () => {
    await using product = await startTestProduct();

    const response = await get(product, {
      query: 'mutation { addPhone(input: { number: "+1 425 555 0177" }) { phone { id } } }',
    });

    expect(await refusalOf(response, 405)).toEqual(['BAD_REQUEST']);
    expect(response.headers.get('allow')).toBe('POST');
    expect(upstream(product.emulator)).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['a plain address, as a link or an image on any web page has it', {}],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['text', { 'content-type': 'text/plain' }],
    ['a form with files', { 'content-type': 'multipart/form-data; boundary=x' }],
  ])('refuses %s: a web page can send that in the name of its visitor', async (_what, headers) => {
    await using product = await startTestProduct();
    const authorization = `Bearer ${tokenOf(product.emulator, 'innocenty')}`;
    const query = encodeURIComponent('{ me { displayName } }');

    const response = await product.request(`/graphql?query=${query}`, {
      headers: { authorization, ...headers },
    });

    expect(await refusalOf(response, 400)).toEqual(['BAD_REQUEST']);
    expect(upstream(product.emulator)).toEqual([]);
  });

  it.each(['apollo-require-preflight', 'x-apollo-operation-name'])(
    'lets in what comes with %s, which a web page cannot send unasked',
    async (name) => {
      await using product = await startTestProduct();
      const authorization = `Bearer ${tokenOf(product.emulator, 'innocenty')}`;
      const query = encodeURIComponent('{ me { displayName } }');

      const response = await product.request(`/graphql?query=${query}`, {
        headers: { authorization, [name]: 'Me' },
      });

      expect(response.status).toBe(200);
    },
  );
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
  return request(`/graphql?${new URLSearchParams(parameters)}`, { headers: { authorization, ...PREFLIGHT } });
}
