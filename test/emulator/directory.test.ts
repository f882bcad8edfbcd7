import { afterAll, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/emulator.ts';
import type { Reply } from '../support/emulator.ts';
import { ask, startTestEmulator } from '../support/emulator.ts';

const emulator = await startTestEmulator();
afterAll(() => emulator.close());

const EVENTUAL = { ConsistencyLevel: 'eventual' };
const get = (path: string, headers = {}): Promise<Reply> => ask(emulator, 'GET', path, { headers });
const query = (options: Record<string, string>): string => `/beta/users?${new URLSearchParams(options)}`;
const search = (text: string): Promise<Reply> =>
  get(query({ $search: text, $select: 'displayName' }), EVENTUAL);
const names = ({ body }: Reply): string[] =>
  body.value.map((user: { displayName: string }) => user.displayName);

describe('user-get: one user', () => {
  it('is the signed-in user for /me, with the default properties on v1.0', async () => {
    const { status, body } = await get('/v1.0/me');
    expect(status).toBe(200);
    expect(body).toEqual({
      '@odata.context': `${emulator.url}/v1.0/$metadata#users/$entity`,
      businessPhones: ['+1 425 555 0101'],
      displayName: 'Innocenty Popov',
      givenName: 'Innocenty',
      id: 'db789417-4ccb-41d1-a0a9-47b01a09ea49',
      jobTitle: 'Sales Manager',
      mail: 'innocenty@contoso.com',
      mobilePhone: '+1 425 555 0102',
      officeLocation: '20/1101',
      preferredLanguage: 'en-US',
      surname: 'Popov',
      userPrincipalName: 'innocenty@contoso.com',
    });
  });

  it('has on beta the properties that v1.0 returns only with $select', async () => {
    const { body } = await get('/beta/me');
    expect(body).toMatchObject({ accountEnabled: true, department: 'Sales', userType: 'Member' });
    const selected = await get('/v1.0/me?$select=userType,accountEnabled,department');
    expect(selected.body).toEqual({
      '@odata.context': `${emulator.url}/v1.0/$metadata#users(userType,accountEnabled,department)/$entity`,
      accountEnabled: true,
      department: 'Sales',
      id: 'db789417-4ccb-41d1-a0a9-47b01a09ea49',
      userType: 'Member',
    });
  });

  it.each([
    'db789417-4ccb-41d1-a0a9-47b01a09ea49',
    'DB789417-4CCB-41D1-A0A9-47B01A09EA49',
    'innocenty@contoso.com',
    'Innocenty%40CONTOSO.com',
  ])('is found by %s', async (key) => {
    expect((await get(`/beta/users/${key}`)).body.id).toBe('db789417-4ccb-41d1-a0a9-47b01a09ea49');
  });

  it.each([
    "users('db789417-4ccb-41d1-a0a9-47b01a09ea49')",
    "users('innocenty@contoso.com')",
    'users(%27innocenty%40contoso.com%27)',
    "users('siobhan.o''brien@contoso.com')",
    "users/siobhan.o'brien@contoso.com",
    "users('$svc@contoso.com')",
    "users('%24svc%40contoso.com')",
  ])('is found as %s, with all paths below', async (path) => {
    expect((await get(`/beta/${path}`)).status).toBe(200);
    const { status, body } = await get(`/beta/${path}/profile/phones`);
    expect([status, body.value.length > 0]).toEqual([200, true]);
    const [phone] = body.value;
    expect((await get(`/beta/${path}/profile/phones('${phone.id}')`)).body.id).toBe(phone.id);
    const batch = await ask(emulator, 'POST', '/beta/$batch', {
      json: { requests: [{ id: '1', method: 'GET', url: `/${path}/profile/phones` }] },
    });
    expect(batch.body.responses[0].body.value).toHaveLength(body.value.length);
  });

  it.each([
    ['users/$svc@contoso.com', 400],
    ['users/%24svc@contoso.com/profile/phones', 400],
    ["users('')", 400],
    ["users('a'b@contoso.com')", 400],
    ["users('siobhan.o'brien@contoso.com')", 400],
    ["users('nobody@contoso.com')", 404],
  ])('is rejected as %s with %i', async (path, status) => {
    expect((await get(`/beta/${path}`)).status).toBe(status);
  });

  it('has the error 404 of Graph when it does not exist', async () => {
    const { status, body } = await get('/beta/users/nobody@contoso.com/profile/phones');
    expect(status).toBe(404);
    expect(body.error).toMatchObject({
      code: 'Request_ResourceNotFound',
      message:
        "Resource 'nobody@contoso.com' does not exist or one of its queried reference-property objects are not present.",
    });
  });

  it('has the selected properties, and rejects unknown ones', async () => {
    const { body } = await get('/beta/me?$select=mail');
    expect(Object.keys(body)).toEqual(['@odata.context', 'id', 'mail']);
    expect((await get('/beta/me?$select=password')).status).toBe(400);
    const { status, body: error } = await get('/beta/me?$select=city');
    expect([status, error.error.code]).toEqual([501, 'NotEmulated']);
    expect((await get('/beta/me?$expand=manager')).status).toBe(501);
  });
});

describe('a personal account', () => {
  const as = 'personal';
  const mine = (path: string): Promise<Reply> => ask(emulator, 'GET', path, { as });

  it('has an id of 16 hexadecimal digits, and phones of its own', async () => {
    expect((await mine('/beta/me')).body).toMatchObject({
      id: 'fde926f844473904',
      userPrincipalName: 'amelie.laurent@outlook.com',
      mail: null,
    });
    const { body } = await mine('/beta/me/profile/phones');
    expect(body['@odata.context']).toContain("#users('fde926f844473904')/");
    expect(body.value).toMatchObject([{ createdBy: { user: { id: 'fde926f844473904' } } }]);
  });

  it('is not in the directory, and cannot read the directory', async () => {
    const list = await ask(emulator, 'GET', '/beta/users?$top=999', { as: 'admin' });
    expect(list.body.value).toHaveLength(emulator.people.length);
    expect(JSON.stringify(list.body)).not.toContain('fde926f844473904');
    expect((await mine('/beta/users')).status).toBe(403);
  });
});

describe('user-list: pages', () => {
  it('accept a page token only in the query that returned it', async () => {
    const { body } = await get('/beta/users?$select=id&$top=5');
    const next = body['@odata.nextLink'].slice(emulator.url.length);
    expect((await get(next)).status).toBe(200);
    for (const other of [
      next.replace('$top=5', '$top=6'),
      next.replace('$select=id', '$select=id,mail'),
      next.replace('$select=id&', ''),
    ]) {
      const { status, body: error } = await get(other);
      expect([status, error.error.code]).toEqual([400, 'BadRequest']);
    }
  });

  it('hold 100 users, and their links by $skiptoken return every user once', async () => {
    const seen: string[] = [];
    const sizes: number[] = [];
    let next: string | undefined = `${emulator.url}/beta/users?$select=id`;
    while (next !== undefined) {
      expect(next.startsWith(`${emulator.url}/beta/users?$select=id`)).toBe(true);
      const { body } = await get(next.slice(emulator.url.length));
      sizes.push(body.value.length);
      seen.push(...body.value.map(({ id }: { id: string }) => id));
      next = body['@odata.nextLink'];
    }
    expect(sizes).toEqual([100, 100]);
    expect(seen).toEqual(emulator.people.map(({ id }) => id));
  });

  it('hold up to 999 users with $top', async () => {
    expect((await get('/beta/users?$top=999')).body.value).toHaveLength(200);
  });

  it.each(['$top=0', '$top=1000', '$top=x', '$skip=1', '$skiptoken=x', '$skiptoken=cGVvcGxlOjI='])(
    'are rejected with 400 for %s',
    async (option) => {
      expect((await get(`/beta/users?${option}`)).status).toBe(400);
    },
  );

  it('are sorted by $orderby without case', async () => {
    const { body } = await get('/beta/users?$orderby=userPrincipalName&$top=3&$select=userPrincipalName');
    const sorted = emulator.people.map((person) => person.userPrincipalName).toSorted();
    expect(body.value.map((user: { userPrincipalName: string }) => user.userPrincipalName)).toEqual(
      sorted.slice(0, 3),
    );
  });
});

describe('user-list: $filter', () => {
  it.each([
    ["userPrincipalName eq 'INNOCENTY@contoso.com'", ['Innocenty Popov']],
    [`userPrincipalName eq '${FIXTURES.apostrophe.replace("'", "''")}'`, ["Siobhán O'Brien"]],
    ["startsWith(displayName,'grace')", ['Grace Okafor']],
    ["startswith(mail,'marta@fabrikam')", ['Marta Nowak-Wiśniewska']],
    [
      `userPrincipalName in ('${FIXTURES.admin}','${FIXTURES.reader}','nobody')`,
      ['Grace Okafor', 'Lukas Brandt'],
    ],
    ["id eq 'DB789417-4ccb-41d1-a0a9-47b01a09ea49' and mail eq 'innocenty@contoso.com'", ['Innocenty Popov']],
    ["startsWith(displayName,'田中') or startsWith(displayName,'lobby')", ['田中 由紀', 'Lobby phone']],
  ])('%s', async (filter, expected) => {
    expect(names(await get(query({ $filter: filter })))).toEqual(expected);
  });

  it.each([
    "displayName ne 'x'",
    "not startsWith(mail,'x')",
    "startsWith(jobTitle,'N')",
    'displayName eq 5',
    'x',
  ])('rejects %s with 400', async (filter) => {
    expect((await get(query({ $filter: filter }))).status).toBe(400);
  });
});

describe('search-query-parameter: $search', () => {
  it.each([
    ['"displayName:innocenty"', ['Innocenty Popov', 'Innocenty Popov']],
    ['"displayName:pop"', ['Innocenty Popov', 'Innocenty Popov']],
    ['"displayName:OKA"', ['Grace Okafor']],
    ['"displayName:okafor gr"', ['Grace Okafor']],
    ['"displayName:brien"', ["Siobhán O'Brien"]],
    ['"displayName:соколова"', ['Жанна Соколова']],
    ['"displayName:田"', ['田中 由紀']],
    ['"displayName:kafor"', []],
    ['"mail:marta"', ['Marta Nowak-Wiśniewska']],
    ['"mail:fabrikam"', []],
    ['"displayName:grace" OR "mail:lukas"', ['Grace Okafor', 'Lukas Brandt']],
    ['"displayName:innocenty" AND "mail:innocenty@"', ['Innocenty Popov']],
    ['"displayName:innocenty" "mail:innocenty@"', ['Innocenty Popov']],
    ['"mobilePhone:+1 425 555 0102" AND "mail:siobhan"', ["Siobhán O'Brien"]],
    ['"displayName:lobby" OR ("displayName:grace" AND "mail:grace")', ['Grace Okafor', 'Lobby phone']],
  ])('%s', async (text, expected) => {
    expect(names(await search(text))).toEqual(expected);
  });

  it('finds the part of a word after an upper-case letter', async () => {
    expect(names(await search('"displayName:donald"')).every((name) => name.includes('McDonald'))).toBe(true);
    expect(names(await search('"displayName:donald"')).length).toBeGreaterThan(0);
  });

  it.each([
    'displayName:x',
    '"displayName"',
    '"displayName:"',
    '"password:x"',
    '"displayName:a" or',
    '("mail:a"',
    'AND',
    '"mail:a',
  ])('rejects %s with 400', async (text) => {
    expect((await search(text)).status).toBe(400);
  });

  it.each(['"city:redmond"', '"businessPhones:+1"', '"accountEnabled:true"'])(
    'does not pretend to know %s',
    async (text) => {
      expect((await search(text)).body.error.code).toBe('NotEmulated');
    },
  );

  it('has the error of Graph without ConsistencyLevel: eventual', async () => {
    const { status, body } = await get(query({ $search: '"displayName:x"' }));
    expect(status).toBe(400);
    expect(body.error).toMatchObject({
      code: 'Request_UnsupportedQuery',
      message:
        "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
    });
  });

  it('has pages, as the whole list', async () => {
    const first = await get(query({ $search: '"displayName:innocenty"', $top: '1' }), EVENTUAL);
    const next = first.body['@odata.nextLink'].slice(emulator.url.length);
    const second = await get(next, EVENTUAL);
    expect([...names(first), ...names(second)]).toEqual(['Innocenty Popov', 'Innocenty Popov']);
    expect(second.body).not.toHaveProperty('@odata.nextLink');
  });
});
