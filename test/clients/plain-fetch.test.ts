// No client at all: fetch, as it is in every runtime.
import { expect, it } from 'vitest';
import { startTestProduct } from '../support/product.ts';
import { type Client, type Connection, personOf, servesItsClient } from './every-client.ts';

interface Body {
  readonly data?: unknown;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

function connect({ url, token, fetch }: Connection): Client {
  const run: Client['query'] = async (query, variables) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data = null, errors = [] } = (await response.json()) as Body;
    return { data, codes: errors.map(({ extensions }) => extensions.code) };
  };
  return { query: run, mutate: run };
}

servesItsClient('Plain fetch', connect);

it('a query gets the phones of one type whether it asks for their type or not', async () => {
  await using product = await startTestProduct();
  const mobiles = product.emulator
    .phonesOf(personOf(product, 'innocenty'))
    .filter(({ type }) => type === 'mobile')
    .map(({ id }) => ({ id: `${personOf(product, 'innocenty')}/${id}` }));

  const { body } = await product.ask('{ me { phones(types: [MOBILE]) { id } } }');

  expect(mobiles).toHaveLength(1);
  expect(body).toEqual({ data: { me: { phones: mobiles } } });
});
