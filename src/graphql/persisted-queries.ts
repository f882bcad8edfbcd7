// Persisted queries, as far as a request can get them wrong: what Apollo Server would take for a fault of its own, or
// would not look at, is refused here with the code of a client's mistake.
import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { DocumentRequest } from './trusted-documents.ts';

/** What is wrong with the persisted query that a request names; null for nothing, or where it names none. */
export function persistedQueryError(received: DocumentRequest, text: string | null): GraphQLError | null {
  const asked = persistedQueryOf(received);
  if (!asked) return null;
  const { version, sha256Hash } = asked as { readonly version?: unknown; readonly sha256Hash?: unknown };
  if (version !== 1) return badRequest('persistedQuery: an object of version 1 is expected.');
  if (typeof sha256Hash !== 'string') return badRequest('persistedQuery: sha256Hash has to be a text.');
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

/** What is no JSON is refused by Apollo Server. */
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
