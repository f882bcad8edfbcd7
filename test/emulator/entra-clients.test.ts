import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { importPKCS8, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ClientCertificate, TokenOverrides } from '../../emulator/emulator.ts';
import { makeKeyPair } from '../../emulator/entra/keys.ts';
import type { Reply, TestEmulator } from '../support/emulator.ts';
import { ask, askToken, claimsOf, startTestEmulator } from '../support/emulator.ts';

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator();
});
afterEach(() => emulator.reset());
afterAll(() => emulator.close());

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

type Form = Record<string, string | undefined>;

/** A client credentials request of the gateway, for Microsoft Graph. */
function request(form: Form, headers: Record<string, string> = {}): Promise<Reply> {
  const base = {
    grant_type: 'client_credentials',
    client_id: emulator.entra.gateway.clientId,
    scope: 'https://graph.microsoft.com/.default',
  };
  return askToken(emulator, { ...base, ...form }, { headers });
}

function errorOf({ status, body }: Reply): unknown[] {
  return [status, body.error, body.error_codes];
}

describe('client credentials flow', () => {
  it('issues the gateway a token for Microsoft Graph with its roles and without a user', async () => {
    const { entra } = emulator;
    const { status, body } = await request({ client_secret: entra.gateway.clientSecret });
    const claims = claimsOf(body.access_token);
    expect([status, Object.keys(body).sort()]).toEqual([
      200,
      ['access_token', 'expires_in', 'ext_expires_in', 'token_type'],
    ]);
    expect(claims).toMatchObject({
      aud: 'https://graph.microsoft.com',
      appid: entra.gateway.clientId,
      idtyp: 'app',
      roles: ['User.Read.All', 'User.ReadWrite.All'],
      ver: '1.0',
    });
    expect(claims.sub).toBe(claims.oid);
    expect(claims).not.toHaveProperty('scp');
  });

  it('issues the daemon a token of version 2.0 for the gateway with its roles', async () => {
    const { entra } = emulator;
    const { body } = await request({
      client_id: entra.clients.daemon,
      client_secret: entra.daemonSecret,
      scope: `${entra.gateway.appIdUri}/.default`,
    });
    const claims = claimsOf(body.access_token);
    expect(claims).toMatchObject({
      aud: entra.gateway.clientId,
      azp: entra.clients.daemon,
      roles: ['Phones.Read.All', 'Phones.ReadWrite.All'],
      ver: '2.0',
    });
    expect(claims).not.toHaveProperty('idtyp');
  });

  it('issues a token without roles to an application that has none', async () => {
    const { gateway } = emulator.entra;
    const { body } = await request({
      client_secret: gateway.clientSecret,
      scope: `${gateway.clientId}/.default`,
    });
    expect(claimsOf(body.access_token)).not.toHaveProperty('roles');
  });

  it('issues a token that acts as the application at Microsoft Graph', async () => {
    const { body } = await request({ client_secret: emulator.entra.gateway.clientSecret });
    const headers = { authorization: `Bearer ${body.access_token}` };
    const options = { as: null, headers };
    const created = await ask(emulator, 'POST', '/beta/users/innocenty@contoso.com/profile/phones', {
      ...options,
      json: { number: '1' },
    });
    expect(created.body.createdBy).toEqual({
      application: { displayName: 'Profile Phones', id: emulator.entra.gateway.clientId },
      device: null,
      user: null,
    });
    const me = await ask(emulator, 'GET', '/beta/me', options);
    expect([me.status, emulator.calls.at(-1)?.token]).toEqual([400, 'gateway']);
  });

  it.each([
    ['https://graph.microsoft.com/User.Read.All', 1002012],
    ['openid', 70011],
  ])('rejects the scope %s', async (scope, code) => {
    const { gateway } = emulator.entra;
    expect(errorOf(await request({ client_secret: gateway.clientSecret, scope }))).toEqual([
      400,
      'invalid_scope',
      [code],
    ]);
  });

  it('rejects /common, which names no tenant', async () => {
    const { gateway } = emulator.entra;
    const form = { grant_type: 'client_credentials', client_id: gateway.clientId };
    expect(errorOf(await askToken(emulator, form, { tenant: 'common' }))).toEqual([
      400,
      'invalid_request',
      [90019],
    ]);
  });
});

