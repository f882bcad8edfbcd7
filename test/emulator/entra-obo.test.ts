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

function refusalOf({ status, body }: Reply): unknown[] {
  return [status, body.error, body.error_codes];
}

describe('on-behalf-of flow: a token for Microsoft Graph', () => {
  it('names the person, the tenant, the gateway and what was consented to', async () => {
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
      scp: 'User.ReadWrite User.ReadBasic.All',
      tid: entra.tenantId,
      upn: 'innocenty@contoso.com',
      ver: '1.0',
    });
  });

  it('is good at Microsoft Graph, as the person through the gateway', async () => {
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

  it('is another each time', async () => {
    const [first, second] = [await exchange(), await exchange()];
    expect(claimsOf(first.body.access_token).uti).not.toBe(claimsOf(second.body.access_token).uti);
  });

  it('lists the permissions in `scope`, and what was asked', async () => {
    const { body } = await exchange('reader');
    expect(body.scope).toBe('https://graph.microsoft.com/User.Read https://graph.microsoft.com/.default');
  });

  it('comes with a refresh token, an ID token and the client info only when they are asked for', async () => {
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

  it('takes assertions of version 1.0, for the App ID URI', async () => {
    const { entra } = emulator;
    const token = await entra.userToken('innocenty', { version: '1.0' });
    expect(claimsOf(token)).toMatchObject({
      aud: entra.gateway.appIdUri,
      iss: `https://sts.windows.net/${entra.tenantId}/`,
      appid: entra.clients.frontEnd,
    });
    expect((await askToken(emulator, onBehalfOf(emulator, token))).status).toBe(200);
  });

  it('is got at /common too, where the assertion says which tenant', async () => {
    const assertion = await emulator.entra.userToken('innocenty');
    const reply = await askToken(emulator, onBehalfOf(emulator, assertion), { tenant: 'common' });
    expect(claimsOf(reply.body.access_token).tid).toBe(emulator.entra.tenantId);
  });
});

describe('client capabilities', () => {
  it('cp1 is in the token, which lasts longer, since it can be taken back', async () => {
    const { body } = await exchange('innocenty', { form: { claims: CP1 } });
    const { xms_cc: capabilities, exp, iat } = claimsOf(body.access_token);
    expect([capabilities, body.expires_in, exp - iat]).toEqual([['cp1'], 86_399, 86_399]);
  });

  it('are absent where none were named', async () => {
    const { body } = await exchange();
    expect(claimsOf(body.access_token)).not.toHaveProperty('xms_cc');
  });

  it.each(['{', '[]', '{"access_token":1}'])('claims of %s are refused', async (claims) => {
    expect(refusalOf(await exchange('innocenty', { form: { claims } }))).toEqual([
      400,
      'invalid_request',
      [90023],
    ]);
  });
});

describe('error responses: the shape', () => {
  it('has the number, the ids and the time in the text and in fields of their own', async () => {
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

describe('assertions that are refused', () => {
  it.each<[string, TokenOverrides, number, string]>([
    ['an expired one', { expiresInSeconds: 0 }, 500133, 'invalid_grant'],
    ['one that begins later', { claims: { nbf: 1_600_000_000 } }, 500133, 'invalid_grant'],
    ['one without an end', { claims: { exp: undefined } }, 500133, 'invalid_grant'],
    ['one for another application', { claims: { aud: 'api://other' } }, 500131, 'invalid_grant'],
    ['one for Microsoft Graph', { claims: { aud: 'https://graph.microsoft.com' } }, 500131, 'invalid_grant'],
    ['one of a key that is not published', { key: 'unknown' }, 50013, 'invalid_grant'],
    ['one of another algorithm', { alg: 'PS256' }, 50013, 'invalid_grant'],
    ['one without a signature', { alg: 'none' }, 50013, 'invalid_grant'],
    ['one without a key id', { header: { kid: undefined } }, 50013, 'invalid_grant'],
    ['one of another issuer', { claims: { iss: 'https://sts.windows.net/x/' } }, 50013, 'invalid_grant'],
    ['one of version 1.0 with the issuer of 2.0', { claims: { ver: '1.0' } }, 50013, 'invalid_grant'],
    ['one of somebody who has left', { claims: { oid: 'gone' } }, 50034, 'invalid_grant'],
    ['one that an application has for itself', { claims: { idtyp: 'app' } }, 7000114, 'unauthorized_client'],
  ])('%s', async (_, token, code, error) => {
    expect(refusalOf(await exchange('innocenty', { token }))).toEqual([400, error, [code]]);
  });

  it('an application token has no person to act for', async () => {
    const assertion = await emulator.entra.appToken(['Phones.Read.All']);
    const reply = await askToken(emulator, onBehalfOf(emulator, assertion));
    expect(refusalOf(reply)).toEqual([400, 'unauthorized_client', [7000114]]);
  });

  it('a token of the foreign tenant is refused at home, and the gateway is unknown abroad', async () => {
    const { foreignTenantId } = emulator.entra;
    const assertion = await emulator.entra.userToken('innocenty', { tenant: foreignTenantId });
    const home = await askToken(emulator, onBehalfOf(emulator, assertion));
    expect(refusalOf(home)).toEqual([400, 'invalid_grant', [50013]]);
    const abroad = await askToken(emulator, onBehalfOf(emulator, assertion), { tenant: foreignTenantId });
    expect(refusalOf(abroad)).toEqual([400, 'unauthorized_client', [700016]]);
    expect(claimsOf(assertion).oid).not.toBe(PERSON);
  });

  it('a token that was good until its key was withdrawn', async () => {
    const assertion = await emulator.entra.userToken('innocenty');
    await emulator.entra.rotateKeys();
    expect(refusalOf(await askToken(emulator, onBehalfOf(emulator, assertion)))).toEqual([
      400,
      'invalid_grant',
      [50013],
    ]);
  });

  it('a demo token is no assertion', async () => {
    const reply = await askToken(emulator, onBehalfOf(emulator, 'demo-token-innocenty'));
    expect(refusalOf(reply)).toEqual([400, 'invalid_grant', [50027]]);
  });

  it('they end with the clock of the emulator', async () => {
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
  it('missing: the person has to be asked', async () => {
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

  it('missing for one permission that is asked by name', async () => {
    const ask = (scope: string) => exchange('reader', { form: { scope } });
    expect((await ask('User.Read')).status).toBe(200);
    expect(refusalOf(await ask('User.Read https://graph.microsoft.com/Mail.Read'))).toEqual([
      400,
      'invalid_grant',
      [65001],
    ]);
  });

  it('decides what the token allows, until it is given back', async () => {
    emulator.entra.consent('innocenty', ['User.Read']);
    expect(claimsOf((await exchange()).body.access_token).scp).toBe('User.Read');
    emulator.entra.consent('innocenty', null);
    expect(claimsOf((await exchange()).body.access_token).scp).toBe('User.ReadWrite User.ReadBasic.All');
  });

  it('everybody in the tenant has given some', async () => {
    const { body } = await exchange('withNone');
    expect(claimsOf(body.access_token).scp).toBe('User.ReadWrite User.ReadBasic.All');
  });
});

describe('claims challenges at the token endpoint', () => {
  const WANTED = { access_token: { acrs: { essential: true, value: 'c1' } } };

  it('interaction_required, with the claims as JSON in a string', async () => {
    emulator.entra.challenge('innocenty', WANTED);
    const { status, body } = await exchange();
    expect([status, body.error, body.error_codes]).toEqual([400, 'interaction_required', [50079]]);
    expect(JSON.parse(body.claims)).toEqual(WANTED);
    expect((await exchange('admin')).status).toBe(200);
  });

  it('invalid_grant with claims, as it was seen in the wild', async () => {
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
    ['any value, asked with null', { access_token: { mfa: null } }, { mfa: 0 }],
    ['a token from some time on', { access_token: { nbf: { value: '1594209600' } } }, {}],
    ['nothing but a capability', { access_token: { xms_cc: { values: ['cp1'] } } }, {}],
  ])('are met by an assertion that has what is wanted: %s', async (_, wanted, claims) => {
    emulator.entra.challenge('innocenty', wanted);
    expect((await exchange('innocenty', { token: { claims: { ...claims } } })).status).toBe(200);
  });

  it.each<[string, object, object]>([
    ['another value', WANTED, { acrs: ['c2'] }],
    ['only one of two', { access_token: { acrs: { value: 'c1' }, mfa: null } }, { acrs: ['c1'] }],
    ['too old', { access_token: { nbf: { value: '1594209601' } } }, {}],
  ])('are not met by an assertion with %s', async (_, wanted, claims) => {
    emulator.entra.challenge('innocenty', wanted);
    const { body } = await exchange('innocenty', { token: { claims: { ...claims } } });
    expect(body.error).toBe('interaction_required');
  });

  it('asking for the claims does not help the gateway: the person has to sign in', async () => {
    emulator.entra.challenge('innocenty', WANTED);
    const { body } = await exchange('innocenty', { form: { claims: JSON.stringify(WANTED) } });
    expect(body.error).toBe('interaction_required');
  });

  it('what the assertion has of them is in the token', async () => {
    emulator.entra.challenge('innocenty', WANTED);
    const { body } = await exchange('innocenty', { token: { claims: { acrs: ['c1'] } } });
    expect(claimsOf(body.access_token).acrs).toEqual(['c1']);
  });

  it('end when they are taken back, and with a reset', async () => {
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
  ])('%s makes a token for %s', async (scope, audience) => {
    const { body } = await exchange('innocenty', { form: { scope } });
    expect(claimsOf(body.access_token).aud).toBe(audience);
  });

  it('the root of the emulator is one of Microsoft Graph too', async () => {
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
  ])('%s is refused with %i', async (scope, code, error) => {
    expect(refusalOf(await exchange('innocenty', { form: { scope } }))).toEqual([400, error, [code]]);
  });

  it('the gateway has no consent to call itself', async () => {
    const scope = `${emulator.entra.gateway.appIdUri}/.default`;
    expect(refusalOf(await exchange('innocenty', { form: { scope } }))).toEqual([
      400,
      'invalid_grant',
      [65001],
    ]);
  });
});

describe('requests that are no on-behalf-of request', () => {
  it.each<[string, Form, number, string]>([
    ['no grant', { grant_type: undefined }, 900144, 'invalid_request'],
    ['an empty one', { grant_type: '' }, 900144, 'invalid_request'],
    ['another grant', { grant_type: 'refresh_token' }, 70003, 'unsupported_grant_type'],
    ['no use', { requested_token_use: undefined }, 900144, 'invalid_request'],
    ['another use', { requested_token_use: 'x' }, 90023, 'invalid_request'],
    ['no assertion', { assertion: undefined }, 900144, 'invalid_request'],
    ['no client', { client_id: undefined }, 900144, 'invalid_request'],
  ])('%s', async (_, form, code, error) => {
    expect(refusalOf(await exchange('innocenty', { form }))).toEqual([400, error, [code]]);
  });

  it('JSON is no form', async () => {
    const headers = { 'content-type': 'application/json' };
    const reply = await askToken(emulator, { grant_type: 'client_credentials' }, { headers });
    expect(refusalOf(reply)).toEqual([400, 'invalid_request', [900144]]);
  });

  it('no tenant of that name', async () => {
    const form = onBehalfOf(emulator, await emulator.entra.userToken('innocenty'));
    expect(refusalOf(await askToken(emulator, form, { tenant: 'nowhere.example' }))).toEqual([
      400,
      'invalid_request',
      [90002],
    ]);
  });

  it('a GET', async () => {
    const { body } = await ask(emulator, 'GET', '/common/oauth2/v2.0/token', { as: null });
    expect(body.error_description).toMatch(/only accepts POST requests\. Received a GET request\./);
  });
});
