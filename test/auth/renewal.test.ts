// Microsoft Graph rejects a token of the gateway: the gateway gets one other token and repeats what was rejected, once.
// The emulator rejects on demand. The fake Entra ID records every token request.
import { describe, expect, it } from 'vitest';
import type { FaultRule } from '../../emulator/emulator.ts';
import { REJECTION_TTL_MS } from '../../src/auth/token-cache.ts';
import { makeKey, refusal, startEntraProduct, TENANT } from '../support/entra.ts';
import { upstream } from '../support/product.ts';

const key = await makeKey('key-1');
const start = () => startEntraProduct({ key });

const QUERY = '{ me { displayName } }';
const ADD =
  'mutation { addPhone(input: { number: "+1 425 555 0160" }) { phone { id } userErrors { code } } }';

const REFUSED = { status: 401 } as const;
const CLAIMS = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
const ENCODED = Buffer.from(CLAIMS).toString('base64');
const GRAPHS_URI = 'https://login.microsoftonline.com/common/oauth2/authorize';

function challenge(claims = ENCODED, status = 401): FaultRule['do'] {
  const header = `Bearer realm="", authorization_uri="${GRAPHS_URI}", error="insufficient_claims", claims="${claims}"`;
  return { status, headers: { 'WWW-Authenticate': header } };
}

