// Makes src/__generated__/resolvers-types.ts and client/__generated__/ out of schema/*.graphql: `npm run codegen`. The
// result is committed, never edited, and compared with a fresh one by `npm run check`.
import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: 'schema/*.graphql',
  emitLegacyCommonJSImports: false,
  importExtension: '',
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
        mappers: {
          ItemPhone: '../profile/item-facet.ts#Phone',
          User: '../users/loader.ts#Person',
          AddPhonePayload: '../profile/mutations/payload.ts#PhonePayload',
          UpdatePhonePayload: '../profile/mutations/payload.ts#PhonePayload',
          DeletePhonePayload: '../profile/mutations/payload.ts#DeletePayload',
        },
        contextType: '../graphql/context.ts#Context',
        maybeValue: 'T | null',
        inputMaybeValue: 'T | null | undefined',
        resolversNonOptionalTypename: false,
      },
    },
    'client/__generated__/': {
      preset: 'client',
      documents: 'client/documents/*.graphql',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        importExtension: '.ts',
        useTypeImports: true,
        strictScalars: true,
        scalars: { DateTime: 'string', ID: 'string' },
        enumsAsTypes: true,
        immutableTypes: true,
      },
    },
  },
};

export default config;
