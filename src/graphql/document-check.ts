// Whether a document could run here at all, with whatever variables: what a request would be told, told at the start.
import {
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { LimitGuard } from './limits.ts';

export interface DocumentCheckOptions {
  readonly schema: GraphQLSchema;
  readonly limits: LimitGuard;
  readonly introspection: boolean;
}

/** @returns a function that says what is wrong with a document; nothing for one that can run */
export function createDocumentCheck({ schema, limits, introspection }: DocumentCheckOptions) {
  const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  return (text: string): readonly string[] => {
    try {
      const refused = limits.checkText(text);
      if (refused !== null) return [refused.message];
      const document = parse(text);
      const errors = validate(schema, document, rules);
      if (errors.length > 0) return errors.map(inWords);
      const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
      return operations.length === 0 ? ['there is no operation in it'] : [];
    } catch (error) {
      if (error instanceof GraphQLError) return [inWords(error)];
      throw error;
    }
  };
}

function inWords({ message, locations }: GraphQLError): string {
  const place = locations?.[0];
  return place === undefined ? message : `line ${place.line}, column ${place.column}: ${message}`;
}
