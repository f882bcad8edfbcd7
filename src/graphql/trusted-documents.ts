// Trusted documents: the gateway runs only the documents of a manifest file, identified by id or by full text. It reads the
// file once at startup and validates each document against the schema and the limits, so that an invalid document is found
// at startup and not by a client.
import { readFileSync } from 'node:fs';
import { GraphQLError } from 'graphql';

export interface TrustedDocuments {
  /** Number of documents. */
  readonly size: number;
  /** The request with the text of its document and without ids. An error when the document is not trusted. */
  open(request: DocumentRequest): DocumentRequest | GraphQLError;
}

/** The parts of a request that identify its document. */
export interface DocumentRequest {
  readonly method: string;
  /** The parsed JSON of the body. */
  readonly body: unknown;
  /** The query string of the URL with its question mark. Empty for none. */
  readonly search: string;
}

/** The problems of a manifest file, each with its position. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/**
 * Reads a manifest of Apollo, Relay or GraphQL Code Generator.
 *
 * @param check lists the problems of a document; empty for one that can run
 * @throws ManifestError when the file or a document in it is invalid
 */
export function readTrustedDocuments(
  path: string,
  check: (text: string) => readonly string[],
): TrustedDocuments {
  const { entries, problems } = entriesOf(readJson(path));
  const texts = new Map<string, string>();
  for (const { place, id, text } of entries) {
    const known = texts.get(id);
    if (known !== undefined && known !== text)
      problems.push(`${place}: its id is also the id of another document`);
    else if (known === undefined) problems.push(...check(text).map((problem) => `${place}: ${problem}`));
    texts.set(id, text);
  }
  if (entries.length === 0 && problems.length === 0) problems.push('it has no documents');
  if (problems.length > 0) throw new ManifestError(problems.map((problem) => `${path}: ${problem}`));
  return createTrustedDocuments(texts);
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    throw new ManifestError([`${path}: it ${why}: ${error instanceof Error ? error.message : ''}`]);
  }
}

interface Entry {
  /** Its position in the file, for messages. */
  readonly place: string;
  readonly id: string;
  readonly text: string;
}

interface Entries {
  readonly entries: Entry[];
  readonly problems: string[];
}

const APOLLO_FORMAT = 'apollo-persisted-query-manifest';

function entriesOf(json: unknown): Entries {
  if (!isObject(json)) return { entries: [], problems: ['it must be one JSON object'] };
  if (!Object.hasOwn(json, 'format') && !Array.isArray(json['operations'])) return entriesOfMap(json);
  const problems: string[] = [];
  if (json['format'] !== APOLLO_FORMAT) problems.push(`format: it must be "${APOLLO_FORMAT}"`);
  if (json['version'] !== 1) problems.push('version: it must be 1');
  const { operations } = json;
  if (!Array.isArray(operations)) problems.push('operations: it must be a list');
  if (problems.length > 0 || !Array.isArray(operations)) return { entries: [], problems };
  return collect(operations.map(entryOfApollo));
}

function entryOfApollo(operation: unknown, at: number): Entry | string {
  const place = `operations[${at}]`;
  if (!isObject(operation)) return `${place}: it must be an object`;
  const { id, name, body } = operation;
  if (typeof id !== 'string' || id === '') return `${place}.id: it must be a string`;
  if (typeof body !== 'string') return `${place}.body: it must be a string`;
  return { place: typeof name === 'string' ? `${place} (${name})` : place, id: bareId(id), text: body };
}

/** The format of Relay and GraphQL Code Generator: an object with ids as keys and documents as values. */
function entriesOfMap(json: Readonly<Record<string, unknown>>): Entries {
  return collect(
    Object.entries(json).map(([id, text]) => {
      const place = `"${id}"`;
      return typeof text === 'string'
        ? { place, id: bareId(id), text }
        : `${place}: it must be the text of a document`;
    }),
  );
}

function collect(found: readonly (Entry | string)[]): Entries {
  return {
    entries: found.filter((item) => typeof item !== 'string'),
    problems: found.filter((item) => typeof item === 'string'),
  };
}

