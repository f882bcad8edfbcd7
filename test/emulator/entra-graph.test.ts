import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Cloud, TokenOverrides } from '../../emulator/emulator.ts';
import type { Reply, TestEmulator } from '../support/emulator.ts';
import { ask, askToken, claimsOf, onBehalfOf, startTestEmulator } from '../support/emulator.ts';

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator();
});
afterEach(() => emulator.reset());
afterAll(() => emulator.close());

const PHONES = '/beta/me/profile/phones';

function read(token: string, path = PHONES, from = emulator): Promise<Reply> {
  return ask(from, 'GET', path, { as: null, headers: { authorization: `Bearer ${token}` } });
}

describe('a signed token at Microsoft Graph', () => {
  it('identifies its user and permissions', async () => {
    const mine = await read(await emulator.entra.graphToken('innocenty'));
    expect([mine.status, mine.body.value.length]).toEqual([200, 3]);
    const token = await emulator.entra.graphToken('innocenty', { scope: 'User.Read' });
    expect((await read(token, '/beta/users')).status).toBe(403);
  });

  it('identifies the application in the phones that it creates', async () => {
    const { entra } = emulator;
    const token = await entra.graphToken('innocenty', { client: entra.clients.unlisted });
    const reply = await ask(emulator, 'POST', PHONES, {
      as: null,
      headers: { authorization: `Bearer ${token}` },
      json: { number: '1' },
    });
    expect(reply.body.createdBy.application).toEqual({
      displayName: 'Unlisted App',
      id: entra.clients.unlisted,
    });
  });

  it.each<[string, TokenOverrides, string]>([
    ['that has expired', { expiresInSeconds: 0 }, 'Access token has expired or is not yet valid.'],
    [
      'that is not yet valid',
      { claims: { nbf: 1_600_000_000 } },
      'Access token has expired or is not yet valid.',
    ],
    ['for the gateway', { claims: { aud: 'api://x' } }, 'Access token validation failure. Invalid audience.'],
    [
      'for the Graph of another cloud',
      { claims: { aud: 'https://graph.microsoft.us' } },
      'Access token validation failure. Invalid audience.',
    ],
    ['of an unknown key', { key: 'unknown' }, 'CompactToken validation failed with reason code: 80049228.'],
    ['of another algorithm', { alg: 'PS256' }, 'CompactToken validation failed with reason code: 80049228.'],
    [
      'of another issuer',
      { claims: { iss: 'x' } },
      'CompactToken validation failed with reason code: 80049228.',
    ],
    [
      'of a user who does not exist',
      { claims: { oid: 'x' } },
      'CompactToken validation failed with reason code: 80049228.',
    ],
  ])('is rejected: %s', async (_, overrides, message) => {
    const { status, headers, body } = await read(await emulator.entra.graphToken('innocenty', overrides));
    expect([status, body.error.code, body.error.message]).toEqual([
      401,
      'InvalidAuthenticationToken',
      message,
    ]);
    expect(headers.get('www-authenticate')).not.toContain('claims');
  });

  it('is rejected when it is of the foreign tenant', async () => {
    const { foreignTenantId } = emulator.entra;
    expect((await read(await emulator.entra.graphToken('admin', { tenant: foreignTenantId }))).status).toBe(
      401,
    );
  });

  it('is rejected when it is for the gateway', async () => {
    expect((await read(await emulator.entra.userToken('innocenty'))).body.error.message).toBe(
      'Access token validation failure. Invalid audience.',
    );
  });

  it('is rejected as soon as its key is withdrawn', async () => {
    const token = await emulator.entra.graphToken('innocenty', { key: 'current' });
    const next = await emulator.entra.graphToken('innocenty', { key: 'other' });
    expect([(await read(token)).status, (await read(next)).status]).toEqual([200, 200]);
    await emulator.entra.rotateKeys();
    expect([(await read(token)).status, (await read(next)).status]).toEqual([401, 200]);
  });

  it('expires by the clock of the emulator, also after it was accepted', async () => {
    await using own = await startTestEmulator();
    const token = await own.entra.graphToken('innocenty');
    expect((await read(token, PHONES, own)).status).toBe(200);
    own.clock.advance(3_599_000);
    expect((await read(token, PHONES, own)).status).toBe(401);
  });

  it('grants an application its roles', async () => {
    const { entra } = emulator;
    const token = await entra.graphAppToken(['User.Read.All']);
    expect((await read(token, '/beta/users?$top=1')).status).toBe(200);
    expect((await read(token, PHONES)).status).toBe(400);
    expect((await read(await entra.graphAppToken([]), '/beta/users?$top=1')).status).toBe(403);
  });
});

