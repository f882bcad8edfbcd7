// The filter and the count of the directory, against the emulator, which takes what Microsoft Graph documents and nothing
// else: a filter without the header that it needs would be refused there. Whom a filter finds is worked out here from the
// whole directory, as the emulator lists it without the gateway.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/emulator.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { startTestProduct, upstream } from '../support/product.ts';

const product = await startTestProduct();
const { emulator, ask } = product;
afterAll(() => product.close());
beforeEach(() => emulator.reset());

interface User {
  readonly id: string;
  readonly userType: string | null;
  readonly accountEnabled: boolean | null;
  readonly department: string | null;
  readonly businessPhones: readonly string[];
  readonly mobilePhone: string | null;
}

const users: readonly User[] = await (async () => {
  const headers = { authorization: 'Bearer demo-token-innocenty' };
  return (await (await fetch(`${emulator.url}/beta/users?$top=999`, { headers })).json()).value;
})();

interface Filter {
  readonly userType?: string | null | undefined;
  readonly accountEnabled?: boolean | null | undefined;
  readonly department?: string | null | undefined;
  readonly businessPhone?: string | null | undefined;
  readonly mobilePhone?: string | null | undefined;
}

const PAGE = `query ($first: Int! = 999, $after: String, $search: String, $filter: DirectoryFilter) {
  directory(first: $first, after: $after, search: $search, filter: $filter) {
    nodes { id }
    edges { cursor }
    pageInfo { hasNextPage endCursor }
  }
}`;
const COUNTED = PAGE.replace('nodes', 'totalCount nodes');

const found = (body: { data: { directory: { nodes: { id: string }[] } } }) =>
  body.data.directory.nodes.map(({ id }) => id);

/** The only request upstream: its options, decoded, and its ConsistencyLevel. */
function asked(): Record<string, string> {
  expect(emulator.calls).toHaveLength(1);
  const [call] = emulator.calls;
  const { searchParams } = new URL(call?.path ?? '', emulator.url);
  return { ...Object.fromEntries(searchParams), header: call?.headers['consistencylevel'] ?? 'none' };
}

const alike = (one: string | null, other: string) => one?.toLowerCase() === other.toLowerCase();

function fits(user: User, filter: Filter): boolean {
  const { userType, accountEnabled, department, businessPhone, mobilePhone } = filter;
  return (
    (userType == null || alike(user.userType, userType)) &&
    (accountEnabled == null || user.accountEnabled === accountEnabled) &&
    (department == null || alike(user.department, department)) &&
    (businessPhone == null || user.businessPhones.some((one) => alike(one, businessPhone))) &&
    (mobilePhone == null || alike(user.mobilePhone, mobilePhone))
  );
}

