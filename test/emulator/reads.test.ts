import { afterAll, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/emulator.ts';
import { ask, startTestEmulator } from '../support/emulator.ts';

const emulator = await startTestEmulator();
afterAll(() => emulator.close());

const MINE = '/beta/me/profile/phones';
const of = (upn: string): string => `/beta/users/${encodeURIComponent(upn)}/profile/phones`;
const THIRTY = of(FIXTURES.withThirty);
const EVERY_TYPE = of(FIXTURES.withEveryType);
const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
const CAR_PHONE = '0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f';

const get = (path: string, headers?: Record<string, string>) =>
  ask(emulator, 'GET', path, headers === undefined ? {} : { headers });
const names = (body: { value: { displayName: string }[] }): string[] =>
  body.value.map((phone) => phone.displayName);

describe('profile-list-phones: a list of phones', () => {
  it('has the phone of the documentation, property for property', async () => {
    const { status, body } = await get(MINE);
    const popov = { displayName: 'Innocenty Popov', id: INNOCENTY };
    const author = { application: null, device: null, user: popov };
    expect(status).toBe(200);
    expect(body.value[0]).toEqual({
      id: CAR_PHONE,
      allowedAudiences: 'organization',
      inference: null,
      createdDateTime: '2020-07-06T06:34:12.2294868Z',
      createdBy: author,
      lastModifiedDateTime: '2020-07-06T06:34:12.2294868Z',
      lastModifiedBy: author,
      isSearchable: false,
      sources: null,
      displayName: 'Car Phone',
      type: null,
      number: '+7 499 342 22 13',
    });
  });

  it('is the same by object id and by principal name, in any case, and as /me', async () => {
    const ids = async (path: string): Promise<string[]> =>
      (await get(path)).body.value.map(({ id }: { id: string }) => id);
    const mine = await ids(MINE);
    expect(await ids(of(INNOCENTY))).toEqual(mine);
    expect(await ids(of(INNOCENTY.toUpperCase()))).toEqual(mine);
    expect(await ids(of('INNOCENTY@Contoso.com'))).toEqual(mine);
  });

  it.each([FIXTURES.guest, FIXTURES.apostrophe])('is found by the encoded principal name %s', async (upn) => {
    const { status, body } = await get(of(upn));
    expect(status).toBe(200);
    expect(body.value.length).toBeGreaterThan(0);
  });

  it('is empty for a user without phones', async () => {
    expect((await get(of(FIXTURES.withNone))).body.value).toEqual([]);
  });

  it('has a context with the id of the user', async () => {
    const { body } = await get(`${MINE}?$select=number`);
    expect(body['@odata.context']).toBe(
      `${emulator.url}/beta/$metadata#users('${INNOCENTY}')/profile/phones(number)`,
    );
  });

  it('is sorted by createdDateTime, oldest first, also across offsets from UTC', async () => {
    const { body } = await get(of(FIXTURES.withOddShapes));
    const moments = body.value.map((phone: { createdDateTime: string }) => Date.parse(phone.createdDateTime));
    expect(moments).toEqual(moments.toSorted((a: number, b: number) => a - b));
    expect(moments).toContain(Date.parse('2016-12-31T23:59:45.944+03:00'));
  });
});

describe('query-parameters: $top, $skip and paging of phones', () => {
  it('has pages of 25, and a link to the next page', async () => {
    const first = (await get(THIRTY)).body;
    expect(first.value).toHaveLength(25);
    const next = new URL(first['@odata.nextLink']);
    expect(next.origin).toBe(emulator.url);
    const second = (await get(`${next.pathname}${next.search}`)).body;
    expect(second.value).toHaveLength(5);
    expect(second).not.toHaveProperty('@odata.nextLink');
  });

  it('keeps the other options unchanged in the link', async () => {
    const query = `$select=number&$filter=type%20eq%20%27home%27&$orderby=number%20desc&$top=2`;
    const { body } = await get(`${THIRTY}?${query}`);
    expect(body['@odata.nextLink']).toBe(`${emulator.url}${THIRTY}?${query}&$skip=2`);
  });

  it('supports $skip and $top', async () => {
    const { body } = await get(`${THIRTY}?$skip=28&$top=5`);
    expect(names(body)).toEqual(['Line 29', 'Line 30']);
  });

  it('returns an empty list without a link for $top=0', async () => {
    const { body } = await get(`${THIRTY}?$top=0&$count=true`);
    expect(body).toMatchObject({ '@odata.count': 30, value: [] });
    expect(body).not.toHaveProperty('@odata.nextLink');
  });

  it.each(['$top=-1', '$top=1000', '$top=x', '$top=1.5', '$top=', '$skip=-1', '$skip=x'])(
    'rejects %s with 400',
    async (query) => {
      expect((await get(`${THIRTY}?${query}`)).status).toBe(400);
    },
  );

  it('counts all matches, not only those on the page', async () => {
    const { body } = await get(`${THIRTY}?$count=true&$top=1&$filter=type eq 'pager'`);
    expect(body).toMatchObject({ '@odata.count': 3, value: [{ type: 'pager' }] });
  });

  it('returns the count as text for /$count', async () => {
    const { status, headers, body } = await get(`${THIRTY}/$count`);
    expect([status, headers.get('content-type'), body]).toEqual([200, 'text/plain', '30']);
    expect((await get(`${THIRTY}/$count?$filter=type eq 'pager'`)).body).toBe('3');
  });
});

describe('query-parameters: $select of phones', () => {
  it('returns the selected properties, and the id', async () => {
    const { body } = await get(`${MINE}?$select=number, type`);
    expect(Object.keys(body.value[0])).toEqual(['id', 'type', 'number']);
  });

  it('returns null for a selected property that was never set', async () => {
    const { body } = await get(`${MINE}/${CAR_PHONE}?$select=source`);
    expect(body).toMatchObject({ id: CAR_PHONE, source: null });
  });

  it('returns all properties for *', async () => {
    expect((await get(`${MINE}?$select=*`)).body.value).toEqual((await get(MINE)).body.value);
  });

  it('has the error of Graph for a property that phones do not have', async () => {
    const { status, body } = await get(`${MINE}?$select=extension`);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({
      code: 'BadRequest',
      message:
        "Parsing OData Select and Expand failed: Could not find a property named 'extension' on type 'microsoft.graph.itemPhone'.",
    });
  });
});

describe('query-parameters: $orderby of phones', () => {
  it('sorts by several keys, each ascending or descending', async () => {
    const { body } = await get(`${EVERY_TYPE}?$orderby=allowedAudiences asc,displayName desc&$top=3`);
    expect(names(body)).toEqual(['radio', 'pager', 'otherFax']);
  });

  it('sorts types in the order of the enumeration', async () => {
    const { body } = await get(`${EVERY_TYPE}?$orderby=type desc&$top=2`);
    expect(names(body)).toEqual(['radio', 'pager']);
  });

  it('sorts null first', async () => {
    const { body } = await get(`${of(FIXTURES.withOddNumbers)}?$orderby=number&$top=2&$select=number`);
    expect(body.value.map((phone: { number: string }) => phone.number)).toEqual([null, '']);
  });

  it.each(['$orderby=extension', '$orderby=number up', '$orderby=', '$orderby=createdBy'])(
    'rejects %s with 400',
    async (query) => {
      expect((await get(`${MINE}?${query}`)).status).toBe(400);
    },
  );
});

describe('query-parameters: options', () => {
  it('are accepted without the dollar sign on beta', async () => {
    const { body } = await get(`${THIRTY}?select=displayName&top=1`);
    expect(body.value).toEqual([{ id: expect.any(String), displayName: 'Line 1' }]);
  });

  it.each([
    '$expand=phones',
    '$search="x"',
    '$foo=1',
    'foo=1',
    '$skiptoken=x',
    '$top=1&$top=2',
    '$format=json',
  ])('are rejected with 400 when phones do not have them: %s', async (query) => {
    expect((await get(`${MINE}?${query}`)).status).toBe(400);
  });

  it('are rejected with 400 on writes', async () => {
    const { status } = await ask(emulator, 'PATCH', `${MINE}/${CAR_PHONE}?$select=id`, { json: {} });
    expect(status).toBe(400);
  });
});

describe('itemphone-get: one phone', () => {
  it('has the same properties as in the list', async () => {
    const { body: list } = await get(MINE);
    const { status, body } = await get(`${MINE}/${CAR_PHONE}`);
    const { '@odata.context': context, ...phone } = body;
    expect([status, phone]).toEqual([200, list.value[0]]);
    expect(context).toMatch(/\/profile\/phones\/\$entity$/);
  });

  it('supports only $select', async () => {
    expect((await get(`${MINE}/${CAR_PHONE}?$select=number`)).body.number).toBe('+7 499 342 22 13');
    expect((await get(`${MINE}/${CAR_PHONE}?$filter=id eq 'x'`)).status).toBe(400);
  });

  it('is not found in the profile of another user', async () => {
    const { status, body } = await get(`${of(FIXTURES.namesake)}/${CAR_PHONE}`);
    expect([status, body.error.code, body.error.message]).toEqual([404, 'UnknownError', '']);
  });
});

describe('the US government clouds', () => {
  it('have phones without isSearchable and sources, and with one source type as a string', async () => {
    await using gov = await startTestEmulator({ variant: 'usgov' });
    const { body } = await ask(gov, 'GET', of(FIXTURES.withOddShapes));
    const synced = body.value.find((phone: { displayName: string }) => phone.displayName === 'Synced');
    expect(synced).not.toHaveProperty('isSearchable');
    expect(synced).not.toHaveProperty('sources');
    expect(synced.source).toEqual({ type: 'AAD' });
  });

  it('reject $select and $filter by properties that they lack', async () => {
    await using gov = await startTestEmulator({ variant: 'usgov' });
    expect((await ask(gov, 'GET', `${MINE}?$select=isSearchable`)).status).toBe(400);
    expect((await ask(gov, 'GET', `${MINE}?$select=sources`)).status).toBe(400);
    expect((await ask(gov, 'GET', `${MINE}?$filter=isSearchable eq false`)).status).toBe(400);
  });

  it('accept a source type only as a string', async () => {
    await using gov = await startTestEmulator({ variant: 'usgov' });
    const create = (type: unknown) => ask(gov, 'POST', MINE, { json: { number: '1', source: { type } } });
    expect((await create('User')).body.source).toEqual({ type: 'User' });
    expect((await create(['User'])).status).toBe(400);
  });
});
