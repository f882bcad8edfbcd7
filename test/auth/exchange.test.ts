// Token requests to Entra ID, and how its responses are handled. The product runs with a fake Entra ID whose responses the
// test defines. Microsoft Graph is the emulator.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import { CLOCK_TOLERANCE_SECONDS } from '../../src/auth/token-validation.ts';
import { certificateFile, temporaryFolder } from '../support/certificate.ts';
import { until } from '../support/emulator.ts';
import {
  CLIENT,
  GATEWAY,
  idOf,
  makeKey,
  personIn,
  refusal,
  SECRET,
  startEntraProduct,
  TENANT,
  type TokenAnswer,
  type TokenHandler,
  tokenAnswer,
} from '../support/entra.ts';
import { tokenOf, upstream } from '../support/product.ts';

const key = await makeKey('key-1');
const start = (environment = {}) => startEntraProduct({ key, environment });

const QUERY = '{ me { displayName phones { number } } }';

describe('the on-behalf-of exchange of a user’s token', () => {
  it('sends the documented parameters and the scope of this Microsoft Graph', async () => {
    await using product = await start();
    const token = await product.userToken('innocenty');
    const { body } = await product.ask(QUERY, token);
    expect(body.data.me.displayName).toBe('Innocenty Popov');
    expect(product.entra.tokenRequests).toHaveLength(1);
    const [request] = product.entra.tokenRequests;
    expect(request?.tenant).toBe(TENANT);
    expect(request?.form).toMatchObject({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      requested_token_use: 'on_behalf_of',
      client_id: GATEWAY,
      client_secret: SECRET,
      assertion: token,
    });
    expect(request?.form['scope']?.split(' ')).toContain(`${product.emulator.url}/.default`);
    expect(request?.form).not.toHaveProperty('claims');
    expect(new Set(product.emulator.calls.map((call) => call.token))).toEqual(new Set(['innocenty']));
  });

  it('happens once for all requests with the same token, also for concurrent ones', async () => {
    await using product = await start();
    const token = await product.userToken('innocenty');
    const together = await Promise.all(Array.from({ length: 25 }, () => product.ask(QUERY, token)));
    expect(together.every(({ status }) => status === 200)).toBe(true);
    await product.ask(QUERY, token);
    expect(product.entra.tokenRequests).toHaveLength(1);
  });

  it('happens again for another token of the same user', async () => {
    await using product = await start();
    await product.ask(QUERY, await product.userToken('innocenty', { aio: '1' }));
    await product.ask(QUERY, await product.userToken('innocenty', { aio: '2' }));
    expect(product.entra.tokenRequests).toHaveLength(2);
  });

  it('happens again before the Microsoft Graph token expires', async () => {
    await using product = await start();
    const handler = product.entra.onToken;
    product.entra.onToken = async (request) => {
      const { status, body } = (await handler(request)) as TokenAnswer;
      return { status, body: { ...(body as object), expires_in: 600 } };
    };
    const token = await product.userToken('innocenty');
    await product.ask(QUERY, token);
    product.pass(500_000);
    await product.ask(QUERY, token);
    expect(product.entra.tokenRequests).toHaveLength(1);
    product.pass(60_000);
    await product.ask(QUERY, token);
    expect(product.entra.tokenRequests).toHaveLength(2);
  });

  it('never happens after the user’s token has expired, although a Graph token is cached', async () => {
    await using product = await start();
    const exp = Math.floor(Date.now() / 1000) + 600;
    const token = await product.userToken('innocenty', { exp });
    expect((await product.ask(QUERY, token)).status).toBe(200);
    product.pass((600 + CLOCK_TOLERANCE_SECONDS + 1) * 1000);
    expect((await product.ask(QUERY, token)).status).toBe(401);
    expect(product.entra.tokenRequests).toHaveLength(1);
  });

  it('never happens after the tolerance, although the token was accepted a moment before', async () => {
    await using product = await start();
    const exp = Math.floor(Date.now() / 1000) - CLOCK_TOLERANCE_SECONDS + 20;
    const token = await product.userToken('innocenty', { exp });
    expect((await product.ask(QUERY, token)).status).toBe(200);
    product.pass(40_000);
    expect((await product.ask(QUERY, token)).status).toBe(401);
  });

  it.each([
    ['by its code', refusal('invalid_grant', { error_codes: [500133] }), 0],
    ['by its code, though not yet by this clock', refusal('invalid_grant', { error_codes: [500133] }), 3_600],
    ['by this clock, where Entra ID says no more than no', refusal('invalid_grant'), 0],
  ])(
    'a token that Entra ID finds too old has expired, although it was let in: %s',
    async (_how, answer, left) => {
      await using product = await start();
      product.entra.onToken = async () => answer;
      const exp = Math.floor(Date.now() / 1000) - 20 + left;
      const { status, body } = await product.ask(QUERY, await product.userToken('innocenty', { exp }));
      expect(status).toBe(401);
      for (const { message, extensions } of body.errors) {
        expect(message).toBe('The access token has expired. Get a new one.');
        expect(extensions).toEqual({ code: 'UNAUTHENTICATED' });
      }
    },
  );

  it('still reports a claims challenge within the tolerance', async () => {
    await using product = await start();
    product.entra.onToken = async () => refusal('invalid_grant', { claims: CLAIMS });
    const exp = Math.floor(Date.now() / 1000) - 20;
    const { body } = await product.ask(QUERY, await product.userToken('innocenty', { exp }));
    expect(body.errors[0].extensions).toEqual({
      code: 'UNAUTHENTICATED',
      claims: Buffer.from(CLAIMS).toString('base64'),
    });
  });

  it('does not happen for an operation without Microsoft Graph', async () => {
    await using product = await start();
    const { body } = await product.ask('{ __typename }', await product.userToken('innocenty'));
    expect(body).toEqual({ data: { __typename: 'Query' } });
    expect(product.entra.tokenRequests).toEqual([]);
  });

  it('announces claims challenges when the calling application handles them', async () => {
    await using product = await start();
    await product.ask(QUERY, await product.userToken('innocenty', { xms_cc: ['cp1'] }));
    const claims = JSON.parse(product.entra.tokenRequests[0]?.form['claims'] ?? '{}');
    expect(claims.access_token).toEqual({ xms_cc: { values: ['cp1'] } });
  });

  it('happens in the tenant of the user', async () => {
    const other = '22222222-bbbb-4bbb-8bbb-222222222222';
    await using product = await start({ ALLOWED_TENANTS: `${TENANT},${other}` });
    const iss = `${product.entra.url}/${other}/v2.0`;
    await product.ask(QUERY, await product.userToken('innocenty', { tid: other, iss }));
    expect(product.entra.tokenRequests.map(({ tenant }) => tenant)).toEqual([other]);
  });
});

