// The planned executor and graphql-js give the same response. A few hundred random operations with fragments, aliases,
// directives, variables, nulls and errors run both ways on the real schema, with loaders that read from memory.
import { join } from 'node:path';
import { type DocumentNode, execute, type OperationDefinitionNode, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../src/graphql/context.ts';
import { createExecutor } from '../../src/graphql/executor.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { phones as facet, type Phone } from '../../src/phones/phone.ts';
import { readItem } from '../../src/profile/facet.ts';
import { GatewayError } from '../../src/runtime/errors.ts';
import { type Random, seededRandom } from '../../src/runtime/random.ts';
import type { User } from '../../src/users/loader.ts';
import { NO_PROPERTIES, readUser } from '../../src/users/user.ts';
import { CREATED, DRAFT_CREATED, DRAFT_REF, UPDATED } from '../phones/documented.ts';

const schema = createSchema(join(import.meta.dirname, '../../schema'));
const failure = () => new GatewayError('THROTTLED', 'slow down', { retryable: true, retryAfterSeconds: 3 });

const phones = [CREATED, UPDATED, DRAFT_CREATED, DRAFT_REF]
  .map((body) => readItem(facet, body, 'a'))
  .filter((phone): phone is Phone => phone !== null);

function person(id: string): User {
  return {
    id,
    key: id as User['key'],
    ...NO_PROPERTIES,
    displayName: `Name ${id}`,
    mail: `${id}@contoso.com`,
  };
}

/** The id decides the result: `f…` fails, `n…` does not exist, the phones of `p…` fail. */
const context = {
  users: {
    me: async () => person('me'),
    byId: async (id: string) => {
      if (id.startsWith('f')) throw failure();
      return id.startsWith('n') ? null : person(id);
    },
    byIds: async (ids: readonly string[]) =>
      ids.map((id) => (id.startsWith('f') ? failure() : id.startsWith('n') ? null : person(id))),
    byKey: async (key: string) => person(key),
    page: async () => ({
      users: [
        { user: person('a'), cursor: 'c1' },
        { user: person('p1'), cursor: 'c2' },
      ],
      hasNextPage: true,
      endCursor: 'c2',
    }),
  },
  facets: [facet],
  items: () => ({
    list: async ({ key }: User) => {
      if (key.startsWith('p')) throw failure();
      return phones;
    },
    one: async (_owner: User, id: string) =>
      id === 'f' ? Promise.reject(failure()) : (phones[id.length] ?? null),
    named: async ({ id }: { id: string }) => phones[id.length] ?? null,
    add: async () => ({ value: phones[0] ?? null, userErrors: null }),
    update: async () => ({
      value: null,
      userErrors: [{ code: 'CONFLICT', message: 'm', field: ['input', 'id'], retryable: true }],
    }),
    delete: async () => ({ value: 'gone', userErrors: null }),
    ownerOf: () => 'a',
  }),
  owners: { idOf: async () => 'a' },
  userSelection: () => ({ properties: [], facets: [] }),
  upstreamRequests: 0,
} as unknown as Context;

const PHONE_FIELDS = [
  'id',
  'graphId',
  'displayName',
  'number',
  'type',
  'allowedAudiences',
  'isSearchable',
  'createdDateTime',
  'inference { confidenceScore userHasVerifiedAccuracy }',
  'source { type }',
  'sources { sourceId isDefaultSource properties }',
  'createdBy { application { objectId } device { objectId } user { objectId displayName } }',
  'parsed { e164 country kind isValid extension }',
  'parsed(defaultCountry: $country) { national uri }',
  'parsed(defaultCountry: "Narnia") { e164 }',
  '__typename',
];
const USER_FIELDS = ['id', 'displayName', 'userPrincipalName', 'mail', '__typename'];

function makeOperation(random: Random): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random.fraction() * list.length)] as T;
  const some = (list: readonly string[]) => list.filter(() => random.fraction() < 0.4);
  const directive = () =>
    pick(['', '', '', ' @include(if: $yes)', ' @skip(if: $yes)', ' @include(if: $no)', ' @skip(if: $no)']);
  let aliases = 0;
  const aliased = (field: string) => {
    aliases += 1;
    return `a${aliases}: ${field}`;
  };
  const placed = (field: string) =>
    field.includes('{') ? aliased(field) : `${aliased(field)}${directive()}`;
  const phone = () =>
    `{ id ${some(PHONE_FIELDS).map(placed).join(' ')} ${pick(['', '...P', '... on ItemPhone { number }'])} }`;
  const phoneField = () =>
    aliased(
      pick([
        `phones${directive()} ${phone()}`,
        `phones(types: $types) ${phone()}`,
        `phones(types: [OTHER]) ${phone()}`,
        `phone(id: "${pick(['', 'a', 'ab', 'abc', 'f', 'abcdefgh'])}") ${phone()}`,
      ]),
    );
  const user = () =>
    `{ __typename ${some(USER_FIELDS).map(placed).join(' ')} ${pick(['', phoneField()])} ${pick(['', phoneField(), '...U'])} }`;
  const root = () =>
    aliased(
      pick([
        `me ${user()}`,
        `user(id: "${pick(['a', 'f1', 'n1', 'p1'])}") ${user()}`,
        `node(id: "${pick(['a@b', 'f@b', 'n@b', 'x', 'xyz', 'abcdefgh', '..'])}") { id ... on User ${user()} ... on ItemPhone ${phone()} }`,
        `users(ids: ["a", "n1", "f1", "p1", "a"]) ${user()}`,
        `users(ids: $ids) ${user()}`,
        `users(ids: []) ${user()}`,
        `directory(first: $first) { nodes ${user()} edges { cursor node ${user()} } pageInfo { hasNextPage endCursor startCursor } }`,
        `__typename`,
        `__type(name: "PhoneType") { name enumValues { name } }`,
      ]),
    );
  const roots = Array.from({ length: 1 + Math.floor(random.fraction() * 3) }, root).join('\n');
  return `query Q($yes: Boolean! = true, $no: Boolean!, $country: String, $types: [PhoneTypeInput!], $ids: [ID!]! = ["a"], $first: Int! = 2) {
    used: __typename @include(if: $yes) @skip(if: $no)
    ...V
    ${roots}
  }
  fragment P on ItemPhone { number type @include(if: $no) parsed { e164 } }
  fragment U on User { mail phones { ...P } }
  fragment V on Query { v: users(ids: $ids) { id ...U x: phones(types: $types) { id parsed(defaultCountry: $country) { e164 } } }
    w: directory(first: $first) { nodes { id } } }`;
}

