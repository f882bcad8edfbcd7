// A client that works with the last release goes on working: a breaking change of the schema fails here unless the
// changelog's part for the next release names it. After a release, `npm run schema:release` takes the new schema.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, findBreakingChanges, isObjectType, parse, print, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import { breakingChanges, currentSchema, releasedSchema, unannounced } from './compatibility.ts';

const changelog = readFileSync(join(import.meta.dirname, '../../CHANGELOG.md'), 'utf8');
const released = releasedSchema();

describe('the schema', () => {
  it('breaks no client of the last release, or the changelog names the change', async () => {
    expect(unannounced(await breakingChanges(released, currentSchema()), changelog)).toEqual([]);
  });

  it('has no breaking change that graphql-js finds and GraphQL Inspector does not', async () => {
    const found = findBreakingChanges(buildSchema(released), buildSchema(currentSchema()));
    if (found.length > 0) expect(await breakingChanges(released, currentSchema())).not.toEqual([]);
  });

  it('has a changelog with a part for the next release', () => {
    expect(changelog).toMatch(/^## \[Unreleased\]$/m);
  });
});

/** `Type.field` of every object type with more than one field. */
const fields = Object.values(buildSchema(released).getTypeMap())
  .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
  .flatMap((type) =>
    isObjectType(type) ? Object.keys(type.getFields()).map((name) => [type.name, name]) : [],
  )
  .filter(([type], _, all) => all.filter(([other]) => other === type).length > 1);

function without(typeName: string, fieldName: string): string {
  const document = visit(parse(released), {
    ObjectTypeDefinition: (type) => (type.name.value === typeName ? undefined : false),
    InterfaceTypeDefinition: () => false,
    FieldDefinition: (field) => (field.name.value === fieldName ? null : undefined),
  });
  return print(document);
}

describe('a field that is gone has to be announced', () => {
  it('finds the fields', () => {
    expect(fields.length).toBeGreaterThan(50);
  });

  it.each(fields)('%s.%s', async (type = '', field = '') => {
    const found = await breakingChanges(released, without(type, field));
    expect(unannounced(found, '## [Unreleased]\n').map(({ path }) => path)).toEqual([`${type}.${field}`]);
    expect(unannounced(found, `## [Unreleased]\n\n- \`${type}.${field}\`\n\n## [0.1.0]\n`)).toEqual([]);
    expect(unannounced(found, `## [Unreleased]\n\n## [0.1.0]\n\n- \`${type}.${field}\`\n`)).toEqual(found);
  });
});

const SAMPLE = `
type Query { phone(id: ID, kind: Kind): Phone!  phones(filter: Filter): [Phone!]! }
type Phone { "The number." number: String  name: String! }
enum Kind { HOME WORK }
input Filter { kind: Kind }
`;

describe('other changes that break clients', () => {
  const changes: readonly [string, string, string, string][] = [
    ['a field of another type', 'number: String', 'number: Int', 'Phone.number'],
    [
      'the same with another description',
      '"The number." number: String',
      '"As typed." number: Int',
      'Phone.number',
    ],
    ['a field that can now be null', 'name: String!', 'name: String', 'Phone.name'],
    ['an argument that is gone', '(id: ID, kind: Kind)', '(id: ID)', 'Query.phone.kind'],
    ['an argument that is now needed', 'id: ID,', 'id: ID!,', 'Query.phone.id'],
    ['a new argument that is needed', 'id: ID,', 'id: ID, at: Int!,', 'Query.phone.at'],
    ['a value that is gone', 'HOME WORK', 'HOME', 'Kind.WORK'],
    ['an input that is now needed', '{ kind: Kind }', '{ kind: Kind! }', 'Filter.kind'],
    ['a new input that is needed', '{ kind: Kind }', '{ kind: Kind at: Int! }', 'Filter.at'],
  ];

  it.each(changes)('%s', async (_, from, to, path) => {
    expect(SAMPLE).toContain(from);
    const found = await breakingChanges(SAMPLE, SAMPLE.replace(from, to));
    expect(found.map((change) => change.path)).toEqual([path]);
  });

  it.each([
    ['a new field', 'name: String!', 'name: String! mail: String'],
    ['a new value', 'HOME WORK', 'HOME WORK FAX'],
    ['a new argument', 'id: ID,', 'id: ID, at: Int,'],
    ['a field that can no longer be null', 'number: String', 'number: String!'],
  ])('%s breaks none', async (_, from, to) => {
    expect(await breakingChanges(SAMPLE, SAMPLE.replace(from, to))).toEqual([]);
  });
});
