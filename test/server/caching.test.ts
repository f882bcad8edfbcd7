// Responses contain data of one caller, so no proxy and no browser may cache them.
import { describe, expect, it } from 'vitest';
import { startTestProduct, type TestProduct, tokenOf } from '../support/product.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('No response may be cached', () => {
  const me = '/graphql?query=%7Bme%7BdisplayName%7D%7D';
  const unknownHash = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } };

  it.each<[string, string, RequestInit]>([
    ['the answer to a GET', me, { headers: { 'apollo-require-preflight': 'true' } }],
    [
      'the answer to a POST',
      '/graphql',
      { method: 'POST', headers: JSON_TYPE, body: '{"query":"{me{id}}"}' },
    ],
    ['a refusal before GraphQL', '/graphql', { method: 'POST', headers: JSON_TYPE, body: '{' }],
    ['a refusal by GraphQL', '/graphql', { method: 'POST', headers: JSON_TYPE, body: '{"query":"{"}' }],
    [
      'an unknown persisted query',
      '/graphql',
      { method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ extensions: unknownHash }) },
    ],
    ['a page', '/graphql', { headers: { accept: 'text/html' } }],
    ['404', '/nowhere', {}],
    ['405', '/graphql', { method: 'DELETE' }],
    ['an ill-formed address', '/graphql%zz', {}],
  ])('%s', async (_what, path, init) => {
    await using product = await startTestProduct();
    const headers = { authorization: bearer(product), ...(init.headers as Record<string, string>) };

    const response = await product.request(path, { ...init, headers });

    expect(response.headers.get('cache-control') ?? '').toContain('no-store');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });
});

function bearer({ emulator }: TestProduct): string {
  return `Bearer ${tokenOf(emulator, 'innocenty')}`;
}
