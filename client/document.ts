// GraphQL documents that know the types of their variables and of their result. Any of these is taken: the documents of
// this package, a `TypedDocumentNode`, a `TypedDocumentString` of GraphQL Code Generator, plain text.
import { print } from './print.ts';

/** The mark by which GraphQL Code Generator types a document (`@graphql-typed-document-node/core`). It has no value. */
export interface DocumentTypeDecoration<Result, Variables> {
  __apiType?: (variables: Variables) => Result;
}

/** A document as graphql-js parses it. */
export interface DocumentTree {
  readonly kind: string;
  readonly definitions: readonly unknown[];
}

export type TypedDocument<Result, Variables> =
  | ((DocumentTree | { toString(): string }) & DocumentTypeDecoration<Result, Variables>)
  | string;

export function textOf(document: TypedDocument<unknown, never>): string {
  return isTree(document) ? print(document) : String(document);
}

function isTree(document: object | string): document is DocumentTree {
  return typeof document === 'object' && 'kind' in document && document.kind === 'Document';
}

/** Whether running a document twice does no more than running it once. It says no where the text leaves any doubt. */
export function isQuery(text: string): boolean {
  return !/\b(mutation|subscription)\b/.test(text);
}
