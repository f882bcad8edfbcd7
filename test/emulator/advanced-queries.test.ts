// Queries of `/users`, as documented by Microsoft Graph: "Advanced query capabilities on directory objects" with its
// tables, "List users" and "Use query parameters". The tables are copied from the documentation, not from the emulator.
import { afterAll, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/emulator.ts';
import type { Reply } from '../support/emulator.ts';
import { ask, startTestEmulator } from '../support/emulator.ts';

const emulator = await startTestEmulator();
afterAll(() => emulator.close());

const EVENTUAL = { ConsistencyLevel: 'eventual' };
const get = (path: string, headers = {}): Promise<Reply> => ask(emulator, 'GET', path, { headers });
const users = (options: Record<string, string>, headers = {}): Promise<Reply> =>
  get(`/v1.0/users?${new URLSearchParams({ $top: '999', ...options })}`, headers);
const advanced = (options: Record<string, string>): Promise<Reply> =>
  users({ $count: 'true', ...options }, EVENTUAL);
const outcome = ({ status, body }: Reply): unknown => [status, body.error?.code ?? 'none'];

const OK = [200, 'none'];
const UNSUPPORTED = [400, 'Request_UnsupportedQuery'];
const NOT_EMULATED = [501, 'NotEmulated'];

describe('$count', () => {
  it('counts the matches, with ConsistencyLevel: eventual', async () => {
    const { body } = await advanced({ $top: '1', $search: '"displayName:innocenty"' });
    expect([body['@odata.count'], body.value.length]).toEqual([2, 1]);
    expect((await users({ $count: 'perhaps' }, EVENTUAL)).status).toBe(400);
  });

  it('is ignored without the header', async () => {
    const { status, body } = await users({ $count: 'true', $top: '3' });
    expect(status).toBe(200);
    expect(body).not.toHaveProperty(['@odata.count']);
    expect(body.value).toHaveLength(3);
  });

  it('is only on the first page', async () => {
    const { body } = await advanced({ $top: '150' });
    expect(body['@odata.count']).toBe(200);
    const next = await get(body['@odata.nextLink'].slice(emulator.url.length), EVENTUAL);
    expect(next.body.value).toHaveLength(50);
    expect(next.body).not.toHaveProperty(['@odata.count']);
  });

  it.each(['/v1.0', '/beta'])('as a segment of %s is a number in plain text', async (root) => {
    const { status, headers, body } = await get(`${root}/users/$count`, EVENTUAL);
    expect([status, headers.get('content-type'), body]).toEqual([200, 'text/plain', '200']);
    const filter = new URLSearchParams({ $filter: "userType ne 'Member'", $search: '"displayName:marta"' });
    expect((await get(`${root}/users/$count?${filter}`, EVENTUAL)).body).toBe('1');
  });

  it('as a segment needs the header, and has the error of Graph without it', async () => {
    const { status, body } = await get('/v1.0/users/$count');
    expect([status, body.error.code, body.error.message]).toEqual([
      400,
      'Request_BadRequest',
      '$count is not currently supported.',
    ]);
  });
});

type Support = 'default' | 'advanced' | 'no';
const OPERATORS = ['eq', 'ne', 'not', 'ge', 'le', 'in', 'startsWith', 'endsWith', 'null'] as const;

/** For each property: a value, and the support of each operator in the order above. */
const TABLE: Readonly<Record<string, readonly [value: string, string]>> = {
  accountEnabled: ['true', 'DAAAADNNN'],
  businessPhones: ["'x'", 'DNANNNNNN'],
  department: ["'x'", 'DAADDDDNA'],
  displayName: ["'x'", 'DAANNDDNA'],
  givenName: ["'x'", 'DAADDDDNA'],
  id: ["'x'", 'DAANNDNNN'],
  jobTitle: ["'x'", 'DAADDDNNA'],
  mail: ["'x'", 'DAADDDDAN'],
  mobilePhone: ["'x'", 'AAAAAAANA'],
  officeLocation: ["'x'", 'AAAAAAANA'],
  preferredLanguage: ["'x'", 'AAAAAAANA'],
  surname: ["'x'", 'DAADDDDNA'],
  userPrincipalName: ["'x'", 'DAANDDDAN'],
  userType: ["'x'", 'DAANNDNNA'],
};
const SUPPORT: Readonly<Record<string, Support>> = { D: 'default', A: 'advanced', N: 'no' };

const CELLS = Object.entries(TABLE).flatMap(([name, [value, row]]) =>
  OPERATORS.flatMap((operator, at) => {
    const filter = filterOf(name, operator, value);
    return filter === null ? [] : [[filter, SUPPORT[row[at] ?? ''] ?? 'no'] as const];
  }),
);

/** Returns null for an operator that the type does not have. */
function filterOf(name: string, operator: (typeof OPERATORS)[number], value: string): string | null {
  const isText = value === "'x'";
  if (name === 'businessPhones') return inCollection(operator);
  if (operator === 'not') return `not (${name} eq ${value})`;
  if (operator === 'null') return `${name} eq null`;
  if (operator === 'in') return `${name} in (${value},${value})`;
  if (operator === 'startsWith' || operator === 'endsWith')
    return isText ? `${operator}(${name},${value})` : null;
  return `${name} ${operator} ${value}`;
}

function inCollection(operator: (typeof OPERATORS)[number]): string | null {
  if (operator === 'not') return "not businessPhones/any(p:p eq 'x')";
  if (operator === 'startsWith') return "businessPhones/any(p:startsWith(p,'x'))";
  return operator === 'eq' || operator === 'ne' || operator === 'ge'
    ? `businessPhones/any(p:p ${operator} 'x')`
    : null;
}

describe('$filter by property and operator', () => {
  it.each(CELLS)('%s: %s', async (filter, support) => {
    expect(outcome(await users({ $filter: filter }))).toEqual(support === 'default' ? OK : UNSUPPORTED);
    expect(outcome(await advanced({ $filter: filter }))).toEqual(support === 'no' ? UNSUPPORTED : OK);
  });

  it('needs both the header and $count=true for an advanced query', async () => {
    const filter = { $filter: "mobilePhone eq '+1 425 555 0102'" };
    expect(outcome(await users(filter, EVENTUAL))).toEqual(UNSUPPORTED);
    expect(outcome(await users({ ...filter, $count: 'true' }))).toEqual(UNSUPPORTED);
    expect(outcome(await advanced(filter))).toEqual(OK);
  });

  it('has the errors of Graph', async () => {
    const filter = { $filter: "endsWith(userPrincipalName,'#EXT#@contoso.com')" };
    expect((await users(filter)).body.error.message).toBe(
      "Operator 'endsWith' is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information",
    );
    expect((await users({ $filter: "mobilePhone eq 'x'" })).body.error.message).toBe(
      "Unsupported or invalid query filter clause specified for property 'mobilePhone' of resource 'User'.",
    );
  });

  it.each([
    ['accountEnabled eq false', (names: string[]) => expect(names).toContain('Lobby phone')],
    ["department eq 'founders'' office'", (names: string[]) => expect(names).toContain("Siobhán O'Brien")],
    [
      "businessPhones/any(p:p eq '+1 425 555 0199')",
      (names: string[]) => expect(names).toEqual(['Lobby phone']),
    ],
    ["userType eq 'guest'", (names: string[]) => expect(names).toContain('Marta Nowak-Wiśniewska')],
  ])('finds by %s', async (filter, check) => {
    const { body } = await users({ $filter: filter, $select: 'displayName' });
    check(body.value.map(({ displayName }: { displayName: string }) => displayName));
  });

  it('accepts 15 operands, and more only in an advanced query', async () => {
    const several = (count: number) => Array.from({ length: count }, (_, at) => `'${at}'`);
    const oneOf = (count: number) => `userPrincipalName in (${several(count).join(',')})`;
    const either = (count: number) =>
      several(count)
        .map((value) => `mail eq ${value}`)
        .join(' or ');
    for (const filter of [oneOf, either]) {
      expect(outcome(await users({ $filter: filter(15) }))).toEqual(OK);
      const { body } = await users({ $filter: filter(16) });
      expect(body.error.message).toBe(
        "Too many child clauses specified in search filter expression containing 'OR' operators: 16. Max allowed: 15.",
      );
      expect(outcome(await advanced({ $filter: filter(16) }))).toEqual(OK);
    }
  });

  it.each([
    "city eq 'Redmond'",
    "displayName gt 'a'",
    'accountEnabled',
    'businessPhones/any()',
    "businessPhones/all(p:p eq 'x')",
    "businessPhones/any(p:p eq 'x' or p eq 'y')",
    'businessPhones/$count eq 0',
    'department ge null',
  ])('does not emulate %s', async (filter) => {
    expect(outcome(await advanced({ $filter: filter }))).toEqual(NOT_EMULATED);
  });

  it.each([
    "password eq 'x'",
    "businessPhones eq 'x'",
    "department/any(p:p eq 'x')",
    "businessPhones/any(p:q eq 'x')",
    "businessPhones/any(p eq 'x')",
    "contains(displayName,'x')",
  ])('rejects %s with 400', async (filter) => {
    expect((await advanced({ $filter: filter })).status).toBe(400);
  });
});

describe('$orderby', () => {
  it.each([
    ['displayName', OK],
    ['userPrincipalName desc', OK],
    ['mail', UNSUPPORTED],
    ['department', UNSUPPORTED],
    ['createdDateTime', NOT_EMULATED],
    ['displayName,userPrincipalName', NOT_EMULATED],
    ['displayName sideways', [400, 'BadRequest']],
  ])('by %s: %j', async ($orderby, expected) => {
    expect(outcome(await users({ $orderby }))).toEqual(expected);
    expect(outcome(await advanced({ $orderby }))).toEqual(expected);
  });

  it('with $filter needs an advanced query', async () => {
    const options = { $orderby: 'displayName', $filter: `startsWith(displayName,'innocenty')` };
    const { body } = await users(options);
    expect([body.error.code, body.error.message]).toEqual([
      'Request_UnsupportedQuery',
      'Sorting not supported for current query.',
    ]);
    expect(outcome(await users(options, EVENTUAL))).toEqual(UNSUPPORTED);
    expect(outcome(await advanced(options))).toEqual(OK);
  });
});

describe('$select', () => {
  it('is in the context as requested, and id is always returned', async () => {
    const { body } = await users({ $select: 'mobilePhone,displayName,businessPhones', $top: '1' });
    expect(body['@odata.context']).toBe(
      `${emulator.url}/v1.0/$metadata#users(mobilePhone,displayName,businessPhones)`,
    );
    expect(body.value).toEqual([
      {
        businessPhones: ['+1 425 555 0101'],
        displayName: 'Innocenty Popov',
        id: 'db789417-4ccb-41d1-a0a9-47b01a09ea49',
        mobilePhone: '+1 425 555 0102',
      },
    ]);
  });
});

describe('$search with $filter', () => {
  it('applies both, and needs only the header with a default filter', async () => {
    const options = { $search: '"displayName:innocenty"', $filter: "department eq 'sales'" };
    const { status, body } = await users(options, EVENTUAL);
    expect([status, body.value.map(({ mail }: { mail: string }) => mail)]).toEqual([
      200,
      [FIXTURES.innocenty],
    ]);
  });
});

describe('options of users that the emulator lacks', () => {
  it.each(['$expand=manager', '$format=json'])('%s returns NotEmulated', async (option) => {
    for (const path of ['/v1.0/users', '/v1.0/me', '/beta/users'])
      expect(outcome(await get(`${path}?${option}`))).toEqual(NOT_EMULATED);
  });

  it('$skip is an error of Graph, which does not have it either', async () => {
    expect((await get('/v1.0/users?$skip=1')).status).toBe(400);
  });
});
