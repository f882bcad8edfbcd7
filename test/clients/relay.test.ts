// Relay's compiler, which checks operations against the schema and turns them into what its runtime sends. It is a
// native program that its package carries; its script needs no installing.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startTestProduct, upstream } from '../support/product.ts';
import { personOf } from './every-client.ts';

const SCHEMA = join(import.meta.dirname, '..', '..', 'schema');
const require = createRequire(import.meta.url);

const QUERY = `graphql\`
  query MyPhonesQuery($types: [PhoneTypeInput!]) {
    me { displayName ...MyPhones_user @arguments(types: $types) }
  }
\`;
graphql\`
  fragment MyPhones_user on User @argumentDefinitions(types: { type: "[PhoneTypeInput!]" }) {
    phones(types: $types) { id number lastModifiedDateTime parsed { e164 isValid } }
  }
\`;`;

const CONNECTION = `graphql\`
  fragment PeopleList_query on Query
    @argumentDefinitions(count: { type: "Int", defaultValue: 3 }, cursor: { type: "String" })
    @refetchable(queryName: "PeopleListPageQuery") {
    directory(first: $count, after: $cursor) @connection(key: "PeopleList_directory") {
      edges { node { id displayName phones { id number } } }
    }
  }
\`;
graphql\`query PeopleListQuery { ...PeopleList_query }\`;`;

const REFETCHED = `graphql\`
  fragment PersonCard_user on User @refetchable(queryName: "PersonCardRefetchQuery") {
    displayName phones { ...PhoneRow_phone }
  }
\`;
graphql\`
  fragment PhoneRow_phone on ItemPhone @refetchable(queryName: "PhoneRowRefetchQuery") { number displayName }
\`;`;

const MUTATIONS = `graphql\`
  mutation PhoneFormUpdateMutation($input: UpdatePhoneInput!) {
    updatePhone(input: $input) { phone { id displayName } userErrors { code message field } }
  }
\`;
graphql\`
  mutation PhoneFormDeleteMutation($input: DeletePhoneInput!) {
    deletePhone(input: $input) { deletedPhoneId @deleteRecord userErrors { code message field } }
  }
\`;`;

