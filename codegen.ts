// Makes src/__generated__/ and client/__generated__/ out of schema/*.graphql: `npm run codegen`. The result is committed,
// never edited, and compared with a fresh one by `npm run check`.
//
// src/__generated__/ has two files, so that nothing imports in a circle: the types of the schema import nothing, and the
// types of resolvers import the domain's own types.
import type { CodegenConfig } from '@graphql-codegen/cli';

const GENERATED = '// Generated from schema/*.graphql by `npm run codegen`. Do not edit.';

const common = {
  useTypeImports: true,
  strictScalars: true,
  defaultScalarType: 'unknown',
  scalars: { DateTime: 'string', ID: { input: 'string', output: 'string' } },
  immutableTypes: true,
  enumsAsTypes: true,
  maybeValue: 'T | null',
  inputMaybeValue: 'T | null | undefined',
};

const config: CodegenConfig = {
  schema: 'schema/*.graphql',
  emitLegacyCommonJSImports: false,
  importExtension: '',
  generates: {
    'src/__generated__/schema-types.ts': {
      plugins: [{ add: { content: GENERATED } }, 'typescript'],
      config: { ...common, avoidOptionals: { field: true, inputValue: false, object: false } },
    },
    'src/__generated__/resolvers-types.ts': {
      plugins: [
        { add: { content: [GENERATED, "import type * as Types from './schema-types.ts';"] } },
        'typescript-resolvers',
      ],
      config: {
        ...common,
        namespacedImportName: 'Types',
        avoidOptionals: { field: true, inputValue: false, object: false },
        mappers: {
          ItemPhone: '../phones/phone.ts#Phone',
          User: '../users/loader.ts#User',
          AddPhonePayload: '../phones/phone.ts#PhonePayload',
          UpdatePhonePayload: '../phones/phone.ts#PhonePayload',
          DeletePhonePayload: '../profile/mutations/payload.ts#DeletePayload',
        },
        contextType: '../graphql/context.ts#Context',
        // An error in the place of a value is how GraphQL is told that it could not be had.
        resolverTypeWrapperSignature: 'Promise<T> | T | Error',
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
