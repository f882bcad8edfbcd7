// The limits of a response. Its values and characters are counted during execution, and a query that exceeds a limit ends
// with LIMIT_EXCEEDED and no data. A large response is executed and written in slices, and other requests run in between.
import { join } from 'node:path';
import { type ExecutionResult, execute, type OperationDefinitionNode, parse } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/tenant/fixtures.ts';
import { createPlannedExecutor } from '../../src/graphql/planned-executor.ts';
import { createLargeResponses, writeAtOnce, writeInSlices } from '../../src/graphql/response-text.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { phones } from '../../src/phones/phone.ts';
import { readItem } from '../../src/profile/facet.ts';
import { GatewayError } from '../../src/runtime/errors.ts';
import { CREATED } from '../phones/documented.ts';
import { startTestProduct, upstream } from '../support/product.ts';

const schema = createSchema(join(import.meta.dirname, '../../schema'));
const phone = readItem(phones, { ...CREATED, id: 'a', number: '+1 425 555 0100' }, 'p');
const person = (at: number) => ({ id: `p${at}`, key: `p${at}`, displayName: 'Name', mail: null });

function sources(people: number, phones: number) {
  const list = Array.from({ length: phones }, () => phone);
  return {
    users: { byIds: async () => Array.from({ length: people }, (_, at) => person(at)) },
    items: () => ({ list: async () => list }),
    userSelection: () => ({ properties: [], facets: [] }),
  };
}

/**
 * Runs a query with the default limits or others. Counts how often it yields to the event loop, and returns whether the
 * response would be written in slices.
 */
async function run(
  query: string,
  context: unknown,
  limits: Partial<Record<string, number>> = {},
  overAfterTurns = Number.POSITIVE_INFINITY,
) {
  const document = parse(query);
  const operation = document.definitions[0] as OperationDefinitionNode;
  let turns = 0;
  const large = createLargeResponses();
  const execute = createPlannedExecutor(schema, {
    made: large.note,
    limits: { responseValues: 500_000, responseBytes: 16 * 1024 * 1024, ...limits },
    nextTurn: () => {
      turns += 1;
      return new Promise((resolve) => setImmediate(resolve));
    },
  });
  const result: ExecutionResult = await execute({
    document,
    operation,
    variables: {},
    context,
    isOver: () => turns >= overAfterTurns,
  });
  return { result, turns, isLarge: large.has(result.data) };
}

const EVERY_FIELD = `id displayName userPrincipalName mail phones { id displayName number type allowedAudiences isSearchable
  createdDateTime lastModifiedDateTime inference { confidenceScore userHasVerifiedAccuracy } source { type }
  sources { sourceId isDefaultSource properties }
  createdBy { application { objectId displayName } device { objectId displayName } user { objectId displayName } }
  lastModifiedBy { application { objectId displayName } device { objectId displayName } user { objectId displayName } }
  parsed { e164 country callingCode national international extension uri isValid kind } }`;

function codeOf({ errors }: ExecutionResult): unknown {
  const [error] = errors ?? [];
  return error?.originalError instanceof GatewayError ? error.originalError.code : error?.extensions['code'];
}

