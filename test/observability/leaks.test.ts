// Sends unique numbers, names, ids and tokens through every path, in success and failure, and searches the bytes of all
// exported spans for them.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { FaultAction } from '../../emulator/emulator.ts';
import { idOf } from '../support/entra.ts';
import { startTraced, type TracedAnswer } from '../support/traced.ts';

const NUMBER = '+1 425 555 0187';
const DIGITS = '4255550187';
const NAME = 'Canary Line';
const TOKEN = 'canary-token-5c1f0b7e';
/** The unique values in the phones and users of the emulator. */
const THEIRS = [
  'innocenty',
  'Popov',
  'contoso.com',
  '499 342',
  '555 0101',
  '555 0102',
  'Sales Manager',
  '20/1101',
  '0fb4c1e3',
  'demo-token',
];

const passing = await startTraced();
const entra = await startTraced({ environment: { AUTH_MODE: 'entra' } });
afterAll(async () => {
  await passing[Symbol.asyncDispose]();
  await entra[Symbol.asyncDispose]();
});
beforeEach(() => {
  for (const { product, collector } of [passing, entra]) {
    product.emulator.reset();
    collector.forget();
  }
});

const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;
/** The attributes that may contain ids. */
const IDS = new Set(['service.instance.id', 'azure.service.request.id']);

async function nothingLeaked(
  { collector, spansOf, product }: typeof passing,
  answer: TracedAnswer,
): Promise<void> {
  await spansOf(answer.traceId);
  const bytes = Buffer.concat(collector.requests.map((request) => request.bytes)).toString('latin1');
  const person = idOf(product.emulator, 'innocenty');
  for (const canary of [
    NUMBER,
    '555 0187',
    '555%200187',
    DIGITS,
    NAME,
    'Canary',
    TOKEN,
    'canary',
    person,
    ...THEIRS,
  ])
    expect(bytes).not.toContain(canary);
  expect(bytes).not.toMatch(/\bat .*\.ts:\d+|node_modules/);
  for (const { attributes, resource, message, events, name } of collector.spans) {
    expect({ message, events }).toEqual({ message: '', events: 0 });
    const others = Object.entries({ ...attributes, ...resource, name }).filter(([key]) => !IDS.has(key));
    expect(others.filter(([, value]) => GUID.test(String(value)))).toEqual([]);
  }
}

const ADD = `mutation Add($input: AddPhoneInput!) {
  addPhone(input: $input) { phone { number displayName } userErrors { code message field } }
}`;
const READ = `query Read($id: ID!) {
  me { id displayName mail phones { id number } }
  user(id: $id) { userPrincipalName phone(id: "0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f") { number } }
  directory(search: "Popov", first: 2) { nodes { displayName } pageInfo { endCursor } }
  numbered: directory(filter: { mobilePhone: "${NUMBER}", department: "${NAME}" }) { totalCount nodes { mobilePhone } }
  directed: directory(first: 2) { nodes { businessPhones mobilePhone department jobTitle officeLocation } }
}`;
const input = { number: NUMBER, displayName: NAME, idempotencyKey: TOKEN };

const FAULTS: [string, FaultAction][] = [
  ['none', { delayMs: 0 }],
  ['a refusal that quotes the number', { status: 400, body: { error: { code: NUMBER, message: NUMBER } } }],
  [
    'a request id that contains the number',
    { status: 500, headers: { 'request-id': NUMBER }, body: { error: {} } },
  ],
  [
    'a response that cannot be parsed, with such a request id',
    { status: 200, headers: { 'request-id': NUMBER }, body: NAME, contentType: 'text/html' },
  ],
  ['HTML', { status: 403, body: `<p>${NUMBER} ${NAME}</p>`, contentType: 'text/html' }],
  ['truncation', { truncate: true }],
  ['a reset', { reset: 'after' }],
  ['throttling', { status: 429, headers: { 'retry-after': '60' }, body: { error: { message: NAME } } }],
  ['a challenge', { status: 401, headers: { 'www-authenticate': `Bearer error="${NAME}"` } }],
];

