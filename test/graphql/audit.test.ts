// Every change has two audit records, one before it is sent and one after, without user input. When the first cannot be
// written, the configuration decides whether the change is made.
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString, graphql } from 'graphql';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Environment } from '../../src/config/config.ts';
import { auditMutations } from '../../src/graphql/audit.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { makeKey, startEntraProduct, TENANT } from '../support/entra.ts';
import { ask, startTestProduct, type TestProduct } from '../support/product.ts';

const KEY = 'a-key-of-at-least-thirty-two-characters';
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
const PRINCIPAL_NAME = 'innocenty@contoso.com';
const KNOWN_PHONE = '0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f';

const ADD = `mutation ($input: AddPhoneInput!) { addPhone(input: $input) { phone { graphId } userErrors { code } } }`;
const UPDATE = `mutation ($input: UpdatePhoneInput!) { updatePhone(input: $input) { phone { id } userErrors { code } } }`;
const DELETE = `mutation ($input: DeletePhoneInput!) { deletePhone(input: $input) { deletedPhoneId userErrors { code } } }`;

describe('a change has a record before and a record after', () => {
  it('addPhone', async () => {
    await using product = await start();
    const { body } = await product.ask(ADD, {
      input: { number: '+1 425 555 0177', type: 'MOBILE', displayName: 'Attic', idempotencyKey: 'once' },
    });
    const phoneId = body.data.addPhone.phone.graphId;

    const [intent, outcome, ...rest] = product.records();

    expect(rest).toEqual([]);
    expect(intent).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      event: 'intent',
      id: expect.stringMatching(GUID),
      requestId: expect.stringMatching(GUID),
      operation: 'addPhone',
      tenantId: null,
      userId: null,
      clientId: null,
      principal: expect.stringMatching(/^hmac:[0-9a-f]{32}$/),
      target: 'me',
      phoneId: null,
      fields: ['number', 'type', 'displayName'],
      idempotencyKey: hash('key:once'),
    });
    expect(outcome).toEqual({
      ...intent,
      time: expect.any(String),
      event: 'outcome',
      phoneId,
      outcome: 'done',
      codes: [],
      graph: [{ status: 201, requestId: expect.stringMatching(GUID), clientRequestId: intent?.requestId }],
    });
  });

  it('updatePhone, with the fields that are cleared', async () => {
    await using product = await start();
    await product.ask(UPDATE, { input: { id: KNOWN_PHONE, number: '1', displayName: null } });
    expect(product.records()).toMatchObject([
      { event: 'intent', operation: 'updatePhone', phoneId: KNOWN_PHONE, fields: ['number', 'displayName'] },
      { event: 'outcome', phoneId: KNOWN_PHONE, outcome: 'done', graph: [{ status: 200 }] },
    ]);
  });

  it('deletePhone', async () => {
    await using product = await start();
    await product.ask(DELETE, { input: { id: KNOWN_PHONE } });
    expect(product.records()).toMatchObject([
      { event: 'intent', operation: 'deletePhone', phoneId: KNOWN_PHONE, fields: [] },
      { event: 'outcome', phoneId: KNOWN_PHONE, outcome: 'done', graph: [{ status: 204 }] },
    ]);
  });

  it.each([
    ['an object id', INNOCENTY.toUpperCase(), INNOCENTY],
    ['a principal name, of which a hash is kept', PRINCIPAL_NAME, hash(`user:${PRINCIPAL_NAME}`)],
  ])('the owner of the phone, when its id names the owner by %s', async (_what, owner, target) => {
    await using product = await start();
    await product.ask(UPDATE, { input: { id: `${owner}/${KNOWN_PHONE}`, number: '1' } });
    await product.ask(DELETE, { input: { id: `${owner}/${KNOWN_PHONE}` } });
    expect(product.records()).toMatchObject([
      { event: 'intent', operation: 'updatePhone', target, phoneId: KNOWN_PHONE },
      { event: 'outcome', operation: 'updatePhone', target, phoneId: KNOWN_PHONE, outcome: 'done' },
      { event: 'intent', operation: 'deletePhone', target, phoneId: KNOWN_PHONE },
      { event: 'outcome', operation: 'deletePhone', target, phoneId: KNOWN_PHONE, outcome: 'done' },
    ]);
  });

  it('each of several changes in one request, in order', async () => {
    await using product = await start();
    await product.ask(`mutation {
      one: addPhone(input: { number: "1" }) { phone { id } }
      two: deletePhone(input: { id: "${KNOWN_PHONE}" }) { deletedPhoneId }
    }`);
    const records = product.records();
    expect(records.map(({ event, operation }) => `${operation} ${event}`)).toEqual([
      'addPhone intent',
      'addPhone outcome',
      'deletePhone intent',
      'deletePhone outcome',
    ]);
    expect(new Set(records.map(({ id }) => id)).size).toBe(2);
    expect(new Set(records.map(({ requestId }) => requestId)).size).toBe(1);
    expect(records.filter(({ event }) => event === 'outcome').map(({ graph }) => graph.length)).toEqual([
      1, 1,
    ]);
    expect(
      new Set(records.flatMap(({ graph = [] }) => graph.map((write) => write.clientRequestId))).size,
    ).toBe(2);
  });

  it('each phone of a bulk change, by its index, with its own writes', async () => {
    await using product = await start();
    await product.ask(
      `mutation ($input: AddPhonesInput!) { addPhones(input: $input) { results { phone { id } } } }`,
      {
        input: {
          phones: [{ number: '1' }, { number: '', type: 'MOBILE' }, { number: '3', userId: KNOWN_PHONE }],
          idempotencyKey: 'once',
        },
      },
      'admin',
    );
    const [intents, outcomes] = [product.records().slice(0, 3), product.records().slice(3)];
    expect(intents).toMatchObject([
      { event: 'intent', operation: 'addPhones', item: 0, fields: ['number'], target: 'me' },
      { event: 'intent', operation: 'addPhones', item: 1, fields: ['number', 'type'], target: 'me' },
      { event: 'intent', operation: 'addPhones', item: 2, fields: ['number'], target: KNOWN_PHONE },
    ]);
    expect(new Set(intents.map(({ idempotencyKey }) => idempotencyKey))).toEqual(new Set([hash('key:once')]));
    expect(new Set(intents.map(({ id }) => id)).size).toBe(3);
    expect(outcomes).toMatchObject([
      { event: 'outcome', item: 0, outcome: 'done', phoneId: expect.stringMatching(GUID) },
      { event: 'outcome', item: 1, outcome: 'refused', codes: ['INVALID_INPUT'], graph: [] },
      { event: 'outcome', item: 2, outcome: 'refused', codes: ['NOT_FOUND'], graph: [] },
    ]);
    expect(outcomes[0]?.graph).toMatchObject([{ status: 201 }]);
    expect(outcomes.map(({ id }) => id)).toEqual(intents.map(({ id }) => id));
  });

  it('each phone of a bulk change that was not added, with the reason', async () => {
    await using product = await start();
    product.emulator.faults.add({ on: { method: 'PATCH' }, do: { status: 429 } });
    const phones = [{ id: KNOWN_PHONE, number: '1' }];
    await product.ask(
      'mutation ($input: UpdatePhonesInput!) { updatePhones(input: $input) { __typename } }',
      {
        input: { phones },
      },
    );
    await product.ask(
      'mutation ($input: UpdatePhonesInput!) { updatePhones(input: $input) { __typename } }',
      {
        input: { phones: [] },
      },
    );
    const outcomes = product.records().filter(({ event }) => event === 'outcome');
    expect(outcomes).toMatchObject([
      { item: 0, outcome: 'failed', codes: ['THROTTLED'], phoneId: KNOWN_PHONE, graph: [{ status: 429 }] },
      { outcome: 'refused', codes: ['INVALID_INPUT'], phoneId: null, graph: [] },
    ]);
  });

  it('each phone of a bulk deletion, by its id', async () => {
    await using product = await start();
    const phones = [{ id: KNOWN_PHONE }, { id: 'nothing-here' }];
    await product.ask(
      'mutation ($input: DeletePhonesInput!) { deletePhones(input: $input) { __typename } }',
      { input: { phones } },
    );
    expect(product.records()).toMatchObject([
      { event: 'intent', operation: 'deletePhones', item: 0, phoneId: KNOWN_PHONE, fields: [] },
      { event: 'intent', operation: 'deletePhones', item: 1, phoneId: expect.stringMatching(/^hmac:/) },
      { item: 0, outcome: 'done', codes: [], phoneId: KNOWN_PHONE, graph: [{ status: 204 }] },
      { item: 1, outcome: 'refused', codes: ['NOT_FOUND'], graph: [] },
    ]);
  });

  it('the first before anything is sent to Microsoft Graph, the second before the response', async () => {
    await using product = await start();
    const order: string[] = [];
    product.onLine = ({ event }) => void order.push(`${event}, ${product.emulator.calls.length} calls`);
    await product.ask(ADD, { input: { number: '1' } });
    order.push('answer');
    expect(order).toEqual(['intent, 0 calls', 'outcome, 1 calls', 'answer']);
  });

  it('the request id of the client is in the records, at Microsoft Graph, and in the response', async () => {
    await using product = await start();
    const requestId = '0B5F8F3E-1111-4222-8333-444455556666';
    const response = await product.request('/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer demo-token-innocenty',
        'x-request-id': requestId,
      },
      body: JSON.stringify({ query: ADD, variables: { input: { number: '1' } } }),
    });
    await response.json();
    expect(response.headers.get('x-request-id')).toBe(requestId.toLowerCase());
    expect(product.records().map((record) => record.requestId)).toEqual(
      Array(2).fill(requestId.toLowerCase()),
    );
    expect(product.emulator.calls[0]?.headers['client-request-id']).toBe(requestId.toLowerCase());
  });

  it('queries have none', async () => {
    await using product = await start();
    await product.ask('{ me { phones { number } } }');
    expect(product.records()).toEqual([]);
  });
});

