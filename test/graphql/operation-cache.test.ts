// A request that Apollo Server has accepted once runs without it afterwards. The test compares status, headers and body of
// both responses byte for byte.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { LogFields } from '../../src/runtime/log.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { startTestProduct, tokenOf } from '../support/product.ts';

const lines: LogFields[] = [];
const product = await startTestProduct({
  logger: { ...silentLogger, info: (fields) => void lines.push(fields) },
});
const { emulator } = product;
afterAll(() => product.close());
beforeEach(() => {
  emulator.reset();
  lines.length = 0;
});

const GUID = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
const NOBODY = '00000000-0000-4000-8000-000000000000';

interface Shown {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

async function post(body: unknown, headers: Record<string, string> = {}, as = 'innocenty'): Promise<Shown> {
  const response = await product.request('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${tokenOf(emulator, as)}`,
      ...headers,
    },
    body: JSON.stringify(body),
  });
  const { date: _date, 'x-request-id': _id, ...rest } = Object.fromEntries(response.headers);
  return { status: response.status, headers: rest, body: withoutIds(await response.text()) };
}

/** Removes ids that differ for each request. */
function withoutIds(text: string): string {
  return text.replaceAll(/"(requestId|clientRequestId)":"[^"]+"/g, '"$1":"…"');
}

/** The first request goes through Apollo Server, the others do not. */
async function threeTimes(body: unknown, headers?: Record<string, string>, as?: string): Promise<Shown[]> {
  return [await post(body, headers, as), await post(body, headers, as), await post(body, headers, as)];
}

const REQUESTS: [string, Record<string, unknown>, Record<string, string>?][] = [
  ['a query', { query: '{ me { id displayName phones { id number type parsed { e164 } } } }' }],
  ['a name', { query: 'query A { me { id } } query B { me { mail } }', operationName: 'B' }],
  ['variables', { query: 'query ($id: ID!) { user(id: $id) { displayName } }', variables: { id: GUID } }],
  [
    'nulls for what is not there',
    { query: '{ me { mail } }', variables: null, operationName: null, extensions: null },
  ],
  [
    'extensions that say who asks',
    { query: '{ me { mail id } }', extensions: { clientLibrary: { name: 'x' } } },
  ],
  ['errors beside data', { query: `{ users(ids: ["../me", "${GUID}", "${NOBODY}"]) { id } }` }],
  ['an error at the root', { query: '{ user(id: "..") { id } }' }],
  [
    'userErrors',
    { query: 'mutation { deletePhone(input: { id: ".." }) { deletedPhoneId userErrors { code field } } }' },
  ],
  [
    'the other media type',
    { query: '{ me { id phones { id } } }' },
    { accept: 'application/graphql-response+json' },
  ],
  [
    'both media types',
    { query: '{ me { id } }' },
    { accept: 'application/graphql-response+json, application/json;q=0.9' },
  ],
  ['introspection', { query: '{ __type(name: "PhoneType") { enumValues { name description } } }' }],
];

describe('a cached request has the same response as before', () => {
  it.each(REQUESTS)('with %s', async (_name, body, headers) => {
    const [first, second, third] = await threeTimes(body, headers);
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    expect(lines.map(({ prepared }) => prepared)).toEqual([false, true, true]);
    expect(
      new Set(lines.map(({ codes, operation, type }) => JSON.stringify([codes, operation, type]))).size,
    ).toBe(1);
  });

  it('also when Graph rejects the token', async () => {
    const query = '{ me { userPrincipalName } }';
    await post({ query });
    const refused = await post({ query }, {}, 'expired');
    const other = await post({ query: '{ me { userPrincipalName  } }' }, {}, 'expired');
    expect(refused.status).toBe(401);
    expect(refused.headers['www-authenticate']).toBe('Bearer');
    expect({ ...refused, body: JSON.parse(refused.body).errors[0].extensions }).toEqual({
      ...other,
      body: JSON.parse(other.body).errors[0].extensions,
    });
    expect(lines.map(({ prepared }) => prepared)).toEqual([false, true, false]);
  });

  it('also when its variables are invalid this time', async () => {
    const query = 'query ($id: ID!) { user(id: $id) { mail } }';
    await post({ query, variables: { id: GUID } });
    const known = await post({ query, variables: {} });
    const fresh = await post({ query: `${query} `, variables: {} });
    expect(known).toEqual(fresh);
    expect(known.status).toBe(400);
    expect(lines.map(({ prepared }) => prepared)).toEqual([false, true, false]);
  });
});

describe('any other request goes through Apollo Server', () => {
  const query = '{ me { id mail } }';

  it.each([
    ['a document that is refused', { query: '{ nobody }' }, {}],
    ['a document that cannot be parsed', { query: '{ me {' }, {}],
    ['an operation that is not there', { query, operationName: 'Other' }, {}],
    ['a persisted query', { query, extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }, {}],
    ['extensions that are no object', { query, extensions: 'x' }, {}],
    ['variables that are no object', { query, variables: [1] }, {}],
    ['a list of operations', [{ query }, { query }], {}],
  ])('%s, each time', async (_name, body, headers) => {
    await post({ query });
    await threeTimes(body, headers);
    expect(lines.slice(1).map(({ prepared }) => prepared)).toEqual([false, false, false]);
  });

  it('a request with an unacceptable Accept header is rejected before anything runs, cached or not', async () => {
    const mutation = { query: 'mutation { addPhone(input: { number: "1" }) { phone { number } } }' };
    await post(mutation);
    emulator.clearCalls();
    const { status } = await post(mutation, { accept: 'application/xml' });
    expect(status).toBe(406);
    expect(emulator.calls).toEqual([]);
  });
});