/** Failures that concern one user only. */
function troubled(person: string, trouble: TokenHandler, others: TokenHandler): TokenHandler {
  return (request) => (personIn(request) === person ? trouble(request) : others(request));
}

describe('a failure that concerns one user only', () => {
  it.each<[string, TokenHandler]>([
    ['a refusal', () => refusal('invalid_grant')],
    ['an error of the server', () => ({ status: 503, body: '' })],
    ['being throttled', () => ({ status: 429, body: refusal('x').body, headers: { 'retry-after': '60' } })],
    ['no answer at all', () => 'hang'],
  ])('is nobody else’s: %s', async (_what, trouble) => {
    await using product = await start({ REQUEST_DEADLINE_MS: '1000' });
    const { entra } = product;
    entra.onToken = troubled(idOf(product.emulator, 'innocenty'), trouble, entra.onToken);
    const theirs = Array.from({ length: 20 }, async (_, at) =>
      product.ask(QUERY, await product.userToken('innocenty', { aio: `${at}` })),
    );
    await until(() => entra.tokenRequests.length === 20);
    for (const name of ['namesake', 'admin', 'reader']) {
      const { status, body } = await product.ask(QUERY, await product.userToken(name));
      expect([status, body.errors]).toEqual([200, undefined]);
    }
    const answers = await Promise.all(theirs);
    expect(answers.every(({ body }) => body.errors.length > 0 && body.data.me === null)).toBe(true);
    expect(product.emulator.calls.map((call) => call.token)).not.toContain('innocenty');
  });
});

