// The client's printer of documents, held against graphql-js: what it prints is parsed to the same document. Documents are
// drawn at random over the whole language, and a few are written down for what is rare.
import { type DocumentNode, parse, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import { textOf } from '../../client/document.ts';
import { createChance } from '../fuzz/chance.ts';
import { generate } from '../fuzz/grammar.ts';
import { createFuzzSchema, createProductSchema } from '../fuzz/schemas.ts';

const DOCUMENTS = 1_500;

/** A document without its places, and with strings of which nobody can see how they were written. */
function plain(document: DocumentNode): unknown {
  const same = visit(document, { StringValue: (node) => ({ ...node, block: false }) });
  return JSON.parse(JSON.stringify(same, (name, value) => (name === 'loc' ? undefined : value)));
}

function printsAsItIs(text: string): void {
  const document = parse(text, { noLocation: true });
  expect(plain(parse(textOf(document)))).toEqual(plain(document));
}

describe('the printer', () => {
  it.each([createFuzzSchema, createProductSchema])('prints what graphql-js reads as the same: %o', (make) => {
    const schema = make();
    for (let seed = 0; seed < DOCUMENTS; seed += 1) printsAsItIs(generate(schema, createChance(seed)).text);
  });

  it.each([
    '{ a }',
    'query ($a: [[Int!]!]! = [[1]], $b: A = { c: "\\u0000\\n\\"\\\\ é 😀", d: """ a "b"\n  c """ } @e(f: 1) @g) @h { a }',
    'mutation A($a: ID = null) @b { c: d(e: $a, f: X, g: -1.5e10, h: true, i: [], j: {}) @k { ...l ...on M @n { o } ... @p { q } } } fragment l on R @s { t }',
    'subscription { a(b: [$c, 1]) } query B { b }',
  ])('prints %s', printsAsItIs);

  it('refuses a document that defines types', () => {
    expect(() => textOf(parse('type A { b: Int }'))).toThrow(
      'A document to send has operations and fragments, not ObjectTypeDefinition.',
    );
  });
});
