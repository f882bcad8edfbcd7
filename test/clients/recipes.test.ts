// The recipes of docs/clients.md that make types: their documents have the types of the schema. And the table of
// docs/services.md: its applications are those of the emulator. That each recipe runs is for test/docs/examples.test.ts.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRegistrations } from '../../emulator/entra/registrations.ts';
import { pageAt } from '../docs/pages.ts';
import { startTestProduct } from '../support/product.ts';
import { checkTypes, createFolder, placed, recipeWith, runTool } from '../support/recipes.ts';

const CLIENTS = 'docs/clients.md';
const SERVICES = 'docs/services.md';

it('The applications of docs/services.md are those of the emulator', () => {
  const { gateway, frontEnd, unlisted, daemon } = createRegistrations();
  const registered = [gateway, frontEnd, unlisted, daemon].map(({ displayName, clientId, secret }) => [
    displayName,
    `\`${clientId}\``,
    secret === undefined ? 'none' : `\`${secret}\``,
  ]);
  const rows = pageAt(SERVICES).prose.matchAll(/^\| ([A-Z].*?) \| (.*?) \| (.*?) \|/gm);
  expect([...rows].map((row) => row.slice(1))).toEqual(registered);
});

// Compilers run in processes of their own, which takes a while on a busy machine.
describe('The recipes for types', { timeout: 60_000 }, () => {
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
      'graphql.ts': recipeWith(CLIENTS, 'initGraphQLTada'),
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
