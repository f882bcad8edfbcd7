// One request of every kind, with the status of its response.
import { getIntrospectionQuery } from 'graphql';

export interface Place {
  readonly url: string;
  readonly adminUrl: string;
  readonly token: string;
  /** An origin that CORS allows. */
  readonly origin: string;
  readonly explorer: boolean;
  readonly introspection: boolean;
}

export interface Asked {
  readonly what: string;
  readonly status: number;
  /** The codes of `errors` and `userErrors`. */
  readonly codes: readonly string[];
  readonly expected: readonly [number, ...string[]];
}

const GUID = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
const PHONE = 'phone { id number parsed { e164 } } userErrors { code message field }';
const PERSON =
  'id displayName phones { id number type createdBy { user { displayName } } parsed { international kind } }';

/** Operations, each with the error codes of its response. */
const OPERATIONS: readonly (readonly [string, Record<string, unknown>, ...string[]])[] = [
  [`{ me { ${PERSON} } }`, {}],
  [`query ($ids: [ID!]!) { users(ids: $ids) { ${PERSON} } }`, { ids: [GUID, 'innocenty@contoso.com'] }],
  [`{ node(id: "${GUID}/nothing-here") { id } }`, {}],
  ['{ node(id: "..") { id } }', {}, 'BAD_USER_INPUT'],
  ['{ users(ids: [".."]) { id } }', {}, 'BAD_USER_INPUT'],
  [`{ directory(first: 2, search: "a") { nodes { ${PERSON} } pageInfo { hasNextPage endCursor } } }`, {}],
  [
    'query ($skip: Boolean!) { me { ...A @skip(if: $skip) } } fragment A on User { phone(id: "x") { id } }',
    { skip: false },
  ],
  [
    `mutation ($number: String!) { addPhone(input: {number: $number, idempotencyKey: "one"}) { ${PHONE} } }`,
    { number: '+1 206 555 0100' },
  ],
  [`mutation { addPhone(input: {number: ""}) { ${PHONE} } }`, {}, 'INVALID_INPUT'],
  [`mutation { updatePhone(input: {id: "nobody", number: "1"}) { ${PHONE} } }`, {}, 'NOT_FOUND'],
  ['mutation { deletePhone(input: {id: "nobody"}) { deletedPhoneId userErrors { code } } }', {}, 'NOT_FOUND'],
  [
    `mutation { addPhones(input: {phones: [{number: "1"}, {number: "2"}]}) { results { ${PHONE} } userErrors { code } } }`,
    {},
  ],
  [
    'mutation { updatePhones(input: {phones: []}) { results { phone { id } } userErrors { code } } }',
    {},
    'INVALID_INPUT',
  ],
];

const REFUSED: readonly (readonly [string, Record<string, unknown>, number, string])[] = [
  ['{ me {', {}, 400, 'GRAPHQL_PARSE_FAILED'],
  ['{ nobody }', {}, 400, 'GRAPHQL_VALIDATION_FAILED'],
  [`{ ${'a'.repeat(257)}: me { id } }`, {}, 400, 'LIMIT_EXCEEDED'],
  ['query ($id: ID!) { user(id: $id) { id } }', {}, 400, 'BAD_USER_INPUT'],
];

/** Sends all of them, one after the other. */
export async function askEverything(place: Place): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  const ask = async (what: string, expected: Asked['expected'], url: string, init: RequestInit = {}) => {
    const response = await fetch(url, init);
    asked.push({ what, expected, status: response.status, codes: codesIn(await response.text()) });
  };
  await askOperations(place, ask);
  await askOddly(place, ask);
  for (const path of ['/livez', '/readyz', '/metrics']) await ask(path, [200], `${place.adminUrl}${path}`);
  await ask('an unknown path of the admin port', [404], `${place.adminUrl}/nothing`);
  return asked;
}

type Ask = (what: string, expected: Asked['expected'], url: string, init?: RequestInit) => Promise<void>;

async function askOperations(place: Place, ask: Ask): Promise<void> {
  // The second and third time they run from the operation cache.
  for (const _time of [1, 2, 3])
    for (const [query, variables, ...codes] of OPERATIONS)
      await ask(query, [200, ...codes], place.url, posted(place, { query, variables }));
  for (const [query, variables, status, code] of REFUSED)
    await ask(query.slice(0, 60), [status, code], place.url, posted(place, { query, variables }));
  const introspection = posted(place, { query: getIntrospectionQuery() });
  const allowed: Asked['expected'] = place.introspection ? [200] : [400, 'GRAPHQL_VALIDATION_FAILED'];
  await ask('introspection', allowed, place.url, introspection);
}

async function askOddly(place: Place, ask: Ask): Promise<void> {
  const { url, origin } = place;
  const get = { authorization: `Bearer ${place.token}`, 'apollo-require-preflight': 'true' };
  const query = encodeURIComponent('{ me { id } }');
  await ask('a page', place.explorer ? [200] : [401, 'UNAUTHENTICATED'], url, {
    headers: { accept: 'text/html' },
  });
  await ask('GET', [200], `${url}?query=${query}`, { headers: get });
  await ask(
    'no token',
    [401, 'UNAUTHENTICATED'],
    url,
    posted({ ...place, token: '' }, { query: '{ me { id } }' }),
  );
  await ask('no JSON', [400, 'BAD_REQUEST'], url, { ...posted(place, {}), body: '{' });
  await ask(
    'an unknown hash',
    [200, 'PERSISTED_QUERY_NOT_FOUND'],
    url,
    posted(place, {
      extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } },
    }),
  );
  await ask('another method', [405, 'BAD_REQUEST'], url, { method: 'DELETE', headers: get });
  await ask('another path', [404, 'BAD_REQUEST'], new URL('/nothing', url).href, { headers: get });
  await ask('a large body', [413, 'BAD_REQUEST'], url, posted(place, { query: 'x'.repeat(300_000) }));
  await ask('a preflight', [204], url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    },
  });
}

function posted({ token, origin }: Place, body: unknown): RequestInit {
  const authorization = token === '' ? {} : { authorization: `Bearer ${token}` };
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, ...authorization },
    body: JSON.stringify(body),
  };
}

function codesIn(text: string): string[] {
  return [...new Set([...text.matchAll(/"code":"([A-Z_]+)"/g)].map(([, code]) => code ?? ''))];
}