const CLAIMS =
  '{"access_token":{"polids":{"essential":true,"values":["9ab03e19-ed42-4168-b6b7-7001fb3e933a"]}}}';

describe('a response of Entra ID other than a token', () => {
  it.each<[string, TokenAnswer | 'reset' | 'hang', number, Record<string, unknown>]>([
    ['invalid_grant', refusal('invalid_grant'), 401, { code: 'UNAUTHENTICATED' }],
    [
      'that consent is missing',
      refusal('invalid_grant', { suberror: 'consent_required', error_codes: [65001] }),
      401,
      { code: 'UNAUTHENTICATED' },
    ],
    [
      'interaction_required',
      refusal('interaction_required', { claims: CLAIMS, suberror: 'basic_action' }),
      401,
      { code: 'UNAUTHENTICATED', claims: Buffer.from(CLAIMS).toString('base64') },
    ],
    [
      'invalid_grant with claims',
      refusal('invalid_grant', { claims: CLAIMS }),
      401,
      { code: 'UNAUTHENTICATED', claims: Buffer.from(CLAIMS).toString('base64') },
    ],
    [
      'interaction_required without claims',
      refusal('interaction_required'),
      401,
      { code: 'UNAUTHENTICATED' },
    ],
    [
      'invalid_client',
      refusal('invalid_client', {}, 401),
      200,
      { code: 'UPSTREAM_UNAVAILABLE', retryable: false },
    ],
    [
      'unauthorized_client',
      refusal('unauthorized_client'),
      200,
      { code: 'UPSTREAM_UNAVAILABLE', retryable: false },
    ],
    ['invalid_scope', refusal('invalid_scope'), 200, { code: 'UPSTREAM_UNAVAILABLE', retryable: false }],
    [
      'temporarily_unavailable',
      refusal('temporarily_unavailable'),
      200,
      { code: 'UPSTREAM_UNAVAILABLE', retryable: true },
    ],
    [
      '429 with a wait',
      { ...refusal('x', {}, 429), headers: { 'retry-after': '7' } },
      200,
      { code: 'THROTTLED', retryable: true, retryAfterSeconds: 7 },
    ],
    ['429 without', refusal('x', {}, 429), 200, { code: 'THROTTLED', retryable: true }],
    ['500', { status: 500, body: '<p>oops</p>' }, 200, { code: 'UPSTREAM_UNAVAILABLE', retryable: true }],
    [
      '503 with a wait',
      { status: 503, body: '', headers: { 'retry-after': '3' } },
      200,
      { code: 'UPSTREAM_UNAVAILABLE', retryable: true, retryAfterSeconds: 3 },
    ],
    [
      'HTML and 200',
      { status: 200, body: '<p>hi</p>' },
      200,
      { code: 'UPSTREAM_UNAVAILABLE', retryable: true },
    ],
    [
      'HTML and 403',
      { status: 403, body: '<p>hi</p>' },
      200,
      { code: 'UPSTREAM_UNAVAILABLE', retryable: true },
    ],
    [
      'no token',
      { status: 200, body: { expires_in: 3600 } },
      200,
      { code: 'UPSTREAM_UNAVAILABLE', retryable: true },
    ],
    [
      'a token that breaks headers',
      tokenAnswer('good\r\nx-evil: 1'),
      200,
      { code: 'UPSTREAM_UNAVAILABLE', retryable: true },
    ],
    ['a token without a life', tokenAnswer('t', 0), 200, { code: 'UPSTREAM_UNAVAILABLE', retryable: true }],
    [
      'something endless',
      { status: 200, body: 'x'.repeat(300_000) },
      200,
      { code: 'UPSTREAM_UNAVAILABLE', retryable: true },
    ],
    [
      'a token with endless blanks behind it',
      {
        status: 200,
        body: `${JSON.stringify(tokenAnswer('demo-token-innocenty').body)}${' '.repeat(300_000)}`,
      },
      200,
      { code: 'UPSTREAM_UNAVAILABLE', retryable: true },
    ],
    [
      'another error with claims',
      refusal('access_denied', { claims: CLAIMS }),
      401,
      { code: 'UNAUTHENTICATED', claims: Buffer.from(CLAIMS).toString('base64') },
    ],
    ['a broken connection', 'reset', 200, { code: 'UPSTREAM_UNAVAILABLE', retryable: true }],
  ])('%s', async (_what, answer, status, extensions) => {
    await using product = await start();
    product.entra.onToken = () => answer as TokenAnswer;
    const reply = await product.ask(QUERY, await product.userToken('innocenty'));
    expect(reply.body).toEqual({
      data: { me: null },
      errors: [
        { message: expect.stringMatching(/\S/), locations: expect.anything(), path: ['me'], extensions },
      ],
    });
    expect(reply.status).toBe(status);
    const challenge = extensions['claims'];
    const signIn = `${product.entra.url}/${TENANT}/oauth2/v2.0/authorize`;
    expect(reply.headers.get('www-authenticate')).toBe(
      status === 200
        ? null
        : challenge === undefined
          ? 'Bearer'
          : `Bearer realm="", authorization_uri="${signIn}", error="insufficient_claims", claims="${challenge}"`,
    );
    expect(product.emulator.calls).toEqual([]);
    expect(JSON.stringify(reply.body)).not.toMatch(/canary|AADSTS/);
  });

  it('none, because the connection broke: the request is sent once more and succeeds', async () => {
    await using product = await start();
    const exchange = product.entra.onToken;
    product.entra.onToken = (request) =>
      product.entra.tokenRequests.length === 1 ? 'reset' : exchange(request);
    expect((await product.ask(QUERY, await product.userToken('innocenty'))).status).toBe(200);
    expect(product.entra.tokenRequests).toHaveLength(2);
  });

  it('a redirect: it is not followed', async () => {
    await using product = await start();
    await using elsewhere = await start();
    const location = `${elsewhere.entra.url}/${TENANT}/oauth2/v2.0/token`;
    product.entra.onToken = () => ({ status: 307, body: '', headers: { location } });
    const { body } = await product.ask(QUERY, await product.userToken('innocenty'));
    expect(body.errors[0].extensions).toEqual({ code: 'UPSTREAM_UNAVAILABLE', retryable: true });
    expect(elsewhere.entra.tokenRequests).toEqual([]);
  });

  it('none: the request ends at its timeout', async () => {
    await using product = await start({ REQUEST_DEADLINE_MS: '300' });
    product.entra.onToken = () => 'hang';
    const { body } = await product.ask(QUERY, await product.userToken('innocenty'));
    expect(body.errors[0].extensions).toMatchObject({ code: 'TIMEOUT', retryable: true });
  });
});