describe('the outcome', () => {
  it.each([
    ['an input that can never be right', { number: '' }, 'INVALID_INPUT', []],
    ['somebody else’s phones', { number: '1', userId: 'grace.okafor@contoso.com' }, 'FORBIDDEN', [403]],
  ])('refused: %s', async (_what, input, code, sent) => {
    await using product = await start();
    await product.ask(ADD, { input });
    const [, outcome] = product.records();
    expect(outcome).toMatchObject({ outcome: 'refused', codes: [code] });
    expect(outcome?.graph.map(({ status }) => status)).toEqual(sent);
  });

  it('unknown: a write without a response', async () => {
    await using product = await start();
    product.emulator.faults.add({ on: { method: 'POST' }, do: { reset: 'after' } });
    await product.ask(ADD, { input: { number: '1' } });
    const [intent, outcome] = product.records();
    expect(outcome).toMatchObject({ outcome: 'unknown', codes: ['OUTCOME_UNKNOWN'] });
    expect(outcome?.graph).toEqual([{ status: null, requestId: null, clientRequestId: intent?.requestId }]);
  });

  it('failed: a failure of the service', async () => {
    await using product = await start();
    product.emulator.faults.add({ on: { method: 'POST' }, do: { status: 429 } });
    await product.ask(ADD, { input: { number: '1' } });
    expect(product.records()[1]).toMatchObject({
      outcome: 'failed',
      codes: ['THROTTLED'],
      graph: [{ status: 429 }],
    });
  });

  it('done: repeating an idempotency key sends nothing', async () => {
    await using product = await start();
    const input = { number: '1', idempotencyKey: 'once' };
    await product.ask(ADD, { input });
    await product.ask(ADD, { input });
    const outcomes = product.records().filter(({ event }) => event === 'outcome');
    expect(outcomes.map(({ outcome, graph }) => [outcome, graph.length])).toEqual([
      ['done', 1],
      ['done', 0],
    ]);
    expect(new Set(outcomes.map(({ phoneId }) => phoneId)).size).toBe(1);
  });
});

