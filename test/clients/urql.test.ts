import { type CombinedError, cacheExchange, fetchExchange, Client as Urql } from '@urql/core';
import { describe, expect, it } from 'vitest';
import { startTestProduct, tokenOf, upstream } from '../support/product.ts';
import { ADD, type Client, type Connection, PEOPLE, servesItsClient } from './every-client.ts';

function connect({ url, token, fetch }: Connection): Client {
  const client = new Urql({
    url,
    fetch,
    exchanges: [cacheExchange, fetchExchange],
    fetchOptions: { headers: { authorization: `Bearer ${token}` } },
  });
  return {
    query: async (document, variables) => outcomeOf(await client.query(document, variables ?? {})),
    mutate: async (document, variables) => outcomeOf(await client.mutation(document, variables ?? {})),
  };
}

function outcomeOf({ data, error }: { readonly data?: unknown; readonly error?: CombinedError | undefined }) {
  const codes = (error?.graphQLErrors ?? []).map(({ extensions }) => String(extensions['code']));
  return { data: data ?? null, codes };
}

servesItsClient('urql', connect);

describe('urql sends its queries by GET, as it does by default', () => {
  it('gets the answer, and posts its mutations', async () => {
    await using product = await startTestProduct();
    const requests: string[] = [];
    const client = new Urql({
      url: product.url,
      exchanges: [cacheExchange, fetchExchange],
      fetch: (address, init) => {
        requests.push(`${init?.method ?? 'GET'} ${new URL(String(address)).pathname}`);
        return fetch(address, init);
      },
      fetchOptions: { headers: { authorization: `Bearer ${tokenOf(product.emulator, 'innocenty')}` } },
    });

    const read = await client.query(PEOPLE, { ids: ['grace.okafor@contoso.com'], types: ['BUSINESS'] });
    expect(read.error).toBeUndefined();
    expect(read.data).toMatchObject({
      me: { phones: [{ type: 'BUSINESS', number: '+1 425 555 0101' }] },
      users: [{ displayName: 'Grace Okafor' }],
    });
    const added = await client.mutation(ADD, { input: { number: '+1 425 555 0177' } });
    expect(added.data).toMatchObject({ addPhone: { phone: { number: '+1 425 555 0177' } } });

    expect(requests).toEqual(['GET /graphql', 'POST /graphql']);
    expect(upstream(product.emulator)).toEqual(['BATCH 4', 'POST /me/profile/phones']);
  });
});
