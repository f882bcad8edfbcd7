// The filter of the directory, against the emulator, which accepts only what Microsoft Graph documents: it rejects a filter
// without the header it needs. The test computes the expected users from the whole directory.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/emulator.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { upstream } from '../support/product.ts';
import { COUNTED, found, PAGE, startDirectory, type User } from './directory.ts';

const { product, users, asked } = await startDirectory();
const { emulator, ask } = product;
afterAll(() => product.close());
beforeEach(() => emulator.reset());

interface Filter {
  readonly userType?: string | null | undefined;
  readonly accountEnabled?: boolean | null | undefined;
  readonly department?: string | null | undefined;
  readonly businessPhone?: string | null | undefined;
  readonly mobilePhone?: string | null | undefined;
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

  it.each([null, {}, { userType: null, mobilePhone: null }])('of %j has no conditions', async (filter) => {
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

  it('is combined with the search', async () => {
    const { body } = await ask(PAGE, { search: 'innocenty', filter: { department: 'sales' } });
    expect(found(body)).toEqual([
      emulator.people.find(({ userPrincipalName }) => userPrincipalName === FIXTURES.innocenty)?.id,
    ]);
    expect(asked()).toMatchObject({ $filter: "department eq 'sales'", header: 'eventual' });
    expect(asked()).not.toHaveProperty('$count');
  });

  it('keeps its header within a batch', async () => {
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

  it('with random conditions finds the expected users, page by page, and counts them', async () => {
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

/** The users of all pages, and the distinct counts of the pages. */
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