describe('the gateway authenticates to Entra ID', () => {
  it('with a federated token, which is read for every request', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'token');
    await writeFile(path, 'first-federated-token\n');
    await using product = await start({ AZURE_FEDERATED_TOKEN_FILE: path });
    await product.ask(QUERY, await product.userToken('innocenty'));
    await writeFile(path, 'second-federated-token\n');
    await product.ask(QUERY, await product.userToken('admin'));
    const forms = product.entra.tokenRequests.map(({ form }) => form);
    expect(forms.map(({ client_assertion }) => client_assertion)).toEqual([
      'first-federated-token',
      'second-federated-token',
    ]);
    for (const form of forms) {
      expect(form['client_assertion_type']).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
      expect(form).not.toHaveProperty('client_secret');
    }
  });

  it('with its certificate, by an assertion for the token endpoint', async () => {
    await using folder = await temporaryFolder();
    const { path, thumbprint } = await certificateFile(folder.path);
    await using product = await start({ AZURE_CLIENT_CERTIFICATE_PATH: path });
    const { status } = await product.ask(QUERY, await product.userToken('innocenty'));
    expect(status).toBe(200);
    const assertion = product.entra.tokenRequests[0]?.form['client_assertion'] ?? '';
    expect(decodeProtectedHeader(assertion)).toMatchObject({ alg: 'PS256', 'x5t#S256': thumbprint });
    expect(decodeJwt(assertion)).toMatchObject({
      iss: GATEWAY,
      sub: GATEWAY,
      aud: `${product.entra.url}/${TENANT}/oauth2/v2.0/token`,
    });
    expect(product.entra.tokenRequests[0]?.form).not.toHaveProperty('client_secret');
  });

  it('or does not start, and names the wrong variable', async () => {
    await using folder = await temporaryFolder();
    const missing = join(folder.path, 'missing');
    await expect(start({ AZURE_FEDERATED_TOKEN_FILE: missing })).rejects.toThrow(
      /AZURE_FEDERATED_TOKEN_FILE.*ENOENT/,
    );
    const { path } = await certificateFile(folder.path);
    const pem = await readFile(path, 'utf8');
    await writeFile(path, pem.slice(0, pem.indexOf('-----BEGIN CERTIFICATE')));
    await expect(start({ AZURE_CLIENT_CERTIFICATE_PATH: path })).rejects.toThrow(
      /AZURE_CLIENT_CERTIFICATE_PATH/,
    );
  });

  it('and logs the error codes of Entra ID when the credential is rejected', async () => {
    const lines: Record<string, unknown>[] = [];
    const logger = {
      debug() {},
      info() {},
      warn() {},
      error: (fields: object, message: string) => void lines.push({ ...fields, message }),
    };
    await using product = await startEntraProduct({ key, logger });
    product.entra.onToken = () => refusal('invalid_client', { error_codes: [7000215] }, 401);
    await product.ask(QUERY, await product.userToken('innocenty'));
    expect(lines).toEqual([
      {
        message: 'Microsoft Entra ID issues no token to this gateway',
        error: 'invalid_client',
        aadsts: '7000215',
        traceId: '66666666-ffff-4fff-8fff-666666666666',
        correlationId: '77777777-ffff-4fff-8fff-777777777777',
      },
    ]);
  });
});

