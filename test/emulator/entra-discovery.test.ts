import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reply, TestEmulator } from '../support/emulator.ts';
import { ask, startTestEmulator } from '../support/emulator.ts';

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator();
});
afterAll(() => emulator.close());

const get = (path: string): Promise<Reply> => ask(emulator, 'GET', path, { as: null });

describe('the OpenID configuration', () => {
  it('names the endpoints of the tenant at the address of the emulator', async () => {
    const { url, entra } = emulator;
    const tenant = `${url}/${entra.tenantId}`;
    const { status, headers, body } = await get(`/${entra.tenantId}/v2.0/.well-known/openid-configuration`);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(headers.get('cache-control')).toBe('max-age=86400, private');
    expect(body).toMatchObject({
      issuer: `${tenant}/v2.0`,
      token_endpoint: `${tenant}/oauth2/v2.0/token`,
      jwks_uri: `${tenant}/discovery/v2.0/keys`,
      authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
    });
  });

  it('names another issuer in version 1.0', async () => {
    const { tenantId } = emulator.entra;
    const { body } = await get(`/${tenantId}/.well-known/openid-configuration`);
    expect(body.issuer).toBe(`https://sts.windows.net/${tenantId}/`);
    expect(body.jwks_uri).toBe(`${emulator.url}/${tenantId}/discovery/keys`);
  });

  it('is found by a domain of the tenant, and names the tenant id', async () => {
    const { tenantId, foreignTenantId } = emulator.entra;
    const home = await get('/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration');
    const foreign = await get('/FABRIKAM.com/v2.0/.well-known/openid-configuration');
    expect(home.body.issuer).toContain(tenantId);
    expect(foreign.body.issuer).toContain(foreignTenantId);
  });

  it('exists for /common, with a placeholder for the tenant', async () => {
    const { body } = await get('/common/v2.0/.well-known/openid-configuration');
    expect(body.issuer).toBe(`${emulator.url}/{tenantid}/v2.0`);
    expect(body.token_endpoint).toBe(`${emulator.url}/common/oauth2/v2.0/token`);
  });

  it('does not exist for an unknown tenant', async () => {
    const { status, body } = await get('/nowhere.example/v2.0/.well-known/openid-configuration');
    expect([status, body.error, body.error_codes]).toEqual([400, 'invalid_tenant', [90002]]);
    expect(body.error_description).toMatch(/^AADSTS90002: Tenant 'nowhere\.example' not found\./);
  });

  it('names the authority option of the emulator', async () => {
    await using named = await startTestEmulator({ authority: 'https://login.emulator.invalid' });
    const { tenantId, authority } = named.entra;
    const path = `/${tenantId}/v2.0/.well-known/openid-configuration`;
    const { body } = await ask(named, 'GET', path, { as: null });
    expect(authority).toBe('https://login.emulator.invalid');
    expect(body.issuer).toBe(`${authority}/${tenantId}/v2.0`);
    expect(body.token_endpoint).toBe(`${authority}/${tenantId}/oauth2/v2.0/token`);
  });

  it('rejects an authority that is not an origin', async () => {
    await expect(startTestEmulator({ authority: 'https://login.example/x' })).rejects.toThrow(
      'authority must be an origin such as https://login.emulator.invalid, not https://login.example/x',
    );
  });
});

describe('the keys', () => {
  it('verify the tokens of the emulator in jose', async () => {
    const { url, entra } = emulator;
    const keys = createRemoteJWKSet(new URL(`${url}/${entra.tenantId}/discovery/v2.0/keys`));
    const token = await entra.userToken('innocenty');
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['RS256'],
      issuer: `${url}/${entra.tenantId}/v2.0`,
      audience: entra.gateway.clientId,
      currentDate: new Date(emulator.clock.now()),
    });
    expect(payload['oid']).toBe('db789417-4ccb-41d1-a0a9-47b01a09ea49');
  });

  it('are two public keys, each with its issuer', async () => {
    const { body } = await get(`/${emulator.entra.tenantId}/discovery/v2.0/keys`);
    expect(body.keys.map((key: object) => Object.keys(key).sort())).toEqual(
      Array(2).fill(['e', 'issuer', 'kid', 'kty', 'n', 'use', 'x5t']),
    );
    expect(body.keys[0].issuer).toBe(`${emulator.url}/${emulator.entra.tenantId}/v2.0`);
    const shared = await get('/common/discovery/v2.0/keys');
    expect(shared.body.keys[0].issuer).toBe(`${emulator.url}/{tenantid}/v2.0`);
    const old = await get('/common/discovery/keys');
    expect(Object.keys(old.body.keys[0])).not.toContain('issuer');
  });

  it('are rotated: one is withdrawn, one stays, one is new', async () => {
    const kids = async (): Promise<string[]> =>
      (await get('/common/discovery/v2.0/keys')).body.keys.map(({ kid }: { kid: string }) => kid);
    const [gone, stays] = await kids();
    await emulator.entra.rotateKeys();
    const after = await kids();
    expect(after[0]).toBe(stays);
    expect([after.length, after.includes(gone ?? '')]).toEqual([2, false]);
    const header = (await emulator.entra.userToken('admin')).split('.')[0] ?? '';
    expect(JSON.parse(Buffer.from(header, 'base64url').toString()).kid).toBe(stays);
  });
});

describe('instance discovery', () => {
  const path = (endpoint: string): string =>
    `/common/discovery/instance?api-version=1.1&authorization_endpoint=${encodeURIComponent(endpoint)}`;

  it('accepts its own host', async () => {
    const { host } = new URL(emulator.url);
    const { body } = await get(path(`https://${host}/${emulator.entra.tenantId}/oauth2/v2.0/authorize`));
    expect(body.metadata).toEqual([{ preferred_network: host, preferred_cache: host, aliases: [host] }]);
    expect(body.tenant_discovery_endpoint).toBe(
      `${emulator.url}/${emulator.entra.tenantId}/v2.0/.well-known/openid-configuration`,
    );
  });

  it('rejects other hosts', async () => {
    const { status, body } = await get(path('https://login.example/common/oauth2/v2.0/authorize'));
    expect([status, body.error]).toEqual([400, 'invalid_instance']);
  });
});

describe('paths that are not emulated', () => {
  it.each([
    ['GET', '/common/oauth2/v2.0/authorize', 404],
    ['POST', '/common/oauth2/token', 404],
    ['POST', '/common/discovery/v2.0/keys', 405],
    ['GET', '/common/oauth2/v2.0/token', 400],
  ])('%s %s returns %i', async (method, path, status) => {
    expect((await ask(emulator, method, path, { as: null })).status).toBe(status);
  });

  it('belong to Microsoft Graph when they begin with a version', async () => {
    const { status, body } = await ask(emulator, 'GET', '/beta/oauth2/v2.0/token');
    expect([status, body.error.code]).toEqual([501, 'NotEmulated']);
  });
});
