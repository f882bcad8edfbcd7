// Invalid values in every argument and input field. The error names the path and never the value, and the value does not
// reach Microsoft Graph.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { startTestProduct, upstream } from '../support/product.ts';

const product = await startTestProduct();
const { emulator } = product;
afterAll(() => product.close());
beforeEach(() => emulator.reset());

const CANARY = 'canary4255550187';
const ADD =
  'mutation ($input: AddPhoneInput!) { addPhone(input: $input) { phone { id } userErrors { code message field } } }';
const UPDATE =
  'mutation ($input: UpdatePhoneInput!) { updatePhone(input: $input) { phone { id } userErrors { code message field } } }';

/** Written as code points, since editors do not show these characters as they are. */
const HARMFUL = [
  0x0000, 0x0007, 0x000a, 0x001b, 0x007f, 0x0085, 0x009f, 0x061c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a,
  0x202e, 0x2066, 0x2069, 0xfeff, 0xfffd, 0xd800, 0xdfff,
].map((code) => [`U+${code.toString(16).padStart(4, '0')}`, String.fromCharCode(code)] as const);

type Field = readonly [string, (text: string) => Record<string, unknown>];

const FIELDS: readonly Field[] = [
  ['number', (text) => ({ number: text })],
  ['displayName', (text) => ({ number: '1', displayName: text })],
  ['source.type', (text) => ({ number: '1', source: { type: ['User', text] } })],
];

describe.each(FIELDS)('%s', (field, inputWith) => {
  const wrong = async (text: string) => {
    for (const [name, query, more] of [
      ['addPhone', ADD, {}],
      ['updatePhone', UPDATE, { id: 'x' }],
    ] as const) {
      const { status, body } = await product.ask(query, { input: { ...inputWith(text), ...more } });
      expect(status).toBe(200);
      expect(body.data[name].phone).toBeNull();
      expect(body.data[name].userErrors).toEqual([
        { code: 'INVALID_INPUT', message: expect.any(String), field: ['input', ...field.split('.')] },
      ]);
      expect(JSON.stringify(body)).not.toContain(CANARY);
    }
    expect(upstream(emulator)).toEqual([]);
  };

  it.each(HARMFUL)('must not contain %s', (_name, character) => wrong(`${CANARY}${character}1`));

  it('has at most 256 characters', () => wrong(CANARY.padEnd(257, '7')));
});

describe('A friendly name can have any script, joiners and emoji', () => {
  it.each(['Кабинет', 'مكتب', '電話', 'नमस्\u200dते', '\u{1F4DE} desk', 'x'.repeat(256)])(
    '%s',
    async (displayName) => {
      const { body } = await product.ask(ADD, { input: { number: '1', displayName } });
      expect(body.data.addPhone.userErrors).toEqual([]);
    },
  );
});

