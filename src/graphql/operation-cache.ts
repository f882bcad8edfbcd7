// Operations that have been through Apollo Server once, and how to run them without it from then on.
//
// Apollo Server parses, validates, negotiates and calls its plugins anew for every request: two thirds of the cost of a
// small query. All of that depends on the document, the operation's name and the Accept header, not on the request; so
// once a request was let through, one that is the same in these three runs straight away. What is not exactly such a
// request (a GET, a persisted query, a document that is new) goes through Apollo Server as ever, and a test compares
// the answers, byte for byte. Where a plugin wants to hear of every request there is none of this.
import type {
  DocumentNode,
  ExecutionResult,
  FormattedExecutionResult,
  GraphQLError,
  OperationDefinitionNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { LargeResponse } from './large-response.ts';

/** What Apollo Server found a request to ask for. */
export interface Resolved {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** A request as it can be run without Apollo Server. */
export interface CachedRequest extends Resolved {
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly contentType: string;
}

export interface OperationCache {
  /** The request, if it is known well enough to be run. */
  find(request: HttpRequest): CachedRequest | null;
  /** Remembers what Apollo Server made of a request that it answered with a result. */
  learn(request: HttpRequest, resolved: Resolved, contentType: string): void;
}

export interface HttpRequest {
  readonly method: string;
  readonly accept: string | undefined;
  /** The parsed JSON of the body. */
  readonly body: unknown;
}

/**
 * Documents at most, and their characters. A parsed document takes up to 80 bytes of heap for a character of its text (660
 * fields with short names: 7 kB of text, 560 kB of heap), so these are 40 MB at most.
 */
const MAX_DOCUMENTS = 1_000;
const MAX_CHARACTERS = 512 * 1024;
/** Accept headers and operation names that are told apart for one document. */
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
      const asked = readBody(request);
      const variant =
        asked === null ? undefined : documents.get(asked.query)?.get(variantKey(request, asked));
      if (asked === null || variant === undefined) return null;
      const { document, operation, contentType } = variant;
      return {
        document,
        operation,
        contentType,
        operationName: asked.operationName,
        variables: asked.variables,
      };
    },
    learn(request, { document, operation }, contentType) {
      const asked = readBody(request);
      if (asked === null) return;
      const variants = documents.get(asked.query) ?? new Map<string, Variant>();
      if (variants.size >= MAX_VARIANTS) return;
      variants.set(variantKey(request, asked), { document, operation, contentType });
      documents.set(asked.query, variants);
    },
  };
}

interface QueryBody {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** An operation name has no blank in it, so the two parts cannot be mixed up. */
function variantKey({ accept }: HttpRequest, { operationName }: QueryBody): string {
  return operationName === undefined ? (accept ?? '') : `${operationName} ${accept ?? ''}`;
}

const NO_VARIABLES: Readonly<Record<string, unknown>> = {};

/** Null for whatever is not plainly a query with variables, posted by itself. */
function readBody({ method, body }: HttpRequest): QueryBody | null {
  if (method !== 'POST' || !isObject(body)) return null;
  const { query, operationName, variables, extensions } = body;
  if (typeof query !== 'string' || isPersisted(extensions)) return null;
  if (typeof operationName !== 'string' && operationName !== undefined && operationName !== null) return null;
  if (variables !== undefined && variables !== null && !isObject(variables)) return null;
  return { query, operationName: operationName ?? undefined, variables: variables ?? NO_VARIABLES };
}

/** Apollo Client names itself in `extensions`, which changes nothing; a persisted query is another matter. */
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

/** Of a large response, parts that are sent one by one. */
export type ResponseBody = string | LargeResponse;

export type WriteResult = (
  result: ExecutionResult | FormattedExecutionResult,
) => string | Promise<ResponseBody>;

/** A result as Apollo Server would send it. @param write its text */
export async function httpResponseOf(
  { data, errors }: ExecutionResult,
  write: WriteResult,
): Promise<HttpResponse> {
  if (errors === undefined) return { status: 200, headers: [], body: await write({ data: data ?? null }) };
  const shown = errors.map(split);
  const status = shown.map(({ http }) => http?.status).findLast((code) => code !== undefined);
  const told = shown.map(({ json }) => json);
  return {
    status: status ?? (data === undefined ? 400 : 200),
    headers: shown.flatMap(({ http }) => [...(http?.headers ?? [])]),
    body: await write(data === undefined ? { errors: told } : { errors: told, data }),
  };
}

interface HttpExtension {
  readonly status?: number;
  readonly headers?: Iterable<readonly [string, string]>;
}

/** An error may say what becomes of the HTTP answer; that is for the answer, not for the client. */
function split(error: GraphQLError) {
  const { http, ...extensions } = error.extensions;
  return { json: { ...error.toJSON(), extensions }, http: http as HttpExtension | undefined };
}
