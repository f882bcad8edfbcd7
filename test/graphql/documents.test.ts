// From a folder of operations to a file of trusted documents.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Manifest, makeManifest } from '../../src/graphql/documents.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { ManifestError } from '../../src/graphql/trusted-documents.ts';
import { startTestProduct } from '../support/product.ts';

const ROOT = join(import.meta.dirname, '../..');
const schema = createSchema(join(ROOT, 'schema'));
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'documents-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function problemsOf(files: Readonly<Record<string, string>>): readonly string[] {
  try {
    makeManifest(folderOf(files), { schema, typenames: true });
  } catch (error) {
    if (error instanceof ManifestError) return error.problems;
    throw error;
  }
  return [];
}

const FILES = {
  'me.graphql': 'query Me { me { ...Person } }\n',
  'people/person.graphql': '# A person.\nfragment Person on User { displayName phones { ...Phone } }',
  'people/phone.gql': 'fragment Phone on ItemPhone { id number }',
  'people/add.graphql':
    'mutation Add($input: AddPhoneInput!) { addPhone(input: $input) { phone { ...Phone } userErrors { code } } }',
  'readme.txt': 'nothing',
  'empty.graphql': '# To come.\n',
};

const ADD_BODY = `mutation Add($input: AddPhoneInput!) {
  addPhone(input: $input) {
    phone {
      ...Phone
      __typename
    }
    userErrors {
      code
      __typename
    }
    __typename
  }
}

fragment Phone on ItemPhone {
  id
  number
  __typename
}`;

describe('A folder of operations becomes a manifest', () => {
  it('with each operation, by name, and the fragments it needs from whichever file', () => {
    const manifest = makeManifest(folderOf(FILES), { schema, typenames: true });
    expect(manifest).toMatchObject({ format: 'apollo-persisted-query-manifest', version: 1 });
    expect(manifest.operations.map(({ name, type }) => [name, type])).toEqual([
      ['Add', 'mutation'],
      ['Me', 'query'],
    ]);
    expect(manifest.operations[0]?.body).toBe(ADD_BODY);
    expect(manifest.operations.map(({ id }) => id)).toEqual([
      expect.stringMatching(/^[0-9a-f]{64}$/),
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ]);
  });

  it('with the same bytes, in whatever order and layout the files come', () => {
    const one = makeManifest(folderOf(FILES), { schema, typenames: true });
    const other = folderOf({ 'z.graphql': Object.values(FILES).slice(0, 4).toReversed().join('\n\n') });
    expect(makeManifest(other, { schema, typenames: true })).toEqual(one);
  });

  it('as they are, where that is asked for', () => {
    const { operations } = makeManifest(folderOf({ 'a.graphql': 'query A { me { id } }' }), {
      schema,
      typenames: false,
    });
    expect(operations[0]?.body).toBe('query A {\n  me {\n    id\n  }\n}');
  });

  it('leaves a __typename that is there where it is', () => {
    const { operations } = makeManifest(folderOf({ 'a.graphql': 'query A { me { __typename id } }' }), {
      schema,
      typenames: true,
    });
    expect(operations[0]?.body).toBe('query A {\n  me {\n    __typename\n    id\n  }\n}');
  });
});

describe('What is wrong is told by file and line, all at once', () => {
  it.each<[string, Record<string, string>, string[]]>([
    [
      'syntax',
      { 'a.graphql': 'query A {\n  me {' },
      ['a.graphql:2: Syntax Error: Expected Name, found <EOF>.'],
    ],
    [
      'an operation without a name',
      { 'a.graphql': '\n{ me { id } }' },
      ['a.graphql:2: give the operation a name'],
    ],
    [
      'a name twice',
      { 'a.graphql': 'query A { me { id } }', 'b/b.graphql': '\n\nquery A { me { mail } }' },
      ['b/b.graphql:3: "A" is there already, in a.graphql:1'],
    ],
    [
      'a fragment twice',
      {
        'a.graphql': 'query A { me { ...F } } fragment F on User { id }',
        'b.graphql': 'fragment F on User { mail }',
      },
      ['b.graphql:1: "F" is there already, in a.graphql:1'],
    ],
    [
      'a fragment that is nowhere',
      { 'a.graphql': 'query A {\n me { ...F }\n}' },
      ['a.graphql:2: Unknown fragment "F".'],
    ],
    [
      'a field that is none, in a fragment of another file, once for two operations',
      {
        'a.graphql': 'query A { me { ...F } } query B { me { ...F } }',
        'f.graphql': 'fragment F on User {\n  shoeSize\n}',
      },
      ['f.graphql:2: Cannot query field "shoeSize" on type "User".'],
    ],
    [
      'a type',
      { 'a.graphql': 'type A { id: ID }' },
      ['a.graphql:1: only operations and fragments belong here'],
    ],
  ])('%s', (_what, files, problems) => {
    expect(problemsOf(files)).toEqual(problems);
  });

  it('a folder with nothing in it, and none', () => {
    expect(problemsOf({ 'a.txt': '' })).toEqual([expect.stringContaining('there are no operations in it')]);
    expect(() => makeManifest('/no/such/folder', { schema, typenames: true })).toThrow('it cannot be read');
  });
});

describe('npm run documents', () => {
  const command = (...args: string[]) =>
    new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
      const file = join(ROOT, 'src/graphql/documents.ts');
      execFile(process.execPath, [file, ...args], (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, stdout, stderr }),
      );
    });

  it('writes a file with which the gateway runs these operations and no others', async () => {
    const folder = folderOf(FILES);
    const out = join(folder, 'manifest.json');
    expect(await command(folder, '--out', out)).toEqual({ code: 0, stdout: '', stderr: '' });
    const { operations } = JSON.parse(readFileSync(out, 'utf8')) as Manifest;
    await using product = await startTestProduct({ environment: { TRUSTED_DOCUMENTS: out } });
    const me = operations.find(({ name }) => name === 'Me');
    const { body } = await product.ask(me?.body ?? '');
    expect(body.data.me).toMatchObject({ __typename: 'User', displayName: 'Innocenty Popov' });
    expect((await product.ask('{ me { id } }')).status).toBe(400);
  });

  it('writes to stdout, and says what is wrong on stderr', async () => {
    const good = folderOf(FILES);
    const { code, stdout } = await command(good, '--no-typename');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(makeManifest(good, { schema, typenames: false }));
    const bad = folderOf({ 'a.graphql': '{ me { id } }' });
    expect(await command(bad)).toEqual({
      code: 1,
      stdout: '',
      stderr: 'a.graphql:1: give the operation a name\n',
    });
  });

  it.each([[[]], [['--help']], [['a', 'b']], [['a', '--out']]])(
    'says how it is used for %j',
    async (args) => {
      const { code, stderr } = await command(...args);
      expect(code).toBe(2);
      expect(stderr).toContain('npm run documents -- FOLDER');
    },
  );
});