describe('search', () => {
  const SEARCH = 'query ($s: String) { directory(search: $s) { nodes { id } } }';

  it.each(HARMFUL)('must not contain %s', async (_name, character) => {
    const { body } = await product.ask(SEARCH, { s: `${CANARY}${character}` });
    expect(body.data.directory).toBeNull();
    expect(body.errors[0]).toMatchObject({
      message: expect.stringContaining('search:'),
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(JSON.stringify(body)).not.toContain(CANARY);
    expect(upstream(emulator)).toEqual([]);
  });
});

describe('idempotencyKey', () => {
  it.each(['', ' ', 'a b', `${CANARY}.`, `${CANARY}\n`, 'ключ', 'a'.repeat(256), '../x', '\u0000'])(
    'is no %j',
    async (idempotencyKey) => {
      const { body } = await product.ask(ADD, { input: { number: '1', idempotencyKey } });
      expect(body.data.addPhone.userErrors).toMatchObject([
        { code: 'INVALID_INPUT', field: ['input', 'idempotencyKey'] },
      ]);
      expect(JSON.stringify(body)).not.toContain(CANARY);
      expect(upstream(emulator)).toEqual([]);
    },
  );

  it('has at most 255 characters', async () => {
    const { body } = await product.ask(ADD, { input: { number: '1', idempotencyKey: 'a'.repeat(255) } });
    expect(body.data.addPhone.userErrors).toEqual([]);
  });
});

describe('defaultCountry', () => {
  const PARSED = 'query ($c: String) { me { phones { parsed(defaultCountry: $c) { e164 } } } }';

  // The last one has two letters only in upper case.
  it.each(['', 'U', 'USA', 'XX', '00', 'U\u0000', CANARY, '__proto__', 'constructor', ' US', '\u00df'])(
    'is no %j',
    async (c) => {
      const { body } = await product.ask(PARSED, { c });
      expect(body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
      expect(body.errors[0].message).toContain('defaultCountry');
      expect(JSON.stringify(body)).not.toContain(CANARY);
    },
  );

  it.each(['US', 'us', 'De'])('can be %s', async (c) => {
    expect((await product.ask(PARSED, { c })).body.errors).toBeUndefined();
  });
});

describe('confidenceScore', () => {
  it.each(['1e999', '-1e999'])('must be finite, unlike %s, which a document can contain', async (score) => {
    const { body } = await product.ask(
      `mutation { addPhone(input: { number: "1", inference: { confidenceScore: ${score} } }) { phone { id } userErrors { code field } } }`,
    );
    expect(body.data.addPhone).toEqual({
      phone: null,
      userErrors: [{ code: 'INVALID_INPUT', field: ['input', 'inference', 'confidenceScore'] }],
    });
    expect(upstream(emulator)).toEqual([]);
  });
});

describe('Values outside the schema are rejected before anything runs', () => {
  it.each<[string, Record<string, unknown>]>([
    ['what Graph sets itself', { number: '1', createdDateTime: '2020-07-06T06:34:12Z' }],
    ['an id for a new phone', { number: '1', id: 'x' }],
    ['an unknown type', { number: '1', type: CANARY }],
    ['a type in Graph’s words', { number: '1', type: 'businessFax' }],
    ['constructor', { number: '1', constructor: 1 }],
    ['a number for a number', { number: 4_255_550_187 }],
    ['a list for a number', { number: [CANARY] }],
  ])('%s', async (_what, input) => {
    const { status, body } = await product.ask(ADD, { input });
    expect(status).toBe(400);
    expect(body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
    expect(JSON.stringify(body)).not.toMatch(/canary|4255550187/);
    expect(upstream(emulator)).toEqual([]);
  });

  it('__proto__, in variables and in a document', async () => {
    const inBody = await product.request('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer demo-token-innocenty' },
      body: `{"query": ${JSON.stringify(ADD)}, "variables": {"input": {"number": "1", "__proto__": {"type": "HOME"}}}}`,
    });
    expect(inBody.status).toBe(400);
    const literal =
      'mutation { addPhone(input: { number: "1", __proto__: { type: HOME } }) { phone { id } } }';
    expect((await product.ask(literal)).status).toBe(400);
    expect(upstream(emulator)).toEqual([]);
  });
});

describe('A page reads only what it shows', () => {
  it('also when it begins within a page of Graph: no earlier user is read again', async () => {
    const query =
      'query ($first: Int!, $after: String) { directory(first: $first, after: $after) { nodes { phones { id } } pageInfo { endCursor } } }';
    const all = await product.ask(query, { first: 30 });
    const edges = await product.ask('{ directory(first: 30) { edges { cursor } } }');
    expect(all.body.data.directory.nodes).toHaveLength(30);
    emulator.clearCalls();
    const after = edges.body.data.directory.edges[27].cursor;
    const page = await product.ask(query, { first: 2, after });
    expect(page.body.data.directory.nodes).toEqual(all.body.data.directory.nodes.slice(28));
    expect(upstream(emulator)).toEqual([expect.stringContaining('GET /users?'), 'BATCH 2']);
  });
});
