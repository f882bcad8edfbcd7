// The most expensive requests that the gateway's limits accept, or reject late. Each request has a unique text, so that no
// cache has it.
import { WORST } from '../test/graphql/worst-documents.ts';
import { createPeople } from './people.ts';

export interface Attack {
  readonly name: string;
  /** The body of a request. @param at differs from one request to the next */
  body(at: number): string;
}

const PARSED = 'parsed { e164 country callingCode national international extension uri isValid kind }';
const IDENTITIES =
  'application { objectId displayName } device { objectId displayName } user { objectId displayName }';
const PHONE = `id displayName number type allowedAudiences isSearchable ${PARSED}
  inference { confidenceScore userHasVerifiedAccuracy } source { type }
  createdBy { ${IDENTITIES} } createdDateTime lastModifiedBy { ${IDENTITIES} } lastModifiedDateTime`;
const USER = `id displayName userPrincipalName mail phones { ${PHONE} }`;

const ids = createPeople().map(({ id }) => id);
/** The first person of the directory has many phones. */
const same = (count: number): string[] => Array.from({ length: count }, () => ids[0] ?? '');
/** None of them is the id of a user. */
const illFormed = Array.from({ length: 1_000 }, (_, at) => `?${at}`);

const repeat = (count: number, make: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => make(at)).join(' ');

const bodyOf = (query: string, variables: unknown = {}): string => JSON.stringify({ query, variables });

/** A name of 250 characters. */
const longName = (at: number, place: number): string => `a${at}_${place}_`.padEnd(250, 'x');

const manyPeople = (at: number, people: readonly string[], selection: string): string =>
  bodyOf(`query Q${at}($ids: [ID!]!) { users(ids: $ids) { ${selection} } }`, { ids: people });

/** Each of them has as many phones as the first person of the directory. */
const rich = (count: number): string[] => Array.from({ length: count }, (_, at) => `rich${at}@contoso.com`);

const LARGE: readonly Attack[] = [
  { name: 'a thousand people with everything', body: (at) => manyPeople(at, ids, USER) },
  {
    name: 'one person with 300 phones, 1,000 times',
    body: (at) => manyPeople(at, same(1_000), `phones { number ${PARSED} }`),
  },
  {
    name: 'one person with 300 phones, 120 times',
    body: (at) => manyPeople(at, same(120), `phones { number ${PARSED} }`),
  },
  {
    name: '1,000 people with 300 phones each',
    body: (at) => manyPeople(at, rich(1_000), `phones { number }`),
  },
  {
    name: '20 people with 300 phones each',
    body: (at) => manyPeople(at, rich(20), `phones { number displayName type }`),
  },
  {
    name: '30 wrong countries for 300 phones',
    body: (at) =>
      bodyOf(
        `query Q${at} { me { phones { ${repeat(30, (place) => `a${place}: parsed(defaultCountry: "XX") { national }`)} } } }`,
      ),
  },
  {
    name: '120 countries for 300 phones',
    body: (at) =>
      bodyOf(
        `query Q${at} { me { phones { ${repeat(120, (place) => `a${place}: parsed(defaultCountry: "US") { national }`)} } } }`,
      ),
  },
  {
    name: '190 aliases of 250 characters for many phones in the directory',
    body: (at) =>
      bodyOf(
        `{ directory(first: 1) { edges { node { phones { ${repeat(185, (place) => `${longName(at, place)}: number`)} } } } } }`,
      ),
  },
  {
    name: 'a page of 999 people with phones',
    body: (at) => bodyOf(`query Q${at} { directory(first: 999) { edges { cursor node { ${USER} } } } }`),
  },
  {
    name: '190 aliases of 250 characters',
    body: (at) => bodyOf(`{ me { ${repeat(190, (place) => `${longName(at, place)}: id`)} } }`),
  },
  {
    name: '190 aliases of 250 characters for many phones',
    body: (at) => bodyOf(`{ me { phones { ${repeat(190, (place) => `${longName(at, place)}: number`)} } } }`),
  },
  {
    name: '190 countries for 300 phones',
    body: (at) =>
      bodyOf(
        `query Q${at} { me { phones { ${repeat(190, (place) => `a${place}: parsed(defaultCountry: "US") { national }`)} } } }`,
      ),
  },
  ...[20, 2].map((count) => ({
    name: `1,000 ill-formed ids under ${count} aliases`,
    body: (at: number) =>
      bodyOf(
        `query Q${at}($ids: [ID!]!) { ${repeat(count, (place) => `a${place}: users(ids: $ids) { id }`)} }`,
        { ids: illFormed },
      ),
  })),
  {
    name: '1,000 ill-formed ids under one alias',
    body: (at) => manyPeople(at, illFormed, `${longName(at, 0)}: id`),
  },
  {
    name: 'introspection',
    body: (at) =>
      bodyOf(
        `query Q${at} { __schema { types { name description fields { name description args { name description type { name } } type { name kind ofType { name ofType { name } } } } inputFields { name description } enumValues { name description } } } }`,
      ),
  },
];

/** Each of them with a comment that makes its text new. */
const worst: readonly Attack[] = WORST.map(([name, query, variables]) => ({
  name,
  body: (at) => bodyOf(`#${at}\n${query}`, variables),
}));

/** Alternates large responses with documents that are expensive to parse. */
export const attacks: readonly Attack[] = worst.flatMap((attack, at) => [
  attack,
  ...LARGE.slice(at % LARGE.length, (at % LARGE.length) + 1),
]);