describe('the caller', () => {
  it('by tenant, user and application, when the gateway reads the token', async () => {
    const path = join(folder(), 'audit.jsonl');
    await using product = await startEntraProduct({
      key: await makeKey('one'),
      environment: { AUDIT_LOG: path },
    });
    const token = await product.userToken('innocenty');
    await ask(product.url, token, ADD, { input: { number: '1' } });
    const oid = product.emulator.tokens.find(({ name }) => name === 'innocenty')?.person;
    expect(linesOf(path).map((line) => JSON.parse(line))).toMatchObject([
      { tenantId: TENANT, userId: oid, clientId: expect.stringMatching(GUID), principal: null, target: oid },
      { tenantId: TENANT, userId: oid, clientId: expect.stringMatching(GUID), principal: null, target: oid },
    ]);
  });

  it('by a hash that is the same for the same token only, when it does not', async () => {
    await using product = await start();
    await product.ask(ADD, { input: { number: '1' } });
    await product.ask(ADD, { input: { number: '2' } });
    await product.ask(ADD, { input: { number: '3' } }, 'admin');
    const principals = product.records().map(({ principal }) => principal);
    expect(principals[0]).toBe(principals[2]);
    expect(principals[0]).not.toBe(principals[4]);
  });
});

describe('the owner of the phones', () => {
  it('is an object id unchanged, or a hash of a user principal name in any letter case', async () => {
    await using product = await start();
    const { id = '' } = product.emulator.people[3] ?? {};
    await product.ask(ADD, { input: { number: '1', userId: id.toUpperCase() } }, 'admin');
    await product.ask(ADD, { input: { number: '1', userId: 'FDE926F844473904' } }, 'admin');
    await product.ask(ADD, { input: { number: '1', userId: 'Innocenty@contoso.com' } }, 'admin');
    expect(product.records().map(({ target }) => target)).toEqual([
      ...Array(2).fill(id),
      ...Array(2).fill('fde926f844473904'),
      ...Array(2).fill(hash('user:innocenty@contoso.com')),
    ]);
  });
});