describe('the size of a response', () => {
  it('allows a thousand users with every field of three phones each, in slices', async () => {
    const { result, turns, isLarge } = await run(`{ users(ids: []) { ${EVERY_FIELD} } }`, sources(1_000, 3));
    expect(result.errors).toBeUndefined();
    expect(result.data?.['users']).toHaveLength(1_000);
    expect(turns).toBeGreaterThanOrEqual(10);
    expect(isLarge).toBe(true);
  });

  it('of a hundred users with three phones each takes one slice', async () => {
    const fields = `id displayName number type allowedAudiences isSearchable
      inference { confidenceScore userHasVerifiedAccuracy } source { type }
      createdBy { user { objectId displayName } } createdDateTime
      lastModifiedBy { user { objectId displayName } } lastModifiedDateTime`;
    const query = `{ users(ids: []) { id phones { ${fields} } } }`;
    const { result, turns, isLarge } = await run(query, sources(100, 3));
    expect(result.data?.['users']).toHaveLength(100);
    expect(writeAtOnce(result).length).toBeGreaterThan(128 * 1024);
    expect(turns).toBe(0);
    expect(isLarge).toBe(false);
  });

  it('is the same in slices as that of graphql-js, with errors and nulls', async () => {
    const context = {
      ...sources(0, 3),
      users: {
        byIds: async () =>
          Array.from({ length: 1_000 }, (_, at) =>
            at % 7 === 0 ? null : at % 11 === 0 ? new Error('no') : person(at),
          ),
      },
    };
    const query = `{ users(ids: []) { ${EVERY_FIELD} } again: users(ids: []) { id phones { parsed { e164 } } } }`;
    const { result, turns } = await run(query, context);
    const expected = await execute({ schema, document: parse(query), contextValue: context });
    expect(JSON.stringify(result.data)).toBe(JSON.stringify(expected.data));
    const errorsOf = ({ errors = [] }: ExecutionResult) =>
      errors.map((error) => JSON.stringify(error)).sort();
    expect(errorsOf(result)).toEqual(errorsOf(expected));
    expect(result.errors).toHaveLength(156);
    expect(turns).toBeGreaterThanOrEqual(10);
  });

  it('is limited for long lists of lists', async () => {
    const { result } = await run(`{ users(ids: []) { ${EVERY_FIELD} } }`, sources(1_000, 300));
    expect(codeOf(result)).toBe('LIMIT_EXCEEDED');
    expect(result).toMatchObject({
      data: null,
      errors: [{ message: expect.stringContaining('response values: at most 500000') }],
    });
  });

  it('is limited for long names', async () => {
    const names = Array.from({ length: 100 }, (_, at) => `${'x'.repeat(250)}${at}: displayName`).join(' ');
    const { result } = await run(`{ users(ids: []) { ${names} } }`, sources(1_000, 0));
    expect(codeOf(result)).toBe('LIMIT_EXCEEDED');
    expect(result.errors?.[0]?.message).toContain('response bytes: at most 16777216');
  });

  it('is limited for many errors, and reports one', async () => {
    const failing = {
      ...sources(0, 0),
      users: { byIds: async () => Array.from({ length: 1_000 }, () => new Error('no')) },
    };
    const fields = Array.from({ length: 20 }, (_, at) => `a${at}: users(ids: []) { id }`).join(' ');
    const { result, turns } = await run(`{ ${fields} }`, failing);
    expect(result.errors).toHaveLength(1);
    expect(codeOf(result)).toBe('LIMIT_EXCEEDED');
    expect(turns).toBeGreaterThan(50);
  });

  it('exceeds the limit with exactly one value too many', async () => {
    // One root field, and for each of ten users one item of the list and two fields.
    const query = '{ users(ids: []) { id mail } }';
    expect((await run(query, sources(10, 0), { responseValues: 31 })).result.errors).toBeUndefined();
    expect(codeOf((await run(query, sources(10, 0), { responseValues: 28 })).result)).toBe('LIMIT_EXCEEDED');
  });

  it('stops growing when nobody waits for it', async () => {
    const query = `{ users(ids: []) { ${EVERY_FIELD} } }`;
    const { result, turns } = await run(query, sources(1_000, 3), {}, 3);
    expect(codeOf(result)).toBe('TIMEOUT');
    expect(result).toMatchObject({ data: null, errors: [expect.anything()] });
    expect(turns).toBe(3);
  });

  it('parses each number once for a user that is requested many times', async () => {
    let read = 0;
    const counted = Object.defineProperty({ ...phone, id: 'b' }, 'number', {
      enumerable: true,
      get: () => {
        read += 1;
        return '+1 425 555 0100';
      },
    });
    const context = { ...sources(100, 0), items: () => ({ list: async () => [counted] }) };
    const { result } = await run('{ users(ids: []) { phones { parsed { e164 } } } }', context);
    expect(result.data?.['users']).toHaveLength(100);
    expect(read).toBe(1);
  });

  it('lets other operations run during a large one', async () => {
    const order: string[] = [];
    const large = run(`{ users(ids: []) { ${EVERY_FIELD} } }`, sources(1_000, 3)).then(() =>
      order.push('large'),
    );
    await new Promise((resolve) => setImmediate(resolve));
    const small = run('{ users(ids: []) { id } }', sources(1, 0)).then(() => order.push('small'));
    await Promise.all([large, small]);
    expect(order).toEqual(['small', 'large']);
  });
});

const textOf = (slices: readonly Buffer[]): string => Buffer.concat(slices).toString();
const edges = (people: unknown[]) => ({
  directory: { edges: people.map((node) => ({ cursor: 'c', node })) },
});
const results = (people: unknown[]) => people.map((user) => ({ phone: null, user, userErrors: [] }));