/** Removes the prefix `sha256:` that GraphQL over HTTP puts before a hash. */
function bareId(id: string): string {
  return id.replace(/^sha256:/, '');
}

function createTrustedDocuments(byId: ReadonlyMap<string, string>): TrustedDocuments {
  const texts = new Set(byId.values());

  function textOf(fields: RequestFields): string | GraphQLError {
    const id = idIn(fields);
    const query = fields['query'] ?? undefined;
    if (id instanceof GraphQLError) return id;
    const trusted = id === null ? undefined : byId.get(id);
    if (trusted !== undefined && query !== undefined && query !== trusted)
      return requestError(
        'BAD_REQUEST',
        'The id and the text belong to different documents. Send one of them.',
      );
    if (trusted !== undefined) return trusted;
    if (typeof query === 'string' && texts.has(query)) return query;
    if (id !== null && query === undefined) return requestError('PERSISTED_QUERY_NOT_FOUND', NOT_FOUND);
    return requestError(
      'BAD_REQUEST',
      'Only trusted documents can run. Send the id or the full text of one.',
    );
  }

  return {
    size: byId.size,
    open({ method, body, search }) {
      if (method === 'GET') return openSearch(new URLSearchParams(search), textOf);
      // Apollo Server rejects a body that is not an object.
      if (!isObject(body)) return { method, body, search };
      const text = textOf(body);
      if (text instanceof GraphQLError) return text;
      const { operationName = null, variables = null } = body;
      return { method, body: { query: text, operationName, variables }, search };
    },
  };
}

/** The message that clients of persisted queries expect. */
const NOT_FOUND = 'PersistedQueryNotFound';

type RequestFields = Readonly<Record<string, unknown>>;

/** The names under which clients send an id: that of GraphQL over HTTP, and two of Relay's network layers. */
const ID_FIELDS = ['documentId', 'doc_id', 'id'] as const;

/** The id in a request. Null for none. */
function idIn(fields: RequestFields): string | null | GraphQLError {
  const { persistedQuery } = isObject(fields['extensions']) ? fields['extensions'] : {};
  const { version, sha256Hash } = isObject(persistedQuery) ? persistedQuery : {};
  if (persistedQuery !== undefined && persistedQuery !== null && version !== 1)
    return requestError('BAD_REQUEST', 'persistedQuery: an object with version 1 is required.');
  const given = [sha256Hash, ...ID_FIELDS.map((name) => fields[name])].filter(
    (id) => id !== undefined && id !== null,
  );
  const ids = new Set(given.map((id) => (typeof id === 'string' ? bareId(id) : null)));
  if (ids.has(null)) return requestError('BAD_REQUEST', 'The id of a document must be a string.');
  if (ids.size > 1) return requestError('BAD_REQUEST', 'The request names several documents. Send one id.');
  return [...ids][0] ?? null;
}

/** The same for the query string of a GET. */
function openSearch(
  parameters: URLSearchParams,
  textOf: (fields: RequestFields) => string | GraphQLError,
): DocumentRequest | GraphQLError {
  const names = ['query', 'extensions', ...ID_FIELDS];
  const fields: Record<string, unknown> = {};
  for (const name of names) {
    const [value, ...others] = parameters.getAll(name);
    if (others.length > 0) return requestError('BAD_REQUEST', `${name}: it may occur only once.`);
    if (value !== undefined) fields[name] = value;
  }
  const extensions = parameters.has('extensions') ? parse(String(fields['extensions'])) : null;
  if (extensions === undefined) return requestError('BAD_REQUEST', 'extensions: JSON is required.');
  const text = textOf({ ...fields, extensions });
  if (text instanceof GraphQLError) return text;
  for (const name of names) parameters.delete(name);
  parameters.set('query', text);
  return { method: 'GET', body: undefined, search: `?${parameters}` };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is RequestFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function requestError(code: 'BAD_REQUEST' | 'PERSISTED_QUERY_NOT_FOUND', message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
