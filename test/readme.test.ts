// The README's examples are run as they stand, in order, against a gateway of their own: the shell lines in a shell,
// the script in Node. Where it shows an answer, the answer has to be that; an ellipsis stands for anything.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, validate } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { createSchema } from '../src/graphql/schema.ts';
import { startTestProduct } from './support/product.ts';

const ROOT = join(import.meta.dirname, '..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const run = promisify(execFile);

interface Block {
  readonly language: string;
  readonly text: string;
}

const blocks: Block[] = [...readme.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
  language: language ?? '',
  text: text ?? '',
}));

const examples = blocks.flatMap(({ language, text }, at) =>
  language === 'sh' || language === 'js' ? [{ language, text, answer: blocks[at + 1]?.text ?? '' }] : [],
);

const product = await startTestProduct();
afterAll(() => product.close());

async function output({ language, text }: Block): Promise<string> {
  const here = text.replaceAll('http://127.0.0.1:4000/graphql', product.url);
  const [program, ...args] =
    language === 'sh' ? ['bash', '-c', here] : [process.execPath, '--input-type=module', '-e', here];
  return (await run(program ?? '', args)).stdout;
}

/** The expected answer, an ellipsis in it standing for whatever is there. */
function filledIn(expected: unknown, actual: unknown): unknown {
  if (expected === '…') return actual;
  if (typeof expected !== 'object' || expected === null) return expected;
  const found = (actual ?? {}) as Record<string, unknown>;
  const filled = Object.entries(expected).map(([name, value]) => [name, filledIn(value, found[name])]);
  return Array.isArray(expected) ? filled.map(([, value]) => value) : Object.fromEntries(filled);
}

describe('the README', () => {
  it('has its examples', () => {
    expect(examples.map(({ language }) => language)).toEqual(['sh', 'sh', 'sh', 'sh', 'js']);
  });

  it.each(examples)('shows what happens: $text', async ({ language, text, answer }) => {
    const actual: unknown = JSON.parse(await output({ language, text }));
    expect(actual).toEqual(filledIn(JSON.parse(answer), actual));
  });

  it('shows queries that the schema allows', () => {
    const schema = createSchema(join(ROOT, 'schema'));
    const queries = blocks.filter(({ language }) => language === 'graphql');
    expect(queries).toHaveLength(1);
    for (const { text } of queries) expect(validate(schema, parse(text))).toEqual([]);
  });

  it('names every variable of the configuration', () => {
    const config = readFileSync(join(ROOT, 'src/config/variables.ts'), 'utf8');
    const variables = [...config.matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map((match) => match[1]);
    expect(variables.length).toBeGreaterThan(10);
    for (const name of variables) expect(readme).toContain(`\`${name}\``);
  });

  it('names every dependency', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const names = Object.keys({ ...dependencies, ...devDependencies }).filter(
      (name) => !name.startsWith('@graphql-codegen/'),
    );
    const prose = readme.toLowerCase();
    const known: Record<string, string> = { '@biomejs/biome': 'biome', '@types/node': 'typescript' };
    for (const name of names) expect(prose).toContain(known[name] ?? name);
  });

  it('names every npm script that a reader needs', () => {
    for (const script of [
      'npm start',
      'npm run start:emulator',
      'npm test',
      'npm run check',
      'npm run codegen',
    ]) {
      expect(readme).toContain(script);
    }
  });
});
