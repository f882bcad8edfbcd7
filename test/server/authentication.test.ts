// Authentication with pass-through. Only Microsoft Graph can validate the caller's token. The gateway rejects a request
// without a well-formed token itself.
import { describe, expect, it } from 'vitest';
import { startTestProduct, type TestProduct, tokenOf, upstream } from '../support/product.ts';
import { recordAttempt } from '../support/record.ts';
import { refusalOf } from './refusal.ts';

const QUERY = 'query Me { me { id displayName } }';
const MUTATION = 'mutation { addPhone(input: { number: "+1 425 555 0177" }) { phone { id } } }';

describe('A request without a well-formed token gets 401 and causes no request to Microsoft Graph', () => {
  it.each<[string, string | null]>([
    ['no Authorization at all', null],
    ['an empty one', ''],
    ['the scheme alone', 'Bearer'],
    ['the scheme and a space', 'Bearer '],
    ['a token without the scheme', 'demo-token-innocenty'],
    ['another scheme', 'Basic aW5ub2NlbnR5OnNlY3JldA=='],
    ['two tokens', 'Bearer demo-token-innocenty demo-token-admin'],
    ['a list of credentials', 'Bearer demo-token-innocenty, Bearer demo-token-admin'],
    ['characters that no token has', 'Bearer demo-token-«innocenty»'],
    ['quotes around it', 'Bearer "demo-token-innocenty"'],
  ])('%s', async (what, authorization) => {
    await using product = await startTestProduct();

    const start = performance.now();
    const response = await run(product, authorization, QUERY);

    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    const codes = await refusalOf(response, 401);
    const [kind, calls] = ['Requests without a token that could be one', upstream(product.emulator)] as const;
    recordAttempt({ kind, what, start, status: response.status, codes, calls: calls.length });
    expect(codes).toEqual(['UNAUTHENTICATED']);
    expect(calls).toEqual([]);
  });

  it('by GET as by POST', async () => {
    await using product = await startTestProduct();

    const response = await product.request('/graphql?query=%7B__typename%7D', {
      headers: { 'apollo-require-preflight': 'true' },
    });

    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await refusalOf(response, 401)).toEqual(['UNAUTHENTICATED']);
  });

  it('also for introspection, which needs no request to Microsoft Graph', async () => {
    await using product = await startTestProduct();

    const response = await run(product, null, '{ __schema { queryType { name } } }');

    expect(await refusalOf(response, 401)).toEqual(['UNAUTHENTICATED']);
  });
});

describe('A token that Microsoft Graph rejects gets 401', () => {
  it.each([
    ['an expired one, to a query', 'demo-token-expired', QUERY, 'GET /me?$select=displayName,id', 'me'],
    ['an expired one, to a mutation', 'demo-token-expired', MUTATION, 'POST /me/profile/phones', 'addPhone'],
    ['an unknown one, to a query', 'nobody-knows', QUERY, 'GET /me?$select=displayName,id', 'me'],
    ['an unknown one, to a mutation', 'nobody-knows', MUTATION, 'POST /me/profile/phones', 'addPhone'],
  ])('%s; it is sent once', async (_what, token, document, call, field) => {
    await using product = await startTestProduct();

    const response = await run(product, `Bearer ${token}`, document);

    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toMatchObject({
      data: { [field]: null },
      errors: [
        {
          path: [field],
          extensions: { code: 'UNAUTHENTICATED', retryable: false, graph: { status: 401 } },
        },
      ],
    });
    expect(upstream(product.emulator)).toEqual([call]);
  });

  it('the claims challenge of Conditional Access reaches the caller', async () => {
    await using product = await startTestProduct();
    const claims = Buffer.from('{"access_token":{"acrs":{"essential":true,"value":"c1"}}}').toString(
      'base64',
    );
    const challenge = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="${claims}"`;
    product.emulator.faults.add({
      on: { path: '/me' },
      do: { status: 401, headers: { 'WWW-Authenticate': challenge } },
    });

    const response = await run(product, `Bearer ${tokenOf(product.emulator, 'innocenty')}`, QUERY);

    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(challenge);
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED', claims } }],
    });
  });

  it('no response contains the token', async () => {
    await using product = await startTestProduct();

    const texts = [
      await (await run(product, 'Bearer nobody-knows', QUERY)).text(),
      await (await run(product, 'Bearer nobody-knows nobody-knows', QUERY)).text(),
    ];

    expect(texts.join()).not.toContain('nobody-knows');
  });
});

describe('A valid token is accepted as RFC 6750 and RFC 9110 define it', () => {
  it.each(['Bearer', 'bearer', 'BEARER'])('%s: the scheme is case-insensitive', async (scheme) => {
    await using product = await startTestProduct();

    const response = await run(product, `${scheme} ${tokenOf(product.emulator, 'innocenty')}`, QUERY);

    expect(await response.json()).toMatchObject({ data: { me: { displayName: 'Innocenty Popov' } } });
    expect(product.emulator.calls.map(({ token }) => token)).toEqual(['innocenty']);
  });
});

function run({ request }: TestProduct, authorization: string | null, query: string): Promise<Response> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (authorization !== null) headers['authorization'] = authorization;
  return request('/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) });
}