describe('The schema is one that Relay can compile operations against', () => {
  it('compiles a query, a paged connection, and mutations', async () => {
    const project = await createProject({ MyPhones: QUERY, PeopleList: CONNECTION, PhoneForm: MUTATIONS });

    await compile(project);

    expect((await readdir(project.artifacts)).sort()).toEqual([
      'MyPhonesQuery.graphql.ts',
      'MyPhones_user.graphql.ts',
      'PeopleListPageQuery.graphql.ts',
      'PeopleListQuery.graphql.ts',
      'PeopleList_query.graphql.ts',
      'PhoneFormDeleteMutation.graphql.ts',
      'PhoneFormUpdateMutation.graphql.ts',
    ]);
  });

  it('gives TypeScript the kinds of phones, and says of each input field that it may be left out', async () => {
    const project = await createProject({ PhoneForm: MUTATIONS });

    await compile(project);

    const types = await readFile(join(project.artifacts, 'PhoneFormUpdateMutation.graphql.ts'), 'utf8');
    expect(types).toContain('export type PhoneTypeInput = "ASSISTANT" | "BUSINESS"');
    expect(types).toContain('expectedLastModifiedDateTime?: string | null');
  });

  it('compiles to operations that the gateway runs', async () => {
    await using product = await startTestProduct();
    const project = await createProject({ MyPhones: QUERY, PeopleList: CONNECTION });
    await compile(project);

    const mine = await product.ask(await textOf(project, 'MyPhonesQuery'), { types: ['MOBILE'] });
    const page = await product.ask(await textOf(project, 'PeopleListPageQuery'), { count: 2, cursor: null });

    expect(mine.body).toMatchObject({
      data: { me: { displayName: 'Innocenty Popov', phones: [{ number: '+1 425 555 0102' }] } },
    });
    expect(page.body).toMatchObject({
      data: { directory: { edges: [{}, {}], pageInfo: { hasNextPage: true } } },
    });
    expect(page.body).not.toHaveProperty('errors');
    expect(upstream(product.emulator)).toEqual([
      'BATCH 2',
      'GET /users?$select=displayName,id&$top=2',
      'BATCH 2',
    ]);
  });

  // Relay refetches a fragment by `node(id:)`, which it finds in the schema by itself.
  it('compiles fragments that are refetched by their global id, and the gateway finds what they are of', async () => {
    await using product = await startTestProduct();
    const project = await createProject({ PersonCard: REFETCHED });
    await compile(project);
    const me = personOf(product, 'innocenty');
    const [phone] = product.emulator.phonesOf(me);

    const person = await product.ask(await textOf(project, 'PersonCardRefetchQuery'), { id: me });
    const id = `${me}/${phone?.id}`;
    const row = await product.ask(await textOf(project, 'PhoneRowRefetchQuery'), { id });

    const { displayName, number } = phone ?? {};
    expect(person.body).toMatchObject({
      data: { node: { __typename: 'User', id: me, phones: [{ id, number }, {}, {}] } },
    });
    expect(row.body).toEqual({ data: { node: { __typename: 'ItemPhone', id, displayName, number } } });
  });

  it('refuses an operation that asks for a field which is not there', async () => {
    const project = await createProject({ Broken: 'graphql`query BrokenQuery { me { shoeSize } }`;' });

    await expect(compile(project)).rejects.toThrow('shoeSize');

    expect(await readdir(project.artifacts)).toEqual([]);
  });

  it('refuses a connection over what is none', async () => {
    const list = 'graphql`query BrokenQuery { me { phones @connection(key: "Broken_phones") { id } } }`;';
    const project = await createProject({ Broken: list });

    await expect(compile(project)).rejects.toThrow('@connection');
  });
});

interface Project {
  readonly folder: string;
  readonly artifacts: string;
}

/** A folder with these modules, the whole schema in one file, and a configuration; gone when the test is over. */
async function createProject(modules: Readonly<Record<string, string>>): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'relay-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const artifacts = join(folder, 'src', '__generated__');
  await mkdir(artifacts, { recursive: true });
  for (const [name, source] of Object.entries(modules)) {
    await writeFile(
      join(folder, 'src', `${name}.ts`),
      `import { graphql } from 'relay-runtime';\n${source}\n`,
    );
  }
  await writeFile(join(folder, 'schema.graphql'), await readSchema());
  const config = {
    src: './src',
    schema: './schema.graphql',
    language: 'typescript',
    artifactDirectory: './src/__generated__',
    customScalarTypes: { DateTime: 'string' },
  };
  await writeFile(join(folder, 'relay.config.json'), JSON.stringify(config));
  return { folder, artifacts };
}

async function readSchema(): Promise<string> {
  const files = (await readdir(SCHEMA)).filter((file) => file.endsWith('.graphql')).sort();
  return (await Promise.all(files.map((file) => readFile(join(SCHEMA, file), 'utf8')))).join('\n');
}

/** Runs what `node_modules/.bin/relay-compiler` runs. Rejects with what it says when it does not compile. */
async function compile({ folder }: Project): Promise<void> {
  const script = require.resolve('relay-compiler/cli.js');
  try {
    await promisify(execFile)(process.execPath, [script], { cwd: folder });
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`${stdout}${stderr}`, { cause: error });
  }
}

/** The text of a compiled operation, as Relay's runtime would send it. */
async function textOf({ artifacts }: Project, operation: string): Promise<string> {
  const artifact = await readFile(join(artifacts, `${operation}.graphql.ts`), 'utf8');
  const text = /"text": ("(?:[^"\\]|\\.)*")/.exec(artifact)?.[1];
  if (text === undefined) throw new Error(`${operation} was compiled without a text`);
  return JSON.parse(text) as string;
}