describe('the recorded calls', () => {
  it('contain the name of the user and the id of the token, but no token', async () => {
    const token = await emulator.entra.graphToken('innocenty');
    await read(token);
    await read(await emulator.entra.graphToken('yuki.tanaka@contoso.com'));
    await read(await emulator.entra.graphToken('admin', { expiresInSeconds: 0 }));
    await read(await emulator.entra.graphToken('admin', { key: 'unknown' }));
    await read(await emulator.entra.graphAppToken([]));
    await ask(emulator, 'GET', PHONES);
    expect(emulator.calls.map((call) => call.token)).toEqual([
      'innocenty',
      'yuki.tanaka@contoso.com',
      'admin',
      null,
      'daemon',
      'innocenty',
    ]);
    expect(emulator.calls[0]?.tokenId).toBe(claimsOf(token).uti);
    expect(emulator.calls[5]?.tokenId).toBeNull();
    expect(JSON.stringify(emulator.calls)).not.toContain(token.split('.')[2]);
  });

  it('contain only the grant type and the scope of a token request', async () => {
    const { entra } = emulator;
    const assertion = await entra.userToken('innocenty');
    const { body } = await askToken(emulator, onBehalfOf(emulator, assertion));
    await ask(
      emulator,
      'POST',
      `/${entra.tenantId}/oauth2/v2.0/token?client_secret=${entra.gateway.clientSecret}`,
      {
        as: null,
        json: { client_secret: entra.gateway.clientSecret },
        headers: { authorization: `Basic ${entra.gateway.clientSecret}` },
      },
    );
    const path = `/${entra.tenantId}/oauth2/v2.0/token`;
    expect(emulator.calls.map((call) => [call.path, call.body, call.token])).toEqual([
      [
        path,
        {
          grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
          scope: 'https://graph.microsoft.com/.default',
        },
        null,
      ],
      [path, {}, null],
    ]);
    const record = JSON.stringify(emulator.calls);
    for (const secret of [entra.gateway.clientSecret, assertion, body.access_token])
      expect(record).not.toContain(secret);
  });
});

describe('clouds', () => {
  const ROOTS: Record<Cloud, string> = {
    global: 'https://graph.microsoft.com',
    'us-gov-l4': 'https://graph.microsoft.us',
    'us-gov-l5': 'https://dod-graph.microsoft.us',
    china: 'https://microsoftgraph.chinacloudapi.cn',
  };
  const CLOUDS = Object.keys(ROOTS) as Cloud[];
  const ISSUERS: Record<Cloud, string> = {
    global: 'https://login.microsoftonline.com',
    'us-gov-l4': 'https://login.microsoftonline.us',
    'us-gov-l5': 'https://login.microsoftonline.us',
    china: 'https://login.partner.microsoftonline.cn',
  };

  it.each(CLOUDS)('an emulator of %s accepts tokens for this cloud only', async (cloud) => {
    await using own = await startTestEmulator({ cloud });
    const assertion = await own.entra.userToken('innocenty');
    expect(claimsOf(assertion).iss).toBe(`${ISSUERS[cloud]}/${own.entra.tenantId}/v2.0`);
    const statuses: Record<string, number> = {};
    for (const other of CLOUDS) {
      const form = { ...onBehalfOf(own, assertion), scope: `${ROOTS[other]}/.default` };
      const { body } = await askToken(own, form);
      expect(claimsOf(body.access_token).aud).toBe(ROOTS[other]);
      statuses[other] = (await read(body.access_token, PHONES, own)).status;
    }
    expect(statuses).toEqual(Object.fromEntries(CLOUDS.map((name) => [name, name === cloud ? 200 : 401])));
  });

  it('an emulator without a cloud accepts tokens for the global cloud and for its own url', async () => {
    const assertion = await emulator.entra.userToken('innocenty');
    const statusOf = async (root: string): Promise<number> => {
      const form = { ...onBehalfOf(emulator, assertion), scope: `${root}/.default` };
      return (await read((await askToken(emulator, form)).body.access_token)).status;
    };
    expect(await statusOf(emulator.url)).toBe(200);
    expect(await statusOf(ROOTS.global)).toBe(200);
    expect(await statusOf(ROOTS.china)).toBe(401);
  });
});

