// Hostile documents: they try to cause work or to reveal information.

/** A description, the document, and its variables. */
export type Hostile = readonly [string, string, Record<string, unknown>?];

export const GUID = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';

/** `count` parts, separated by blanks. */
export function many(count: number, make: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => make(at)).join(' ');
}

/** A unique text with digits that is also a valid name. */
export const CANARY = 'c4255550187';

/** Documents that cannot run, and a few malformed requests. */
export const HOSTILE: readonly Hostile[] = [
  ...[334, 1_000, 8_000].map(
    (n) => [`${n} aliases of a root field`, `{ ${many(n, (at) => `${CANARY}_${at}: me { id }`)} }`] as const,
  ),
  ...[1_000].map(
    (n) => [`${n} aliases of a field`, `{ me { ${many(n, (at) => `${CANARY}_${at}: mail`)} } }`] as const,
  ),
  ...[70, 1_000, 20_000].map(
    (n) => [`${n} times __typename`, `{ me { ${many(n, () => '__typename')} } }`] as const,
  ),
  ...[50, 500, 20_000].map(
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

const ME = 'GET /me?$select=id';

/** Documents that look hostile and cause one read: a description, the document, and the upstream calls. */
export const SMALL: readonly (readonly [string, string, readonly string[]])[] = [
  ['11 aliases of a root field', `{ ${many(11, (at) => `a${at}: me { id }`)} }`, [ME]],
  ['300 aliases of a root field', `{ ${many(300, (at) => `a${at}: me { id }`)} }`, [ME]],
  ['600 aliases of a field', `{ me { ${many(600, (at) => `a${at}: id`)} } }`, [ME]],
  ['60 times a field', `{ me { ${many(60, () => 'id')} } }`, [ME]],
  ['30 times a field with fields', `{ ${many(30, () => 'me { id }')} }`, [ME]],
  ['600 aliases of nothing', `{ ${many(600, (at) => `a${at}: __typename`)} }`, []],
  [
    '180 aliases of a person',
    `{ ${many(180, (at) => `a${at}: user(id: "${GUID}") { id }`)} }`,
    [`GET /users/${GUID}?$select=id`],
  ],
  ['10 questions about the schema', `{ ${many(10, (at) => `a${at}: __schema { queryType { name } }`)} }`, []],
];