const VARIABLES: Record<string, unknown>[] = [
  { no: false },
  { no: true, yes: false, country: 'US', types: ['OTHER', 'MOBILE'], ids: ['p1', 'n1'] },
  { no: false, country: null, types: null, ids: 'a', first: 5 },
  { no: false, types: 'PAGER', ids: [], first: 1, unknown: 'x' },
];

async function both(document: DocumentNode, variables: Record<string, unknown>, contextValue = context) {
  const operation = document.definitions.find(
    ({ kind }) => kind === 'OperationDefinition',
  ) as OperationDefinitionNode;
  const run = createExecutor(schema);
  const request = {
    document,
    operation,
    operationName: operation.name?.value,
    variables,
    context: contextValue,
  };
  await run(request);
  const planned = await run(request);
  const expected = await execute({ schema, document, variableValues: variables, contextValue });
  return { planned, expected };
}

/** The response as JSON. Errors of parallel fields may come in any order. */
function seen(result: Awaited<ReturnType<typeof execute>>) {
  const errors = result.errors?.map((error) =>
    JSON.stringify({ ...error.toJSON(), cause: error.originalError?.name }),
  );
  return { data: JSON.parse(JSON.stringify(result.data ?? null)), errors: errors?.toSorted() };
}

describe('an operation that runs with a plan has the response of graphql-js', () => {
  it('for three hundred random queries', async () => {
    const random = seededRandom(26);
    let withErrors = 0;
    for (let count = 0; count < 300; count += 1) {
      const text = makeOperation(random);
      const document = parse(text);
      expect(validate(schema, document), text).toEqual([]);
      const { planned, expected } = await both(document, VARIABLES[count % VARIABLES.length] ?? {});
      expect(seen(planned), text).toEqual(seen(expected));
      if (expected.errors !== undefined) withErrors += 1;
    }
    expect(withErrors).toBeGreaterThan(50);
  });

  it.each([
    'mutation { a: addPhone(input: {number: "1"}) { phone { id type } userErrors { code } } b: deletePhone(input: {id: "x"}) { deletedPhoneId } }',
    'mutation M($i: UpdatePhoneInput!) { updatePhone(input: $i) { phone { id } userErrors { code message field } } }',
    '{ __schema { queryType { name } types { name kind fields { name args { name defaultValue } } } } }',
  ])('for %s', async (text) => {
    const { planned, expected } = await both(parse(text), { i: { id: 'x', number: '1' } });
    expect(seen(planned)).toEqual(seen(expected));
    expect(expected.errors).toBeUndefined();
  });
});

