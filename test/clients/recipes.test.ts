// Each recipe of docs/clients.md and docs/services.md, taken from the page: it prints what the page says, and has the types
// that it uses. Those for types make documents with the types of the schema.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRegistrations } from '../../emulator/entra/registrations.ts';
import { startTestProduct } from '../support/product.ts';
import {
  checkTypes,
  createFolder,
  outputOf,
  placed,
  type Recipe,
  ROOT,
  recipesOf,
  recipeWith,
  runTool,
} from '../support/recipes.ts';

const CLIENTS = 'docs/clients.md';
const SERVICES = 'docs/services.md';
const SERVICE = { AUTH_MODE: 'entra', APP_ONLY: 'on' };

const isPythonMissing = spawnSync('python3', ['--version']).status !== 0 && process.env['CI'] !== 'true';
const skipNote = isPythonMissing ? ' (skipped: no python3)' : '';

describe.each([
  [CLIENTS, {}, ['ts']],
  [SERVICES, SERVICE, ['sh']],
] as const)('A recipe of %s', (page, environment, languages) => {
  const recipes = recipesOf(page).filter(({ language }) => languages.some((known) => known === language));

  it.each(recipes.map((recipe) => [titleOf(recipe), recipe] as const))('runs: %s', async (_, recipe) => {
    await using product = await startTestProduct({ environment });
    const output = await outputOf(recipe, product);
    expect(output === '' ? null : JSON.parse(output)).toEqual(recipe.expected);
  });
});

it('The applications of docs/services.md are those of the emulator', () => {
  const { gateway, frontEnd, unlisted, daemon } = createRegistrations();
  const registered = [gateway, frontEnd, unlisted, daemon].map(({ displayName, clientId, secret }) => [
    displayName,
    `\`${clientId}\``,
    secret === undefined ? 'none' : `\`${secret}\``,
  ]);
  const rows = readFileSync(join(ROOT, SERVICES), 'utf8').matchAll(/^\| ([A-Z].*?) \| (.*?) \| (.*?) \|/gm);
  expect([...rows].map((row) => row.slice(1))).toEqual(registered);
});

it.skipIf(isPythonMissing)(`The recipe in Python runs${skipNote}`, async () => {
  await using product = await startTestProduct({ environment: SERVICE });
  const recipe = recipeWith(SERVICES, 'urllib');
  expect(JSON.parse(await outputOf(recipe, product))).toEqual(recipe.expected);
});

it('The recipes in TypeScript have the types that they use', async () => {
  const recipes = recipesOf(CLIENTS).filter(({ language }) => language === 'ts');
  const files = recipes.map(({ text }, at) => [`recipe-${at}.ts`, text] as const);
  const folder = createFolder(Object.fromEntries(files));
  await checkTypes(folder, Object.keys(Object.fromEntries(files)));
});

describe('The recipes for types', () => {
  it('of the client preset make documents with the types of the schema', async () => {
    await using product = await startTestProduct();
    const recipe = recipeWith(CLIENTS, 'CodegenConfig');
    const uses = usesOf('./gql/index.ts');
    const folder = createFolder({
      'codegen.ts': placed(recipe, product),
      'src/phones.ts': uses.right,
      'src/wrong.ts': uses.wrong,
    });

    await runTool('@graphql-codegen/cli/esm/bin.js', ['--config', 'codegen.ts'], folder);

    await checkTypes(folder, ['src/phones.ts']);
    await expect(checkTypes(folder, ['src/wrong.ts'])).rejects.toThrow(/string[\s\S]*ROTARY/);
  });

  it('of gql.tada make documents with the types of the schema', async () => {
    await using product = await startTestProduct();
    const files = {
      'schema.ts': placed(recipeWith(CLIENTS, 'outputIntrospectionFile'), product),
      'graphql.ts': recipeWith(CLIENTS, 'initGraphQLTada').text,
    };
    const { right, wrong } = usesOf('./graphql.ts');
    const folder = createFolder({ ...files, 'phones.ts': right, 'wrong.ts': wrong });

    await import(join(folder, 'schema.ts'));

    await checkTypes(folder, ['graphql.ts', 'phones.ts']);
    await expect(checkTypes(folder, ['wrong.ts'])).rejects.toThrow(/string[\s\S]*ROTARY/);
  });
});

/** Modules that use a document: one as its types allow, and one that asks for a type of phone and a time that are none. */
function usesOf(module: string): { readonly right: string; readonly wrong: string } {
  const document = `
    import type { ResultOf } from '@graphql-typed-document-node/core';
    import { graphql } from '${module}';
    const PHONES = graphql(\`query Phones { me { phones { number type lastModifiedDateTime } } }\`);
    export function show({ me }: ResultOf<typeof PHONES>) {
      const phones = me?.phones ?? [];
  `;
  return {
    right: `${document}
      const texts: string[] = phones.map(({ number, lastModifiedDateTime: at }) => number ?? at ?? '');
      return [...texts, phones[0]?.type === 'MOBILE'];
    }`,
    wrong: `${document}
      const times: (number | null)[] = phones.map(({ lastModifiedDateTime }) => lastModifiedDateTime);
      return [...times, phones[0]?.type === 'ROTARY'];
    }`,
  };
}

function titleOf({ text }: Recipe): string {
  return text.trim().split('\n', 1)[0] ?? '';
}