describe('no record contains user input', () => {
  const CANARY = '+1 425 555 0187';
  const inputs: [string, Record<string, unknown>][] = [
    [ADD, { number: CANARY, displayName: CANARY, idempotencyKey: CANARY }],
    [ADD, { number: CANARY, userId: CANARY }],
    [ADD, { number: '1', userId: '4255550187' }],
    [ADD, { number: '1', source: { type: [CANARY] }, inference: { confidenceScore: 0.4255550187 } }],
    [UPDATE, { id: CANARY, number: CANARY }],
    [UPDATE, { id: '4255550187', number: CANARY }],
    [
      UPDATE,
      { id: KNOWN_PHONE, number: CANARY, expectedLastModifiedDateTime: '2020-07-06T06:34:12.4255550187Z' },
    ],
    [DELETE, { id: CANARY }],
    [DELETE, { id: `${CANARY}/${CANARY}` }],
    [UPDATE, { id: `4255550187@contoso.com/${KNOWN_PHONE}`, number: CANARY }],
  ];

  it.each(inputs)('%s %j', async (mutation, input) => {
    await using product = await start();
    product.emulator.faults.add({
      on: { method: 'POST' },
      do: { status: 400, body: { error: { code: CANARY } } },
    });
    await product.ask(mutation, { input });
    expect(product.lines.length).toBe(2);
    expect(product.lines.join('')).not.toMatch(/4255550187|555 0187|demo-token|innocenty/i);
  });
});

describe('every mutation is audited', () => {
  const EXAMPLES: Record<string, string> = {
    addPhone: 'addPhone(input: { number: "1" }) { phone { id } }',
    updatePhone: `updatePhone(input: { id: "${KNOWN_PHONE}", number: "1" }) { phone { id } }`,
    deletePhone: `deletePhone(input: { id: "${KNOWN_PHONE}" }) { deletedPhoneId }`,
    addPhones: 'addPhones(input: { phones: [{ number: "1" }] }) { results { phone { id } } }',
    updatePhones: `updatePhones(input: { phones: [{ id: "${KNOWN_PHONE}", number: "1" }] }) { results { phone { id } } }`,
    deletePhones: `deletePhones(input: { phones: [{ id: "${KNOWN_PHONE}" }] }) { results { deletedPhoneId } }`,
  };
  const fields =
    createSchema(join(import.meta.dirname, '../../schema'))
      .getMutationType()
      ?.getFields() ?? {};

  it.each(Object.keys(fields))('%s is in the trail', async (name) => {
    await using product = await start();
    const { body } = await product.ask(`mutation { ${EXAMPLES[name]} }`);
    expect(body.errors).toBeUndefined();
    expect(product.records().map(({ event, operation }) => [event, operation])).toEqual([
      ['intent', name],
      ['outcome', name],
    ]);
  });

  // With any arguments and result, and also when it runs again from the cache.
  it('also one that is added to the schema later', async () => {
    const lines: string[] = [];
    const schema = new GraphQLSchema({
      query: new GraphQLObjectType({ name: 'Query', fields: { ok: { type: GraphQLString } } }),
      mutation: new GraphQLObjectType({
        name: 'Mutation',
        fields: {
          rename: {
            type: GraphQLString,
            args: { name: { type: new GraphQLNonNull(GraphQLString) } },
            resolve: () => Promise.reject(new Error('a fault')),
          },
        },
      }),
    });
    auditMutations(schema, {
      stream: {
        append: async (line) => void lines.push(line),
        reopen: () => undefined,
        close: async () => undefined,
      },
      failure: 'refuse',
      secret: KEY,
      clock: systemClock,
      random: seededRandom(1),
      logger: silentLogger,
    });
    const contextValue = { caller: null, principal: 'p', requestId: 'r', writes: [] };
    await graphql({ schema, source: 'mutation { rename(name: "canary") }', contextValue });
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { event: 'intent', operation: 'rename', fields: ['name'] },
      { event: 'outcome', outcome: 'failed', codes: ['INTERNAL_SERVER_ERROR'] },
    ]);
    expect(lines.join('')).not.toContain('canary');
  });

  it('also when it runs often', async () => {
    await using product = await start();
    for (let at = 0; at < 5; at += 1) await product.ask(ADD, { input: { number: String(at) } });
    expect(product.records()).toHaveLength(10);
  });
});

