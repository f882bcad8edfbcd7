// The production dependencies that generate code from strings. Each is listed with the reason why it does not do so while
// requests are served. The test fails when a dependency is missing from the list or no longer generates code.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

const REPORTS = 'for reports to Apollo, which are off without a key of theirs';
const SCHEMAS = 'for routes that have a schema, at the start; none has one';
const ABSENT = 'in a file that nothing here loads';
const FALLBACK = 'for old engines; there is a way without, which Node takes';
const KINDS = 'to see what kinds of functions there are, as it is loaded';

const ALLOWED: Readonly<Record<string, string>> = {
  '@apollo/protobufjs': REPORTS,
  '@fastify/fast-json-stringify-compiler': ABSENT,
  '@microsoft/microsoft-graph-client': ABSENT,
  '@microsoft/microsoft-graph-client/node_modules/@babel/runtime': FALLBACK,
  '@protobufjs/codegen': REPORTS,
  ajv: SCHEMAS,
  'async-function': KINDS,
  'async-generator-function': KINDS,
  depd: 'for functions that are no longer to be used; nothing that is loaded has one',
  'fast-json-stringify': SCHEMAS,
  // The only one that generates code when the program runs.
  'find-my-way': 'for the routes of Fastify, at the start',
  'function-bind': FALLBACK,
  'generator-function': KINDS,
  'lodash.sortby': FALLBACK,
  qs: ABSENT,
  'real-require': 'one function, as it is loaded',
  zod: 'for objects, which the environment is not; it does without where it may not',
};

const GENERATORS = [
  /\bnew Function\b/,
  /(?<![.\w$])(?<!function )(?:Async)?(?:Generator)?Function\(/,
  /(?<![.\w$])eval\(/,
  /\(0, ?eval\)/,
  /= ?Function\s*[,;]/,
  /\bextends Function\b/,
  /\.constructor\(["'`]/,
  /["'](?:node:)?vm["']/,
];
/** Files of packages that programs do not load. */
const ASIDE = /^(node_modules|tests?|bench|benchmarks?|examples?)$/;

interface Locked {
  readonly dev?: boolean;
}

/** The package folders of a production install, below node_modules. */
function installed(): string[] {
  const lock: { packages: Record<string, Locked> } = JSON.parse(
    readFileSync(join(ROOT, 'package-lock.json'), 'utf8'),
  );
  return Object.entries(lock.packages)
    .filter(([folder, { dev }]) => folder !== '' && dev !== true && existsSync(join(ROOT, folder)))
    .map(([folder]) => folder);
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ASIDE.test(entry.name) ? [] : sourcesIn(path);
    return ['.js', '.cjs', '.mjs'].includes(extname(entry.name)) ? [path] : [];
  });
}

function makesCode(text: string): boolean {
  return GENERATORS.some((generator) => generator.test(text));
}

describe('Dependencies that generate code from strings', () => {
  it('are listed, each with the reason why it does not while requests are served', () => {
    const folders = installed();
    expect(folders.length).toBeGreaterThan(100);
    const found = folders.filter((folder) =>
      sourcesIn(join(ROOT, folder)).some((path) => makesCode(readFileSync(path, 'utf8'))),
    );
    const names = found.map((folder) => folder.replace(/^node_modules\//, ''));
    expect(names.toSorted()).toEqual(Object.keys(ALLOWED).toSorted());
  });

  it.each([
    'const f = new Function("a", body)',
    'return Function(source)()',
    'const $Function = Function;',
    'x = eval(text)',
    '(0, eval)(text)',
    'AsyncFunction("return 1")',
    'class Callable extends Function {}',
    '(async () => {}).constructor("return 1")',
    'const vm = require("vm")',
    "import { Script } from 'node:vm'",
  ])('are found by %s', (text) => {
    expect(makesCode(text)).toBe(true);
  });

  it.each([
    'isFunction(x)',
    'x instanceof Function',
    'medieval(x)',
    'this.isAsyncFunction()',
    'function GeneratorFunction() {}',
  ])('are not found by %s', (text) => {
    expect(makesCode(text)).toBe(false);
  });
});
