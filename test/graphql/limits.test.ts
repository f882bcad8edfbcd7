// The limits of a request: each limit at its boundary, and about a hundred hostile documents that try to cause work or to
// reveal information. None of them reaches Microsoft Graph.
import { buildSchema, getIntrospectionQuery, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Environment } from '../../src/config/config.ts';
import { costOf, FACETS, READS } from '../../src/graphql/cost.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { codesOf } from '../server/refusal.ts';
import { startTestProduct, type TestProduct, tokenOf, upstream } from '../support/product.ts';
import { recordAttempt } from '../support/record.ts';
import { CANARY, GUID, HOSTILE, many, SMALL } from './hostile-documents.ts';
import { WORST } from './worst-documents.ts';

const schema = createSchema(`${import.meta.dirname}/../../schema`);
const product = await startTestProduct();
const closed = await startTestProduct({ environment: { INTROSPECTION: 'off' } });
afterAll(async () => {
  await product.close();
  await closed.close();
});
beforeEach(() => {
  product.emulator.reset();
  closed.emulator.reset();
});

interface Asked {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

interface Edge {
  readonly limit: string;
  /** The value of the variable when it is not the number itself. Null for the default. */
  readonly value?: number | null;
  readonly most: number;
  /** The error message. */
  readonly message: string;
  /** A request with this many of the limited items. */
  make(count: number): Asked;
}

const PROPERTIES = ['id', 'mail', 'displayName', 'userPrincipalName', '__typename', 'id'];

const FIELDS = (most: number): string =>
  `fields: at most ${most} in a document, counted at each spread of a fragment. A field that is repeated in one selection counts twice the second time, three times the third time.`;

const EDGES: readonly Edge[] = [
  {
    limit: 'LIMIT_TOKENS',
    value: 10,
    most: 250,
    message: 'characters: at most 250 in a document.',
    make: (count) => ({ query: '{ me { id } }'.padEnd(count, ',') }),
  },
  {
    limit: 'LIMIT_TOKENS',
    value: 10,
    most: 10,
    message: 'lines: at most 10 in a document.',
    make: (count) => ({ query: `{ me { id } }${'#\n'.repeat(count - 1)}` }),
  },
  {
    limit: 'LIMIT_TOKENS',
    value: 16,
    most: 5,
    message: FIELDS(16),
    make: (count) => ({ query: `{ me { ${many(count, () => 'id')} } }` }),
  },
  {
    limit: 'LIMIT_TOKENS',
    value: 60,
    most: 3,
    message: FIELDS(60),
    make: (count) => ({
      query: `{ me { ...F0 } } ${many(count, (at) => `fragment F${at} on User { ...F${at + 1} ...F${at + 1} }`)} fragment F${count} on User { id }`,
    }),
  },
  {
    limit: 'LIMIT_TOKENS',
    value: null,
    most: 256,
    message: 'names: at most 256 characters in each.',
    make: (count) => ({ query: `{ ${'a'.repeat(count)}: me { id } }` }),
  },
  {
    limit: 'LIMIT_TOKENS',
    value: null,
    most: 256,
    message: 'names: at most 256 characters in each.',
    make: (count) => ({
      query: `query ${'Q'.repeat(count)}($${'v'.repeat(count)}: Boolean!) { me { ...${'F'.repeat(count)} } } fragment ${'F'.repeat(count)} on User { id @skip(if: $${'v'.repeat(count)}) }`,
      variables: { ['v'.repeat(count)]: false },
    }),
  },
  {
    limit: 'LIMIT_TOKENS',
    value: null,
    most: 100,
    message: 'variables: at most 100 of one operation.',
    make: (count) => ({
      query: `query (${many(count, (at) => `$v${at}: Boolean = true`)}) { me { ${many(count, (at) => `a${at}: id @skip(if: $v${at})`)} } }`,
    }),
  },
  {
    limit: 'LIMIT_TOKENS',
    value: null,
    most: 10,
    message: 'introspection: at most 10 of __schema and __type in a document, and no aliases in them.',
    make: (count) => ({ query: `{ ${many(count, (at) => `a${at}: __type(name: "User") { name }`)} }` }),
  },
  {
    limit: 'LIMIT_DEPTH',
    value: 4,
    most: 4,
    message: 'depth: at most 4 levels of fields, fragments, lists or objects.',
    make: (count) => ({
      query: `{ me { ...F1 } } ${many(count - 1, (at) => `fragment F${at + 1} on User { ...F${at + 2} }`)} fragment F${count} on User { id }`,
    }),
  },
  {
    limit: 'LIMIT_LIST_ITEMS',
    most: 3,
    message: 'list items: at most 3 in one list.',
    make: (count) => ({
      query: '{ me { id } }',
      variables: Object.fromEntries(Array.from({ length: count }, (_, at) => [`v${at}`, at])),
    }),
  },
  {
    limit: 'LIMIT_TOKENS',
    most: 10,
    message: 'tokens: at most 10 in a document.',
    make: (count) => ({ query: `{ me { ${PROPERTIES.slice(0, count - 5).join(' ')} } } # and a comment` }),
  },
  {
    limit: 'LIMIT_DEPTH',
    most: 4,
    message: 'depth: at most 4 levels of fields, fragments, lists or objects.',
    make: (count) => ({ query: `{ me { ${'... { '.repeat(count - 2)} id ${'} '.repeat(count - 2)} } }` }),
  },
  {
    limit: 'LIMIT_MUTATIONS',
    most: 2,
    message: 'mutations: at most 2 in a request.',
    make: (count) => ({
      query: `mutation { ${many(count, (at) => `a${at}: deletePhone(input: {id: ".."}) { deletedPhoneId }`)} }`,
    }),
  },
  {
    limit: 'LIMIT_LIST_ITEMS',
    most: 3,
    message: 'list items: at most 3 in one list.',
    make: (count) => ({ query: `{ users(ids: [${many(count, () => `"${GUID}"`)}]) { mail } }` }),
  },
  {
    limit: 'LIMIT_LIST_ITEMS',
    most: 3,
    message: 'list items: at most 3 in one list.',
    make: (count) => ({
      query: 'query ($ids: [ID!]!) { users(ids: $ids) { mail } }',
      variables: { ids: Array.from({ length: count }, () => GUID) },
    }),
  },
  {
    limit: 'LIMIT_DEPTH',
    most: 4,
    message: 'depth: at most 4 levels of fields, fragments, lists or objects.',
    make: (count) => ({
      query: '{ me { mail } }',
      variables: { nobody: { asked: JSON.parse(`${'['.repeat(count - 1)}${']'.repeat(count - 1)}`) } },
    }),
  },
  {
    limit: 'LIMIT_READS',
    most: 6,
    message: 'reads: at most 6 of Microsoft Graph for an operation. Request fewer users or fewer fields.',
    make: (count) => ({
      query: 'query ($ids: [ID!]!) { users(ids: $ids) { mail } me { mail phones { id } } }',
      variables: { ids: Array.from({ length: count - 2 }, () => GUID) },
    }),
  },
];

describe('Each limit can be configured', () => {
  it.each(EDGES)(
    '$limit, $message: so many pass, one more does not',
    async ({ limit, value, most, message, make }) => {
      const environment = value === null ? {} : { [limit]: String(value ?? most) };
      await using own = await startTestProduct({ environment });

      const { query, variables } = make(most);
      const passed = await own.ask(query, variables);
      expect(passed.body.errors).toBeUndefined();
      expect(passed.status).toBe(200);

      own.emulator.reset();
      const refused = make(most + 1);
      for (const _time of [1, 2, 3]) {
        const { status, body } = await own.ask(refused.query, refused.variables);
        expect(body).toEqual({ errors: [{ message, extensions: { code: 'LIMIT_EXCEEDED' } }] });
        expect(status).toBe(400);
      }
      expect(upstream(own.emulator)).toEqual([]);
    },
  );

  it('LIMIT_BODY_BYTES too, before the body is read', async () => {
    await using own = await startTestProduct({ environment: { LIMIT_BODY_BYTES: '1000' } });
    const post = (bytes: number) =>
      own.request('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: bearer(own) },
        body: '{"query":"{ me { id } }"}'.padEnd(bytes),
      });
    expect((await post(1_000)).status).toBe(200);
    const refused = await post(1_001);
    expect(refused.status).toBe(413);
    expect(await refused.json()).toMatchObject({
      errors: [{ message: 'The request body exceeds the limit of 1000 bytes.' }],
    });
  });

  it('also for a document in the URL', async () => {
    const search = new URLSearchParams({ query: `{ ${many(700, (at) => `a${at}: __typename`)} }` });
    const response = await product.request(`/graphql?${search}`, {
      headers: { authorization: bearer(product), 'apollo-require-preflight': 'true' },
    });
    expect(response.status).toBe(400);
    expect(codesOf(await response.text())).toEqual(['LIMIT_EXCEEDED']);
  });

  it('in the media type that the client asks for', async () => {
    const response = await product.request('/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        authorization: bearer(product),
      },
      body: JSON.stringify({ query: `{ ${many(700, (at) => `a${at}: __typename`)} }` }),
    });
    expect(response.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
  });

