import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TokenOverrides } from '../../emulator/emulator.ts';
import type { Reply, TestEmulator } from '../support/emulator.ts';
import { ask, askToken, claimsOf, onBehalfOf, startTestEmulator } from '../support/emulator.ts';

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator();
});
afterEach(() => emulator.reset());
afterAll(() => emulator.close());

const PERSON = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
const CP1 = '{"access_token":{"xms_cc":{"values":["cp1"]}}}';

type Form = Record<string, string | undefined>;

async function exchange(
  name = 'innocenty',
  { token = {}, form = {} }: { token?: TokenOverrides; form?: Form } = {},
): Promise<Reply> {
  const assertion = await emulator.entra.userToken(name, token);
  return askToken(emulator, { ...onBehalfOf(emulator, assertion), ...form });
}

function errorOf({ status, body }: Reply): unknown[] {
  return [status, body.error, body.error_codes];
}

describe('on-behalf-of flow: a token for Microsoft Graph', () => {
  it('names the person, the tenant, the gateway and the consented permissions', async () => {
    const { status, body } = await exchange();
    const { entra, clock } = emulator;
    const now = clock.now() / 1000;
    expect([status, body.token_type, body.expires_in, body.ext_expires_in]).toEqual([
      200,
      'Bearer',
      3599,
      3599,
    ]);
    expect(claimsOf(body.access_token)).toMatchObject({
      aud: 'https://graph.microsoft.com',
      iss: `https://sts.windows.net/${entra.tenantId}/`,
      iat: now,
      nbf: now,
      exp: now + 3599,
      appid: entra.gateway.clientId,
      app_displayname: 'Profile Phones',
      idtyp: 'user',
      oid: PERSON,
      scp: 'User.ReadWrite User.ReadBasic.All User.Read.All',
      tid: entra.tenantId,
      upn: 'innocenty@contoso.com',
      ver: '1.0',
    });
  });

  it('is accepted by Microsoft Graph, as the person with the gateway as the application', async () => {
    const { body } = await exchange();
    const headers = { authorization: `Bearer ${body.access_token}` };
    const created = await ask(emulator, 'POST', '/beta/me/profile/phones', {
      as: null,
      headers,
      json: { number: '1' },
    });
    expect([created.status, created.body.createdBy]).toEqual([
      201,
      {
        application: { displayName: 'Profile Phones', id: emulator.entra.gateway.clientId },
        device: null,
        user: { displayName: 'Innocenty Popov', id: PERSON },
      },
    ]);
  });

  it('is a different one each time', async () => {
    const [first, second] = [await exchange(), await exchange()];
    expect(claimsOf(first.body.access_token).uti).not.toBe(claimsOf(second.body.access_token).uti);
  });

  it('lists the permissions and the requested scopes in `scope`', async () => {
    const { body } = await exchange('reader');
    expect(body.scope).toBe('https://graph.microsoft.com/User.Read https://graph.microsoft.com/.default');
  });

  it('is accompanied by a refresh token, an ID token and client info on request only', async () => {
    const plain = await exchange();
    expect(Object.keys(plain.body).sort()).toEqual([
      'access_token',
      'expires_in',
      'ext_expires_in',
      'scope',
      'token_type',
    ]);
    const scope = 'https://graph.microsoft.com/.default openid profile offline_access';
    const { body } = await exchange('innocenty', { form: { scope, client_info: '1' } });
    expect(claimsOf(body.id_token)).toMatchObject({ aud: emulator.entra.gateway.clientId, oid: PERSON });
    expect(JSON.parse(Buffer.from(body.client_info, 'base64url').toString())).toEqual({
      uid: PERSON,
      utid: emulator.entra.tenantId,
    });
    expect(body.refresh_token).toMatch(/^emulator\./);
  });

  it('is issued for assertions of version 1.0 for the App ID URI', async () => {
    const { entra } = emulator;
    const token = await entra.userToken('innocenty', { version: '1.0' });
    expect(claimsOf(token)).toMatchObject({
      aud: entra.gateway.appIdUri,
      iss: `https://sts.windows.net/${entra.tenantId}/`,
      appid: entra.clients.frontEnd,
    });
    expect((await askToken(emulator, onBehalfOf(emulator, token))).status).toBe(200);
  });

  it('is issued at /common, where the assertion names the tenant', async () => {
    const assertion = await emulator.entra.userToken('innocenty');
    const reply = await askToken(emulator, onBehalfOf(emulator, assertion), { tenant: 'common' });
    expect(claimsOf(reply.body.access_token).tid).toBe(emulator.entra.tenantId);
  });
});

