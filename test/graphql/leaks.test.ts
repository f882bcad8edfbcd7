// Sends a unique number, name and token through every path, success and failure, and searches for them in log lines,
// metrics and errors.
import { pino } from 'pino';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { FaultAction } from '../../emulator/emulator.ts';
import { ask, startTestProduct } from '../support/product.ts';

const NUMBER = '+1 425 555 0187';
const DIGITS = '4255550187';
const NAME = 'Canary Line';
const TOKEN = 'canary-token-5c1f0b7e';
const CANARIES = [
  NUMBER,
  '555 0187',
  '555%200187',
  DIGITS,
  NAME,
  'Canary',
  TOKEN,
  'innocenty',
  'Popov',
  'demo-token',
];

const lines: string[] = [];
const product = await startTestProduct({
  logger: pino({ level: 'debug' }, { write: (line) => void lines.push(line) }),
});
const { emulator } = product;
afterAll(() => product.close());
beforeEach(() => {
  emulator.reset();
  lines.length = 0;
});

const ADD = `mutation Add($input: AddPhoneInput!) {
  addPhone(input: $input) { phone { number displayName } userErrors { code message field } }
}`;

async function nothingLeaked(...errors: unknown[]): Promise<void> {
  const metrics = await (await fetch(`${product.adminUrl}/metrics`)).text();
  for (const canary of CANARIES) {
    expect(lines.join('')).not.toContain(canary);
    expect(metrics).not.toContain(canary);
    expect(JSON.stringify(errors)).not.toContain(canary);
  }
  expect(lines.join('') + JSON.stringify(errors)).not.toMatch(/\bat .*\.ts:\d+.*\n|node_modules/);
}

const input = { number: NUMBER, displayName: NAME };

const FAULTS: [string, FaultAction][] = [
  ['none', { delayMs: 0 }],
  ['a refusal that quotes the number', { status: 400, body: { error: { code: NUMBER, message: NUMBER } } }],
  [
    'a request id that is the number',
    { status: 500, headers: { 'request-id': NUMBER }, body: { error: {} } },
  ],
  ['HTML', { status: 403, body: `<p>${NUMBER} ${NAME}</p>`, contentType: 'text/html' }],
  ['truncation', { truncate: true }],
  ['a reset', { reset: 'after' }],
  ['a challenge', { status: 401, headers: { 'www-authenticate': `Bearer error="${NAME}"` } }],
];

const FIND = `query Find($filter: DirectoryFilter, $after: String) {
  directory(filter: $filter, after: $after) { totalCount nodes { mobilePhone businessPhones department } }
}`;
const filter = { mobilePhone: NUMBER, businessPhone: NUMBER, department: NAME };

describe('user input is in no log line, metric or error', () => {
  it.each(FAULTS)('from a filter of the directory, with %s', async (_name, action) => {
    emulator.faults.add({ on: { path: '/users' }, do: action, times: Number.POSITIVE_INFINITY });
    const { body } = await product.ask(FIND, { filter });
    await nothingLeaked(body.errors);
    expect(lines.length).toBeGreaterThan(0);
  });

  it.each(FAULTS)('from a write, with %s', async (_name, action) => {
    emulator.faults.add({ on: { method: 'POST' }, do: action });
    const { body } = await product.ask(ADD, { input });
    await nothingLeaked(body.errors, body.data?.addPhone?.userErrors);
    expect(lines.length).toBeGreaterThan(0);
  });

  it.each([
    ['a variable of the wrong type', ADD, { input: { ...input, number: Number(DIGITS) } }],
    ['a field that is none', ADD, { input: { ...input, [NAME]: NUMBER } }],
    ['a type that is none', ADD, { input: { ...input, type: NUMBER } }],
    [
      'a literal of the wrong type',
      `mutation { addPhone(input: { number: ${DIGITS} }) { phone { id } } }`,
      {},
    ],
    [
      'a literal of the wrong enum',
      `mutation { addPhone(input: { number: "${NUMBER}", type: "${NAME}" }) { phone { id } } }`,
      {},
    ],
    ['a document that cannot be parsed', `mutation { addPhone(input: { number: "${NUMBER}" "${NAME}" }`, {}],
    ['a string that never ends', `{ me { phone(id: "${NUMBER} `, {}],
    ['a number in the wrong place', `{ me { phone(id: ${DIGITS}5) { id } } ${DIGITS} }`, {}],
    ['an id that is a number', 'query ($id: ID!) { user(id: $id) { id } }', { id: NUMBER }],
    [
      'an id of a phone',
      'mutation ($id: ID!) { deletePhone(input: { id: $id }) { userErrors { message } } }',
      { id: NUMBER },
    ],
    ['a search', 'query ($s: String) { directory(search: $s, first: 0) { nodes { id } } }', { s: NAME }],
    ['a filter too long', FIND, { filter: { ...filter, department: NAME.repeat(20) } }],
    ['a filter of the wrong type', FIND, { filter: { ...filter, accountEnabled: NUMBER } }],
    ['a field of a filter that is none', FIND, { filter: { [NAME]: NUMBER } }],
    ['a cursor of another filter', FIND, { filter, after: NUMBER }],
    ['a cursor', 'query ($s: String) { directory(after: $s) { nodes { id } } }', { s: NUMBER }],
    [
      'a country',
      'query ($c: String) { me { phones { parsed(defaultCountry: $c) { e164 } } } }',
      { c: NUMBER },
    ],
    ['an instant', 'query ($d: String) { me { id } }', { d: NUMBER }],
  ])('in %s', async (_name, query, variables) => {
    const { body } = await product.ask(query, variables);
    await nothingLeaked(body.errors, body.data?.deletePhone);
  });

  it('from a body that is not JSON, and from all headers', async () => {
    const response = await product.request('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
      body: `{"query": "${NUMBER}`,
    });
    await nothingLeaked(await response.text());
    const answer = await ask(product.url, TOKEN, '{ me { id } }');
    expect(answer.status).toBe(401);
    await nothingLeaked(answer.body);
  });
});

describe('an operation has one log line', () => {
  it('with its name, its time, its upstream requests and its outcome', async () => {
    await product.ask('query WhoAmI { me { displayName phones { number } } }');
    expect(lines).toHaveLength(1);
    const line = JSON.parse(lines[0] ?? '{}');
    expect(line).toMatchObject({
      operation: 'WhoAmI',
      type: 'query',
      outcome: 'ok',
      status: 200,
      upstream: 1,
    });
    expect(line.ms).toBeGreaterThan(0);
  });

  it('with the codes of its errors', async () => {
    emulator.faults.add({ on: { path: '/phones' }, do: { status: 403 } });
    await product.ask('{ me { phones { number } } }');
    expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({ outcome: 'error', codes: 'FORBIDDEN' });
  });
});