describe('a response that is written in slices', () => {
  const values: readonly unknown[] = [
    {},
    { data: null },
    { data: {} },
    { data: { a: [], b: [[]], c: {} }, errors: [{ message: 'm', path: ['a', 0] }] },
    { data: { users: [null, { id: '"\u2028\ud800é', phones: [{ n: 1.5, t: true, u: undefined }, {}] }] } },
    { data: { a: { b: { c: { d: { e: { f: { g: [1, [2, [3]]] } } } } } } } },
    { data: Object.assign(Object.create(null), { ['__proto__']: 1, toJSON: 'text' }) },
  ];
  it.each(values.map((value) => [value]))('is the same text: %j', async (value) => {
    expect(textOf(await writeInSlices(value, async () => undefined))).toBe(writeAtOnce(value));
  });

  it('yields to the event loop every 128 KB', async () => {
    const value = { data: { users: Array.from({ length: 5_000 }, () => ({ text: 'x'.repeat(1_000) })) } };
    let turns = 0;
    const slices = await writeInSlices(value, async () => {
      turns += 1;
    });
    expect(textOf(slices)).toBe(writeAtOnce(value));
    expect(turns).toBe(38);
  });

  it.each([
    ['people in a list', (people: unknown) => ({ users: people })],
    ['a page of the directory', (people: unknown[]) => edges(people)],
    ['the outcomes of many changes', (people: unknown[]) => ({ updatePhones: { results: results(people) } })],
  ])('has slices of a few phones at most: %s', async (_, dataOf) => {
    const phones = Array.from({ length: 300 }, (_, at) => ({ id: `${at}`, text: 'x'.repeat(20_000) }));
    const value = { data: dataOf([{ phones }]) };
    const slices = await writeInSlices(value, async () => undefined);
    expect(textOf(slices)).toBe(writeAtOnce(value));
    expect(Math.max(...slices.map(({ length }) => length))).toBeLessThan(200_000);
  });
});

describe('over HTTP', async () => {
  const product = await startTestProduct({
    environment: { LIMIT_RESPONSE_VALUES: '2000', LIMIT_RESPONSE_BYTES: '100000' },
  });
  afterAll(() => product.close());

  it.each([1, 2, 3])('a query with a too large response gets one error and no data (run %i)', async () => {
    const ids = Array.from({ length: 20 }, () => FIXTURES.withThirty);
    const { status, body } = await product.ask(
      'query ($ids: [ID!]!) { users(ids: $ids) { phones { id number type displayName } } }',
      { ids },
    );
    expect(status).toBe(200);
    expect(body).toEqual({
      data: null,
      errors: [
        { message: expect.stringContaining('response values'), extensions: { code: 'LIMIT_EXCEEDED' } },
      ],
    });
  });

  it('a query that reads too much gets one error and no data, and others continue', async () => {
    await using small = await startTestProduct({ environment: { LIMIT_READ_BYTES: '10000' } });
    const query =
      'query ($ids: [ID!]!) { users(ids: $ids) { mail phones { id number displayName createdDateTime createdBy { user { displayName } } } } }';
    for (const _ of [1, 2]) {
      const { status, body } = await small.ask(query, { ids: [FIXTURES.withThirty, FIXTURES.innocenty] });
      expect(status).toBe(200);
      const message = 'read bytes: at most 10000 from Microsoft Graph in an operation.';
      expect(body).toEqual({
        data: null,
        errors: [{ message: expect.stringContaining(message), extensions: { code: 'LIMIT_EXCEEDED' } }],
      });
      expect((await small.ask('{ me { displayName } }')).body.errors).toBeUndefined();
    }
  });

  it('a mutation with a too large response is rejected before anything is written', async () => {
    product.emulator.reset();
    const names = Array.from({ length: 60 }, (_, at) => `n${at}: number`).join(' ');
    const phones = Array.from({ length: 40 }, (_, at) => ({ number: String(at) }));
    const query = `mutation ($input: AddPhonesInput!) { addPhones(input: $input) { results { phone { ${names} } } } }`;
    for (const _ of [1, 2]) {
      const { status, body } = await product.ask(query, { input: { phones, idempotencyKey: 'k' } });
      expect(status).toBe(400);
      expect(body.errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED' } }]);
      expect(body.data).toBeUndefined();
    }
    expect(upstream(product.emulator)).toEqual([]);
  });
});
