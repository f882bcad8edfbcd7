// The count of the directory, and the cursors that contain it.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { COUNTED, found, PAGE, startDirectory } from './directory.ts';

const { product, users, asked } = await startDirectory();
const { emulator, ask } = product;
afterAll(() => product.close());
beforeEach(() => emulator.reset());

describe('totalCount', () => {
  it('is requested with the first page only', async () => {
    const { body } = await ask(COUNTED, { first: 20 });
    expect(body.data.directory.totalCount).toBe(users.length);
    expect(asked()).toEqual({ $select: 'id', $top: '20', $count: 'true', header: 'eventual' });
  });

  it('is not requested when it is not selected or is skipped', async () => {
    await ask(PAGE, { first: 20 });
    expect(asked()).toEqual({ $select: 'id', $top: '20', header: 'none' });
    emulator.clearCalls();
    const { body } = await ask('{ directory(first: 20) { totalCount @include(if: false) nodes { id } } }');
    expect(body.data.directory.nodes).toHaveLength(20);
    expect(asked()).toMatchObject({ header: 'none' });
  });

  it('alone takes one request too', async () => {
    const query =
      'query ($filter: DirectoryFilter) { all: directory(filter: $filter) { total: totalCount } }';
    const { body } = await ask(query, { filter: { accountEnabled: false } });
    const expected = users.filter(({ accountEnabled }) => accountEnabled === false).length;
    expect(body).toEqual({ data: { all: { total: expected } } });
    expect(emulator.calls).toHaveLength(1);
  });

  it('is repeated on later pages, which use Graph’s own links with the header', async () => {
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

  it('is known after an edge within a page, which is read again in the same way', async () => {
    const first = await ask(COUNTED, { first: 50 });
    const { cursor } = first.body.data.directory.edges[19];
    emulator.clearCalls();
    const { body } = await ask(COUNTED, { first: 10, after: cursor });
    expect(body.data.directory.totalCount).toBe(users.length);
    expect(found(body)).toEqual(users.slice(20, 30).map(({ id }) => id));
    expect(asked()).toMatchObject({ $count: 'true', header: 'eventual' });
  });

  it('is null on a later page when the first did not select it', async () => {
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

  it('from a forged cursor breaks nothing', async () => {
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

describe('a cursor is valid for its own filter and search only', () => {
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

  it('is valid when the conditions have another order or nulls', async () => {
    const { body } = await ask(PAGE, { first: 1, filter: { userType: 'Member', accountEnabled: true } });
    const after = body.data.directory.pageInfo.endCursor;
    const filter = { accountEnabled: true, userType: 'Member', department: null };
    expect((await ask(PAGE, { first: 1, after, filter })).body.errors).toBeUndefined();
  });

  it('and does not contain them', async () => {
    const filter = { mobilePhone: '+1 425 555 0102', department: 'Sales' };
    const { body } = await ask(PAGE, { first: 1, filter: { ...filter, department: null } });
    const cursor = Buffer.from(body.data.directory.pageInfo.endCursor, 'base64url').toString();
    expect(cursor).toContain('skiptoken');
    expect(cursor).not.toMatch(/0102|mobilePhone|%2B1/i);
  });
});
