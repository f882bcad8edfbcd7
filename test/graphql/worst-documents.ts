// Documents near the default limit of tokens. Each maximizes one part of the work: lexing, the check of the limits, or
// GraphQL's validation. Some are rejected, most are accepted.
import { GUID, type Hostile, many } from './hostile-documents.ts';

const fragments = (count: number, body: (at: number) => string, on = 'User'): string =>
  many(count, (at) => `fragment F${at} on ${on} { ${body(at)} }`);

export const WORST: readonly Hostile[] = [
  ['tokens: names', `{ me { ${many(1_990, (at) => `a${at}`)} } }`],
  ['tokens: names of 256 characters', `{ me { ${many(180, (at) => `a${at}`.padEnd(256, 'x'))} } }`],
  ['one field again and again', `{ me { ${many(62, () => 'id')} } }`],
  ['one field with fields again and again', `{ ${many(35, () => 'me { id mail }')} }`],
  ['one field, nested, again and again', `{ ${many(28, () => 'me { phones { parsed { e164 } } }')} }`],
  [
    'one field with long arguments again and again',
    `{ ${many(30, () => `users(ids: [${many(25, () => `"${GUID}"`)}]) { id }`)} }`,
  ],
  [
    'one field with a long string again and again',
    `{ ${many(30, () => `user(id: "${'x'.repeat(1_500)}") { id }`)} }`,
  ],
  ['aliases of a root field', `{ ${many(330, (at) => `a${at}: me { id }`)} }`],
  ['aliases of a field', `{ me { ${many(660, (at) => `a${at}: id`)} } }`],
  ['aliases of a field with arguments', `{ me { ${many(165, (at) => `a${at}: phone(id: "1") { id }`)} } }`],
  ['operations', many(248, (at) => `query A${at} { me { id } }`)],
  ['operations that conflict in names', many(248, () => 'query A { me { id } }')],
  ['fragments that nobody uses', `{ me { id } } ${fragments(240, () => 'id')}`],
  [
    'fragments of different fields in one place',
    `{ me { ${many(170, (at) => `...F${at}`)} } } ${fragments(170, (at) => `a${at}: id`)}`,
  ],
  [
    'fragments of one field in one place',
    `{ me { ${many(58, (at) => `...F${at}`)} } } ${fragments(58, () => 'id')}`,
  ],
  [
    'fragments within fragments',
    `{ me { ...F0 } } ${fragments(14, (at) => `...F${at + 1} a${at}: id`)} fragment F14 on User { id }`,
  ],
  [
    'fragments that double, as far as they may',
    `{ me { ...F0 } } ${fragments(5, (at) => `...F${at + 1} ... { ...F${at + 1} }`)} fragment F5 on User { id }`,
  ],
  [
    'fragments that all spread each other, in one direction',
    `{ me { ...F0 } } ${fragments(6, (at) => `${many(6 - at, (to) => `...F${at + to + 1}`)} a${at}: id`)} fragment F6 on User { id }`,
  ],
  [
    'operations that spread all fragments',
    `${many(60, (at) => `query A${at} { me { ...F0 } }`)} ${fragments(14, (at) => `...F${at + 1} a${at}: id`)} fragment F14 on User { id }`,
  ],
  [
    'operations and fragments with variables',
    `${many(22, (at) => `query A${at}($a: [PhoneTypeInput!], $b: [PhoneTypeInput!]) { me { ...F0 } }`)} ${fragments(13, (at) => `...F${at + 1} a${at}: phones(types: $a) { id } b${at}: phones(types: $b) { id }`)} fragment F13 on User { id }`,
  ],
  [
    'variables',
    `query (${many(100, (at) => `$v${at}: ID!`)}) { ${many(100, (at) => `a${at}: user(id: $v${at}) { id }`)} }`,
  ],
  ['variables that nobody declared', `{ ${many(160, (at) => `a${at}: user(id: $v${at}) { id }`)} }`],
  ['a variable again and again', `query (${many(100, () => '$a: ID')}) { me { id } }${'\n'.repeat(1_990)}`],
  ['a list', `{ users(ids: [${many(1_000, () => `"${GUID}"`)}]) { id } }`],
  ['lists in lists', `{ users(ids: [${many(60, () => `${'['.repeat(14)}${']'.repeat(14)}`)}]) { id } }`],
  [
    'objects in objects',
    `mutation { addPhone(input: {${many(28, () => `a: ${'{a:'.repeat(13)}1${'}'.repeat(13)}`)}}) { phone { id } } }`,
  ],
  [
    'inline fragments in each other',
    `{ ${many(65, (at) => `a${at}: me { ${'... { '.repeat(8)} id ${'} '.repeat(8)} }`)} }`,
  ],
  ['directives', `{ me { ${many(198, (at) => `a${at}: id @skip(if: false)`)} } }`],
  ['a directive again and again', `{ me { id ${many(280, () => '@skip(if: false)')} } }`],
  ['unknown directives', `{ me { id ${many(990, (at) => `@d${at}`)} } }`],
  ['unknown fields, nearly known', `{ me { ${many(1_990, (at) => `displayNam_${at}`)} } }`],
  ['unknown types, nearly known', fragments(240, () => 'id', 'ItemPhon')],
  [
    'an argument again and again, after many lines',
    `${'\n'.repeat(1_900)}{ user(${many(20, () => 'id: "x"')}) { id } }`,
  ],
  [
    'conflicts of many fields, after many lines',
    `${'\n'.repeat(1_900)}{ me { ${many(300, (at) => `a${at}: id`)} } me { ${many(300, (at) => `a${at}: mail`)} } }`,
  ],
  [
    'circles of fragments, after many lines',
    `${'\n'.repeat(1_900)}{ me { ...F0 } } ${fragments(14, (at) => `...F${at + 1}`)} fragment F14 on User { ${many(14, (at) => `...F${at}`)} }`,
  ],
  ['a comment', `{ me { id } } #${'x'.repeat(49_900)}`],
  ['comments', `${'#\n'.repeat(1_990)}{ me { id } }`],
  ['comments, more than lines', `${'#\n'.repeat(24_900)}{ me { id } }`],
  ['blanks', `${' '.repeat(49_900)}{ me { id } }`],
  ['byte order marks', `${'\uFEFF'.repeat(49_900)}{ me { id } }`],
  ['a string', `{ user(id: "${'x'.repeat(49_900)}") { id } }`],
  ['a string of escapes', `{ user(id: "${'\\u0041'.repeat(8_300)}") { id } }`],
  ['a string of escapes of six digits', `{ user(id: "${'\\u{01F600}'.repeat(4_900)}") { id } }`],
  ['a block string of one line', `{ user(id: """${'x'.repeat(49_900)}""") { id } }`],
  ['a block string of lines', `{ user(id: """${'\n'.repeat(1_990)}""") { id } }`],
  ['a block string of long lines', `{ user(id: """${`${' '.repeat(22)}\n`.repeat(1_990)}""") { id } }`],
  ['a block string of escapes', `{ user(id: """${'\\"""'.repeat(12_400)}""") { id } }`],
  ['block strings that are empty', `{ users(ids: [${many(1_000, () => '""""""')}]) { id } }`],
  ['a number', `{ directory(first: ${'9'.repeat(49_900)}) { nodes { id } } }`],
  ['a broken number', `{ directory(first: 1e${'9'.repeat(49_900)}) { nodes { id } } }`],
  [
    'the schema, ten times',
    `{ ${many(10, (at) => `a${at}: __schema { types { name description fields { name args { name } type { name fields { name args { name description type { name description ofType { name } } } type { name description ofType { name description } } } } } } }`)} }`,
  ],
  [
    'a field again and again, with the same fragments in it',
    `{ ${many(12, () => `me { ${many(12, (at) => `...F${at}`)} }`)} } ${fragments(12, (at) => `a${at}: id`)}`,
  ],
  [
    'fields beside fragments',
    `{ me { ${many(400, (at) => `b${at}: id`)} ${many(60, (at) => `...F${at}`)} } } ${fragments(60, (at) => `a${at}: id`)}`,
  ],
  [
    'as many variables as are let in',
    '{ me { id } }',
    Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`v${at}`, 1])),
  ],
  [
    'variables that hold as much as a body does',
    'query ($ids: [ID!]!) { users(ids: $ids) { id } }',
    { ids: Array.from({ length: 1_000 }, () => Array.from({ length: 128 }, () => 0)) },
  ],
  [
    'variables in the costs of many fields',
    `query (${many(99, (at) => `$v${at}: ID!`)}) { ${many(120, (at) => `a${at}: user(id: $v${at % 99}) { id }`)} }`,
    Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`v${at}`, 'x'])),
  ],
];
