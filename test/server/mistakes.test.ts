// A mistake of a client never causes INTERNAL_SERVER_ERROR or an error in the log. The tests pass null, through a nullable
// variable, to every non-null argument and input field of the schema.
import { createHash } from 'node:crypto';
import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSchema } from '../../src/graphql/schema.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { startTestProduct, type TestProduct, tokenOf, upstream } from '../support/product.ts';

const schema = createSchema('schema');
const logged: string[] = [];
let product: TestProduct;

beforeAll(async () => {
  const logger = { ...silentLogger, error: (_: unknown, message: string) => void logged.push(message) };
  product = await startTestProduct({ logger, environment: { INTROSPECTION: 'on' } });
});
beforeEach(() => void logged.splice(0));
afterAll(() => product.close());

describe('null for a non-null position, through a variable with a default', () => {
  const mistakes = mistakesIn(schema);

  it('is tested in arguments, input fields and list items', () => {
    const places = mistakes.map(([place]) => place.replace(/ by .*/, ''));
    expect(places).toEqual(
      expect.arrayContaining([
        'Query.directory(first)',
        'Query.users(ids[])',
        'User.phones(types[])',
        'Mutation.addPhone(input.number)',
        'Mutation.addPhones(input.phones[].number)',
      ]),
    );
  });

  it.each(mistakes)('%s', async (_place, document) => {
    const before = upstream(product.emulator).filter((call) => !/^(GET|BATCH)/.test(call));

    const { body, status } = await product.ask(document, { v: null });

    expect(body.errors.map(codeOf)).toEqual(body.errors.map(() => 'BAD_USER_INPUT'));
    expect(JSON.stringify(body.errors)).not.toContain('555');
    expect([200, 400]).toContain(status);
    expect(upstream(product.emulator).filter((call) => !/^(GET|BATCH)/.test(call))).toEqual(before);
    expect(logged).toEqual([]);
  });
});

describe('null in a directive', () => {
  it.each([
    'query ($v: Boolean = true) { me @include(if: $v) { id } }',
    'query ($v: Boolean = true) { me { id @skip(if: $v) } }',
    'query ($v: Boolean = true) { me { ...P @include(if: $v) } } fragment P on User { id }',
    'query ($v: Boolean = true) { me { phones { ... @skip(if: $v) { id } } } }',
    'query ($v: Boolean = true) { ... @include(if: $v) { me { id } } }',
    'mutation ($v: Boolean = true) { addPhone(input: { number: "+1 425 555 0177" }) @skip(if: $v) { phone { id } } }',
  ])('%s', async (document) => {
    const { body } = await product.ask(document, { v: null });

    expect(body.errors.map(codeOf)).toEqual(['BAD_USER_INPUT']);
    expect(body.errors[0].message).toBe('Argument "if" of non-null type "Boolean!" must not be null.');
    expect(logged).toEqual([]);
  });
});

describe('an invalid persisted query', () => {
  const query = '{ me { displayName } }';
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  const WRONG: readonly (readonly [string, unknown, string | undefined])[] = [
    ['another hash', { version: 1, sha256Hash: 'ab' }, query],
    ['a hash in capitals', { version: 1, sha256Hash: sha256Hash.toUpperCase() }, query],
    ['a hash of another type', { version: 1, sha256Hash: 1 }, query],
    ['a hash of another type, and no query', { version: 1, sha256Hash: ['ab'] }, undefined],
    ['a hash that has no text', { version: 1, sha256Hash: { toString: 1, valueOf: 1 } }, undefined],
    ['no hash', { version: 1 }, query],
    ['another version', { version: 2, sha256Hash }, query],
    ['a version as text', { version: '1', sha256Hash }, undefined],
    ['no version', { sha256Hash }, query],
    ['true', true, query],
    ['a list', [1], undefined],
  ];

  it.each(WRONG)('%s', async (_what, persistedQuery, text) => {
    const authorization = `Bearer ${tokenOf(product.emulator, 'innocenty')}`;
    const extensions = { persistedQuery };
    const parameters = new URLSearchParams({
      extensions: JSON.stringify(extensions),
      ...(text && { query: text }),
    });

    const answers = [
      await product.request('/graphql', {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ query: text, extensions }),
      }),
      await product.request(`/graphql?${parameters}`, { headers: { authorization } }),
    ];

    for (const answer of answers) {
      expect(answer.status).toBe(400);
      expect((await answer.json()).errors.map(codeOf)).toEqual(['BAD_REQUEST']);
    }
    expect(logged).toEqual([]);
  });

  it('a valid one is registered and then runs by its hash', async () => {
    const authorization = `Bearer ${tokenOf(product.emulator, 'innocenty')}`;
    const extensions = JSON.stringify({ persistedQuery: { version: 1, sha256Hash } });
    const get = (more: Readonly<Record<string, string>>) =>
      product.request(`/graphql?${new URLSearchParams({ extensions, ...more })}`, {
        headers: { authorization },
      });

    const answers = [await get({}), await get({ query }), await get({})];

    const bodies = await Promise.all(answers.map((answer) => answer.json()));
    expect(bodies[0].errors.map(codeOf)).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    for (const body of bodies.slice(1))
      expect(body).toEqual({ data: { me: { displayName: 'Innocenty Popov' } } });
  });
});

