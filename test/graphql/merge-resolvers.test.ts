// Resolvers of several modules become one: fields that they add to the same type are all there, and what two of them define
// is an error at start, never a field that resolves to null.
import { join } from 'node:path';
import { execute, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { type FacetModule, facets } from '../../src/graphql/facets.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { phones } from '../../src/phones/phone.ts';

const FOLDER = join(import.meta.dirname, '../../schema');

function schemaWith(resolvers: FacetModule['resolvers'], typeDefs?: string) {
  const facet = { ...phones, segment: 'others', field: 'other' };
  return createSchema(FOLDER, [
    ...facets,
    { facet, resolvers, ...(typeDefs === undefined ? {} : { typeDefs }) },
  ]);
}

describe('A second module', () => {
  it('adds fields to a type, which keeps those that it had', async () => {
    const schema = schemaWith({ User: { others: () => ['1'] } }, 'extend type User { others: [String!] }');
    const context = {
      users: { me: async () => ({ id: 'a' }) },
      items: () => ({ list: async () => [{ graphId: 'p' }] }),
      userSelection: () => ({}),
    };
    const document = parse('{ me { others phones { graphId } } }');
    const { data, errors } = await execute({ schema, document, contextValue: context });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ me: { others: ['1'], phones: [{ graphId: 'p' }] } });
  });

  it.each([
    ['User.phones', { User: { phones: () => [] } }],
    ['Mutation.addPhone', { Mutation: { addPhone: () => null } }],
    ['Query.node', { Query: { node: () => null } }],
    ['Node.__resolveType', { Node: { __resolveType: () => 'User' } }],
  ])('that defines %s again is an error at start', (name, resolvers) => {
    expect(() => schemaWith(resolvers)).toThrow(new TypeError(`resolvers: two modules define ${name}`));
  });

  it('that defines a scalar again is an error at start', () => {
    const { DateTime } = createSchema(FOLDER).getTypeMap();
    expect(() => schemaWith({ DateTime })).toThrow(new TypeError('resolvers: two modules define DateTime'));
  });
});
