// What one request may ask for: each limit at its edge, and some hundred documents that somebody might send to make the
// gateway work, or talk. None of them reaches Microsoft Graph.
import { getIntrospectionQuery, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Environment } from '../../src/config.ts';
import { costOf, FACETS, READS } from '../../src/gateway/cost.ts';
import { createSchema } from '../../src/gateway/schema.ts';
import { codesOf } from '../http/refusal.ts';
import { startTestProduct, type TestProduct, tokenOf, upstream } from '../support/product.ts';
import { recordAttempt } from '../support/record.ts';

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

const GUID = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';

/** As many as asked for, with blanks between. */
function many(count: number, make: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => make(at)).join(' ');
}

interface Asked {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

interface Edge {
  readonly limit: string;
  readonly most: number;
  /** The words of the refusal. */
  readonly message: string;
  /** A request with as many of what is limited. */
  make(count: number): Asked;
}

const PROPERTIES = ['id', 'mail', 'displayName', 'userPrincipalName', '__typename', 'id'];

const EDGES: readonly Edge[] = [
  {
    limit: 'LIMIT_CHARACTERS',
    most: 120,
    message: 'characters: at most 120 in a document.',
    make: (count) => ({ query: '{ me { id } }'.padEnd(count, ',') }),
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
    message: 'depth: at most 4 levels of fields, lists or objects.',
    make: (count) => ({ query: `{ me { ${'... { '.repeat(count - 2)} id ${'} '.repeat(count - 2)} } }` }),
  },
  {
    limit: 'LIMIT_FIELDS',
    most: 7,
    message: 'fields: at most 7 in a document, counted wherever a fragment is spread.',
    make: (count) => ({
      query: `{ me { ...A ...A ${many(count - 7, () => 'mail')} } } fragment A on User { id mail }`,
    }),
  },
  {
    limit: 'LIMIT_ALIASES',
    most: 4,
    message: 'aliases: at most 4 in a document, counted wherever a fragment is spread.',
    make: (count) => ({
      query: `{ a: me { ...A } b: me { ...A } ${many(count - 4, () => 'c: __typename')} } fragment A on User { m: mail }`,
    }),
  },
  {
    limit: 'LIMIT_ROOT_FIELDS',
    most: 3,
    message: 'root fields: at most 3 in an operation.',
    make: (count) => ({
      query: `{ me { id } ...A } fragment A on Query { ${many(count - 1, (at) => `a${at}: __typename`)} }`,
    }),
  },
  {
    limit: 'LIMIT_REPEATED_FIELDS',
    most: 3,
    message: 'repeated fields: at most 3 times the same field in one place.',
    make: (count) => ({
      query: `{ me { id } me { ${many(count - 2, () => 'id')} ...A } } fragment A on User { id }`,
    }),
  },
  {
    limit: 'LIMIT_DIRECTIVES',
    most: 2,
    message: 'directives: at most 2 in a document.',
    make: (count) => ({
      query: `{ me { ${PROPERTIES.slice(0, count).join(' @skip(if: false) ')} @skip(if: false) } }`,
    }),
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
    message: 'depth: at most 4 levels of fields, lists or objects.',
    make: (count) => ({
      query: '{ me { mail } }',
      variables: { nobody: { asked: JSON.parse(`${'['.repeat(count - 1)}${']'.repeat(count - 1)}`) } },
    }),
  },
  {
    limit: 'LIMIT_READS',
    most: 6,
    message: 'reads: at most 6 of Microsoft Graph for an operation. Ask for fewer people, or less of each.',
    make: (count) => ({
      query: 'query ($ids: [ID!]!) { users(ids: $ids) { mail } me { mail phones { id } } }',
      variables: { ids: Array.from({ length: count - 2 }, () => GUID) },
    }),
  },
];

describe('Each limit is a number in the configuration', () => {
  it.each(EDGES)(
    '$limit, here $most: so many pass, one more does not',
    async ({ limit, most, message, make }) => {
      await using own = await startTestProduct({ environment: { [limit]: String(most) } });

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
      errors: [{ message: 'The body is too large: at most 1000 bytes.' }],
    });
  });

  it('also for a document in an address', async () => {
    const search = new URLSearchParams({ query: `{ ${many(11, (at) => `a${at}: __typename`)} }` });
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
      body: JSON.stringify({ query: `{ ${many(11, (at) => `a${at}: __typename`)} }` }),
    });
    expect(response.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
  });

  it('only after the caller is let in', async () => {
    const response = await product.request('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: `{ ${many(11, (at) => `a${at}: __typename`)} }` }),
    });
    expect(response.status).toBe(401);
  });
});

