// The URLs and methods of the gateway. Everything else gets an error response of the same shape.
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startTestProduct, type TestProduct, tokenOf } from '../support/product.ts';
import { codesOf, refusalOf } from './refusal.ts';

describe('A method other than GET and POST gets 405 with Allow', () => {
  it.each(['PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'SEARCH', 'QUERY'])('%s', async (method) => {
    await using product = await startTestProduct();

    const { status, allow, text } = await send(product, method, '/graphql');

    expect({ status, allow }).toEqual({ status: 405, allow: 'GET, POST' });
    expect(codesOf(text)).toEqual(['BAD_REQUEST']);
  });

  it.each([
    ['JSON', 'application/json', '{"query":"{ me { id } }"}'],
    ['broken JSON', 'application/json', '{'],
    ['a form', 'application/x-www-form-urlencoded', 'query=x'],
  ])('PUT, also with %s', async (_what, type, body) => {
    await using product = await startTestProduct();

    const response = await product.request('/graphql', {
      method: 'PUT',
      headers: { authorization: bearer(product), 'content-type': type },
      body,
    });

    expect(await refusalOf(response, 405)).toEqual(['BAD_REQUEST']);
    expect(response.headers.get('allow')).toBe('GET, POST');
  });
});

describe('An unknown path gets 404', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/graphq'],
    ['GET', '/graphql/schema'],
    ['POST', '/api/graphql'],
    ['PUT', '/v1/users'],
    ['GET', '/metrics'],
    ['GET', '/livez'],
    ['GET', '/readyz'],
  ])('%s %s', async (method, path) => {
    await using product = await startTestProduct();

    expect(await refusalOf(await product.request(path, { method }), 404)).toEqual(['BAD_REQUEST']);
  });

  it('a malformed URL gets 400', async () => {
    await using product = await startTestProduct();

    expect(await refusalOf(await product.request('/graphql%zz'), 400)).toEqual(['BAD_REQUEST']);
  });

  it('a URL that is too long gets an error response of the same shape', async () => {
    await using product = await startTestProduct();
    const query = `{ me { id } } # ${'x'.repeat(20_000)}`;

    const response = await product.request(`/graphql?query=${encodeURIComponent(query)}`, {
      headers: { authorization: bearer(product), 'apollo-require-preflight': 'true' },
    });

    expect(await refusalOf(response, 431)).toEqual(['BAD_REQUEST']);
  });
});

function bearer({ emulator }: TestProduct): string {
  return `Bearer ${tokenOf(emulator, 'innocenty')}`;
}

interface Sent {
  readonly status: number | undefined;
  readonly allow: string | undefined;
  readonly text: string;
}

/** Sends methods that fetch does not support. */
function send(product: TestProduct, method: string, path: string): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: bearer(product) };
    const outgoing = request(new URL(path, product.url), { method, headers }, async (response) => {
      const text = (await response.toArray()).join('');
      resolve({ status: response.statusCode, allow: response.headers.allow, text });
    });
    outgoing.on('error', reject).end();
  });
}