describe('a token that Microsoft Graph rejects', () => {
  it('is exchanged again, and the read is repeated', async () => {
    await using product = await start();
    product.emulator.faults.add({ on: {}, do: REFUSED });
    const { status, body } = await product.ask(QUERY, await product.userToken('innocenty'));
    expect([status, body]).toEqual([200, { data: { me: { displayName: 'Innocenty Popov' } } }]);
    expect(product.entra.tokenRequests).toHaveLength(2);
    expect(upstream(product.emulator)).toHaveLength(2);
  });

  it('during a write is exchanged again, and the write is carried out once', async () => {
    await using product = await start();
    product.emulator.faults.add({ on: { method: 'POST' }, do: REFUSED });
    const { body } = await product.ask(ADD, await product.userToken('innocenty'));
    expect(body.data.addPhone.userErrors).toEqual([]);
    expect(product.entra.tokenRequests).toHaveLength(2);
    const person = product.emulator.tokens.find(({ name }) => name === 'innocenty')?.person ?? '';
    const numbers = product.emulator.phonesOf(person).map(({ number }) => number);
    expect(numbers.filter((number) => number === '+1 425 555 0160')).toHaveLength(1);
  });

  it('during a batch causes only the rejected parts to be repeated', async () => {
    await using product = await start();
    const ids = product.emulator.people.slice(0, 5).map(({ id }) => id);
    product.emulator.faults.add({ on: { item: 'items', path: ids[2] ?? '' }, do: REFUSED });
    const query = 'query ($ids: [ID!]!) { users(ids: $ids) { displayName } }';
    const { body } = await product.ask(query, await product.userToken('admin'), { ids });
    expect(body.errors).toBeUndefined();
    expect(body.data.users).not.toContain(null);
    expect(upstream(product.emulator)).toEqual(['BATCH 5', `GET /users/${ids[2]}?$select=displayName,id`]);
    expect(product.entra.tokenRequests).toHaveLength(2);
  });

  it('is exchanged again once for all requests that it was rejected for', async () => {
    await using product = await start();
    const token = await product.userToken('innocenty');
    await product.ask(QUERY, token);
    product.emulator.faults.add({ on: {}, times: 3, do: REFUSED });
    const queries = [QUERY, '{ me { mail } }', '{ me { phones { number } } }', '{ me { phones { type } } }'];
    const answers = await Promise.all(queries.map((query) => product.ask(query, token)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(product.entra.tokenRequests.length).toBeLessThanOrEqual(4);
  });

  it('again after one renewal ends with 401: no loop', async () => {
    await using product = await start();
    product.emulator.faults.add({ on: {}, times: Number.POSITIVE_INFINITY, do: REFUSED });
    const { status, headers, body } = await product.ask(QUERY, await product.userToken('innocenty'));
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe('Bearer');
    expect(body.errors[0].extensions).toMatchObject({ code: 'UNAUTHENTICATED', graph: { status: 401 } });
    expect(product.entra.tokenRequests).toHaveLength(2);
    expect(upstream(product.emulator)).toHaveLength(2);
  });

  it('and cannot be renewed leads to the error of Entra ID', async () => {
    await using product = await start();
    const token = await product.userToken('innocenty');
    await product.ask(QUERY, token);
    product.emulator.faults.add({ on: {}, do: REFUSED });
    product.entra.onToken = () => refusal('invalid_grant');
    const { status, body } = await product.ask(QUERY, token);
    expect([status, body.errors[0].extensions]).toEqual([401, { code: 'UNAUTHENTICATED' }]);
    product.pass(REJECTION_TTL_MS);
    product.emulator.faults.add({ on: {}, do: REFUSED });
    product.entra.onToken = () => ({ status: 503, body: '' });
    expect((await product.ask(QUERY, token)).body.errors[0].extensions.code).toBe('UPSTREAM_UNAVAILABLE');
  });

  it('for one user in an operation leaves the data of other users intact', async () => {
    await using product = await start();
    const ids = product.emulator.people.slice(0, 3).map(({ id }) => id);
    const token = await product.userToken('admin');
    await product.ask(QUERY, token);
    product.emulator.faults.add({ on: { item: 'items', path: ids[1] ?? '' }, do: challenge() });
    product.entra.onToken = () => refusal('interaction_required', { claims: CLAIMS });
    const query = 'query ($ids: [ID!]!) { users(ids: $ids) { id displayName } }';
    const { status, body } = await product.ask(query, token, { ids });
    expect(status).toBe(401);
    expect(body.data.users.map((user: { id: string } | null) => user?.id)).toEqual([
      ids[0],
      undefined,
      ids[2],
    ]);
    expect(body.errors).toHaveLength(1);
    expect(body.errors[0]).toMatchObject({ path: ['users', 1], extensions: { claims: ENCODED } });
  });
});

describe('a claims challenge of Microsoft Graph', () => {
  it.each([401, 403])('with %i leads to one exchange with those claims', async (status) => {
    await using product = await start();
    product.emulator.faults.add({ on: {}, do: challenge(ENCODED, status) });
    const { body } = await product.ask(QUERY, await product.userToken('innocenty'));
    expect(body).toEqual({ data: { me: { displayName: 'Innocenty Popov' } } });
    const [first, second, ...more] = product.entra.tokenRequests.map(({ form }) => form['claims']);
    expect([first, more]).toEqual([undefined, []]);
    expect(JSON.parse(second ?? '')).toMatchObject(JSON.parse(CLAIMS));
  });

  it('that no exchange satisfies goes to the caller, with the claims of Entra ID', async () => {
    await using product = await start();
    const token = await product.userToken('innocenty');
    await product.ask(QUERY, token);
    const wanted = '{"access_token":{"polids":{"essential":true,"values":["p1"]}}}';
    product.emulator.faults.add({ on: {}, do: challenge() });
    product.entra.onToken = () => refusal('interaction_required', { claims: wanted });
    const { status, headers, body } = await product.ask(QUERY, token);
    const claims = Buffer.from(wanted).toString('base64');
    const signIn = `${product.entra.url}/${TENANT}/oauth2/v2.0/authorize`;
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe(
      `Bearer realm="", authorization_uri="${signIn}", error="insufficient_claims", claims="${claims}"`,
    );
    expect(body.errors[0].extensions).toEqual({ code: 'UNAUTHENTICATED', claims });
  });

  it.each<[string, ReturnType<typeof refusal> | null, string | null]>([
    ['that Entra ID rejects without claims of its own', refusal('invalid_grant'), null],
    ['that also rejects the renewed token', null, GRAPHS_URI],
  ])('%s goes to the caller unchanged', async (_what, answer, uri) => {
    await using product = await start();
    const token = await product.userToken('innocenty');
    await product.ask(QUERY, token);
    product.emulator.faults.add({ on: {}, times: Number.POSITIVE_INFINITY, do: challenge() });
    if (answer !== null) product.entra.onToken = () => answer;
    const { status, headers, body } = await product.ask(QUERY, token);
    const place = uri ?? `${product.entra.url}/${TENANT}/oauth2/v2.0/authorize`;
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toBe(
      `Bearer realm="", authorization_uri="${place}", error="insufficient_claims", claims="${ENCODED}"`,
    );
    expect(body.errors[0].extensions).toMatchObject({ code: 'UNAUTHENTICATED', claims: ENCODED });
    expect(product.entra.tokenRequests).toHaveLength(2);
  });

  it('that cannot be decoded leads to a renewal without claims', async () => {
    await using product = await start();
    product.emulator.faults.add({ on: {}, do: challenge(Buffer.from('no JSON').toString('base64')) });
    const { status } = await product.ask(QUERY, await product.userToken('innocenty'));
    expect(status).toBe(200);
    expect(product.entra.tokenRequests.map(({ form }) => form['claims'])).toEqual([undefined, undefined]);
  });
});

// An application calls while Conditional Access requires more of its user. It calls with its token, gets a challenge,
// reads the claims from the header as MSAL does, signs its user in again for a token with them, and calls once more.
// Without the claims, Entra ID exchanges no token.
describe('a client that handles challenges', () => {
  it('succeeds with one more round trip', async () => {
    await using product = await start();
    const { entra } = product;
    const exchange = entra.onToken;
    entra.onToken = (request) => {
      const [, payload = ''] = (request.form['assertion'] ?? '').split('.');
      const { acrs } = JSON.parse(Buffer.from(payload, 'base64url').toString());
      return acrs === undefined ? refusal('interaction_required', { claims: CLAIMS }) : exchange(request);
    };
    const signIn = (claims: string | null) =>
      product.userToken('innocenty', {
        xms_cc: ['cp1'],
        ...(claims === null ? {} : { acrs: [JSON.parse(claims).access_token.acrs.value] }),
      });

    const seen: number[] = [];
    let token = await signIn(null);
    for (let tries = 0; tries < 3; tries += 1) {
      const { status, headers, body } = await product.ask(QUERY, token);
      seen.push(status);
      if (status !== 401) {
        expect(body).toEqual({ data: { me: { displayName: 'Innocenty Popov' } } });
        break;
      }
      const claims = /claims="([^"]+)"/.exec(headers.get('www-authenticate') ?? '')?.[1] ?? '';
      token = await signIn(Buffer.from(claims, 'base64').toString());
    }

    expect(seen).toEqual([401, 200]);
    expect(upstream(product.emulator)).toHaveLength(1);
  });
});