  it('only after authentication', async () => {
    const response = await product.request('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ ${many(700, (at) => `a${at}: __typename`)} }` }),
    });
    expect(response.status).toBe(401);
  });
});

describe('Limits that depend on variables are checked for every run', () => {
  it('also for a cached operation', async () => {
    const query = 'query ($first: Int!) { directory(first: $first) { nodes { phones { id } } } }';
    await using own = await startTestProduct({ environment: { LIMIT_READS: '5' } });
    for (const first of [2, 3, 4]) expect((await own.ask(query, { first })).status).toBe(200);
    own.emulator.reset();

    const { status, body } = await own.ask(query, { first: 5 });
    expect(status).toBe(400);
    expect(body.errors[0].extensions).toEqual({ code: 'LIMIT_EXCEEDED' });
    expect(upstream(own.emulator)).toEqual([]);
    expect((await own.ask(query, { first: 4 })).status).toBe(200);
  });
});

describe('The defaults allow the intended use of the schema', () => {
  it.each([
    ['the query by which tools read the schema', getIntrospectionQuery({ inputValueDeprecation: true })],
    [
      'every field of everything',
      `{ me { ...U } user(id: "${GUID}") { ...U } directory(first: 2, search: "a") {
        edges { cursor node { ...U } } nodes { ...U } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }
      fragment U on User { id displayName userPrincipalName mail phones { ...P } phone(id: "x") { ...P } }
      fragment P on ItemPhone { id graphId displayName number type allowedAudiences isSearchable
        inference { confidenceScore userHasVerifiedAccuracy } source { type }
        sources { sourceId isDefaultSource properties } createdBy { ...I } lastModifiedBy { ...I }
        createdDateTime lastModifiedDateTime
        parsed { e164 country callingCode national international extension uri isValid kind } }
      fragment I on IdentitySet { application { objectId displayName } device { objectId displayName } user { objectId displayName } }`,
    ],
    [
      'five new phones, with everything that one can have',
      `mutation { ${many(
        5,
        (
          at,
        ) => `a${at}: addPhone(input: {userId: "${GUID}", number: "+1 206 555 010${at}", type: MOBILE, displayName: "Car",
          allowedAudiences: [FAMILY, CONTACTS], inference: {confidenceScore: 0.5, userHasVerifiedAccuracy: true},
          source: {type: ["User"]}, idempotencyKey: "k${at}"}) { phone { ...P } userErrors { code message field } }`,
      )} }
      fragment P on ItemPhone { id graphId displayName number type allowedAudiences isSearchable
        inference { confidenceScore userHasVerifiedAccuracy } source { type }
        sources { sourceId isDefaultSource properties } createdBy { ...I } lastModifiedBy { ...I }
        createdDateTime lastModifiedDateTime
        parsed { e164 country callingCode national international extension uri isValid kind } }
      fragment I on IdentitySet { application { objectId displayName } device { objectId displayName } user { objectId displayName } }`,
    ],
  ])('%s', async (_what, query) => {
    const { status, body } = await product.ask(query);
    expect(body.errors).toBeUndefined();
    expect(status).toBe(200);
  });

  it('a thousand users with their names and phones, and not one more', async () => {
    const query = 'query ($ids: [ID!]!) { users(ids: $ids) { displayName phones { number } } }';
    const ids = Array.from({ length: 1_000 }, () => GUID);
    const { body } = await product.ask(query, { ids });
    expect(body.errors).toBeUndefined();
    expect(body.data.users).toHaveLength(1_000);
    product.emulator.clearCalls();
    expect((await product.ask(query, { ids: [...ids, GUID] })).status).toBe(400);
    expect(upstream(product.emulator)).toEqual([]);
  });
});

