// The two schemas of the fuzz: one made up, that has every construct of the type system, and the product's own.
import {
  buildSchema,
  GraphQLError,
  type GraphQLSchema,
  isEnumType,
  isScalarType,
  valueFromASTUntyped,
} from 'graphql';
import { createSchema } from '../../src/graphql/schema.ts';

const TYPES = /* GraphQL */ `
  scalar Odd
  enum Colour { RED GREEN BLUE GREY }
  interface Named { name: String  same(text: String): String }
  interface Node implements Named { id: ID!  name: String  same(text: String): String  next: Node }
  type Person implements Node & Named {
    id: ID!  name: String  same(text: String): String  next: Node
    age: Int!  friends(first: Int = 2, colours: [Colour!]): [Person!]!  pets: [[Pet]!]  best: Person!
    score(by: Filter = { limit: 3 }): Float  plain: String  handler(n: Int, f: Filter): Int!  box: Box!
  }
  type Cat implements Named { name: String  same(text: String): String  lives: Int!  colour: Colour  owner: Person  odd: Odd }
  type Dog implements Named & Node {
    id: ID!  name: String  same(text: String): String  next: Node
    colour(not: Colour = RED): Colour!  owner: Person!  odds: [Odd!]
  }
  type Box { items: [Thing!]  matrix: [[Int!]!]!  loose: [[String]]  any: Thing  parent: Box  label: String!  on: Boolean! }
  union Pet = Cat | Dog
  union Thing = Person | Cat | Box
  input Filter {
    limit: Int! = 5  ids: [ID!]  colour: Colour = GREEN  text: String  deep: Filter  grid: [[Int]]
    many: [Filter!]  odd: Odd  on: Boolean = null  size: Float
  }
  input Strict { must: String!  list: [Int!]! = [1, 2]  colour: Colour! }
  input Choice @oneOf { number: Int  text: String  filter: Filter  list: [Int] }
  type Query {
    person(id: ID!): Person
    people(first: Int = 3, filter: Filter, colours: [Colour]): [Person]
    sure(strict: Strict): Person!
    node(id: ID, choice: Choice): Node
    named(text: String = "x"): [Named!]
    things(grid: [[Int!]!], filters: [Filter]): [Thing]!
    pet(colour: Colour! = BLUE, odd: Odd): Pet
    box: Box
    odd(value: Odd, values: [Odd!]): Odd
    count(on: Boolean! = true, size: Float, id: ID = 7): Int!
    words: [String!]!
    colour: [Colour!]
  }
  type Mutation {
    add(filter: Filter!): Person
    change(strict: Strict!, id: ID): Person!
    remove(ids: [ID!]!): Int!
    count(on: Boolean = true): Int
    box: Box
  }
`;

function oddValue(value: unknown): unknown {
  if (value === 'bad') throw new Error('Odd cannot be bad');
  if (value === 'worse') throw new GraphQLError('Odd is worse', { extensions: { code: 'ODD' } });
  if (value === 'empty') return undefined;
  return value === 'nothing' ? null : { odd: value };
}

/** Enum values stand for something else inside: a number, an object, null; one is its own name. */
const COLOURS: Readonly<Record<string, unknown>> = {
  RED: 1,
  GREEN: Object.freeze({ green: true }),
  BLUE: null,
};

export function createFuzzSchema(): GraphQLSchema {
  const schema = buildSchema(TYPES);
  const odd = schema.getType('Odd');
  if (!isScalarType(odd)) throw new TypeError('The schema has no scalar Odd');
  odd.serialize = oddValue;
  odd.parseValue = oddValue;
  odd.parseLiteral = (node, variables) => ({ literal: valueFromASTUntyped(node, variables) });
  return withInternalValues(schema);
}

/** The values are in place before anything asks for the enum's lookup, which GraphQL-js builds once. */
function withInternalValues(schema: GraphQLSchema): GraphQLSchema {
  const colour = schema.getType('Colour');
  if (!isEnumType(colour)) throw new TypeError('The schema has no enum Colour');
  for (const value of colour.getValues()) {
    if (Object.hasOwn(COLOURS, value.name)) value.value = COLOURS[value.name];
  }
  return schema;
}

export function createProductSchema(): GraphQLSchema {
  return createSchema('schema');
}