// After a session is revoked, Graph rejects a token that has not expired. The middle tier requests another one with the
// claims of the challenge. When the user must sign in again for them, the token endpoint answers with an error.
describe('continuous access evaluation', () => {
  const WANTED = { access_token: { nbf: { essential: true, value: '1594209600' } } };
  const STEP_UP = { access_token: { acrs: { essential: true, value: 'c1' } } };
  const CP1 = { access_token: { xms_cc: { values: ['cp1'] } } };

  async function exchange(claims: object, token: TokenOverrides = {}): Promise<string> {
    const assertion = await emulator.entra.userToken('innocenty', token);
    const form = { ...onBehalfOf(emulator, assertion), claims: JSON.stringify(claims) };
    return (await askToken(emulator, form)).body.access_token;
  }
  const withCp1 = (claims: { access_token: object }) => ({
    access_token: { ...CP1.access_token, ...claims.access_token },
  });

  it('answers 401 with the claims in base64', async () => {
    const token = await exchange(CP1);
    emulator.entra.caeChallenge('innocenty', WANTED);
    const { status, headers, body } = await read(token);
    const claims = Buffer.from(JSON.stringify(WANTED)).toString('base64');
    expect([status, headers.get('www-authenticate')]).toEqual([
      401,
      `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="${claims}"`,
    ]);
    expect(body.error).toMatchObject({
      code: 'InvalidAuthenticationToken',
      message:
        'Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenCreatedWithOutdatedPolicies',
    });
  });

  it('accepts only a token that was issued for a request with the claims', async () => {
    const old = await exchange(CP1);
    emulator.entra.caeChallenge('innocenty', STEP_UP);
    const without = await exchange(CP1);
    const other = await exchange(withCp1({ access_token: { acrs: { essential: true, value: 'c2' } } }));
    const requested = await exchange(withCp1(STEP_UP));
    const statuses = await Promise.all(
      [old, without, other, requested].map(async (token) => (await read(token)).status),
    );
    expect(statuses).toEqual([401, 401, 401, 200]);
  });

  it('accepts a token that was issued for an assertion with the claims', async () => {
    emulator.entra.caeChallenge('innocenty', STEP_UP);
    expect((await read(await exchange(CP1, { claims: { acrs: ['c1'] } }))).status).toBe(200);
  });

  it('rejects the token of an earlier challenge', async () => {
    emulator.entra.caeChallenge('innocenty', STEP_UP);
    const token = await exchange(withCp1(STEP_UP));
    emulator.entra.caeChallenge('innocenty', STEP_UP);
    expect((await read(token)).status).toBe(401);
  });

  it('accepts tokens of clients without cp1, of other users, and of applications', async () => {
    emulator.entra.caeChallenge('innocenty', WANTED);
    const { entra } = emulator;
    const claims = { xms_cc: ['cp1'] };
    for (const token of [
      await exchange({}),
      await entra.graphToken('admin', { claims }),
      await entra.graphAppToken(['User.Read.All'], { claims }),
    ])
      expect((await read(token, '/beta/users/innocenty@contoso.com')).status).toBe(200);
  });

  it('rejects demo tokens too, and whole batches', async () => {
    emulator.entra.caeChallenge('innocenty', WANTED);
    const requests = [{ id: '1', method: 'GET', url: '/me' }];
    const batch = await ask(emulator, 'POST', '/beta/$batch', { json: { requests } });
    expect([(await ask(emulator, 'GET', PHONES)).status, batch.status]).toEqual([401, 401]);
  });

  it('ends when removed, and with a reset', async () => {
    emulator.entra.caeChallenge('innocenty', WANTED);
    emulator.entra.caeChallenge('innocenty', null);
    expect((await ask(emulator, 'GET', PHONES)).status).toBe(200);
    emulator.entra.caeChallenge('innocenty', WANTED);
    emulator.reset();
    expect((await ask(emulator, 'GET', PHONES)).status).toBe(200);
  });

  it('works together with a challenge at the token endpoint', async () => {
    emulator.entra.caeChallenge('innocenty', STEP_UP);
    emulator.entra.challenge('innocenty', STEP_UP);
    const assertion = await emulator.entra.userToken('innocenty');
    const form = { ...onBehalfOf(emulator, assertion), claims: JSON.stringify(withCp1(STEP_UP)) };
    const response = await askToken(emulator, form);
    expect(JSON.parse(response.body.claims)).toEqual(STEP_UP);
    const signedInAgain = { claims: { acrs: ['c1'] } };
    expect((await read(await exchange(CP1, signedInAgain))).status).toBe(200);
  });
});

