// Validates the `persistedQuery` extension of a request. Apollo Server reports some malformed values as its own internal
// errors and does not check others. Here each is an error of the client, with the code BAD_REQUEST.
import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { DocumentRequest } from './trusted-documents.ts';

/** The error for a malformed persisted query. Null for a valid one, and for a request without one. */
export function persistedQueryError(received: DocumentRequest, text: string | null): GraphQLError | null {
  const persistedQuery = persistedQueryOf(received);
  if (!persistedQuery) return null;
  const { version, sha256Hash } = persistedQuery as {
    readonly version?: unknown;
    readonly sha256Hash?: unknown;
  };
  if (version !== 1) return badRequest('persistedQuery: an object with version 1 is required.');
  if (typeof sha256Hash !== 'string') return badRequest('persistedQuery: sha256Hash must be a string.');
  if (text === null || createHash('sha256').update(text).digest('hex') === sha256Hash) return null;
  return badRequest('persistedQuery: sha256Hash is not the SHA-256 of the query, in hexadecimal digits.');
}

function persistedQueryOf({ method, body, search }: DocumentRequest): unknown {
  const extensions =
    method === 'GET' ? parse(new URLSearchParams(search).get('extensions')) : memberOf(body, 'extensions');
  return memberOf(extensions, 'persistedQuery');
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** Undefined for text that is not JSON, which Apollo Server rejects. */
function parse(json: string | null): unknown {
  try {
    return JSON.parse(json ?? 'null');
  } catch {
    return undefined;
  }
}

function badRequest(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } });
}