describe('an audit trail that cannot be written', () => {
  const PLACES = [
    ['a disk that is full', '/dev/full', 'ENOSPC'],
    ['a folder that is not there', join(tmpdir(), 'no', 'such', 'folder', 'audit.jsonl'), 'ENOENT'],
    ['a folder in the place of the file', `${tmpdir()}/`, 'EISDIR'],
  ] as const;

  it.each(PLACES)(
    '%s: with AUDIT_FAILURE=refuse the change is not made, and reads go on',
    async (_what, path, code) => {
      const logged: string[] = [];
      await using product = await start({ AUDIT_LOG: path, AUDIT_FAILURE: 'refuse' }, logged);

      const { status, body } = await product.ask(ADD, { input: { number: '+1 425 555 0187' } });
      const read = await product.ask('{ me { displayName } }');

      expect(status).toBe(200);
      expect(body.data).toEqual({ addPhone: null });
      expect(body.errors).toMatchObject([
        { path: ['addPhone'], extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: true } },
      ]);
      expect(body.errors[0].message).toMatch(/not made/);
      expect(product.emulator.calls.map(({ method }) => method)).toEqual(['GET']);
      expect(read.body.data).toEqual({ me: { displayName: 'Innocenty Popov' } });
      expect(logged.map((line) => JSON.parse(line))).toContainEqual(
        expect.objectContaining({ msg: 'the audit trail cannot be written', event: 'intent', code }),
      );
      expect(logged.join('')).not.toMatch(/555\D*0187/);
    },
  );

  it.each(PLACES)(
    '%s: with AUDIT_FAILURE=continue it is made, and the log says so',
    async (_what, path, code) => {
      const logged: string[] = [];
      await using product = await start({ AUDIT_LOG: path, AUDIT_FAILURE: 'continue' }, logged);

      const { body } = await product.ask(ADD, { input: { number: '1' } });

      expect(body.data.addPhone).toEqual({ phone: { graphId: expect.any(String) }, userErrors: [] });
      await product.close();
      const missing = logged.map((line) => JSON.parse(line)).filter((line) => line.code === code);
      expect(missing.map(({ event }) => event)).toEqual(['intent', 'outcome']);
    },
  );

  it('and hangs is waited for two seconds at most, and does not keep the process from exiting', async () => {
    const stuck = new Writable({ write: () => undefined });
    const asked: number[] = [];
    const clock = {
      ...systemClock,
      schedule(ms: number, run: () => void) {
        asked.push(ms);
        return systemClock.schedule(ms === 2_000 ? 0 : ms, run);
      },
    };
    await using product = await startTestProduct({
      environment: { AUDIT_LOG: 'stdout' },
      outside: { stdout: stuck, clock },
    });
    const { body } = await product.ask(ADD, { input: { number: '1' } });
    expect(body.errors[0].extensions.code).toBe('INTERNAL_SERVER_ERROR');
    expect(asked).toContain(2_000);
    expect(product.emulator.calls).toEqual([]);
  });

  it('after the first record does not change the response', async () => {
    let writes = 0;
    const stdout = new Writable({
      write(_chunk, _encoding, done) {
        writes += 1;
        done(writes === 2 ? new Error('gone') : null);
      },
    });
    await using product = await startTestProduct({
      environment: { AUDIT_LOG: 'stdout' },
      outside: { stdout },
    });
    const { body } = await product.ask(ADD, { input: { number: '1' } });
    expect(body).toEqual({ data: { addPhone: { phone: { graphId: expect.any(String) }, userErrors: [] } } });
  });
});

