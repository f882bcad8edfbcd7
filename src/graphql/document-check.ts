// Checks at startup whether a document could run: limits, syntax and validation, without variables.
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

/** @returns a function that lists the problems of a document; empty for one that can run */
export function createDocumentCheck({ schema, limits, introspection }: DocumentCheckOptions) {
  const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  return (text: string): readonly string[] => {
    try {
      const error = limits.checkText(text);
      if (error !== null) return [error.message];
      const document = parse(text);
      const errors = validate(schema, document, rules);
      if (errors.length > 0) return errors.map(describe);
      const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
      return operations.length === 0 ? ['it has no operation'] : [];
    } catch (error) {
      if (error instanceof GraphQLError) return [describe(error)];
      throw error;
    }
  };
}

function describe({ message, locations }: GraphQLError): string {
  const place = locations?.[0];
  return place === undefined ? message : `line ${place.line}, column ${place.column}: ${message}`;
}