describe('client secrets', () => {
  it.each<[string, (entra: TestEmulator['entra']) => Form, number, string, number]>([
    ['a wrong secret', () => ({ client_secret: 'wrong' }), 401, 'invalid_client', 7000215],
    ['no credential', () => ({}), 401, 'invalid_client', 7000218],
    ['an unknown application', () => ({ client_id: 'x' }), 400, 'unauthorized_client', 700016],
    [
      'a public client with a secret',
      ({ clients }) => ({ client_id: clients.frontEnd, client_secret: 'x' }),
      401,
      'invalid_client',
      700025,
    ],
    [
      "another application's secret",
      ({ daemonSecret }) => ({ client_secret: daemonSecret }),
      401,
      'invalid_client',
      7000215,
    ],
  ])('reject %s', async (_, form, status, error, code) => {
    expect(errorOf(await request(form(emulator.entra)))).toEqual([status, error, [code]]);
  });

  it('can be sent in the header as HTTP Basic', async () => {
    const { clientId, clientSecret } = emulator.entra.gateway;
    const basic = (secret: string) => `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;
    const good = await request({ client_id: undefined }, { authorization: basic(clientSecret) });
    const bad = await request({ client_id: undefined }, { authorization: basic('wrong%') });
    expect([good.status, bad.status]).toEqual([200, 400]);
  });
});

describe('certificate credentials', () => {
  /** A client assertion as documented, with some claims and header parameters replaced. */
  async function assertion(
    { certificate, privateKey }: ClientCertificate,
    { claims = {}, header = {} }: { claims?: Record<string, unknown>; header?: Record<string, unknown> } = {},
  ): Promise<string> {
    const { clientId } = emulator.entra.gateway;
    const now = emulator.clock.now() / 1000;
    const thumbprint = createHash('sha256').update(new X509Certificate(certificate).raw).digest('base64url');
    const all = { aud: audience(), iss: clientId, sub: clientId, nbf: now, exp: now + 600, ...claims };
    const protectedHeader = { alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint, ...header };
    const key = await importPKCS8(privateKey, protectedHeader.alg);
    return new SignJWT(all).setProtectedHeader(protectedHeader).sign(key);
  }
  const audience = (): string => `${emulator.url}/${emulator.entra.tenantId}/oauth2/v2.0/token`;
  const authenticate = (client_assertion: string): Promise<Reply> =>
    request({ client_assertion, client_assertion_type: JWT_BEARER });

  it('authenticate the client when the certificate is registered', async () => {
    const pair = await emulator.entra.addCertificate();
    expect((await authenticate(await assertion(pair))).status).toBe(200);
    const old = createHash('sha1').update(new X509Certificate(pair.certificate).raw).digest('base64url');
    const header = { alg: 'RS256', 'x5t#S256': undefined, x5t: old };
    const claims = { aud: `${emulator.entra.authority}/${emulator.entra.tenantId}/v2.0` };
    expect((await authenticate(await assertion(pair, { claims, header }))).status).toBe(200);
  });

  it('are self-signed, with the returned private key', async () => {
    const { certificate, privateKey } = await emulator.entra.addCertificate();
    const parsed = new X509Certificate(certificate);
    expect([parsed.subject, parsed.issuer]).toEqual(['CN=Profile Phones', 'CN=Profile Phones']);
    expect([parsed.validFrom, parsed.validTo]).toEqual([
      'Jul  8 11:00:00 2020 GMT',
      'Jul  8 12:00:00 2021 GMT',
    ]);
    expect(parsed.checkPrivateKey(createPrivateKey(privateKey))).toBe(true);
    expect(parsed.verify(parsed.publicKey)).toBe(true);
  });

  it.each<[string, object, object, number]>([
    ['for another audience', { aud: 'https://login.example/token' }, {}, 700023],
    ['about another subject', { sub: 'x' }, {}, 700021],
    ['that has expired', { exp: 1_594_209_300 }, {}, 700024],
    ['without exp', { exp: undefined }, {}, 700024],
    ['that is not yet valid', { nbf: 1_594_209_901 }, {}, 700024],
    ['of another algorithm', {}, { alg: 'PS512' }, 5002738],
    ['of an unknown certificate', {}, { 'x5t#S256': 'x' }, 700027],
    ['without a certificate', {}, { 'x5t#S256': undefined }, 700027],
  ])('reject an assertion %s', async (_, claims, header, code) => {
    const pair = await emulator.entra.addCertificate();
    const reply = await authenticate(await assertion(pair, { claims: { ...claims }, header: { ...header } }));
    expect(errorOf(reply)).toEqual([401, 'invalid_client', [code]]);
  });

  it('reject the thumbprint of one certificate with the key of another', async () => {
    const { certificate } = await emulator.entra.addCertificate();
    const { privateKey } = await emulator.entra.addCertificate();
    const reply = await authenticate(await assertion({ certificate, privateKey }));
    expect(errorOf(reply)).toEqual([401, 'invalid_client', [700027]]);
  });

  it('accept an existing certificate once it is registered, until the next reset', async () => {
    const pair = await emulator.entra.addCertificate();
    const text = await assertion(pair);
    emulator.reset();
    expect(errorOf(await authenticate(text))).toEqual([401, 'invalid_client', [700027]]);
    emulator.entra.trustCertificate(pair.certificate);
    expect((await authenticate(text)).status).toBe(200);
  });

  it('reject text that is not a token, and other assertion types', async () => {
    expect(errorOf(await authenticate('nonsense'))).toEqual([401, 'invalid_client', [50027]]);
    const reply = await request({ client_assertion: 'x', client_assertion_type: 'saml' });
    expect(errorOf(reply)).toEqual([400, 'invalid_request', [90023]]);
  });
});

describe('workload identity federation', () => {
  const authenticate = async (overrides: TokenOverrides = {}): Promise<Reply> =>
    request({
      client_assertion: await emulator.entra.federatedToken(overrides),
      client_assertion_type: JWT_BEARER,
    });

  it("authenticates the client by a platform's token", async () => {
    expect((await authenticate()).status).toBe(200);
    expect((await authenticate({ claims: { aud: 'api://AzureADTokenExchange' } })).status).toBe(200);
  });

  it.each<[string, TokenOverrides, number]>([
    ['of another issuer', { claims: { iss: 'https://oidc.example' } }, 700211],
    ['for another audience', { claims: { aud: 'api://other' } }, 700212],
    ['for two audiences', { claims: { aud: ['api://AzureADTokenExchange', 'x'] } }, 700212],
    ['about another subject', { claims: { sub: 'system:serviceaccount:phones:Gateway' } }, 700213],
    ['that has expired', { expiresInSeconds: -300 }, 700024],
    ['without a signature', { alg: 'none' }, 5002738],
  ])('rejects a token %s', async (_, overrides, code) => {
    expect(errorOf(await authenticate(overrides))).toEqual([401, 'invalid_client', [code]]);
  });

  it('has the error text of Entra ID for another subject', async () => {
    const { body } = await authenticate({ claims: { sub: 'other' } });
    expect(body.error_description).toContain(
      "No matching federated identity record found for presented assertion subject 'other'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.",
    );
  });

  it('rejects a token with the same claims and another key', async () => {
    const { privateKey } = await makeKeyPair();
    const claims = claimsOf(await emulator.entra.federatedToken());
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
    const reply = await request({ client_assertion: forged, client_assertion_type: JWT_BEARER });
    expect(errorOf(reply)).toEqual([401, 'invalid_client', [700027]]);
  });
});