describe('What depends on variables is decided for every run', () => {
  it('also of an operation that is known', async () => {
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

describe('The defaults leave room for what the schema is for', () => {
  it.each([
    ['the query by which tools read the schema', getIntrospectionQuery({ inputValueDeprecation: true })],
    [
      'every field of everything',
      `{ me { ...U } user(id: "${GUID}") { ...U } directory(first: 2, search: "a") {
        edges { cursor node { ...U } } nodes { ...U } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }
      fragment U on User { id displayName userPrincipalName mail phones { ...P } phone(id: "x") { ...P } }
      fragment P on ItemPhone { id displayName number type allowedAudiences isSearchable
        inference { confidenceScore userHasVerifiedAccuracy } source { type }
        sources { sourceId isDefaultSource properties } createdBy { ...I } lastModifiedBy { ...I }
        createdDateTime lastModifiedDateTime
        parsed { e164 country callingCode national international extension uri isValid kind } }
      fragment I on IdentitySet { application { id displayName } device { id displayName } user { id displayName } }`,
    ],
  ])('%s', async (_what, query) => {
    const { status, body } = await product.ask(query);
    expect(body.errors).toBeUndefined();
    expect(status).toBe(200);
  });

  it('a thousand people with their names and phones, and not one more', async () => {
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

describe('An operation costs Microsoft Graph, in reads at most', () => {
  const cost = (text: string, variables: Record<string, unknown> = {}) => {
    const document = parse(text);
    const [operation] = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    return costOf(schema, document, operation as OperationDefinitionNode)(variables);
  };
  const IDS = 'query ($ids: [ID!]!)';

  it.each<[number, string, Record<string, unknown>?]>([
    [0, '{ __typename }'],
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
    [4, 'mutation { addPhone(input: {number: "1"}) { phone { id } } }'],
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
      6,
      'mutation ($phones: [UpdatePhoneInput!]! = [{id: "1"}, {id: "2"}]) { updatePhones(input: {phones: $phones}) { userErrors { code } } }',
    ],
    [
      4,
      'mutation { a: deletePhone(input: {id: "1"}) { deletedPhoneId } b: deletePhone(input: {id: "2"}) { deletedPhoneId } }',
    ],
  ])('%i: %s %j', (reads, text, variables) => {
    expect(cost(text, variables)).toBe(reads);
  });

  it('is known for every field that is read by itself', () => {
    const types = ['Query', 'Mutation', 'User'].map((name) => schema.getType(name));
    const fields = types.flatMap((type) =>
      type !== undefined && 'getFields' in type
        ? Object.values(type.getFields()).map(({ name, type: of }) => [`${type.name}.${name}`, String(of)])
        : [],
    );
    const plain = /^(ID|String|Int|Boolean|DateTime)!?$/;
    const read = fields.filter(([, type]) => !plain.test(type ?? '')).map(([name]) => name);
    expect(read.toSorted()).toEqual([...Object.keys(READS), ...Object.keys(FACETS)].toSorted());
  });
});

function bearer({ emulator }: TestProduct): string {
  return `Bearer ${tokenOf(emulator, 'innocenty')}`;
}

/** Digits that occur nowhere else, also fit to be a name. */
const CANARY = 'c4255550187';

/** Documents that cannot run, and a few requests around them. */
const HOSTILE: readonly (readonly [string, string, Record<string, unknown>?])[] = [
  ...[11, 100, 1_000, 8_000].map(
    (n) => [`${n} aliases of a root field`, `{ ${many(n, (at) => `${CANARY}_${at}: me { id }`)} }`] as const,
  ),
  ...[31, 100, 1_000].map(
    (n) => [`${n} aliases of a field`, `{ me { ${many(n, (at) => `${CANARY}_${at}: mail`)} } }`] as const,
  ),
  ...[31, 1_000, 20_000].map(
    (n) => [`${n} times __typename`, `{ me { ${many(n, () => '__typename')} } }`] as const,
  ),
  ...[21, 500, 20_000].map(
    (n) => [`${n} times a field with fields`, `{ ${many(n, () => 'me { id }')} }`] as const,
  ),
  ...[1, 2, 20, 21, 1_000, 20_000].map(
    (n) => [`${n} unknown directives`, `{ me ${many(n, () => `@${CANARY}`)} { id } }`] as const,
  ),
  ...[21, 1_000].map(
    (n) => [`${n} times @skip`, `{ me ${many(n, () => '@skip(if: false)')} { id } }`] as const,
  ),
  ...[2, 20].map(
    (n) => [`${n} times @skip on one field`, `{ me ${many(n, () => '@skip(if: false)')} { id } }`] as const,
  ),
  ...['skip', 'deprecated', 'include', 'oneOf', 'specifiedBy', 'defer', CANARY].map(
    (name) => [`query @${name}`, `query @${name} { __typename }`] as const,
  ),
  ...[10, 20, 100, 1_000]
    .map(
      (n) =>
        [
          `${n} fragments that double`,
          `{ ...F0 } ${many(n, (at) => `fragment F${at} on Query { ...F${at + 1} ...F${at + 1} }`)} fragment F${n} on Query { me { id } me { mail } }`,
        ] as const,
    )
    .slice(1),
  ...[1, 2, 10, 100].map(
    (n) =>
      [
        `a circle of ${n} fragments`,
        `{ ...F0 } ${many(n, (at) => `fragment F${at} on Query { ...F${(at + 1) % n} me { id } }`)}`,
      ] as const,
  ),
  ...[10, 30, 60].map(
    (n) =>
      [
        `${n} fragments that all spread each other`,
        `{ ...F0 } ${many(n, (at) => `fragment F${at} on Query { ${many(n, (to) => `...F${to}`)} id${at} }`)}`,
      ] as const,
  ),
  ...[20, 500, 20_000].map(
    (n) =>
      [
        `${n} inline fragments in each other`,
        `{ me { ${'... { '.repeat(n)} id ${'} '.repeat(n)} } }`,
      ] as const,
  ),
  ...[16, 1_000, 40_000].map(
    (n) =>
      [`a list ${n} deep`, `{ users(ids: ${'['.repeat(n)}"${CANARY}"${']'.repeat(n)}) { id } }`] as const,
  ),
  ...[16, 1_000, 10_000].map(
    (n) =>
      [
        `an object ${n} deep`,
        `mutation { addPhone(input: ${'{a:'.repeat(n)}"${CANARY}"${'}'.repeat(n)}) { phone { id } } }`,
      ] as const,
  ),
  ...[32, 1_000, 40_000].map(
    (n) =>
      [
        `a type of a variable ${n} deep`,
        `query ($${CANARY}: ${'['.repeat(n)}ID${']'.repeat(n)}) { me { id } }`,
      ] as const,
  ),
  ...[1_000, 100_000].map(
    (n) => [`${n} braces that nobody closes`, '{ me '.repeat(n).slice(0, 200_000)] as const,
  ),
  ...[200, 2_000].map(
    (n) =>
      [
        `${n} variables that nobody uses`,
        `query (${many(n, (at) => `$${CANARY}_${at}: ID`)}) { me { id } }`,
      ] as const,
  ),
  ...[2, 500].map(
    (n) => [`one argument ${n} times`, `{ user(${many(n, () => `id: "${CANARY}"`)}) { id } }`] as const,
  ),
  ...[2, 400].map(
    (n) =>
      [
        `one input field ${n} times`,
        `mutation { addPhone(input: {${many(n, () => `number: "${CANARY}"`)}}) { phone { id } } }`,
      ] as const,
  ),
  ...[6, 100].map(
    (n) =>
      [
        `${n} mutations`,
        `mutation { ${many(n, (at) => `a${at}: addPhone(input: {number: "${CANARY}"}) { phone { id } }`)} }`,
      ] as const,
  ),
  ...[1_001, 1_900].map(
    (n) => [`${n} ids in the document`, `{ users(ids: [${many(n, () => `"${CANARY}"`)}]) { id } }`] as const,
  ),
  ...[1_001, 10_000].map(
    (n) =>
      [
        `${n} ids in a variable`,
        'query ($ids: [ID!]!) { users(ids: $ids) { id } }',
        { ids: Array.from({ length: n }, () => CANARY) },
      ] as const,
  ),
  ...[20, 1_000].map(
    (n) =>
      [
        `a variable ${n} deep`,
        'query ($ids: [ID!]!) { users(ids: $ids) { id } }',
        { ids: JSON.parse(`${'['.repeat(n)}"${CANARY}"${']'.repeat(n)}`) },
      ] as const,
  ),
  [
    'two lists of a thousand',
    'query ($ids: [ID!]!) { a: users(ids: $ids) { mail phones { id } } b: users(ids: $ids) { mail } }',
    { ids: Array.from({ length: 1_000 }, () => GUID) },
  ],
  [
    'three pages with phones',
    '{ a: directory(first: 999) { nodes { phones { id } } } b: directory(first: 999) { nodes { phones { id } } } c: directory(first: 2) { nodes { phones { id } } } }',
  ],
  [
    'a page of a billion',
    'query ($n: Int!) { directory(first: $n) { nodes { phones { id } } } }',
    { n: 1_000_000_000 },
  ],
  [
    '__schema in __schema',
    `{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } }`,
  ],
  [
    '__type in itself',
    `{ __type(name: "User") { ofType { ${'ofType { '.repeat(20)} name ${'} '.repeat(20)} } } }`,
  ],
  [
    '__type through lists',
    `{ __type(name: "User") { fields { type { possibleTypes { interfaces { fields { name } } } } } } }`,
  ],
  ['many __schema', `{ ${many(11, (at) => `a${at}: __schema { queryType { name } }`)} }`],
  ['a comment without end', `{ me { id ${CANARY} } } #${'x'.repeat(100_000)}`],
  ['a string without end', `{ user(id: "${CANARY}`],
  ['a block string of lines', `{ user(id: """${'\n'.repeat(60_000)}${CANARY}""") { id } }`],
  ['a long name', `{ ${CANARY}${'x'.repeat(60_000)} }`],
  ['commas', `{ me { id } ${','.repeat(60_000)} }`],
  ['an escape that is none', `{ user(id: "\\u{${CANARY}}") { id } }`],
  ['a surrogate by itself', `{ user(id: "\\uD800${CANARY}") { id } }`],
  ['a control character', `{ me { id \u0007 ${CANARY} } }`],
  ['a number with a name in it', `{ directory(first: 42555x${CANARY}) { nodes { id } } }`],
  ['a subscription', `subscription { ${CANARY} }`],
  ['a schema instead of a query', `type ${CANARY} { id: ID }`],
  ['an extension of the schema', `{ me { id } } extend type User { ${CANARY}: ID }`],
  ['nothing', ' '],
  ['only a fragment', `fragment ${CANARY} on User { id }`],
  ['a fragment on what is no type', `{ ...A } fragment A on ${CANARY} { id }`],
  ['a fragment that is not there', `{ ...${CANARY} }`],
  ['a fragment that nobody uses', `{ me { id } } fragment ${CANARY} on User { id }`],
  ['two operations of a name', `query ${CANARY} { me { id } } query ${CANARY} { me { id } }`],
  ['two operations without names', '{ me { id } } { me { mail } }'],
  ['300 operations', many(300, (at) => `query ${CANARY}_${at} { me { id } }`)],
  ['a field that is none', `{ me { ${CANARY} } }`],
  ['an argument that is none', `{ me { phones(${CANARY}: 1) { id } } }`],
  ['an enum value that is none', `{ me { phones(types: [${CANARY}]) { id } } }`],
  ['a type of a variable that is none', `query ($a: ${CANARY}) { user(id: $a) { id } }`],
  ['a variable that is not declared', `{ user(id: $${CANARY}) { id } }`],
  ['two fields of a name', `{ me { ${CANARY}: id ${CANARY}: mail } }`],
  ['no fields of an object', '{ me }'],
  ['fields of no object', `{ me { id { ${CANARY} } } }`],
  ['__proto__', '{ me { __proto__ { constructor } } }'],
  ['constructor', '{ constructor me { hasOwnProperty toString } }'],
  ['an id that is an object', `query ($id: ID!) { user(id: $id) { id } }`, { id: { a: CANARY } }],
  ['an id that is a list', `query ($${CANARY}: ID!) { user(id: $${CANARY}) { id } }`, { [CANARY]: [CANARY] }],
];

const SETTINGS: readonly (readonly [string, TestProduct])[] = [
  ['with introspection', product],
  ['without it', closed],
];

describe.each(SETTINGS)('A hostile document is refused, and told nothing: %s', (name, own) => {
  it('there are some hundred', () => {
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
    // Names, and nothing else, are told to those who may read the schema.
    if (name === 'without it') expect(text).not.toContain('4255550187');
    expect(text.length).toBeLessThan(3_000);
  });
});

describe('Where introspection is off', () => {
  it.each([
    '{ __schema { queryType { name } } }',
    '{ __type(name: "User") { name } }',
    'query ($n: String!) { ...A } fragment A on Query { __type(name: $n) { name } }',
  ])('it is refused: %s', async (query) => {
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
  ])('nobody is told what would be right: %s', async (query) => {
    const { status, body } = await closed.ask(query);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).not.toMatch(/did you mean/i);
    const guessed = await product.ask(query);
    expect(guessed.status).toBe(400);
  });

  it('__typename is still there, which clients ask for', async () => {
    expect((await closed.ask('{ __typename }')).body).toEqual({ data: { __typename: 'Query' } });
  });
});

describe('A limit that is no number', () => {
  it.each([
    { LIMIT_TOKENS: 'many' },
    { LIMIT_DEPTH: '0' },
    { LIMIT_READS: '1.5' },
    { LIMIT_ALIASES: '-1' },
  ] satisfies Environment[])('%j does not start', async (environment) => {
    await expect(startTestProduct({ environment })).rejects.toThrow(Object.keys(environment)[0]);
  });
});