describe('client capabilities', () => {
  it('cp1 is in the token and gives it a longer lifetime', async () => {
    const { body } = await exchange('innocenty', { form: { claims: CP1 } });
    const { xms_cc: capabilities, exp, iat } = claimsOf(body.access_token);
    expect([capabilities, body.expires_in, exp - iat]).toEqual([['cp1'], 86_399, 86_399]);
  });

  it('are absent when the request has none', async () => {
    const { body } = await exchange();
    expect(claimsOf(body.access_token)).not.toHaveProperty('xms_cc');
  });

  it.each(['{', '[]', '{"access_token":1}'])('reject the claims parameter %s', async (claims) => {
    expect(errorOf(await exchange('innocenty', { form: { claims } }))).toEqual([
      400,
      'invalid_request',
      [90023],
    ]);
  });
});

describe('error responses: the shape', () => {
  it('has the code, the ids and the time in the description and in separate members', async () => {
    const id = 'c0ffee00-0000-4000-8000-00000000abcd';
    const { headers, body } = await exchange('innocenty', {
      form: { client_secret: 'wrong', 'client-request-id': id },
    });
    const trace = headers.get('x-ms-request-id');
    expect(headers.get('cache-control')).toBe('no-store, no-cache');
    expect(body).toEqual({
      error: 'invalid_client',
      error_description: `AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${emulator.entra.gateway.clientId}'.\r\nTrace ID: ${trace}\r\nCorrelation ID: ${id}\r\nTimestamp: 2020-07-08 12:00:00Z`,
      error_codes: [7000215],
      timestamp: '2020-07-08 12:00:00Z',
      trace_id: trace,
      correlation_id: id,
      error_uri: 'https://login.microsoftonline.com/error?code=7000215',
    });
  });
});

describe('rejected assertions', () => {
  it.each<[string, TokenOverrides, number, string]>([
    ['expired', { expiresInSeconds: 0 }, 500133, 'invalid_grant'],
    ['not yet valid', { claims: { nbf: 1_600_000_000 } }, 500133, 'invalid_grant'],
    ['without exp', { claims: { exp: undefined } }, 500133, 'invalid_grant'],
    ['for another application', { claims: { aud: 'api://other' } }, 500131, 'invalid_grant'],
    ['for Microsoft Graph', { claims: { aud: 'https://graph.microsoft.com' } }, 500131, 'invalid_grant'],
    ['signed with an unpublished key', { key: 'unknown' }, 50013, 'invalid_grant'],
    ['signed with another algorithm', { alg: 'PS256' }, 50013, 'invalid_grant'],
    ['without a signature', { alg: 'none' }, 50013, 'invalid_grant'],
    ['without a key id', { header: { kid: undefined } }, 50013, 'invalid_grant'],
    ['of another issuer', { claims: { iss: 'https://sts.windows.net/x/' } }, 50013, 'invalid_grant'],
    ['of version 1.0 with the issuer of 2.0', { claims: { ver: '1.0' } }, 50013, 'invalid_grant'],
    ['of a user who does not exist', { claims: { oid: 'gone' } }, 50034, 'invalid_grant'],
    ['of an application without a user', { claims: { idtyp: 'app' } }, 7000114, 'unauthorized_client'],
  ])('%s', async (_, token, code, error) => {
    expect(errorOf(await exchange('innocenty', { token }))).toEqual([400, error, [code]]);
  });

  it('an application token', async () => {
    const assertion = await emulator.entra.appToken(['Phones.Read.All']);
    const reply = await askToken(emulator, onBehalfOf(emulator, assertion));
    expect(errorOf(reply)).toEqual([400, 'unauthorized_client', [7000114]]);
  });

  it('a token of the foreign tenant at the home tenant, and any at the foreign tenant', async () => {
    const { foreignTenantId } = emulator.entra;
    const assertion = await emulator.entra.userToken('innocenty', { tenant: foreignTenantId });
    const home = await askToken(emulator, onBehalfOf(emulator, assertion));
    expect(errorOf(home)).toEqual([400, 'invalid_grant', [50013]]);
    const abroad = await askToken(emulator, onBehalfOf(emulator, assertion), { tenant: foreignTenantId });
    expect(errorOf(abroad)).toEqual([400, 'unauthorized_client', [700016]]);
    expect(claimsOf(assertion).oid).not.toBe(PERSON);
  });

  it('a token whose key was withdrawn', async () => {
    const assertion = await emulator.entra.userToken('innocenty');
    await emulator.entra.rotateKeys();
    expect(errorOf(await askToken(emulator, onBehalfOf(emulator, assertion)))).toEqual([
      400,
      'invalid_grant',
      [50013],
    ]);
  });

  it('a demo token', async () => {
    const reply = await askToken(emulator, onBehalfOf(emulator, 'demo-token-innocenty'));
    expect(errorOf(reply)).toEqual([400, 'invalid_grant', [50027]]);
  });

  it('a token that expires by the clock of the emulator', async () => {
    await using own = await startTestEmulator();
    const form = onBehalfOf(own, await own.entra.userToken('innocenty'));
    own.clock.advance(3_598_000);
    expect((await askToken(own, form)).status).toBe(200);
    own.clock.advance(1_000);
    const { body } = await askToken(own, form);
    expect(body.error_codes).toEqual([500133]);
    expect(body.error_description).toContain(
      'Current time: 2020-07-08T12:59:59.0000000Z, expiry time of assertion 2020-07-08T12:59:59.0000000Z.',
    );
  });
});

