// Makes src/__generated__/resolvers-types.ts out of schema/*.graphql: `npm run codegen`. The result is committed, never
// edited, and compared with a fresh one by `npm run check`.
//
// Enums point at modules and not at inline maps: with an inline map the plugin types the enum as null.
import type { CodegenConfig } from '@graphql-codegen/cli';

/** The plugin re-exports the enum types as if they were values, which verbatimModuleSyntax refuses. */
export function exportTypesAsTypes(content: string): string {
  return content.replaceAll(/^export \{ (\w+) \};$/gm, 'export type { $1 };');
}

const config: CodegenConfig = {
  schema: 'schema/*.graphql',
  emitLegacyCommonJSImports: false,
  importExtension: '',
  hooks: { beforeOneFileWrite: [(_path, content) => exportTypesAsTypes(content)] },
  generates: {
    'src/__generated__/resolvers-types.ts': {
      plugins: [
        { add: { content: '// Generated from schema/*.graphql by `npm run codegen`. Do not edit.' } },
        'typescript',
        'typescript-resolvers',
      ],
      config: {
        useTypeImports: true,
        strictScalars: true,
        defaultScalarType: 'unknown',
        scalars: { DateTime: 'string', ID: { input: 'string', output: 'string' } },
        avoidOptionals: { field: true, inputValue: false, object: false },
        enumsAsTypes: true,
        enumValues: {
          PhoneType: '../phones/wire.ts#PhoneType',
          AllowedAudiences: '../phones/wire.ts#AllowedAudience',
        },
        mappers: {
          ItemPhone: '../phones/wire.ts#Phone',
          User: '../directory/source.ts#Person',
        },
        contextType: '../context.ts#Context',
        maybeValue: 'T | null',
        inputMaybeValue: 'T | null | undefined',
        resolversNonOptionalTypename: false,
      },
    },
  },
};

export default config;