describe('a filter', () => {
  it.each<[Filter, string, boolean]>([
    [{ userType: 'Guest' }, "userType eq 'Guest'", false],
    [{ accountEnabled: false }, 'accountEnabled eq false', false],
    [{ department: "Founders' Office" }, "department eq 'Founders'' Office'", false],
    [{ department: 'Research & Development' }, "department eq 'Research & Development'", false],
    [{ department: 'entwicklung süd' }, "department eq 'entwicklung süd'", false],
    [{ businessPhone: '+1 425 555 0101' }, "businessPhones/any(p:p eq '+1 425 555 0101')", false],
    [{ mobilePhone: '+1 425 555 0102' }, "mobilePhone eq '+1 425 555 0102'", true],
    [
      { mobilePhone: '+1 425 555 0102', accountEnabled: true, department: 'Sales', userType: null },
      "accountEnabled eq true and department eq 'Sales' and mobilePhone eq '+1 425 555 0102'",
      true,
    ],
  ])('%j is %s, advanced: %s, in one request', async (filter, text, isAdvanced) => {
    const { body } = await ask(PAGE, { filter });
    expect(body.errors).toBeUndefined();
    const expected = users.filter((user) => fits(user, filter)).map(({ id }) => id);
    expect(expected.length).toBeGreaterThan(0);
    expect(found(body)).toEqual(expected);
    expect(asked()).toEqual({
      $select: 'id',
      $top: '999',
      $filter: text,
      ...(isAdvanced ? { $count: 'true', header: 'eventual' } : { header: 'none' }),
    });
  });

  it.each([null, {}, { userType: null, mobilePhone: null }])('of %j is none', async (filter) => {
    const { body } = await ask(PAGE, { filter });
    expect(found(body)).toHaveLength(users.length);
    expect(asked()).toEqual({ $select: 'id', $top: '999', header: 'none' });
  });

  it.each([
    { userType: 'Robot' },
    { department: 'No such department' },
    { businessPhone: '555' },
    { mobilePhone: "x' or accountEnabled eq true or mobilePhone eq 'x" },
    { department: "' or ''='" },
    { department: 'Sales&$top=1' },
    { department: '%27 or 1 eq 1' },
    { department: 'Sales\\' },
  ])('that fits nobody finds nobody: %j', async (filter) => {
    const { body } = await ask(COUNTED, { filter });
    expect(body.errors).toBeUndefined();
    expect(body.data.directory).toMatchObject({ totalCount: 0, nodes: [] });
  });

  it.each([
    { userType: '' },
    { department: '   ' },
    { department: 'x'.repeat(65) },
    { businessPhone: '' },
    { mobilePhone: '+1 425\u202e555' },
    { mobilePhone: '\ud800' },
    { department: 'a\nb' },
  ])('that can fit nobody is refused: %j', async (filter) => {
    const { body } = await ask(PAGE, { filter });
    const [name = ''] = Object.keys(filter);
    expect(body.errors).toMatchObject([{ path: ['directory'], extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(body.errors[0].message).toContain(`filter.${name}: `);
    expect(upstream(emulator)).toEqual([]);
  });

  it.each([{ jobTitle: 'x' }, { userType: 7 }, { accountEnabled: 'yes' }, 'Sales'])(
    'of another shape is a mistake of the client: %j',
    async (filter) => {
      const { body, status } = await ask(PAGE, { filter });
      expect([status, body.errors[0].extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
      expect(upstream(emulator)).toEqual([]);
    },
  );

  it('is within the search, where there is one', async () => {
    const { body } = await ask(PAGE, { search: 'innocenty', filter: { department: 'sales' } });
    expect(found(body)).toEqual([
      emulator.people.find(({ userPrincipalName }) => userPrincipalName === FIXTURES.innocenty)?.id,
    ]);
    expect(asked()).toMatchObject({ $filter: "department eq 'sales'", header: 'eventual' });
    expect(asked()).not.toHaveProperty('$count');
  });

  it('takes its header along within a batch', async () => {
    const query = `query ($filter: DirectoryFilter) {
      me { displayName }
      directory(filter: $filter) { totalCount nodes { mobilePhone } }
    }`;
    const { body } = await ask(query, { filter: { mobilePhone: '+1 425 555 0102' } });
    expect(body.errors).toBeUndefined();
    expect(body.data.directory.totalCount).toBe(body.data.directory.nodes.length);
    const [call] = emulator.calls;
    expect(call?.items.map(({ headers }) => headers['consistencylevel'] ?? 'none').toSorted()).toEqual([
      'eventual',
      'none',
    ]);
    expect(emulator.calls).toHaveLength(1);
  });

  it('by chance finds whom it should, page by page, and counts them', async () => {
    const random = seededRandom(11);
    const pick = <Item>(items: readonly Item[]) => items[Math.floor(random.fraction() * items.length)];
    const maybe = <Item>(value: Item) => (random.fraction() < 0.4 ? value : undefined);
    let several = 0;
    for (let round = 0; round < 40; round += 1) {
      const user = pick(users) as User;
      const filter = {
        userType: maybe(user.userType),
        accountEnabled: maybe(user.accountEnabled),
        department: maybe(user.department?.toUpperCase()),
        businessPhone: maybe(user.businessPhones[0]),
        mobilePhone: maybe(user.mobilePhone),
      };
      const expected = users.filter((one) => fits(one, filter)).map(({ id }) => id);
      const walked = await walk({ first: 1 + Math.floor(random.fraction() * 60), filter });
      expect([filter, walked]).toEqual([filter, { ids: expected, counts: [expected.length] }]);
      if (expected.length > 60) several += 1;
    }
    expect(several).toBeGreaterThan(0);
  });
});

/** Everybody on all pages, and each count that a page said, once. */
async function walk(variables: Record<string, unknown>) {
  const ids: string[] = [];
  const counts = new Set<number | null>();
  let after: string | null = null;
  do {
    const { body }: Awaited<ReturnType<typeof ask>> = await ask(COUNTED, { ...variables, after });
    expect(body.errors).toBeUndefined();
    const { nodes, totalCount, pageInfo } = body.data.directory;
    ids.push(...nodes.map(({ id }: { id: string }) => id));
    counts.add(totalCount);
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return { ids, counts: [...counts] };
}

describe('totalCount', () => {
  it('is asked for with the first page, and with no other request', async () => {
    const { body } = await ask(COUNTED, { first: 20 });
    expect(body.data.directory.totalCount).toBe(users.length);
    expect(asked()).toEqual({ $select: 'id', $top: '20', $count: 'true', header: 'eventual' });
  });

  it('is not asked for where it is not selected, or skipped', async () => {
    await ask(PAGE, { first: 20 });
    expect(asked()).toEqual({ $select: 'id', $top: '20', header: 'none' });
    emulator.clearCalls();
    const { body } = await ask('{ directory(first: 20) { totalCount @include(if: false) nodes { id } } }');
    expect(body.data.directory.nodes).toHaveLength(20);
    expect(asked()).toMatchObject({ header: 'none' });
  });

  it('alone needs one request, too', async () => {
    const query =
      'query ($filter: DirectoryFilter) { all: directory(filter: $filter) { total: totalCount } }';
    const { body } = await ask(query, { filter: { accountEnabled: false } });
    const expected = users.filter(({ accountEnabled }) => accountEnabled === false).length;
    expect(body).toEqual({ data: { all: { total: expected } } });
    expect(emulator.calls).toHaveLength(1);
  });

  it('is repeated on later pages, whose requests are those of Graph’s own links, with the header', async () => {
    const first = await ask(COUNTED, { first: 50 });
    emulator.clearCalls();
    const { endCursor } = first.body.data.directory.pageInfo;
    const second = await ask(COUNTED, { first: 50, after: endCursor });
    expect(second.body.data.directory).toMatchObject({ totalCount: users.length, nodes: { length: 50 } });
    expect(asked()).toMatchObject({ $count: 'true', $top: '50', header: 'eventual' });
    emulator.clearCalls();
    await ask(PAGE, { first: 50, after: endCursor });
    expect(asked()).toMatchObject({ $count: 'true', header: 'eventual' });
  });

  it('is known after an edge in the middle of a page, which is read again in the same way', async () => {
    const first = await ask(COUNTED, { first: 50 });
    const { cursor } = first.body.data.directory.edges[19];
    emulator.clearCalls();
    const { body } = await ask(COUNTED, { first: 10, after: cursor });
    expect(body.data.directory.totalCount).toBe(users.length);
    expect(found(body)).toEqual(users.slice(20, 30).map(({ id }) => id));
    expect(asked()).toMatchObject({ $count: 'true', header: 'eventual' });
  });

  it('is null on a later page, where the first did not select it', async () => {
    const first = await ask(PAGE, { first: 50 });
    for (const after of [
      first.body.data.directory.pageInfo.endCursor,
      first.body.data.directory.edges[9].cursor,
    ]) {
      emulator.clearCalls();
      const { body } = await ask(COUNTED, { first: 50, after });
      expect(body.errors).toBeUndefined();
      expect(body.data.directory.totalCount).toBeNull();
      expect(asked()).toMatchObject({ header: 'none' });
    }
  });

  it.each([
    ['says nothing', {}, null],
    ['says it as text', { '@odata.count': '1234' }, 1234],
    ['says it as OData 4.01 does', { '@count': 7 }, 7],
    ['says no number', { '@odata.count': 'many' }, null],
    ['says what no count is', { '@odata.count': -1 }, null],
    ['says more than GraphQL has', { '@odata.count': 3_000_000_000 }, null],
  ])('is %s', async (_name, count, expected) => {
    emulator.faults.add({ on: { path: '/users' }, do: { status: 200, body: { value: [], ...count } } });
    const { body } = await ask(COUNTED, {});
    expect(body.errors).toBeUndefined();
    expect(body.data.directory.totalCount).toBe(expected);
  });

  it('from a cursor that a client made up breaks nothing', async () => {
    for (const [count, expected] of [
      [9, 9],
      [3_000_000_000, null],
    ]) {
      const parts = [3, 0, '', null, 0, '', true, count];
      const after = Buffer.from(JSON.stringify(parts)).toString('base64url');
      const { body } = await ask(COUNTED, { first: 5, after });
      expect(body.errors).toBeUndefined();
      expect(body.data.directory).toMatchObject({ totalCount: expected, nodes: { length: 5 } });
    }
  });
});

describe('a cursor is for its own filter and search', () => {
  const GUEST = { filter: { userType: 'Guest' } };

  it.each([
    [GUEST, { filter: { userType: 'Member' } }],
    [GUEST, { filter: { userType: 'Guest', accountEnabled: true } }],
    [GUEST, {}],
    [GUEST, { ...GUEST, search: 'a' }],
    [GUEST, { search: "userType eq 'Guest'" }],
    [{}, GUEST],
    [{ search: 'o' }, { ...GUEST, search: 'o' }],
    [{ filter: { businessPhone: '+1 206 555 0133' } }, { filter: { mobilePhone: '+1 206 555 0133' } }],
  ])('one of %j does not do for %j', async (one, other) => {
    const { body } = await ask(PAGE, { first: 1, ...one });
    const after = body.data.directory.pageInfo.endCursor ?? body.data.directory.edges[0]?.cursor;
    expect((await ask(PAGE, { first: 1, after, ...one })).body.errors).toBeUndefined();
    emulator.clearCalls();
    const refused = await ask(PAGE, { first: 1, after, ...other });
    expect(refused.body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(emulator.calls).toHaveLength(0);
  });

  it('is the same when its conditions stand in another order, or with nulls', async () => {
    const { body } = await ask(PAGE, { first: 1, filter: { userType: 'Member', accountEnabled: true } });
    const after = body.data.directory.pageInfo.endCursor;
    const filter = { accountEnabled: true, userType: 'Member', department: null };
    expect((await ask(PAGE, { first: 1, after, filter })).body.errors).toBeUndefined();
  });

  it('and has nothing of what was looked for in it', async () => {
    const filter = { mobilePhone: '+1 425 555 0102', department: 'Sales' };
    const { body } = await ask(PAGE, { first: 1, filter: { ...filter, department: null } });
    const cursor = Buffer.from(body.data.directory.pageInfo.endCursor, 'base64url').toString();
    expect(cursor).toContain('skiptoken');
    expect(cursor).not.toMatch(/0102|mobilePhone|%2B1/i);
  });
});
