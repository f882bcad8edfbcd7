// With TRUSTED_DOCUMENTS, only documents of the file run: by id, under every name that clients use, or by text.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { LogFields } from '../../src/runtime/log.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { codesOf } from '../server/refusal.ts';
import { startTestProduct, tokenOf, upstream } from '../support/product.ts';

const ME = 'query Me { me { displayName } }';
const USER = 'query Person($id: ID!) { user(id: $id) { displayName } }';
const ADD = 'mutation Add($number: String!) { addPhone(input: {number: $number}) { phone { number } } }';
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const INNOCENTY = { data: { me: { displayName: 'Innocenty Popov' } } };

const folder = mkdtempSync(join(tmpdir(), 'trusted-'));
let files = 0;

/** A file with this content, as JSON unless it is a string. */
function fileOf(content: unknown): string {
  files += 1;
  const path = join(folder, `${files}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const operation = (name: string, body: string) => ({ id: hash(body), name, type: 'query', body });
const APOLLO = {
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [operation('Me', ME), operation('Person', USER), operation('Add', ADD)],
};

const lines: LogFields[] = [];
const product = await startTestProduct({
  environment: { TRUSTED_DOCUMENTS: fileOf(APOLLO) },
  logger: { ...silentLogger, info: (fields) => void lines.push(fields) },
});
const { emulator } = product;
afterAll(async () => {
  await product.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  emulator.reset();
  lines.length = 0;
});

interface Shown {
  readonly status: number;
  readonly body: unknown;
}

async function post(body: unknown, own = product): Promise<Shown> {
  const response = await own.request('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${tokenOf(own.emulator, 'innocenty')}`,
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

async function get(parameters: Record<string, string> | string): Promise<Shown> {
  const response = await product.request(`/graphql?${new URLSearchParams(parameters)}`, {
    headers: {
      authorization: `Bearer ${tokenOf(emulator, 'innocenty')}`,
      'apollo-require-preflight': 'true',
    },
  });
  return { status: response.status, body: await response.json() };
}

const persisted = (sha256Hash: unknown, version: unknown = 1) => ({
  persistedQuery: { version, sha256Hash },
});

describe('A trusted document runs', () => {
  it.each<[string, Record<string, unknown>]>([
    ['by the id that Apollo Client sends', { extensions: persisted(hash(ME)) }],
    [
      'with other extensions beside it',
      { extensions: { clientLibrary: { name: 'x' }, ...persisted(hash(ME)) } },
    ],
    ['by documentId, as GraphQL over HTTP has it', { documentId: `sha256:${hash(ME)}` }],
    ['by documentId without a prefix', { documentId: hash(ME) }],
    ['by doc_id', { doc_id: hash(ME) }],
    ['by id', { id: hash(ME) }],
    ['by its text', { query: ME }],
    ['by id and text', { query: ME, extensions: persisted(hash(ME)) }],
    ['by its text, whatever the id', { query: ME, documentId: hash('other') }],
    ['with its name', { id: hash(ME), operationName: 'Me' }],
    ['with nulls for what is not there', { id: hash(ME), query: null, extensions: null, variables: null }],
  ])('%s', async (_how, body) => {
    for (const _time of [1, 2, 3]) expect(await post(body)).toEqual({ status: 200, body: INNOCENTY });
  });

  it('without Apollo Server once it is cached, by id and by text', async () => {
    await post({ query: ME });
    await post({ id: hash(ME) });
    await post({ extensions: persisted(hash(ME)) });
    expect(lines.map(({ prepared }) => prepared).slice(1)).toEqual([true, true]);
    expect(lines.map(({ operation: name }) => name)).toEqual(['Me', 'Me', 'Me']);
  });

  it('with variables', async () => {
    const body = { id: hash(USER), variables: { id: 'grace.okafor@contoso.com' } };
    expect(await post(body)).toEqual({
      status: 200,
      body: { data: { user: { displayName: 'Grace Okafor' } } },
    });
  });

  it('that changes something', async () => {
    const answer = await post({ id: hash(ADD), variables: { number: '+1 425 555 0177' } });
    expect(answer.body).toEqual({ data: { addPhone: { phone: { number: '+1 425 555 0177' } } } });
  });

  it.each<[string, Record<string, string>]>([
    ['documentId', { documentId: hash(ME) }],
    ['extensions', { extensions: JSON.stringify(persisted(hash(ME))) }],
    ['its text', { query: ME }],
  ])('from an address, by %s', async (_how, parameters) => {
    expect(await get(parameters)).toEqual({ status: 200, body: INNOCENTY });
  });

  it('from the URL, with variables, unless it is a mutation', async () => {
    const variables = JSON.stringify({ id: 'grace.okafor@contoso.com' });
    expect((await get({ id: hash(USER), variables })).body).toEqual({
      data: { user: { displayName: 'Grace Okafor' } },
    });
    emulator.clearCalls();
    expect((await get({ id: hash(ADD), variables: '{"number":"1"}' })).status).toBe(405);
    expect(upstream(emulator)).toEqual([]);
  });
});

describe('No other document runs', () => {
  const unknown = hash('{ me { id } }');

  it.each<[string, string, unknown]>([
    ['PERSISTED_QUERY_NOT_FOUND', 'an id that is not there', { id: unknown }],
    ['PERSISTED_QUERY_NOT_FOUND', 'one in the way of Apollo', { extensions: persisted(unknown) }],
    ['PERSISTED_QUERY_NOT_FOUND', 'an empty id', { id: '' }],
    ['PERSISTED_QUERY_NOT_FOUND', 'a name out of a prototype', { id: '__proto__' }],
    ['BAD_REQUEST', 'another text', { query: '{ me { id } }' }],
    [
      'BAD_REQUEST',
      'another text, with its own hash',
      { query: '{ me { id } }', extensions: persisted(unknown) },
    ],
    ['BAD_REQUEST', 'a text with a blank more', { query: `${ME} ` }],
    ['BAD_REQUEST', 'the id of one with the text of another', { query: USER, id: hash(ME) }],
    ['BAD_REQUEST', 'two ids', { id: hash(ME), documentId: hash(USER) }],
    ['BAD_REQUEST', 'an id that is no text', { id: 7 }],
    ['BAD_REQUEST', 'an id that is a list', { extensions: persisted([hash(ME)]) }],
    ['BAD_REQUEST', 'version 2', { extensions: persisted(hash(ME), 2) }],
    ['BAD_REQUEST', 'a persistedQuery that is no object', { extensions: { persistedQuery: hash(ME) } }],
    ['BAD_REQUEST', 'a query that is no text', { query: { a: ME } }],
    ['BAD_REQUEST', 'nothing', {}],
    ['BAD_REQUEST', 'a list', [{ id: hash(ME) }]],
    ['BAD_REQUEST', 'introspection', { query: getIntrospectionQuery() }],
    ['BAD_REQUEST', '__typename', { query: '{ __typename }' }],
    ['BAD_REQUEST', 'what cannot be parsed', { query: '{' }],
  ])('%s for %s', async (code, _what, body) => {
    for (const _time of [1, 2]) {
      const answer = await post(body);
      expect(codesOf(JSON.stringify(answer.body))).toEqual([code]);
      expect(answer.status).toBe(400);
    }
    expect(upstream(emulator)).toEqual([]);
  });

  it.each<[string, string]>([
    ['another text', new URLSearchParams({ query: '{ me { id } }' }).toString()],
    ['two texts', `query=${encodeURIComponent(ME)}&query=${encodeURIComponent('{ me { id } }')}`],
    ['two ids', `id=${hash(ME)}&id=${hash(USER)}`],
    ['extensions that are no JSON', `extensions=%7B&id=${hash(ME)}`],
    ['nothing', ''],
  ])('from an address: %s', async (_what, search) => {
    const answer = await get(search);
    expect(answer.status).toBe(400);
    expect(upstream(emulator)).toEqual([]);
  });

  it('a request cannot add a document', async () => {
    await post({ query: '{ me { id } }', extensions: persisted(unknown) });
    expect((await post({ extensions: persisted(unknown) })).body).toMatchObject({
      errors: [{ message: 'PersistedQueryNotFound' }],
    });
  });

  it('and there is no explorer unless it is configured', async () => {
    const response = await product.request('/graphql', { headers: { accept: 'text/html' } });
    expect(response.status).not.toBe(200);
  });
});

describe('The file can have three formats', () => {
  it.each<[string, unknown]>([
    ["Apollo's manifest", APOLLO],
    ["Relay's map", { [hash(ME)]: ME }],
    ["codegen's map", { [`sha256:${hash(ME)}`]: ME }],
    ['a map with ids of its own', { me: ME, [hash(ME)]: ME }],
  ])('%s', async (_what, content) => {
    await using own = await startTestProduct({ environment: { TRUSTED_DOCUMENTS: fileOf(content) } });
    expect((await post({ documentId: `sha256:${hash(ME)}` }, own)).body).toEqual(INNOCENTY);
    expect((await post({ id: hash(ME) }, own)).body).toEqual(INNOCENTY);
  });
});

describe('A file with an error prevents the start, and the error is named', () => {
  const wrong = (...operations: unknown[]) => ({ ...APOLLO, operations });

  it.each<[string, unknown, string | RegExp]>([
    ['no JSON', '{', 'it is not JSON'],
    ['a list', [], 'it must be one JSON object'],
    ['nothing in it', {}, 'it has no documents'],
    ['no operations', wrong(), 'it has no documents'],
    [
      'another format',
      { ...APOLLO, format: 'other' },
      'format: it must be "apollo-persisted-query-manifest"',
    ],
    ['another version', { ...APOLLO, version: 2 }, 'version: it must be 1'],
    ['operations that are no list', { ...APOLLO, operations: {} }, 'operations: it must be a list'],
    ['an operation that is none', wrong(operation('Me', ME), null), 'operations[1]: it must be an object'],
    ['no id', wrong({ name: 'Me', body: ME }), 'operations[0].id: it must be a string'],
    ['no body', wrong({ id: 'x', name: 'Me' }), 'operations[0].body: it must be a string'],
    ['a text that is none', { x: 7 }, '"x": it must be the text of a document'],
    [
      'an id twice',
      wrong({ id: 'x', name: 'Me', body: ME }, { id: 'x', name: 'Person', body: USER }),
      'operations[1] (Person): its id is also the id of another document',
    ],
    ['no syntax', { x: '{ me {' }, '"x": line 1, column 7: Syntax Error'],
    [
      'a field that is none',
      { x: 'query A {\n  me { shoeSize }\n}' },
      '"x": line 2, column 8: Cannot query field',
    ],
    ['no operation', { x: 'fragment A on User { id }' }, /"x": .*(never used|no operation)/],
    [
      'too much',
      wrong(operation('Many', `{ ${'me { id } '.repeat(70)} }`)),
      'operations[0] (Many): fields: at most 2000',
    ],
    ['introspection', { x: getIntrospectionQuery() }, '"x": line 3'],
  ])('%s', async (_what, content, problem) => {
    const path = fileOf(content);
    const started = startTestProduct({ environment: { TRUSTED_DOCUMENTS: path } });
    await expect(started).rejects.toThrow(problem);
    await expect(started).rejects.toThrow(path);
  });

  it.each([[['--check-config']], [[]]])('as a command, with %j', async (args) => {
    const path = fileOf({ x: '{ me { shoeSize } }', y: 7 });
    const main = join(import.meta.dirname, '../../src/main.ts');
    const env = { ...process.env, TRUSTED_DOCUMENTS: path, PORT: '0', ADMIN_PORT: '0', EMULATOR_PORT: '0' };
    const { code, stdout, stderr } = await new Promise<Record<string, unknown>>((resolve) => {
      execFile(process.execPath, [main, ...args], { env }, (error, out, err) =>
        resolve({ code: error?.code, stdout: out, stderr: err }),
      );
    });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      `TRUSTED_DOCUMENTS: ${path}: "y": it must be the text of a document\n` +
        `TRUSTED_DOCUMENTS: ${path}: "x": line 1, column 8: Cannot query field "shoeSize" on type "User".\n`,
    );
  });

  it('no file', async () => {
    const started = startTestProduct({ environment: { TRUSTED_DOCUMENTS: join(folder, 'none.json') } });
    await expect(started).rejects.toThrow('it cannot be read');
  });
});