describe('tokens issued by EntraControl', () => {
  it.each<[string, TokenOverrides, object]>([
    ['another client', { client: 'x' }, { azp: 'x' }],
    ['another scope', { scope: 'A B' }, { scp: 'A B' }],
    ['additional claims', { claims: { tid: 'x', acrs: ['c1'] } }, { tid: 'x', acrs: ['c1'] }],
    ['a short lifetime', { expiresInSeconds: 60 }, { exp: 1_594_209_660, iat: 1_594_206_061 }],
    ['a long lifetime', { expiresInSeconds: 9_000 }, { exp: 1_594_218_600, iat: 1_594_209_600 }],
    ['an expiry in the past', { expiresInSeconds: -5 }, { exp: 1_594_209_595, iat: 1_594_205_996 }],
  ])('can have %s', async (_, overrides, expected) => {
    expect(claimsOf(await emulator.entra.userToken('innocenty', overrides))).toMatchObject(expected);
  });

  it('omit undefined members', async () => {
    const claims = { exp: undefined, scp: undefined };
    const token = await emulator.entra.userToken('innocenty', { claims, header: { kid: undefined } });
    expect(Object.keys(claimsOf(token))).not.toContain('exp');
    const [header = ''] = token.split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ typ: 'JWT', alg: 'RS256' });
  });

  it('can be for any user of the tenant, by any name', async () => {
    const { entra } = emulator;
    const oids = ['innocenty', 'innocenty@contoso.com', 'db789417-4ccb-41d1-a0a9-47b01a09ea49'].map(
      async (name) => claimsOf(await entra.userToken(name)).oid,
    );
    expect(new Set(await Promise.all(oids)).size).toBe(1);
    await expect(entra.userToken('nobody')).rejects.toThrow('there is no user named nobody');
    await expect(entra.userToken('admin', { tenant: 'x' })).rejects.toThrow('there is no tenant x');
  });

  it('of an application have roles, and the application as their subject', async () => {
    const { entra } = emulator;
    const claims = claimsOf(await entra.appToken(['Phones.Read.All']));
    expect(claims).toMatchObject({ azp: entra.clients.daemon, roles: ['Phones.Read.All'] });
    expect([claims.sub === claims.oid, claims.scp]).toEqual([true, undefined]);
  });
});