describe('the identity of the caller', () => {
  it('is in the log line of the operation, as ids', async () => {
    const lines: Record<string, unknown>[] = [];
    const info = (fields: object) => void lines.push({ ...fields });
    await using product = await startEntraProduct({
      key,
      logger: { debug() {}, info, warn() {}, error() {} },
    });
    await product.ask(QUERY, await product.userToken('innocenty'));
    const userId = idOf(product.emulator, 'innocenty');
    expect(lines).toMatchObject([{ outcome: 'ok', tenantId: TENANT, userId, clientId: CLIENT }]);
  });
});

describe('an idempotency key', () => {
  it('belongs to the user, also after the user’s token was replaced', async () => {
    await using product = await start();
    const add = `mutation { addPhone(input: { number: "+1 425 555 0150", idempotencyKey: "once" }) { phone { id } userErrors { code } } }`;
    const first = await product.ask(add, await product.userToken('innocenty', { aio: '1' }));
    const second = await product.ask(add, await product.userToken('innocenty', { aio: '2' }));
    const others = await product.ask(add, await product.userToken('admin'));
    const elsewhere = await product.ask(
      add,
      await product.userToken('innocenty', { azp: CLIENT.replace('4', '5') }),
    );
    const ids = [first, second, others, elsewhere].map(({ body }) => body.data.addPhone.phone.id);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
    expect(upstream(product.emulator).filter((call) => call.startsWith('POST'))).toHaveLength(3);
    expect(tokenOf(product.emulator, 'innocenty')).toBe('demo-token-innocenty');
  });
});
