// Caches operations that Apollo Server has accepted, so that equal requests run without it.
//
// For every request, Apollo Server parses, validates, negotiates and calls plugins: two thirds of the cost of a small query.
// The result depends only on the document, the operation name and the Accept header. After one accepted request, requests
// with the same three run directly. Any other request (a GET, a persisted query, a new document) goes through Apollo
// Server. A test compares both responses byte for byte. The cache is off when a plugin handles every request.
import type {
  DocumentNode,
  ExecutionResult,
  FormattedExecutionResult,
  GraphQLError,
  OperationDefinitionNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { LargeResponse } from './large-response.ts';

/** The operation of a request, as Apollo Server resolved it. */
export interface Resolved {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** A request that can run without Apollo Server. */
export interface CachedRequest extends Resolved {
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly contentType: string;
}

export interface OperationCache {
  /** The request, if its operation is cached. Null otherwise. */
  find(request: HttpRequest): CachedRequest | null;
  /** Caches the operation of a request that Apollo Server has run. */
  learn(request: HttpRequest, resolved: Resolved, contentType: string): void;
}

export interface HttpRequest {
  readonly method: string;
  readonly accept: string | undefined;
  /** The parsed JSON of the body. */
  readonly body: unknown;
}

/**
 * Size of the cache in documents and in characters. A parsed document takes up to 80 bytes of heap per character (660 fields
 * with short names: 7 kB of text, 560 kB of heap), so the cache takes at most 40 MB.
 */
const MAX_DOCUMENTS = 1_000;
const MAX_CHARACTERS = 512 * 1024;
/** Most combinations of Accept header and operation name for one document. */
const MAX_VARIANTS = 16;

interface Variant extends Resolved {
  readonly contentType: string;
}

export function createOperationCache(): OperationCache {
  const documents = new LRUCache<string, Map<string, Variant>>({
    max: MAX_DOCUMENTS,
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (_variants, query) => query.length + 1,
  });
  return {
    find(request) {
      const query = readBody(request);
      const variant =
        query === null ? undefined : documents.get(query.query)?.get(variantKey(request, query));
      if (query === null || variant === undefined) return null;
      const { document, operation, contentType } = variant;
      return {
        document,
        operation,
        contentType,
        operationName: query.operationName,
        variables: query.variables,
      };
    },
    learn(request, { document, operation }, contentType) {
      const query = readBody(request);
      if (query === null) return;
      const variants = documents.get(query.query) ?? new Map<string, Variant>();
      if (variants.size >= MAX_VARIANTS) return;
      variants.set(variantKey(request, query), { document, operation, contentType });
      documents.set(query.query, variants);
    },
  };
}

interface QueryBody {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** An operation name has no blank, so the key is unambiguous. */
function variantKey({ accept }: HttpRequest, { operationName }: QueryBody): string {
  return operationName === undefined ? (accept ?? '') : `${operationName} ${accept ?? ''}`;
}

const NO_VARIABLES: Readonly<Record<string, unknown>> = {};

/** Null for any request other than a POST of one query with variables. */
function readBody({ method, body }: HttpRequest): QueryBody | null {
  if (method !== 'POST' || !isObject(body)) return null;
  const { query, operationName, variables, extensions } = body;
  if (typeof query !== 'string' || isPersisted(extensions)) return null;
  if (typeof operationName !== 'string' && operationName !== undefined && operationName !== null) return null;
  if (variables !== undefined && variables !== null && !isObject(variables)) return null;
  return { query, operationName: operationName ?? undefined, variables: variables ?? NO_VARIABLES };
}

/** Apollo Client sends its name in `extensions`, which has no effect. A persisted query has. */
function isPersisted(extensions: unknown): boolean {
  if (extensions === undefined || extensions === null) return false;
  return !isObject(extensions) || Object.hasOwn(extensions, 'persistedQuery');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Iterable<readonly [string, string]>;
  readonly body: ResponseBody;
}

/** A string, or a stream of parts for a large response. */
export type ResponseBody = string | LargeResponse;

export type WriteResult = (
  result: ExecutionResult | FormattedExecutionResult,
) => string | Promise<ResponseBody>;

/** The HTTP response that Apollo Server would send for a result. */
export async function httpResponseOf(
  { data, errors }: ExecutionResult,
  write: WriteResult,
): Promise<HttpResponse> {
  if (errors === undefined) return { status: 200, headers: [], body: await write({ data: data ?? null }) };
  const split = errors.map(splitHttp);
  const status = split.map(({ http }) => http?.status).findLast((code) => code !== undefined);
  const visible = split.map(({ json }) => json);
  return {
    status: status ?? (data === undefined ? 400 : 200),
    headers: split.flatMap(({ http }) => [...(http?.headers ?? [])]),
    body: await write(data === undefined ? { errors: visible } : { errors: visible, data }),
  };
}

interface HttpExtension {
  readonly status?: number;
  readonly headers?: Iterable<readonly [string, string]>;
}

/** Separates the `http` extension, which sets status and headers and is not part of the body. */
function splitHttp(error: GraphQLError) {
  const { http, ...extensions } = error.extensions;
  return { json: { ...error.toJSON(), extensions }, http: http as HttpExtension | undefined };
}
