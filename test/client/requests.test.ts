// Single requests: what the client sends, how it takes errors, how long it waits, and when it tries again.
import { parse } from 'graphql';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type GatewayErrorCode,
  MeDocument,
  type MeQuery,
  PhonesError,
  type TokenRequest,
} from '../../client/index.ts';
import type { ErrorCode } from '../../src/runtime/errors.ts';
import { tokenOf } from '../support/product.ts';
import { connect } from './connected.ts';
import type { Fate } from './network.ts';

const NAME = '{ me { displayName } }';
const ADD =
  'mutation ($input: AddPhoneInput!) { addPhone(input: $input) { phone { id } userErrors { code } } }';

function answer(status: number, extensions: object, headers: Record<string, string> = {}): Fate {
  const body = JSON.stringify({ errors: [{ message: 'no', extensions }] });
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

describe('request', () => {
  it.each([
    ['text', NAME],
    ['a document as graphql-js parses it', parse(NAME)],
    ['a document of the package', MeDocument],
  ])('takes %s', async (_what, document) => {
    await using connected = await connect();
    expect(await connected.client.request(document)).toMatchObject({
      me: { displayName: 'Innocenty Popov' },
    });
  });

  it('has the types of the document', async () => {
    await using connected = await connect();
    const data = await connected.client.request(MeDocument);
    expectTypeOf(data).toEqualTypeOf<MeQuery>();
  });

  it('rejects for any error, with the data that came beside it', async () => {
    await using connected = await connect();
    const query = '{ me { id } users(ids: ["?"]) { id } }';
    const error: unknown = await connected.client.request(query).catch((reason) => reason);
    expect(error).toBeInstanceOf(PhonesError);
    expect(error).toMatchObject({
      code: 'BAD_USER_INPUT',
      path: ['users', 0],
      status: 200,
      retryable: false,
    });
    expect(error).toMatchObject({ data: { users: [null], me: { id: expect.any(String) } } });
  });

  it('hands over the token, the time it has, and the place in a trace', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const traceContext = () => ({ traceparent, tracestate: 'a=1' });
    await using connected = await connect({ client: { traceContext, timeoutMs: 4_000 } });
    await connected.client.request(NAME);
    const own = { traceparent: traceparent.replace('-01', '-00') };
    await connected.client.request(NAME, {}, { trace: own, budgetMs: 1_500 });
    const [first, second] = connected.network.received.map(({ headers }) => headers);
    const authorization = `Bearer ${tokenOf(connected.product.emulator, 'innocenty')}`;
    expect(first).toMatchObject({
      authorization,
      traceparent,
      tracestate: 'a=1',
      'x-request-timeout-ms': '4000',
    });
    expect(second).toMatchObject(own);
    expect(second).not.toHaveProperty('tracestate');
    expect(Number(second?.['x-request-timeout-ms'])).toBeLessThanOrEqual(1_500);
  });

  it('ends with the reason of the signal, before and while it waits', async () => {
    await using connected = await connect();
    const { client, network } = connected;
    const reason = new Error('enough');
    await expect(client.request(NAME, {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(network.received).toEqual([]);
    const stop = new AbortController();
    const token = async (): Promise<string> => {
      queueMicrotask(() => stop.abort(reason));
      return tokenOf(connected.product.emulator, 'innocenty');
    };
    await using other = await connect({ client: { token } });
    await expect(other.client.request(NAME, {}, { signal: stop.signal })).rejects.toBe(reason);
  });

  it('follows no redirect, which would take the token elsewhere', async () => {
    await using connected = await connect();
    const { client, network } = connected;
    network.next({ status: 307, headers: { location: '/elsewhere' } });
    await expect(client.request(NAME)).rejects.toMatchObject({ code: 'BAD_RESPONSE', status: 307 });
    expect(network.received).toHaveLength(1);
  });
});

describe('trying again', () => {
  it.each<[string, Fate, number]>([
    ['seconds', { status: 503, headers: { 'retry-after': '3' } }, 3_000],
    [
      'a date',
      {
        status: 503,
        headers: { 'retry-after': 'Wed, 21 Oct 2015 07:28:20 GMT', date: 'Wed, 21 Oct 2015 07:28:00 GMT' },
      },
      20_000,
    ],
    ['extensions', answer(200, { code: 'THROTTLED', retryable: true, retryAfterSeconds: 2.5 }), 2_500],
    [
      'extensions before the header',
      answer(429, { code: 'THROTTLED', retryAfterSeconds: 4 }, { 'retry-after': '9' }),
      4_000,
    ],
  ])('waits as long as it is told, by %s', async (_how, fate, ms) => {
    await using connected = await connect();
    connected.network.next(fate);
    await connected.client.request(NAME);
    expect(connected.pauses).toEqual([ms]);
  });

  it('does not wait at all where the wait is longer than the budget', async () => {
    await using connected = await connect();
    connected.network.next({ status: 429, headers: { 'retry-after': '3600' } });
    const error = await connected.client.request(NAME).catch((reason) => reason);
    expect(error).toMatchObject({
      code: 'BAD_RESPONSE',
      status: 429,
      retryAfterMs: 3_600_000,
      retryable: true,
    });
    expect(connected.pauses).toEqual([]);
  });

  it('waits longer each time where nobody says how long, up to ten seconds', async () => {
    await using connected = await connect();
    connected.network.next(...Array.from({ length: 9 }, (): Fate => 'lose-request'));
    await connected.client.request(NAME);
    for (const [at, pause] of connected.pauses.entries()) {
      const longest = Math.min(10_000, 200 * 2 ** at);
      expect(pause).toBeGreaterThanOrEqual(longest / 2);
      expect(pause).toBeLessThanOrEqual(longest);
    }
    expect(connected.pauses).toHaveLength(9);
  });

  it.each<[string, Fate]>([
    ['the gateway says it is of no use', answer(200, { code: 'UPSTREAM_UNAVAILABLE', retryable: false })],
    ['the request is wrong', answer(400, { code: 'GRAPHQL_VALIDATION_FAILED' })],
    ['the code is not known', answer(200, { code: 'SOMETHING_NEW' })],
    ['a proxy refuses it', { status: 403, body: '<html>' }],
  ])('is not done when %s', async (_why, fate) => {
    await using connected = await connect();
    connected.network.next(fate);
    await expect(connected.client.request(NAME)).rejects.toBeInstanceOf(PhonesError);
    expect(connected.network.received).toHaveLength(1);
  });

  it.each<[string, Fate, number]>([
    ['was turned away', answer(503, { code: 'OVERLOADED', retryable: true }), 2],
    ['may have run, since the response is lost', 'lose-response', 1],
    ['may have run, since a proxy answers', { status: 503 }, 1],
    [
      'may have run, since a router answers for the gateway',
      answer(504, { code: 'TIMEOUT', retryable: true }),
      1,
    ],
  ])('is only done with a mutation of one’s own that %s', async (_what, fate, requests) => {
    await using connected = await connect();
    const { client, network } = connected;
    network.next(fate);
    const outcome = await client.request(ADD, { input: { number: '1' } }).then(
      () => 'done',
      ({ name }) => name,
    );
    expect(outcome).toBe(requests === 2 ? 'done' : 'PhonesError');
    expect(network.received).toHaveLength(requests);
  });

  it('is done with a mutation that is said to be repeatable', async () => {
    await using connected = await connect();
    const { client, network } = connected;
    network.next('lose-response');
    const input = { number: '1', idempotencyKey: 'a-key' };
    await client.request(ADD, { input }, { isRepeatable: true });
    expect(network.received).toHaveLength(2);
  });
});

describe('tokens', () => {
  const challenge = (header: string): Fate =>
    answer(401, { code: 'UNAUTHENTICATED' }, { 'www-authenticate': header });
  const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"},"name":{"value":"ü"}}}';
  const encoded = Buffer.from(claims).toString('base64');
  const FORMS = [
    `Bearer error="insufficient_claims", claims="${encoded}"`,
    `Bearer realm="", authorization_uri="https://login.microsoftonline.com/", error="insufficient_claims", claims="${encoded}"`,
    `bearer Realm="", error=insufficient_claims, claims=${Buffer.from(claims).toString('base64url')}`,
  ];

  it.each(FORMS)('are asked for anew with the claims of a challenge: %s', async (form) => {
    const asked: TokenRequest[] = [];
    const token = async (request: TokenRequest): Promise<string> => {
      asked.push(request);
      return 'demo-token-innocenty';
    };
    await using connected = await connect({ client: { token } });
    connected.network.next(challenge(form));
    await connected.client.request(NAME);
    expect(asked).toEqual([{ claims: undefined }, { claims }]);
  });

  it('are asked for once more, and no more than that', async () => {
    let asked = 0;
    const token = (): string => {
      asked += 1;
      return 'demo-token-innocenty';
    };
    await using connected = await connect({ client: { token } });
    connected.network.next(challenge(FORMS[0] ?? ''), challenge(FORMS[0] ?? ''));
    await expect(connected.client.request(NAME)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      status: 401,
    });
    expect(asked).toBe(2);
  });

  it('are asked for anew when Microsoft Graph wants more, and the addition is done once', async () => {
    const asked: TokenRequest[] = [];
    const token = (request: TokenRequest): string => {
      asked.push(request);
      return 'demo-token-innocenty';
    };
    await using connected = await connect({ client: { token } });
    const { client, product } = connected;
    const header = { 'WWW-Authenticate': FORMS[1] ?? '' };
    product.emulator.faults.add({
      on: { method: 'POST', path: '/profile/phones' },
      do: { status: 401, headers: header },
    });
    const result = await client.addPhone({ number: '+1 425 555 0142' });
    expect(result).toMatchObject({ ok: true });
    expect(asked).toEqual([{ claims: undefined }, { claims }]);
  });

  it('that are a text are not tried again', async () => {
    await using connected = await connect();
    connected.network.next(challenge(FORMS[0] ?? ''));
    await expect(connected.client.request(NAME)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(connected.network.received).toHaveLength(1);
  });

  it('that cannot be had reject with what the provider throws', async () => {
    const reason = new Error('nobody is signed in');
    await using connected = await connect({ client: { token: () => Promise.reject(reason) } });
    await expect(connected.client.me()).rejects.toBe(reason);
  });
});

describe('codes', () => {
  it('are those of the gateway, all of them', () => {
    // What the gateway adds to Apollo Server's own.
    expectTypeOf<Exclude<ErrorCode, GatewayErrorCode>>().toBeNever();
  });

  it('that are new are UNRECOGNIZED, so that the union stays closed', async () => {
    await using connected = await connect();
    connected.network.next(answer(200, { code: 'SOMETHING_NEW' }));
    await expect(connected.client.me()).rejects.toMatchObject({ code: 'UNRECOGNIZED' });
  });

  it('of user errors that are new are UNRECOGNIZED, too', async () => {
    await using connected = await connect();
    const userErrors = [{ code: 'SOMETHING_NEW', message: 'no', field: null, retryable: false }];
    const body = JSON.stringify({ data: { addPhone: { phone: null, userErrors } } });
    connected.network.next({ status: 200, headers: { 'content-type': 'application/json' }, body });
    const result = await connected.client.addPhone({ number: '1' });
    expect(result).toMatchObject({ ok: false, userErrors: [{ code: 'UNRECOGNIZED', retryable: false }] });
  });
});
