// Generates the files below from schema/*.graphql (`npm run codegen`). They are committed and never edited. A test compares
// them with fresh ones.
// - src/__generated__/schema-types.ts: the types of the schema. It imports nothing.
// - src/__generated__/resolvers-types.ts: the types of resolvers. It imports the schema types and the classes behind the
//   schema's objects. Domain modules import schema types only, so that no import leads back to them.
// - client/__generated__/: the typed documents of the client.
import type { CodegenConfig } from '@graphql-codegen/cli';

const GENERATED = '// Generated from schema/*.graphql by `npm run codegen`. Do not edit.';

const types = {
  useTypeImports: true,
  immutableTypes: true,
  strictScalars: true,
  defaultScalarType: 'unknown',
  scalars: { DateTime: 'string', ID: { input: 'string', output: 'string' } },
  avoidOptionals: { field: true, inputValue: false, object: false },
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
      config: types,
    },
    'src/__generated__/resolvers-types.ts': {
      plugins: [
        { add: { content: `${GENERATED}\nimport type * as Schema from './schema-types.ts';` } },
        'typescript-resolvers',
      ],
      config: {
        ...types,
        namespacedImportName: 'Schema',
        mappers: {
          ItemPhone: '../phones/wire.ts#Phone',
          User: '../users/loader.ts#User',
          AddPhonePayload: '../phones/payload.ts#PhonePayload',
          UpdatePhonePayload: '../phones/payload.ts#PhonePayload',
          DeletePhonePayload: '../phones/payload.ts#DeletePayload',
        },
        contextType: '../graphql/context.ts#Context',
        // A resolver may return an Error in the place of a value, also within a list: graphql-js treats it as thrown there.
        resolverTypeWrapperSignature: 'Promise<T | Error> | T | Error',
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
