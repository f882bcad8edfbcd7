import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/emulator.ts';
import type { Reply, TestEmulator } from '../support/emulator.ts';
import { ask, startTestEmulator } from '../support/emulator.ts';

const PHONES = '/beta/me/profile/phones';
const CAR_PHONE = `${PHONES}/0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f`;
const ODD = `/beta/users/${FIXTURES.withOddShapes}/profile/phones`;
const SHOW = { prefer: 'include-unknown-enum-members' };

let emulator: TestEmulator;
beforeEach(async () => {
  emulator = await startTestEmulator();
});
afterEach(() => emulator.close());

const create = (allowedAudiences: unknown, headers = {}): Promise<Reply> =>
  ask(emulator, 'POST', PHONES, { json: { number: '1', allowedAudiences }, headers });
const update = (json: unknown, headers = {}): Promise<Reply> =>
  ask(emulator, 'PATCH', CAR_PHONE, { json, headers });
const find = async (filter: string, headers = {}): Promise<string[] | number> => {
  const query = new URLSearchParams({ $filter: filter, $select: 'displayName' });
  const { status, body } = await ask(emulator, 'GET', `${ODD}?${query}`, { headers });
  return status === 200 ? body.value.map((phone: { displayName: string }) => phone.displayName) : status;
};
const audiencesOf = async (name: string, headers = {}): Promise<string> => {
  const { body } = await ask(emulator, 'GET', ODD, { headers });
  return body.value.find((phone: { displayName: string }) => phone.displayName === name).allowedAudiences;
};

describe('CSDL allowedAudiences, IsFlags: several members are one string, separated by commas', () => {
  it.each([
    ['organization', 'organization'],
    ['organization,contacts', 'contacts,organization'],
    ['organization, contacts', 'contacts,organization'],
    ['everyone,everyone', 'everyone'],
    ['me', 'me'],
    ['me,family', 'family'],
    ['family,contacts,groupMembers,organization,federatedOrganizations,everyone', undefined],
    [0, 'me'],
    [10, 'contacts,organization'],
    ['10', 'contacts,organization'],
    ['organization,2', 'contacts,organization'],
  ])('%j is stored in member order, and without `me` when there are others', async (sent, stored) => {
    const { status, body } = await create(sent);
    expect([status, body.allowedAudiences]).toEqual([201, stored ?? sent]);
  });

  it.each([
    '',
    ',',
    'nobody',
    'Organization',
    'organization;contacts',
    'organization,',
    -1,
    256,
    1.5,
    true,
    ['me'],
  ])('%j is rejected with 400', async (sent) => {
    expect((await create(sent)).status).toBe(400);
    expect((await update({ allowedAudiences: sent })).status).toBe(400);
  });
});

describe('evolvable enums: the sentinel as an input', () => {
  it.each(['unknownFutureValue', 'organization,unknownFutureValue', 64])(
    'POST of %j is rejected with 400',
    async (sent) => {
      expect((await create(sent)).status).toBe(400);
      expect((await create(sent, SHOW)).status).toBe(400);
    },
  );

  it.each(['unknownFutureValue', 'organization,unknownFutureValue', 64])(
    'PATCH of %j is as if the property were absent',
    async (sent) => {
      const { status, body } = await update({ allowedAudiences: sent, type: 'home' });
      expect([status, body.allowedAudiences, body.type]).toEqual([200, 'organization', 'home']);
    },
  );

  it('PATCH of only the sentinel changes nothing', async () => {
    const { '@odata.context': before } = (await ask(emulator, 'GET', CAR_PHONE)).body;
    const { body } = await update({ allowedAudiences: 'unknownFutureValue' });
    expect(body).toEqual({ ...(await ask(emulator, 'GET', CAR_PHONE)).body, '@odata.context': before });
    expect(body.lastModifiedDateTime).toBe('2020-07-06T06:34:12.2294868Z');
  });
});

describe('evolvable enums: newer members in responses', () => {
  it('are returned as the sentinel', async () => {
    expect(await audiencesOf('For newer ones')).toBe('unknownFutureValue');
    expect(await audiencesOf('For both')).toBe('organization,unknownFutureValue');
  });

  it('are returned by name with Prefer: include-unknown-enum-members, and the response names the applied preference', async () => {
    expect(await audiencesOf('For newer ones', SHOW)).toBe('trustedPartners');
    expect(await audiencesOf('For both', SHOW)).toBe('organization,trustedPartners');
    const { headers } = await ask(emulator, 'GET', ODD, {
      headers: { prefer: 'x=1, Include-Unknown-Enum-Members' },
    });
    expect(headers.get('preference-applied')).toBe('include-unknown-enum-members');
  });

  it('are returned without Preference-Applied when no preference was sent', async () => {
    expect((await ask(emulator, 'GET', ODD)).headers.has('preference-applied')).toBe(false);
  });
});

describe('evolvable enums: newer members in requests', () => {
  it('are rejected with 400 without the preference, and accepted with it', async () => {
    expect((await create('trustedPartners')).status).toBe(400);
    expect((await update({ allowedAudiences: 'trustedPartners' })).status).toBe(400);
    expect((await create('trustedPartners', SHOW)).body.allowedAudiences).toBe('trustedPartners');
    expect((await create('128', SHOW)).body.allowedAudiences).toBe('trustedPartners');
  });

  it('are accepted together with return=minimal, and both preferences are applied', async () => {
    const prefer = 'return=minimal, include-unknown-enum-members';
    const { status, headers } = await update({ allowedAudiences: 'trustedPartners' }, { prefer });
    expect(status).toBe(204);
    expect(headers.get('preference-applied')).toBe('include-unknown-enum-members, return=minimal');
  });
});

describe('evolvable enums: $filter', () => {
  it('eq unknownFutureValue finds newer members without the preference, and nothing with it', async () => {
    expect(await find("allowedAudiences eq 'unknownFutureValue'")).toEqual(['For newer ones']);
    expect(await find("allowedAudiences has 'unknownFutureValue'")).toEqual(['For newer ones', 'For both']);
    expect(await find("allowedAudiences eq 'unknownFutureValue'", SHOW)).toEqual([]);
    expect(await find("allowedAudiences has 'unknownFutureValue'", SHOW)).toEqual([]);
  });

  it('by the name of a newer member is rejected with 400 without the preference', async () => {
    expect(await find("allowedAudiences has 'trustedPartners'")).toBe(400);
    expect(await find("allowedAudiences has 'trustedPartners'", SHOW)).toEqual([
      'For newer ones',
      'For both',
    ]);
  });
});

describe('CSDL phoneType: neither flags nor evolvable', () => {
  it('a stored type that is not a member is returned unchanged', async () => {
    const { body } = await ask(emulator, 'GET', `${ODD}?$select=type,displayName`);
    expect(body.value).toContainEqual(
      expect.objectContaining({ displayName: 'A type nobody knows', type: 'satellite' }),
    );
  });

  it('unknownFutureValue is not a member, and is rejected with 400 in POST and in PATCH', async () => {
    const json = { number: '1', type: 'unknownFutureValue' };
    expect((await ask(emulator, 'POST', PHONES, { json })).status).toBe(400);
    expect((await update(json)).status).toBe(400);
  });

  it('a member can be sent by its number', async () => {
    expect((await update({ type: 6 })).body.type).toBe('businessFax');
    expect((await update({ type: '2' })).body.type).toBe('mobile');
  });
});