/** Values of the wrong type, and objects with such values. */
const SENSELESS: readonly unknown[] = [
  5,
  true,
  '',
  'x',
  [],
  [5, 'x', null, {}],
  {},
  Number.POSITIVE_INFINITY,
  { confidenceScore: Number.POSITIVE_INFINITY, userHasVerifiedAccuracy: 'yes' },
  { confidenceScore: '1', userHasVerifiedAccuracy: 1 },
  { type: 5 },
  { type: [5, 'User', null] },
  [{ sourceId: 5, isDefaultSource: 'yes', properties: [5, 'number'] }, { properties: 'number' }],
  { user: 5 },
  { user: { id: 5, displayName: true } },
  { user: { id: 'x', displayName: 'x' }, application: 5, device: [] },
  { application: { id: 5, displayName: {} }, device: { id: 'x' } },
];

describe('a value is returned as it was read, and always has the type of the schema', () => {
  const SELECTED = `{ displayName userPrincipalName mail phones { ${PHONE_FIELDS.filter(
    (field) => !field.includes('$'),
  )
    .join(' ')
    .replace('parsed(defaultCountry: "Narnia") { e164 }', '')}
    lastModifiedDateTime lastModifiedBy { application { objectId displayName } device { objectId displayName } user { objectId displayName } } } }`;

  it.each(SENSELESS.map((value) => [value]))('with %j in place of any property', async (value) => {
    const names = ['displayName', 'userPrincipalName', 'mail'];
    const json = Object.fromEntries(names.map((name) => [name, value]));
    const odd = { ...person('o'), ...readUser({ ...json, id: 'o' }) };
    const oddPhones = Object.keys(readItem(facet, { id: 'x' }) ?? {})
      .filter((name) => name !== 'id' && name !== 'graphId')
      .map((name) => readItem(facet, { ...CREATED, id: name, [name]: value }, 'o'));
    const sources = { users: { me: async () => odd }, items: () => ({ list: async () => oddPhones }) };
    const oddContext = { ...context, ...sources } as unknown as Context;
    const { planned, expected } = await both(parse(`{ me ${SELECTED} }`), {}, oddContext);
    expect(planned.errors).toBeUndefined();
    expect(seen(planned)).toEqual(seen(expected));
    expect(oddPhones).toHaveLength(13);
  });
});

describe('invalid variables are rejected before anything runs', () => {
  const text =
    'mutation M($i: UpdatePhoneInput!, $n: Int = 5) { updatePhone(input: $i) { userErrors { code } } directory: __typename @include(if: true) }';

  it.each([
    [{}, 'Variable "$i" does not fit at "i": a value of type "UpdatePhoneInput!" is required.'],
    [
      { i: null },
      'Variable "$i" does not fit at "i": A value does not fit its type: UpdatePhoneInput! is expected.',
    ],
    [{ i: { id: 'x', number: 4255550100 } }, 'String is expected'],
    [{ i: { id: 'x', type: '+1 425 555 0100' } }, 'PhoneTypeInput is expected'],
    [{ i: { id: 'x', type: 4255550100 } }, 'PhoneTypeInput is expected'],
    [{ i: { number: '1' } }, 'Field "id" of required type "ID!" was not provided.'],
    [{ i: { id: 'x', '4255550100': 1 } }, 'A field is not defined by type "UpdatePhoneInput".'],
    [{ i: { id: 'x', expectedLastModifiedDateTime: '4255550100' } }, 'DateTime is expected'],
    [{ i: '4255550100' }, 'UpdatePhoneInput is expected'],
    [{ i: { id: 'x', inference: { confidenceScore: '4255550100' } } }, 'Float is expected'],
  ])('%j', async (variables, message) => {
    const document = parse(text.replace(', $n: Int = 5', ''));
    const { planned } = await both(document, variables);
    expect(planned.data).toBeUndefined();
    const messages = planned.errors?.map((error) => error.message).join('\n') ?? '';
    expect(messages).toContain(message);
    expect(messages).not.toContain('4255550100');
    expect(messages).not.toContain('555');
    expect(planned.errors?.map(({ extensions }) => extensions['code'])).toContain('BAD_USER_INPUT');
  });

  it('and only the first errors are reported, as many as graphql-js reports', async () => {
    const document = parse('query ($ids: [ID!]!) { users(ids: $ids) { id } }');
    const { planned, expected } = await both(document, { ids: Array.from({ length: 1_000 }, () => [0]) });
    expect(planned.errors).toHaveLength(expected.errors?.length ?? 0);
    expect(planned.errors?.length).toBeLessThan(100);
  });
});