describe('The cost of an operation in reads of Microsoft Graph', () => {
  const cost = (text: string, variables: Record<string, unknown> = {}) => {
    const document = parse(text);
    const [operation] = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    return costOf(schema, document, operation as OperationDefinitionNode)(variables);
  };
  const IDS = 'query ($ids: [ID!]!)';

  it.each<[number, string, Record<string, unknown>?]>([
    [0, '{ __typename }'],
    [0, `{ ${many(500, (at) => `a${at}: __typename`)} }`],
    [600, `{ ${many(600, (at) => `a${at}: me { id }`)} }`],
    [1, '{ users(ids: 300) { mail } }'],
    [51, 'query ($n: Int) { directory(first: $n) { nodes { phones { id } } } }', {}],
    [2, 'query ($n: Int) { directory(first: $n) { nodes { phones { id } } } }', { n: null }],
    [7, 'query ($n: Int = 6) { directory(first: $n) { nodes { phones { id } } } }', {}],
    ...['constructor', '__proto__', 'toString'].map<[number, string, Record<string, unknown>]>((name) => [
      51,
      `query ($${name}: Int) { directory(first: $${name}) { nodes { phones { id } } } }`,
      {},
    ]),
    [
      1000,
      'query ($__proto__: Int) { directory(first: $__proto__) { nodes { phones { id } } } }',
      JSON.parse('{"__proto__": 999}'),
    ],
    [
      4,
      'query ($id: ID!) { user(id: $id) { a: phone(id: "1") { id } ...A } } fragment A on User { b: phone(id: "2") { id } ... { phones { id } } }',
      { id: 'x' },
    ],
    [1, '{ me { mail } }'],
    [2, '{ me { phones { id } } }'],
    [2, '{ me { phones { id } a: phones(types: [MOBILE]) { id } } }'],
    [3, '{ me { a: phone(id: "1") { id } b: phone(id: "2") { id } } }'],
    [4, '{ a: me { phones { id } } b: me { phones { id } } }'],
    [2, '{ me { mail } me { phones { id } } }'],
    [2, '{ user(id: "x") { ...A } } fragment A on User { ...B } fragment B on User { phones { id } }'],
    [3, '{ users(ids: ["a", "b", "c"]) { mail } }'],
    [6, '{ users(ids: ["a", "b", "c"]) { phones { id } } }'],
    [1, '{ users(ids: "a") { mail } }'],
    [0, '{ users(ids: []) { phones { id } } }'],
    [4, `${IDS} { users(ids: $ids) { phones { id } } }`, { ids: ['a', 'b'] }],
    [2, 'query ($a: ID!) { users(ids: [$a, $a]) { mail } }', { a: 'x' }],
    [2, 'query ($ids: [ID!]! = ["a", "b"]) { users(ids: $ids) { mail } }'],
    [1, '{ directory { nodes { mail } } }'],
    [51, '{ directory { nodes { phones { id } } } }'],
    [1000, '{ directory(first: 999) { nodes { phones { id } } edges { node { phones { id } } } } }'],
    [4, 'query ($n: Int!) { directory(first: $n) { nodes { phones { id } } } }', { n: 3 }],
    [51, 'query ($n: Int! = 50) { directory(first: $n) { nodes { phones { id } } } }', {}],
    [51, 'query ($n: Int!) { directory(first: 50, search: "x") { nodes { phones { id } } } }', { n: 3 }],
    [3, 'query ($a: Boolean!) { me { phones @skip(if: $a) { id } } user(id: "x") { id } }', { a: true }],
    [2, '{ node(id: "a") { id } }'],
    [3, '{ node(id: "a") { ... on User { phones { id } } ... on ItemPhone { number } } }'],
    [4, 'mutation { addPhone(input: {number: "1"}) { phone { id } } }'],
    [6, 'mutation { addPhone(input: {number: "1"}) { user { id phones { id } } } }'],
    [5, 'mutation { deletePhone(input: {id: "1"}) { user { phones { id } } } }'],
    [
      14,
      'mutation { updatePhones(input: {phones: [{id: "1"}, {id: "2"}]}) { results { user { phones { id } } } } }',
    ],
    [10, 'mutation { addPhones(input: {phones: [{number: "1"}, {number: "2"}]}) { userErrors { code } } }'],
    [5, 'mutation { addPhones(input: {phones: {number: "1"}}) { userErrors { code } } }'],
    [
      15,
      'mutation ($input: AddPhonesInput!) { addPhones(input: $input) { userErrors { code } } }',
      { input: { phones: [{}, {}, {}] } },
    ],
    [
      15,
      'mutation ($phones: [AddPhoneInput!]!) { addPhones(input: {phones: $phones}) { userErrors { code } } }',
      { phones: [{}, {}, {}] },
    ],
    [
      10,
      'mutation ($phones: [UpdatePhoneInput!]! = [{id: "1"}, {id: "2"}]) { updatePhones(input: {phones: $phones}) { userErrors { code } } }',
    ],
    [10, 'mutation { deletePhones(input: {phones: [{id: "1"}, {id: "2"}]}) { userErrors { code } } }'],
    [
      6,
      'mutation { a: deletePhone(input: {id: "1"}) { deletedPhoneId } b: deletePhone(input: {id: "2"}) { deletedPhoneId } }',
    ],
  ])('%i: %s %j', (reads, text, variables) => {
    expect(cost(text, variables)).toBe(reads);
  });

  it('also for a field of an abstract type', () => {
    const abstract = buildSchema(`
      interface Node { id: ID! }
      type ItemPhone implements Node { id: ID! }
      type User implements Node { id: ID!, phones: [ItemPhone!] }
      type Query { user(id: ID!): Node }`);
    const document = parse(
      '{ user(id: "x") { ... on User { phones { id } } ...P } } fragment P on Node { ... on User { phones { id } } }',
    );
    const [operation] = document.definitions;
    expect(costOf(abstract, document, operation as OperationDefinitionNode)({})).toBe(2);
  });

  it('is defined for every field that causes a read', () => {
    const payloads = ['AddPhonePayload', 'UpdatePhonePayload', 'DeletePhonePayload'];
    const types = ['Query', 'Mutation', 'User', ...payloads].map((name) => schema.getType(name));
    const fields = types.flatMap((type) =>
      type !== undefined && 'getFields' in type
        ? Object.values(type.getFields()).map(({ name, type: of }) => [`${type.name}.${name}`, String(of)])
        : [],
    );
    const plain = /^(ID|String|Int|Boolean|DateTime|\[String!\])!?$/;
    // The phone of a payload is part of the cost of its mutation.
    const counted = /Payload.(phone|userErrors)$/;
    const read = fields
      .filter(([name, type]) => !plain.test(type ?? '') && !counted.test(name ?? ''))
      .map(([name]) => name);
    expect(read.toSorted()).toEqual([...Object.keys(READS), ...Object.keys(FACETS)].toSorted());
  });
});