function codeOf({ extensions }: { readonly extensions: { readonly code: string } }): string {
  return extensions.code;
}

/** The position of the null, and a document that passes it by `$v`. */
type Mistake = readonly [place: string, document: string];

function mistakesIn(whole: GraphQLSchema): Mistake[] {
  const mistakes: Mistake[] = [];
  for (const [type, open] of waysIn(whole))
    for (const field of Object.values(type.getFields()))
      for (const argument of field.args)
        for (const hole of holesOf(argument)) {
          const others = field.args.filter((other) => other !== argument && isRequiredArgument(other));
          const given = [`${argument.name}: ${hole.literal}`, ...others.map(literalOfArgument)].join(', ');
          const document = open(`${field.name}(${given})${selectionOf(field.type)}`);
          const place = `${type.name}.${field.name}(${argument.name}${hole.place})`;
          for (const declared of hole.variables)
            mistakes.push([`${place} by $v: ${declared}`, document.replace('()', `($v: ${declared})`)]);
        }
  return mistakes;
}

/** A selection for each object type that is reachable without arguments. `()` marks the place of the variables. */
function waysIn(whole: GraphQLSchema): Map<GraphQLObjectType, (inner: string) => string> {
  const ways = new Map<GraphQLObjectType, (inner: string) => string>();
  const roots = { query: whole.getQueryType(), mutation: whole.getMutationType() };
  for (const [kind, root] of Object.entries(roots))
    if (root) ways.set(root, (inner) => `${kind} () { ${inner} }`);
  // The loop also visits the types that it adds.
  for (const [type, open] of ways) {
    if (type === roots.mutation) continue;
    for (const field of Object.values(type.getFields())) {
      const below = getNamedType(field.type);
      if (!isObjectType(below) || ways.has(below) || field.args.some(isRequiredArgument)) continue;
      ways.set(below, (inner) => open(`${field.name} { ${inner} }`));
    }
  }
  return ways;
}

interface Hole {
  readonly place: string;
  /** Contains `$v` at the position. */
  readonly literal: string;
  /** Types of the variable that make the document valid. */
  readonly variables: readonly string[];
}

/** Every non-null position in a value. */
function holesOf({ type, defaultValue }: GraphQLArgument | GraphQLInputField): Hole[] {
  const holes = holesBelow(type);
  if (!isNonNullType(type)) return holes;
  const named = String(type.ofType);
  const variables = [`${named} = ${literalOf(type)}`, ...(defaultValue === undefined ? [] : [named])];
  return [{ place: '', literal: '$v', variables }, ...holes];
}

function holesBelow(type: GraphQLInputType): Hole[] {
  if (isNonNullType(type)) return holesBelow(type.ofType);
  if (isListType(type)) {
    const item = { type: type.ofType, defaultValue: undefined } as GraphQLInputField;
    return holesOf(item).map((hole) => ({ ...hole, place: `[]${hole.place}`, literal: `[${hole.literal}]` }));
  }
  if (!isInputObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) =>
    holesOf(field).map((hole) => ({
      ...hole,
      place: `.${field.name}${hole.place}`,
      literal: objectOf(type, { [field.name]: hole.literal }),
    })),
  );
}

function objectOf(type: GraphQLInputObjectType, given: Readonly<Record<string, string>>): string {
  const required = Object.values(type.getFields()).filter((field) => isRequiredInputField(field));
  const literals = Object.fromEntries(required.map((field) => [field.name, literalOf(field.type)]));
  const members = Object.entries({ ...literals, ...given });
  return `{ ${members.map(([name, literal]) => `${name}: ${literal}`).join(', ')} }`;
}

function literalOfArgument({ name, type }: GraphQLArgument): string {
  return `${name}: ${literalOf(type)}`;
}

function literalOf(type: GraphQLInputType): string {
  if (isNonNullType(type)) return literalOf(type.ofType);
  if (isListType(type)) return `[${literalOf(type.ofType)}]`;
  if (isInputObjectType(type)) return objectOf(type, {});
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (type.name === 'Int' || type.name === 'Float') return '1';
  return type.name === 'Boolean' ? 'true' : '"+1 425 555 0177"';
}

function selectionOf(type: GraphQLOutputType): string {
  return isCompositeType(getNamedType(type)) ? ' { __typename }' : '';
}
