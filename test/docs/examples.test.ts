// The examples of README and docs, run as they stand against a gateway for each page, in order. The language of a block
// says what is done with it:
//   sh        runs in bash; where json follows, its output is that JSON
//   js, ts    runs in Node, and likewise; ts is type-checked too
//   python    runs in python3, and likewise; skipped without one, except where CI=true says that it must be there
//   graphql   is valid by the schema; where json follows, it runs, and its response is that JSON
//   dotenv    is an environment that the gateway starts with
//   nginx, redis, yaml  are for deployment.test.ts
//   typescript  needs what another example or a tool makes: test/clients/recipes*.test.ts
//   text      cannot run here: commands that do not end, or need a tenant. They are counted, so that none hides
// In the expected JSON, an ellipsis stands for anything.
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { createSchema } from '../../src/graphql/schema.ts';
import { startTestProduct, type TestProduct } from '../support/product.ts';
import { type Block, type Page, pages, ROOT } from './pages.ts';

const run = promisify(execFile);

mkdirSync(join(ROOT, 'reports'), { recursive: true });
/** Below the root, so that packages are found, and outside node_modules, where Node runs no TypeScript. */
const folder = mkdtempSync(join(ROOT, 'reports/examples-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the gateway of a page is started with, where that is not the default. */
const ENVIRONMENTS: Readonly<Record<string, Record<string, string>>> = {
  'docs/entra.md': { AUTH_MODE: 'entra', APP_ONLY: 'on' },
  'docs/services.md': { AUTH_MODE: 'entra', APP_ONLY: 'on' },
  'docs/operations.md': { AUDIT_LOG: join(folder, 'audit.jsonl') },
};

/** Blocks that cannot run here, by page. */
const TEXTS: Readonly<Record<string, number>> = {
  'README.md': 2,
  'CONTRIBUTING.md': 1,
  'docs/deployment.md': 1,
  'docs/emulator.md': 2,
  'docs/entra.md': 1,
  'docs/services.md': 1,
  'bench/README.md': 2,
  'soak/README.md': 1,
};

const RUNNING = ['sh', 'js', 'ts', 'python'];
const KNOWN = [...RUNNING, 'typescript', 'graphql', 'json', 'dotenv', 'nginx', 'redis', 'yaml', 'text'];

const isPythonMissing = spawnSync('python3', ['--version']).status !== 0 && process.env['CI'] !== 'true';

interface Example extends Block {
  readonly page: string;
  readonly at: string;
  /** The JSON that follows it at once. */
  readonly expected: string | null;
}

function examplesOf(page: Page): readonly Example[] {
  return page.blocks.map((block, index) => {
    const next = page.blocks[index + 1];
    const expected = next?.language === 'json' ? next.text : null;
    return { ...block, page: page.path, at: `${page.path}:${block.line}`, expected };
  });
}

const examples = pages.flatMap(examplesOf);
const ofLanguage = (...languages: string[]) =>
  examples.filter(({ language }) => languages.includes(language));

describe('a block of code', () => {
  it.each(pages.map((page) => [page.path, page] as const))('of %s is one that this test knows', (_, page) => {
    expect(page.blocks.filter(({ language }) => !KNOWN.includes(language))).toEqual([]);
    // Indented ones would be overlooked.
    expect(page.text.match(/^\s*```/gm) ?? []).toHaveLength(2 * page.blocks.length);
  });

  it('that is JSON follows one that runs', () => {
    const running = [...RUNNING, 'graphql'];
    const following = examples.filter(
      ({ expected, language }) => expected !== null && running.includes(language),
    );
    expect(following).toHaveLength(ofLanguage('json').length);
  });

  it('that cannot run is counted', () => {
    const counted = pages
      .map(({ path, blocks }) => [path, blocks.filter(({ language }) => language === 'text').length] as const)
      .filter(([, count]) => count > 0);
    expect(Object.fromEntries(counted)).toEqual(TEXTS);
  });
});

/** The expected JSON, with what is there in place of each ellipsis. */
function filledIn(expected: unknown, actual: unknown): unknown {
  if (expected === '…') return actual;
  if (typeof expected !== 'object' || expected === null) return expected;
  const found = (actual ?? {}) as Record<string, unknown>;
  const filled = Object.entries(expected).map(([name, value]) => [name, filledIn(value, found[name])]);
  return Array.isArray(expected) ? filled.map(([, value]) => value) : Object.fromEntries(filled);
}

function expectJson(actual: unknown, expected: string): void {
  expect(actual).toEqual(filledIn(JSON.parse(expected), actual));
}

/** The example with the addresses and files of this run. */
function placed({ text, page }: Example, { url, adminUrl, emulator }: TestProduct): string {
  return text
    .replaceAll('http://127.0.0.1:4000', new URL(url).origin)
    .replaceAll('http://127.0.0.1:4001', new URL(adminUrl).origin)
    .replaceAll('http://127.0.0.1:4010', new URL(emulator.url).origin)
    .replaceAll('/var/log/profile-phones/audit.jsonl', ENVIRONMENTS[page]?.['AUDIT_LOG'] ?? '');
}

async function output(example: Example, product: TestProduct): Promise<string> {
  const text = placed(example, product);
  const env = { ...process.env, EMULATOR_PORT: new URL(product.emulator.url).port };
  if (example.language === 'sh') {
    return (await run('bash', ['-euo', 'pipefail', '-c', text], { cwd: ROOT, env })).stdout;
  }
  if (example.language === 'python') return (await run('python3', ['-c', text], { cwd: ROOT, env })).stdout;
  const file = join(folder, `run-${example.page.replaceAll(/\W/g, '-')}-${example.line}.${example.language}`);
  writeFileSync(file, text);
  return (await run(process.execPath, [file], { cwd: ROOT, env })).stdout;
}

describe.each([...new Set(ofLanguage(...RUNNING, 'graphql').map(({ page }) => page))])('%s', (page) => {
  let product: TestProduct;
  beforeAll(async () => {
    product = await startTestProduct({ environment: ENVIRONMENTS[page] ?? {} });
  });
  afterAll(() => product.close());

  const own = ofLanguage(...RUNNING, 'graphql').filter((example) => example.page === page);
  it.for(own.map((example) => [example.line, example] as const))('line %i', async ([, example], { skip }) => {
    const { language, text, expected } = example;
    skip(language === 'python' && isPythonMissing, 'no python3');
    if (language === 'graphql' && expected === null) return expectValid(text);
    if (language === 'graphql') return expectJson((await product.ask(text)).body, expected ?? '');
    const said = await output(example, product);
    if (expected !== null) expectJson(JSON.parse(said), expected);
  });
});

function expectValid(text: string): void {
  expect(validate(createSchema(join(ROOT, 'schema')), parse(text))).toEqual([]);
}

describe('examples in TypeScript', () => {
  it('have the types that they use', async () => {
    const files = ofLanguage('ts').map(({ page, line, text }) => {
      const file = join(folder, `check-${page.replaceAll(/\W/g, '-')}-${line}.ts`);
      writeFileSync(file, text);
      return file;
    });
    const config = join(folder, 'tsconfig.json');
    writeFileSync(config, JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), include: [], files }));
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    const checked = run(process.execPath, [compiler, '--project', config]).catch((error) => error);
    expect((await checked).stdout).toBe('');
  });
});

describe('an environment', () => {
  const environments = ofLanguage('dotenv');

  it.each(environments.map(({ at, text }) => [at, text] as const))('%s', (_, text) => {
    expect(readConfig(parseEnv(text)).problems).toBeNull();
  });

  it('is read from a file, as the README says', async () => {
    const file = join(folder, '.env');
    writeFileSync(file, environments.find(({ page }) => page === 'README.md')?.text ?? '');
    const args = [`--env-file=${file}`, 'bin/run.js', 'src/main.ts', '--check-config'];
    const { stdout } = await run(process.execPath, args, { cwd: ROOT, env: { PATH: process.env['PATH'] } });
    expect(JSON.parse(stdout)).toMatchObject({ environment: 'production', auth: { mode: 'entra' } });
  });
});