function bearer({ emulator }: TestProduct): string {
  return `Bearer ${tokenOf(emulator, 'innocenty')}`;
}

describe('Many aliases of one read are accepted and read once', () => {
  it.each(SMALL)('%s', async (_what, query, upstreamCalls) => {
    const { status, body } = await product.ask(query);
    expect(body.errors).toBeUndefined();
    expect(status).toBe(200);
    expect(upstream(product.emulator)).toEqual(upstreamCalls);
  });
});

describe('The most expensive documents are run or rejected as expected', () => {
  it.each(WORST.map(([what, query, variables = {}]) => [what, query, variables] as const))(
    '%s',
    async (_what, query, variables) => {
      const { status, body } = await product.ask(query, variables);
      const codes = new Set(
        (body.errors ?? []).map(({ extensions }: { extensions: { code: string } }) => extensions.code),
      );
      expect(status).toBeOneOf([200, 400]);
      expect(codes).not.toContain('INTERNAL_SERVER_ERROR');
      if (status === 400) expect(upstream(product.emulator)).toEqual([]);
      else expect(body.data).toBeDefined();
    },
  );
});

const SETTINGS: readonly (readonly [string, TestProduct])[] = [
  ['with introspection', product],
  ['without it', closed],
];

describe.each(SETTINGS)('A hostile document is rejected and learns nothing: %s', (name, own) => {
  it('there are about a hundred', () => {
    expect(HOSTILE.length).toBeGreaterThanOrEqual(100);
  });

  it.each(HOSTILE)('%s', async (what, query, variables = {}) => {
    const start = performance.now();
    const response = await own.request('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: bearer(own) },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    const [code, ...others] = new Set(codesOf(text));
    recordAttempt({
      kind: name === 'without it' ? 'Documents, where it may not' : 'Documents, where the schema may be read',
      what: String(what).replaceAll(CANARY, 'NAME'),
      start,
      status: response.status,
      codes: [code ?? '', ...others],
      calls: upstream(own.emulator).length,
    });
    expect(others).toEqual([]);
    expect(code).toBeOneOf([
      'LIMIT_EXCEEDED',
      'GRAPHQL_PARSE_FAILED',
      'GRAPHQL_VALIDATION_FAILED',
      'BAD_USER_INPUT',
      'BAD_REQUEST',
      'OPERATION_RESOLUTION_FAILURE',
    ]);
    expect(response.status).toBe(400);
    expect(upstream(own.emulator)).toEqual([]);
    // With introspection on, messages may repeat names, and nothing else.
    if (name === 'without it') expect(text).not.toContain('4255550187');
    expect(text.length).toBeLessThan(3_000);
  });
});

describe('Where introspection is off', () => {
  it.each([
    '{ __schema { queryType { name } } }',
    '{ __type(name: "User") { name } }',
    'query ($n: String!) { ...A } fragment A on Query { __type(name: $n) { name } }',
  ])('an introspection query is rejected: %s', async (query) => {
    const { status, body } = await closed.ask(query, { n: 'User' });
    expect(status).toBe(400);
    expect(body.errors[0].extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' });
  });

  it.each([
    '{ mee { id } }',
    '{ me { phone { id } displayname } }',
    '{ me { phones(type: MOBILE) { id } } }',
    '{ me { phones(types: [MOBIL]) { id } } }',
    '{ ... on Usr { id } }',
    '{ me { id @skp(if: true) } }',
    'query ($a: PhoneTyp) { me { phones(types: [$a]) { id } } }',
    'mutation { addPhone(input: { nmber: "1" }) { phone { id } } }',
  ])('an error does not suggest names: %s', async (query) => {
    const { status, body } = await closed.ask(query);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).not.toMatch(/did you mean/i);
    const guessed = await product.ask(query);
    expect(guessed.status).toBe(400);
  });

  it('__typename still works, since clients select it', async () => {
    expect((await closed.ask('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
  });
});

describe('A limit that is not a number', () => {
  it.each([
    { LIMIT_TOKENS: 'many' },
    { LIMIT_DEPTH: '0' },
    { LIMIT_READS: '1.5' },
    { LIMIT_MUTATIONS: '-1' },
    { LIMIT_TOKENS: '10001' },
  ] satisfies Environment[])('prevents the start: %j', async (environment) => {
    await expect(startTestProduct({ environment })).rejects.toThrow(Object.keys(environment)[0]);
  });
});