describe('consent', () => {
  it('fails the request when it is missing', async () => {
    emulator.entra.consent('innocenty', []);
    const { status, body } = await exchange();
    expect([status, body.error, body.suberror, body.error_codes]).toEqual([
      400,
      'invalid_grant',
      'consent_required',
      [65001],
    ]);
    expect((await exchange('admin')).status).toBe(200);
  });

  it('fails the request when one requested permission is missing', async () => {
    const request = (scope: string) => exchange('reader', { form: { scope } });
    expect((await request('User.Read')).status).toBe(200);
    expect(errorOf(await request('User.Read https://graph.microsoft.com/Mail.Read'))).toEqual([
      400,
      'invalid_grant',
      [65001],
    ]);
  });

  it('determines the permissions of the token, until it is restored', async () => {
    emulator.entra.consent('innocenty', ['User.Read']);
    expect(claimsOf((await exchange()).body.access_token).scp).toBe('User.Read');
    emulator.entra.consent('innocenty', null);
    expect(claimsOf((await exchange()).body.access_token).scp).toBe(
      'User.ReadWrite User.ReadBasic.All User.Read.All',
    );
  });

  it('has defaults for every person', async () => {
    const { body } = await exchange('withNone');
    expect(claimsOf(body.access_token).scp).toBe('User.ReadWrite User.ReadBasic.All');
  });
});

describe('claims challenges at the token endpoint', () => {
  const WANTED = { access_token: { acrs: { essential: true, value: 'c1' } } };

  it('are interaction_required errors with the claims as a JSON string', async () => {
    emulator.entra.challenge('innocenty', WANTED);
    const { status, body } = await exchange();
    expect([status, body.error, body.error_codes]).toEqual([400, 'interaction_required', [50079]]);
    expect(JSON.parse(body.claims)).toEqual(WANTED);
    expect((await exchange('admin')).status).toBe(200);
  });

  it('can be invalid_grant errors with claims, as observed', async () => {
    emulator.entra.challenge('innocenty', WANTED, 'invalid_grant');
    const { body } = await exchange();
    expect([body.error, body.suberror, body.error_codes]).toEqual(['invalid_grant', 'basic_action', [50076]]);
    expect(JSON.parse(body.claims)).toEqual(WANTED);
  });

  it.each<[string, object, object]>([
    ['one value', WANTED, { acrs: ['c1'] }],
    ['one value, not in a list', WANTED, { acrs: 'c1' }],
    [
      'one of several',
      { access_token: { polids: { essential: true, values: ['a', 'b'] } } },
      { polids: ['b'] },
    ],
    ['any value', { access_token: { mfa: { essential: true } } }, { mfa: 0 }],
    ['any value, required with null', { access_token: { mfa: null } }, { mfa: 0 }],
    ['a token issued after a time', { access_token: { nbf: { value: '1594209600' } } }, {}],
    ['only a capability', { access_token: { xms_cc: { values: ['cp1'] } } }, {}],
  ])('are satisfied by an assertion with the required claims: %s', async (_, required, claims) => {
    emulator.entra.challenge('innocenty', required);
    expect((await exchange('innocenty', { token: { claims: { ...claims } } })).status).toBe(200);
  });

  it.each<[string, object, object]>([
    ['another value', WANTED, { acrs: ['c2'] }],
    ['only one of two', { access_token: { acrs: { value: 'c1' }, mfa: null } }, { acrs: ['c1'] }],
    ['an earlier time', { access_token: { nbf: { value: '1594209601' } } }, {}],
  ])('are not satisfied by an assertion with %s', async (_, required, claims) => {
    emulator.entra.challenge('innocenty', required);
    const { body } = await exchange('innocenty', { token: { claims: { ...claims } } });
    expect(body.error).toBe('interaction_required');
  });

  it('are not satisfied by requesting the claims, since the person must sign in', async () => {
    emulator.entra.challenge('innocenty', WANTED);
    const { body } = await exchange('innocenty', { form: { claims: JSON.stringify(WANTED) } });
    expect(body.error).toBe('interaction_required');
  });

  it('pass the claims of the assertion on to the token', async () => {
    emulator.entra.challenge('innocenty', WANTED);
    const { body } = await exchange('innocenty', { token: { claims: { acrs: ['c1'] } } });
    expect(claimsOf(body.access_token).acrs).toEqual(['c1']);
  });

  it('end when removed, and with a reset', async () => {
    emulator.entra.challenge('innocenty', WANTED);
    emulator.entra.challenge('innocenty', null);
    expect((await exchange()).status).toBe(200);
    emulator.entra.challenge('innocenty', WANTED);
    emulator.reset();
    expect((await exchange()).status).toBe(200);
  });
});

