import { afterAll, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/emulator.ts';
import { ask, startTestEmulator } from '../support/emulator.ts';

const emulator = await startTestEmulator();
afterAll(() => emulator.close());

const MINE = '/beta/me/profile/phones';
const THEIRS = `/beta/users/${FIXTURES.withNone}/profile/phones`;
const NOBODYS = '/beta/users/nobody@contoso.com/profile/phones';

async function outcome(as: string | null, method: string, path: string): Promise<string> {
  const json = method === 'GET' || method === 'DELETE' ? undefined : { number: '1' };
  const { status, body } = await ask(emulator, method, path, { as, ...(json === undefined ? {} : { json }) });
  return `${status} ${body.error?.code ?? ''}`.trim();
}

describe('permissions reference: permissions for each path', () => {
  it.each([
    ['innocenty', 'GET', MINE, '200'],
    ['innocenty', 'POST', MINE, '201'],
    ['innocenty', 'GET', THEIRS, '200'],
    ['innocenty', 'POST', `/beta/users/${FIXTURES.innocenty}/profile/phones`, '201'],
    ['innocenty', 'POST', THEIRS, '403 ErrorAccessDeniedForRole'],
    ['innocenty', 'DELETE', `${THEIRS}/x`, '403 ErrorAccessDeniedForRole'],
    ['innocenty', 'DELETE', `/beta/users/${FIXTURES.withNone}/profile`, '403 ErrorAccessDeniedForRole'],
    ['innocenty', 'GET', '/beta/users', '200'],
    ['innocenty', 'GET', NOBODYS, '404 Request_ResourceNotFound'],
    ['namesake', 'GET', MINE, '200'],
    ['admin', 'GET', THEIRS, '200'],
    ['admin', 'POST', THEIRS, '201'],
    ['admin', 'POST', NOBODYS, '404 Request_ResourceNotFound'],
    ['reader', 'GET', '/beta/me', '200'],
    ['reader', 'GET', MINE, '200'],
    ['reader', 'GET', `/beta/users/${FIXTURES.reader}/profile/phones`, '200'],
    ['reader', 'POST', MINE, '403 Authorization_RequestDenied'],
    ['reader', 'POST', `/beta/users/${FIXTURES.reader}/profile/phones`, '403 Authorization_RequestDenied'],
    ['reader', 'GET', THEIRS, '403 Authorization_RequestDenied'],
    ['reader', 'GET', NOBODYS, '403 Authorization_RequestDenied'],
    ['reader', 'GET', `/beta/users/${FIXTURES.withNone}`, '403 Authorization_RequestDenied'],
    ['reader', 'GET', '/beta/users', '403 Authorization_RequestDenied'],
    ['service', 'GET', THEIRS, '200'],
    ['service', 'GET', '/beta/users', '200'],
    ['service', 'GET', '/beta/me', '400 BadRequest'],
    ['service', 'POST', MINE, '400 BadRequest'],
    ['service', 'POST', THEIRS, '403 ErrorAccessDeniedForRole'],
    ['service-writer', 'POST', THEIRS, '201'],
    ['expired', 'GET', MINE, '401 InvalidAuthenticationToken'],
    ['made-up', 'GET', MINE, '401 InvalidAuthenticationToken'],
    [null, 'GET', MINE, '401 InvalidAuthenticationToken'],
    [null, 'GET', '/beta/nonsense', '401 InvalidAuthenticationToken'],
  ])('%s: %s %s returns %s', async (as, method, path, expected) => {
    expect(await outcome(as, method, path)).toBe(expected);
  });

  it('a missing permission has the errors of Graph', async () => {
    const { body } = await ask(emulator, 'POST', THEIRS, { json: { number: '1' } });
    expect(body.error.message).toBe(
      "Exception of type 'Microsoft.Fast.Profile.Core.Exception.ProfileAccessDeniedException' was thrown.",
    );
    const me = await ask(emulator, 'GET', '/beta/me', { as: 'service' });
    expect(me.body.error.message).toBe('/me request is only valid with delegated authentication flow.');
  });
});

describe('tokens', () => {
  it.each([
    ['missing', null, {}, 'Access token is empty.'],
    ['unknown', 'made-up', {}, 'CompactToken validation failed with reason code: 80049228.'],
    ['expired', 'expired', {}, 'Access token has expired or is not yet valid.'],
    [
      'two at once',
      null,
      { authorization: 'Bearer demo-token-admin, Bearer x' },
      'CompactToken validation failed with reason code: 80049228.',
    ],
    ['of another scheme', null, { authorization: 'Basic demo-token-admin' }, 'Access token is empty.'],
  ])('%s: returns 401 and a challenge without claims', async (_, as, headers, message) => {
    const reply = await ask(emulator, 'GET', MINE, { as, headers });
    expect([reply.status, reply.body.error.message]).toEqual([401, message]);
    expect(reply.headers.get('www-authenticate')).toBe(
      'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"',
    );
  });

  it('are listed with their user and permissions', () => {
    const innocenty = emulator.tokens.find(({ name }) => name === 'innocenty');
    expect(innocenty).toMatchObject({
      token: 'demo-token-innocenty',
      person: 'db789417-4ccb-41d1-a0a9-47b01a09ea49',
      scopes: ['User.ReadWrite', 'User.ReadBasic.All', 'User.Read.All'],
      roles: [],
    });
    expect(emulator.tokens.find(({ name }) => name === 'service')).not.toHaveProperty('person');
  });

  it('are accepted with the scheme in any case', async () => {
    const headers = { authorization: 'bearer demo-token-admin' };
    expect((await ask(emulator, 'GET', MINE, { as: null, headers })).status).toBe(200);
  });
});

describe('User.ReadBasic.All allows to read the basic profile of others', () => {
  const of = (path: string, as: string) => ask(emulator, 'GET', path, { as });
  const SELECT =
    '$select=id,displayName,givenName,surname,mail,userPrincipalName,jobTitle,department,officeLocation,preferredLanguage,userType,accountEnabled,businessPhones,mobilePhone';
  const BASIC = ['displayName', 'givenName', 'id', 'mail', 'surname', 'userPrincipalName'];

  it('and other properties are null or empty, on every path', async () => {
    const whole = (await of(`/v1.0/users/${FIXTURES.innocenty}?${SELECT}`, 'admin')).body;
    const basic = Object.fromEntries(
      Object.entries(whole).map(([name, value]) => {
        const isShown = BASIC.includes(name) || name.startsWith('@');
        return [name, isShown ? value : name === 'businessPhones' ? [] : null];
      }),
    );
    expect(whole).not.toEqual(basic);
    expect((await of(`/v1.0/users/${FIXTURES.innocenty}?${SELECT}`, 'namesake')).body).toEqual(basic);
    const { body } = await of(`/v1.0/users?${SELECT}&$top=1`, 'namesake');
    expect(body.value).toEqual([{ ...basic, '@odata.context': undefined }]);
  });

  it('and every property of the signed-in user', async () => {
    const { body } = await of(`/v1.0/users/${FIXTURES.namesake}?$select=userType`, 'namesake');
    expect(body.userType).toBe('Member');
  });

  it('and a query by other properties is not emulated', async () => {
    for (const query of [
      "$filter=department eq 'Sales'",
      '$filter=not (accountEnabled eq true)&$count=true',
    ]) {
      const headers = { ConsistencyLevel: 'eventual' };
      const path = `/v1.0/users?${query.replaceAll(' ', '%20')}`;
      expect((await ask(emulator, 'GET', path, { as: 'namesake', headers })).body.error.code).toBe(
        'NotEmulated',
      );
      expect((await ask(emulator, 'GET', path, { as: 'innocenty', headers })).status).toBe(200);
    }
  });
});