describe('no personal data is exported', () => {
  it.each(FAULTS)('for a mutation that meets %s', async (_name, action) => {
    passing.product.emulator.faults.add({ on: { method: 'POST' }, do: action });
    await nothingLeaked(passing, await passing.ask(ADD, { variables: { input } }));
  });

  it.each(FAULTS)('for queries that meet %s', async (_name, action) => {
    passing.product.emulator.faults.add({ on: {}, do: action, times: Number.POSITIVE_INFINITY });
    const answer = await passing.ask(READ, { variables: { id: 'innocenty@contoso.com' } });
    await nothingLeaked(passing, answer);
  });

  it.each(FAULTS)('for a user’s token whose exchange meets %s', async (_name, action) => {
    const { emulator } = entra.product;
    const token = await emulator.entra.userToken('innocenty');
    emulator.faults.add({ on: { path: '/oauth2/v2.0/token' }, do: action, times: 2 });
    const answer = await entra.ask(READ, { token, variables: { id: idOf(emulator, 'innocenty') } });
    await nothingLeaked(entra, answer);
    const bytes = Buffer.concat(entra.collector.requests.map((request) => request.bytes)).toString('latin1');
    for (const part of token.split('.')) expect(bytes).not.toContain(part);
  });

  it.each([
    ['variables of the wrong type', ADD, { input: { ...input, number: Number(DIGITS) } }],
    ['a field that is none', ADD, { input: { ...input, [NAME]: NUMBER } }],
    ['a literal', `mutation { addPhone(input: { number: "${NUMBER}" }) { phone { number } } }`, {}],
    [
      'a literal that fits nothing',
      `mutation { addPhone(input: { number: ${DIGITS} }) { phone { id } } }`,
      {},
    ],
    ['a document that cannot be parsed', `mutation { addPhone(input: { number: "${NUMBER}" "${NAME}" }`, {}],
    ['an id that is a number', 'query ($id: ID!) { user(id: $id) { id } }', { id: NUMBER }],
    [
      'an id of a phone',
      'mutation ($id: ID!) { deletePhone(input: { id: $id }) { userErrors { message } } }',
      { id: DIGITS },
    ],
    ['an alias', `{ canary: me { id canary2: displayName } }`, {}],
    ['a search', 'query ($s: String) { directory(search: $s, first: 1) { nodes { id } } }', { s: NAME }],
  ])('for %s', async (_name, query, variables) => {
    await nothingLeaked(passing, await passing.ask(query, { variables }));
  });

  it('for headers of every kind', async () => {
    const answer = await passing.ask(READ, {
      token: TOKEN,
      variables: { id: NUMBER },
      headers: {
        'user-agent': NAME,
        'x-request-id': NUMBER,
        'x-forwarded-for': DIGITS,
        'x-forwarded-host': `${DIGITS}.example`,
        forwarded: `host=${DIGITS}.example`,
        baggage: `number=${DIGITS}`,
        'apollographql-client-name': NAME,
        'x-apollo-operation-name': 'Canary',
        cookie: `canary=${DIGITS}`,
        referer: `http://canary.example/${DIGITS}`,
      },
    });
    expect(answer.status).toBe(401);
    await nothingLeaked(passing, answer);
  });

  it('for a URL', async () => {
    const { product, collector } = passing;
    const query = encodeURIComponent(`query ($n: ID!) { user(id: $n) { id } }`);
    const variables = encodeURIComponent(JSON.stringify({ n: DIGITS }));
    const traceId = 'e'.repeat(32);
    const response = await product.request(
      `/graphql/?query=${query}&variables=${variables}&canary=${DIGITS}`,
      {
        headers: {
          authorization: 'Bearer demo-token-innocenty',
          'apollo-require-preflight': '1',
          traceparent: `00-${traceId}-${'f'.repeat(16)}-01`,
        },
      },
    );
    const answer = { status: response.status, headers: response.headers, body: await response.json() };
    await nothingLeaked(passing, { ...answer, traceId, callerSpanId: 'f'.repeat(16) });
    expect(collector.spans[0]?.attributes).toMatchObject({
      'http.request.method': 'GET',
      'url.path': '/graphql',
    });
  });
});
