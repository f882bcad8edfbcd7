import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type FaultRule, FIXTURES } from '../../emulator/emulator.ts';
import { readScenarios } from '../../emulator/faults/scenarios.ts';
import { startTestProduct, upstream } from '../support/product.ts';

const product = await startTestProduct();
const { emulator, ask } = product;
afterAll(() => product.close());
beforeEach(() => emulator.reset());

const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
const NOBODY = '00000000-0000-4000-8000-000000000000';
const idOf = (upn: string) => emulator.people.find((person) => person.userPrincipalName === upn)?.id ?? '';

describe('one user', () => {
  it('is me', async () => {
    const { body } = await ask('{ me { id displayName userPrincipalName mail } }');
    expect(body).toEqual({
      data: {
        me: {
          id: INNOCENTY,
          displayName: 'Innocenty Popov',
          userPrincipalName: 'innocenty@contoso.com',
          mail: 'innocenty@contoso.com',
        },
      },
    });
    expect(upstream(emulator)).toEqual(['GET /me?$select=displayName,id,mail,userPrincipalName']);
  });

  it.each([INNOCENTY, INNOCENTY.toUpperCase(), 'innocenty@contoso.com', 'Innocenty@Contoso.com'])(
    'is asked for by %s and has the object id as its id',
    async (id) => {
      const { body } = await ask('query ($id: ID!) { user(id: $id) { id displayName } }', { id });
      expect(body).toEqual({ data: { user: { id: INNOCENTY, displayName: 'Innocenty Popov' } } });
    },
  );

  it.each([FIXTURES.guest, FIXTURES.apostrophe])('can have a principal name such as %s', async (upn) => {
    const { body } = await ask('query ($id: ID!) { user(id: $id) { userPrincipalName phones { id } } }', {
      id: upn,
    });
    expect(body.errors).toBeUndefined();
    expect(body.data.user.userPrincipalName.toLowerCase()).toBe(upn.toLowerCase());
  });

  it.each([NOBODY, 'nobody@contoso.com'])('is null when it does not exist: %s', async (id) => {
    const query = 'query ($id: ID!) { user(id: $id) { id displayName phones { id } } }';
    expect((await ask(query, { id })).body).toEqual({ data: { user: null } });
  });

  it('is null when it does not exist, also when only phones are selected', async () => {
    const { body } = await ask(`{ user(id: "${NOBODY}") { phones { id } } }`);
    expect(body).toEqual({ data: { user: null } });
  });

  it('exists even without a profile', async () => {
    emulator.faults.add({
      on: { path: '/profile/phones' },
      times: Number.POSITIVE_INFINITY,
      do: { status: 404 },
    });
    const { body } = await ask(`{ user(id: "${INNOCENTY}") { id phones { id } } }`);
    expect(body.data).toEqual({ user: { id: INNOCENTY, phones: null } });
    expect(body.errors).toMatchObject([
      { path: ['user', 'phones'], extensions: { code: 'UPSTREAM_BAD_RESPONSE' } },
    ]);
  });

  it.each(['../me', '..', '', 'me', 'x/../../groups', 'a?b', 'https://evil.example/x'])(
    'is refused by the hostile id %j, and nothing is sent',
    async (id) => {
      const { body } = await ask('query ($id: ID!) { user(id: $id) { id } }', { id });
      expect(body.data).toEqual({ user: null });
      expect(body.errors).toMatchObject([{ path: ['user'], extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(upstream(emulator)).toEqual([]);
    },
  );
});

describe('reads share batches', () => {
  it.each([
    ['{ me { phones { number } } }', ['GET /me/profile/phones?$select=id,number']],
    ['{ me { displayName phones { number } } }', ['BATCH 2']],
    ['{ me { phone(id: "0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f") { number } displayName } }', ['BATCH 2']],
    [
      `{ user(id: "${INNOCENTY}") { id phones { type } } }`,
      [`GET /users/${INNOCENTY}/profile/phones?$select=id,type`],
    ],
    [`{ user(id: "${INNOCENTY}") { displayName phones { type } } }`, ['BATCH 2']],
    [`{ a: user(id: "${INNOCENTY}") { phones { type } } b: me { phones { number } } }`, ['BATCH 2']],
  ])('%s', async (query, requests) => {
    const { body } = await ask(query);
    expect(body.errors).toBeUndefined();
    expect(upstream(emulator)).toEqual(requests);
  });

  it('the same user is read once, with any aliases and fragments', async () => {
    const { body } = await ask(`
      query {
        a: user(id: "${INNOCENTY}") { phones { number } }
        b: user(id: "${INNOCENTY}") { ...P }
        c: users(ids: ["${INNOCENTY}", "${INNOCENTY}"]) { ... on User { ...P } }
      }
      fragment P on User { phones { type } }
    `);
    expect(body.errors).toBeUndefined();
    expect(body.data.c[0]).toEqual(body.data.b);
    expect(upstream(emulator)).toEqual([`GET /users/${INNOCENTY}/profile/phones?$select=id,number,type`]);
  });

  it('only selected properties are requested, without those that a directive skips', async () => {
    const query = 'query ($no: Boolean!) { me { mail phones @include(if: $no) { number } } }';
    const { body } = await ask(query, { no: false });
    expect(body).toEqual({ data: { me: { mail: 'innocenty@contoso.com' } } });
    expect(upstream(emulator)).toEqual(['GET /me?$select=id,mail']);
  });

  it('the phones of a hundred users take five requests, and ten with their names', async () => {
    const onePage = emulator.people.filter(({ phones }) => phones <= 25);
    const ids = onePage.slice(0, 100).map(({ id }) => id);
    const phones = await ask('query ($ids: [ID!]!) { users(ids: $ids) { id phones { number } } }', { ids });
    expect(phones.body.errors).toBeUndefined();
    expect(upstream(emulator)).toEqual(Array.from({ length: 5 }, () => 'BATCH 20'));
    emulator.clearCalls();
    const named = await ask('query ($ids: [ID!]!) { users(ids: $ids) { displayName phones { number } } }', {
      ids,
    });
    expect(named.body.errors).toBeUndefined();
    expect(upstream(emulator)).toEqual(Array.from({ length: 10 }, () => 'BATCH 20'));
  });
});

describe('many users', () => {
  it('are in the order of the ids, with null and errors at their positions', async () => {
    const ids = [FIXTURES.withNone, NOBODY, '../me', INNOCENTY, FIXTURES.withNone];
    const { body } = await ask('query ($ids: [ID!]!) { users(ids: $ids) { userPrincipalName } }', { ids });
    const none = { userPrincipalName: FIXTURES.withNone };
    expect(body.data.users).toEqual([none, null, null, { userPrincipalName: FIXTURES.innocenty }, none]);
    expect(body.errors).toMatchObject([{ path: ['users', 2], extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('are returned when the phones of one user cannot be read', async () => {
    const broken = idOf(FIXTURES.reader);
    emulator.faults.add({ on: { path: broken, item: 'items' }, do: { status: 403 } });
    const { body } = await ask('query ($ids: [ID!]!) { users(ids: $ids) { id phones { id } } }', {
      ids: [INNOCENTY, broken, idOf(FIXTURES.withNone)],
    });
    expect(body.data.users[0].phones).toHaveLength(3);
    expect(body.data.users[1]).toEqual({ id: broken, phones: null });
    expect(body.data.users[2].phones).toEqual([]);
    expect(body.errors).toMatchObject([{ path: ['users', 1, 'phones'], extensions: { code: 'FORBIDDEN' } }]);
  });

  it('are at most a thousand', async () => {
    const ids = Array.from({ length: 1_001 }, () => INNOCENTY);
    const { body } = await ask('query ($ids: [ID!]!) { users(ids: $ids) { id } }', { ids });
    expect(body.errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED' } }]);
    expect(upstream(emulator)).toEqual([]);
  });
});

const PAGE = `query ($first: Int!, $after: String, $search: String) {
  directory(first: $first, after: $after, search: $search) {
    nodes { id }
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

/** The response of the emulator without the gateway. */
async function graph(url: string): Promise<{ readonly '@odata.nextLink': string }> {
  const headers = { authorization: 'Bearer demo-token-innocenty', consistencylevel: 'eventual' };
  return (await fetch(url, { headers })).json();
}

function faultNamed(name: string): FaultRule {
  const [scenario] = readScenarios(name);
  if (scenario === undefined) throw new Error(`there is no fault named ${name}`);
  return { on: scenario.on, do: scenario.do };
}

function linkOf(page: { readonly '@odata.nextLink': string }): string {
  return page['@odata.nextLink'];
}

function sortedQuery(url: string): string[] {
  return [...new URL(url).searchParams].map((pair) => pair.join('=')).toSorted();
}

async function walk(first: number, search?: string): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < 300; page += 1) {
    const { body } = await ask(PAGE, { first, after, search });
    expect(body.errors).toBeUndefined();
    ids.push(...body.data.directory.nodes.map(({ id }: { id: string }) => id));
    if (!body.data.directory.pageInfo.hasNextPage) return ids;
    after = body.data.directory.pageInfo.endCursor;
  }
  throw new Error('there is no end to the pages');
}

describe('the directory', () => {
  it.each([7, 50, 200, 999])('has every user once, with %i on a page', async (first) => {
    const everybody = emulator.people.map(({ id }) => id);
    const walked = await walk(first);
    expect(walked).toHaveLength(everybody.length);
    expect(new Set(walked)).toEqual(new Set(everybody));
  });

  it('continues after any edge, also with another page size', async () => {
    const all = await walk(999);
    const { body } = await ask(PAGE, { first: 30 });
    for (const at of [0, 10, 29]) {
      const { cursor } = body.data.directory.edges[at];
      const next = await ask(PAGE, { first: 5, after: cursor });
      const ids = next.body.data.directory.nodes.map(({ id }: { id: string }) => id);
      expect(ids).toEqual(all.slice(at + 1, at + 6));
      expect(next.body.data.directory.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    }
  });

  it('takes one request for its users, one for the phones of every twenty, and one for a second page', async () => {
    const { body } = await ask('{ directory(first: 100) { nodes { displayName phones { number } } } }');
    expect(body.errors).toBeUndefined();
    const secondPage = `GET /users/${idOf(FIXTURES.withThirty)}/profile/phones?$select=id,number&$skip=25`;
    expect(upstream(emulator)).toContain(secondPage);
    expect(upstream(emulator).filter((request) => request !== secondPage)).toEqual([
      'GET /users?$select=displayName,id&$top=100',
      ...Array.from({ length: 5 }, () => 'BATCH 20'),
    ]);
  });

  it('finds users by the beginnings of their names, including quotes', async () => {
    const { body } = await ask(
      'query ($s: String) { directory(search: $s) { nodes { userPrincipalName } } }',
      {
        s: 'pop',
      },
    );
    const found = body.data.directory.nodes.map(
      (node: { userPrincipalName: string }) => node.userPrincipalName,
    );
    expect(found).toContain(FIXTURES.innocenty);
    expect(found).toContain(FIXTURES.namesake);
    for (const search of ['"', '\\', '" OR "displayName:a', "o'b", 'a&$top=1']) {
      const hostile = await ask('query ($s: String) { directory(search: $s) { nodes { id } } }', {
        s: search,
      });
      expect(hostile.body.errors).toBeUndefined();
      expect(hostile.body.data.directory.nodes.length).toBeLessThan(emulator.people.length);
    }
  });

  it.each([
    { first: 0 },
    { first: 1_000 },
    { first: -1 },
    { first: 5, after: 'garbage' },
    ...[
      '[3,-1,"",null,0,"",false,null]',
      '[3,0,"","",0,"",false,null]',
      '[3,0,"",null,0,"",1,null]',
      '[3,0,"",null,0,"",true,-1]',
      '[3,0,"",null,0,"",true,1.5]',
      '[3,0,"",null,0,"",true,"7"]',
      '[2,0,"",null,0,""]',
      '[1,0,"",null]',
      '[3,0,"","?$top=5",0,"",false,null]',
      '[3,0,"","?$skiptoken=a&$expand=manager",0,"",false,null]',
      '[3,0,"","?$skiptoken=a&$filter=startswith(mail,%27a%27)",0,"",false,null]',
      '[3,0,"","?$skiptoken=a&$search=%22mail:a%22",0,"",false,null]',
      '[3,0,"","?$skiptoken=a&$top=1000",0,"",false,null]',
      '[3,0,"","?$skiptoken=a&$select=id/x",0,"",false,null]',
      '[3,0,"","?$skiptoken=a&%24skiptoken=b",0,"",false,null]',
      '[3,0,"","?$skiptoken=a#",0,"",false,null]',
      '[3,0,"","?$skiptoken=a b",0,"",false,null]',
      '[3,0,"","/me?$skiptoken=a",0,"",false,null]',
      JSON.stringify([3, 0, '', `?$skiptoken=${'a'.repeat(5_000)}`, 0, '', false, null]),
    ].map((parts) => ({ first: 5, after: Buffer.from(parts).toString('base64url') })),
    { first: 5, search: ' ' },
    { first: 5, search: 'x'.repeat(129) },
  ])('refuses %j, and sends nothing', async (variables) => {
    const { body } = await ask(PAGE, variables);
    expect(body.errors).toMatchObject([{ path: ['directory'], extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(upstream(emulator)).toEqual([]);
  });

  it('rejects the cursor of another search', async () => {
    const { body } = await ask(PAGE, { first: 1 });
    const after = body.data.directory.pageInfo.endCursor;
    const other = await ask(PAGE, { first: 1, after, search: 'pop' });
    expect(other.body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('a page token is used only in its own query', () => {
  const MAIL = `query ($first: Int!, $after: String) {
    directory(first: $first, after: $after) {
      nodes { id displayName mail }
      pageInfo { hasNextPage endCursor }
    }
  }`;

  it.each([null, 'pop'])('unchanged, with the search %s', async (search) => {
    const { body } = await ask(PAGE, { first: 1, search });
    const next = linkOf(await graph(`${emulator.url}${emulator.calls[0]?.path ?? ''}`));
    emulator.clearCalls();
    await ask(PAGE, { first: 1, search, after: body.data.directory.pageInfo.endCursor });
    expect(sortedQuery(`${emulator.url}${emulator.calls[0]?.path ?? ''}`)).toEqual(sortedQuery(next));
  });

  it('and a client may select more properties than the page has', async () => {
    const { body } = await ask('{ directory(first: 30) { nodes { id } pageInfo { endCursor } } }');
    const after = body.data.directory.pageInfo.endCursor;
    emulator.clearCalls();
    const page = await ask(MAIL, { first: 30, after });
    const { nodes } = page.body.data.directory;
    expect(page.body.errors).toBeUndefined();
    expect(nodes.map(({ id }: { id: string }) => id)).toEqual(
      emulator.people.slice(30, 60).map(({ id }) => id),
    );
    expect(nodes.map(({ mail }: { mail: string }) => mail)).toEqual(
      emulator.people.slice(30, 60).map(({ mail }) => mail),
    );
    expect(upstream(emulator).map((request) => request.replace(/=.*/, ''))).toEqual([
      'GET /users?$select',
      'BATCH 20',
      'BATCH 10',
    ]);
    const less = await ask(MAIL, { first: 7, after: page.body.data.directory.pageInfo.endCursor });
    expect(less.body.data.directory.nodes.map(({ id }: { id: string }) => id)).toEqual(
      emulator.people.slice(60, 67).map(({ id }) => id),
    );
  });

  it('which has at most as many users as the first page', async () => {
    const { body } = await ask(PAGE, { first: 10 });
    const { nodes, pageInfo } = (
      await ask(PAGE, { first: 50, after: body.data.directory.pageInfo.endCursor })
    ).body.data.directory;
    expect([nodes.length, pageInfo.hasNextPage]).toEqual([10, true]);
  });

  it('and the cursor does not contain the search', async () => {
    const { body } = await ask(PAGE, { first: 1, search: 'innocenty' });
    const cursor = Buffer.from(body.data.directory.pageInfo.endCursor, 'base64url').toString();
    expect(cursor).toContain('skiptoken');
    expect(cursor).not.toMatch(/innocenty/i);
  });

  it('and the error for an expired one tells the client to start again', async () => {
    const { body } = await ask(PAGE, { first: 5 });
    emulator.faults.add(faultNamed('directory-token-expired'));
    emulator.clearCalls();
    const next = await ask(PAGE, { first: 5, after: body.data.directory.pageInfo.endCursor });
    expect(next.body.data).toEqual({ directory: null });
    expect(next.body.errors).toMatchObject([
      { path: ['directory'], extensions: { code: 'CURSOR_EXPIRED', retryable: false } },
    ]);
    expect(emulator.calls).toHaveLength(1);
  });
});

describe('a directory with a bad next link ends with an error', () => {
  const pageWith = (token: string) => ({
    status: 200,
    body: {
      value: [{ id: INNOCENTY }],
      '@odata.nextLink': `${emulator.url}/beta/users?$skiptoken=${token}`,
    },
  });

  it.each([
    ['a page that is followed by itself', ['a', 'a', 'a'], 2],
    ['two pages that are followed by each other', ['a', 'b', 'a', 'b', 'a', 'b'], 4],
    ['three, after some others', ['1', '2', '3', 'a', 'b', 'c', 'a', 'b', 'c', 'a', 'b', 'c'], 12],
  ])('%s', async (_name, tokens, most) => {
    for (const token of tokens) emulator.faults.add({ on: { path: '/users' }, do: pageWith(token) });
    let after: string | null = null;
    for (let page = 1; page <= most; page += 1) {
      const { body } = await ask(PAGE, { first: 1, after });
      if (body.errors !== undefined) {
        expect(body.errors).toMatchObject([
          { path: ['directory'], extensions: { code: 'UPSTREAM_BAD_RESPONSE' } },
        ]);
        return;
      }
      after = body.data.directory.pageInfo.endCursor;
    }
    throw new Error('there is no end to it');
  });

  it('a next link without a token', async () => {
    emulator.faults.add({
      on: { path: '/users' },
      do: { status: 200, body: { value: [], '@odata.nextLink': `${emulator.url}/beta/users?$top=5` } },
    });
    const { body } = await ask(PAGE, { first: 5 });
    expect(body.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_BAD_RESPONSE' } }]);
  });
});

describe('a page of Graph is validated', () => {
  it('and a user with a malformed id is left out', async () => {
    const whole = await ask(PAGE, { first: 5 });
    const ids = whole.body.data.directory.nodes.map(({ id }: { id: string }) => id);
    for (const [name, left] of [
      ['directory-odd-id', ids.slice(1)],
      ['directory-null', ids],
    ]) {
      emulator.faults.add(faultNamed(String(name)));
      const { body } = await ask(PAGE, { first: 5 });
      expect(body.errors).toBeUndefined();
      expect(body.data.directory.nodes.map(({ id }: { id: string }) => id)).toEqual(left);
      const next = await ask(PAGE, { first: 5, after: body.data.directory.pageInfo.endCursor });
      expect(next.body.data.directory.nodes[0].id).toBe(emulator.people[5]?.id);
    }
  });

  it.each([
    'https://evil.example/beta/users?$skiptoken=x',
    'http://127.0.0.1:1/beta/users?$skiptoken=x',
    '//evil.example/beta/users?$skiptoken=x',
    'nonsense',
    7,
  ])('a next link of %j is refused', async (link) => {
    emulator.faults.add({
      on: { path: '/users' },
      do: { status: 200, body: { value: [], '@odata.nextLink': link } },
    });
    const { body } = await ask(PAGE, { first: 5 });
    expect(body.errors).toMatchObject([{ extensions: { code: 'UPSTREAM_BAD_RESPONSE' } }]);
    expect(emulator.calls).toHaveLength(1);
  });

  it('a next link that repeats itself ends the reading', async () => {
    const path = `/beta/users/${INNOCENTY}/profile/phones`;
    const link = `${emulator.url}${path}?$skip=25`;
    emulator.faults.add({
      on: { path },
      times: Number.POSITIVE_INFINITY,
      do: { status: 200, body: { value: [{ id: 'a' }], '@odata.nextLink': link } },
    });
    const { body } = await ask(`{ user(id: "${INNOCENTY}") { id phones { id } } }`);
    expect(body.errors).toMatchObject([
      { path: ['user', 'phones'], extensions: { code: 'UPSTREAM_BAD_RESPONSE' } },
    ]);
    expect(emulator.calls).toHaveLength(2);
  });

  it.each([[null], [undefined], [{}], ['text'], [['text']], [[7]], [[null, 'text']]])(
    'a value of %j is no list',
    async (value) => {
      emulator.faults.add({ on: { path: '/phones' }, times: 2, do: { status: 200, body: { value } } });
      const { body } = await ask('{ me { phones { id } } }');
      expect(body.errors).toMatchObject([
        { path: ['me', 'phones'], extensions: { code: 'UPSTREAM_BAD_RESPONSE' } },
      ]);
    },
  );
});