describe('the scope of a request', () => {
  it.each([
    ['https://graph.microsoft.com/.default', 'https://graph.microsoft.com'],
    ['https://graph.microsoft.us/.default', 'https://graph.microsoft.us'],
    ['https://dod-graph.microsoft.us/.default', 'https://dod-graph.microsoft.us'],
    ['https://microsoftgraph.chinacloudapi.cn/.default', 'https://microsoftgraph.chinacloudapi.cn'],
    ['00000003-0000-0000-c000-000000000000/.default', '00000003-0000-0000-c000-000000000000'],
    ['.default', 'https://graph.microsoft.com'],
    ['openid User.ReadWrite', 'https://graph.microsoft.com'],
  ])('%s requests a token for %s', async (scope, audience) => {
    const { body } = await exchange('innocenty', { form: { scope } });
    expect(claimsOf(body.access_token).aud).toBe(audience);
  });

  it('can name the url of the emulator as Microsoft Graph', async () => {
    const { body } = await exchange('innocenty', { form: { scope: `${emulator.url}/.default` } });
    expect(claimsOf(body.access_token).aud).toBe(emulator.url);
  });

  it.each([
    ['openid', 70011, 'invalid_scope'],
    ['https://graph.microsoft.com/nonsense', 70011, 'invalid_scope'],
    ['https://graph.microsoft.com/.default https://graph.microsoft.com/User.Read', 70011, 'invalid_scope'],
    ['https://graph.microsoft.com/User.Read https://graph.microsoft.us/User.Read', 28000, 'invalid_request'],
    ['https://other.example/.default', 500011, 'invalid_resource'],
    [undefined, 900144, 'invalid_request'],
  ])('rejects %s with %i', async (scope, code, error) => {
    expect(errorOf(await exchange('innocenty', { form: { scope } }))).toEqual([400, error, [code]]);
  });

  it('cannot name the gateway itself, for which it has no consent', async () => {
    const scope = `${emulator.entra.gateway.appIdUri}/.default`;
    expect(errorOf(await exchange('innocenty', { form: { scope } }))).toEqual([
      400,
      'invalid_grant',
      [65001],
    ]);
  });
});

describe('invalid on-behalf-of requests', () => {
  it.each<[string, Form, number, string]>([
    ['no grant type', { grant_type: undefined }, 900144, 'invalid_request'],
    ['an empty grant type', { grant_type: '' }, 900144, 'invalid_request'],
    ['another grant type', { grant_type: 'refresh_token' }, 70003, 'unsupported_grant_type'],
    ['no requested_token_use', { requested_token_use: undefined }, 900144, 'invalid_request'],
    ['another requested_token_use', { requested_token_use: 'x' }, 90023, 'invalid_request'],
    ['no assertion', { assertion: undefined }, 900144, 'invalid_request'],
    ['no client', { client_id: undefined }, 900144, 'invalid_request'],
  ])('%s', async (_, form, code, error) => {
    expect(errorOf(await exchange('innocenty', { form }))).toEqual([400, error, [code]]);
  });

  it('a JSON body', async () => {
    const headers = { 'content-type': 'application/json' };
    const reply = await askToken(emulator, { grant_type: 'client_credentials' }, { headers });
    expect(errorOf(reply)).toEqual([400, 'invalid_request', [900144]]);
  });

  it('an unknown tenant', async () => {
    const form = onBehalfOf(emulator, await emulator.entra.userToken('innocenty'));
    expect(errorOf(await askToken(emulator, form, { tenant: 'nowhere.example' }))).toEqual([
      400,
      'invalid_request',
      [90002],
    ]);
  });

  it('a GET request', async () => {
    const { body } = await ask(emulator, 'GET', '/common/oauth2/v2.0/token', { as: null });
    expect(body.error_description).toMatch(/only accepts POST requests\. Received a GET request\./);
  });
});
