import { ClientError, GraphQLClient } from 'graphql-request';
import { expect, it } from 'vitest';
import { startTestProduct, tokenOf } from '../support/product.ts';
import { type Client, type Connection, MY_PHONES, type Outcome, servesItsClient } from './every-client.ts';

function connect({ url, token, fetch }: Connection): Client {
  const client = new GraphQLClient(url, { fetch, headers: { authorization: `Bearer ${token}` } });
  const run: Client['query'] = async (document, variables) => {
    try {
      return { data: await client.request<unknown>(document, variables ?? {}), codes: [] };
    } catch (error) {
      if (error instanceof ClientError) return outcomeOf(error);
      throw error;
    }
  };
  return { query: run, mutate: run };
}

/** With the client's default policy an answer with any error is thrown; what came with it is within. */
function outcomeOf({ response }: ClientError): Outcome {
  const codes = (response.errors ?? []).map(({ extensions }) => String(extensions['code']));
  return { data: response.data ?? null, codes };
}

servesItsClient('graphql-request', connect);

it('graphql-request sees why it was refused: status, challenge and code', async () => {
  await using product = await startTestProduct();
  const authorization = `Bearer ${tokenOf(product.emulator, 'expired')}`;
  const client = new GraphQLClient(product.url, { headers: { authorization } });

  const { response } = await client.request(MY_PHONES).catch((error: ClientError) => error as ClientError);

  expect(response.status).toBe(401);
  expect(new Headers(response.headers).get('www-authenticate')).toBe('Bearer');
  expect(response.errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', retryable: false });
});