describe('a file', () => {
  it('is append-only, readable by its owner only, and complete after a restart', async () => {
    const path = join(folder(), 'audit.jsonl');
    for (const number of ['1', '2']) {
      await using product = await start({ AUDIT_LOG: path });
      await product.ask(ADD, { input: { number } });
    }
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(linesOf(path).map((line) => JSON.parse(line).event)).toEqual([
      'intent',
      'outcome',
      'intent',
      'outcome',
    ]);
  });

  it('that was moved is written to until SIGHUP, and then created again', async () => {
    const path = join(folder(), 'audit.jsonl');
    await using product = await start({ AUDIT_LOG: path });
    await product.ask(ADD, { input: { number: '1' } });
    renameSync(path, `${path}.1`);
    await product.ask(ADD, { input: { number: '2' } });
    product.reopenAudit();
    await product.ask(ADD, { input: { number: '3' } });
    expect([linesOf(`${path}.1`).length, linesOf(path).length]).toEqual([4, 2]);
  });

  it('has the complete records of a hundred parallel changes, each before its response', async () => {
    const path = join(folder(), 'audit.jsonl');
    await using product = await start({ AUDIT_LOG: path });
    await Promise.all(
      Array.from({ length: 100 }, (_, at) => product.ask(ADD, { input: { number: String(at) } })),
    );
    const records = linesOf(path).map((line) => JSON.parse(line));
    expect(records).toHaveLength(200);
    const intents = new Set<string>();
    for (const { id, event } of records) {
      expect(intents.has(id)).toBe(event === 'outcome');
      intents.add(id);
    }
  });
});

describe('AUDIT_LOG=off', () => {
  it('is the default outside production, and writes no record', async () => {
    const lines: string[] = [];
    await using product = await startTestProduct({ outside: { stdout: writableTo(lines) } });
    await product.ask(ADD, { input: { number: '1' } });
    expect(lines).toEqual([]);
  });
});

interface AuditRecord {
  readonly event: string;
  readonly idempotencyKey: string | null;
  readonly id: string;
  readonly requestId: string;
  readonly operation: string;
  readonly principal: string | null;
  readonly target: string;
  readonly phoneId: string | null;
  readonly outcome: string;
  readonly graph: readonly { readonly status: number | null; readonly clientRequestId: string }[];
}

interface AuditedProduct extends TestProduct {
  readonly lines: readonly string[];
  records(): AuditRecord[];
  onLine(record: AuditRecord): void;
}

async function start(environment: Environment = {}, logged: string[] = []): Promise<AuditedProduct> {
  const lines: string[] = [];
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      for (const line of String(chunk).trimEnd().split('\n')) {
        lines.push(line);
        audited.onLine(JSON.parse(line));
      }
      done();
    },
  });
  const product = await startTestProduct({
    environment: { AUDIT_LOG: 'stdout', AUDIT_KEY: KEY, ...environment },
    logger: pino({ level: 'error' }, { write: (line) => void logged.push(line) }),
    outside: { stdout },
  });
  const records = (): AuditRecord[] => lines.map((line) => JSON.parse(line));
  const audited: AuditedProduct = { ...product, lines, records, onLine: () => undefined };
  return audited;
}

function writableTo(lines: string[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      lines.push(...String(chunk).trimEnd().split('\n'));
      done();
    },
  });
}

/** The hash, computed independently with the key. */
function hash(text: string): string {
  return `hmac:${createHmac('sha256', KEY).update(text).digest('hex').slice(0, 32)}`;
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'audit-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

function linesOf(path: string): string[] {
  return readFileSync(path, 'utf8').trimEnd().split('\n');
}
