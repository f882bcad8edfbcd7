// Trusted documents: only operations that were given to the gateway in advance run, by their ids or by their whole
// texts. The file of them is read once, at the start; every document in it is held against the schema and the limits
// then, so that one that could never run is found by whoever starts the gateway and not by whoever calls it.
import { readFileSync } from 'node:fs';
import { GraphQLError } from 'graphql';

export interface TrustedDocuments {
  /** Documents that there are. */
  readonly size: number;
  /** The same request with the text of the document it asks for, and nothing else to find one by; or why not. */
  open(request: DocumentRequest): DocumentRequest | GraphQLError;
}

/** A request as far as it says which document it means. */
export interface DocumentRequest {
  readonly method: string;
  /** The parsed JSON of the body. */
  readonly body: unknown;
  /** The query of the address, with its question mark; empty for none. */
  readonly search: string;
}

/** What is wrong with the file of documents, each with its place. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/**
 * Reads an Apollo manifest, a Relay map or the map of GraphQL Code Generator.
 *
 * @param check what is wrong with a document by itself; nothing for one that can run
 * @throws ManifestError
 */
export function readTrustedDocuments(
  path: string,
  check: (text: string) => readonly string[],
): TrustedDocuments {
  const { entries, problems } = entriesOf(readJson(path));
  const texts = new Map<string, string>();
  for (const { place, id, text } of entries) {
    const known = texts.get(id);
    if (known !== undefined && known !== text) problems.push(`${place}: its id stands for another text too`);
    else if (known === undefined) problems.push(...check(text).map((problem) => `${place}: ${problem}`));
    texts.set(id, text);
  }
  if (entries.length === 0 && problems.length === 0) problems.push('there are no documents in it');
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
  /** Where it stands in the file, in words. */
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
  if (!isObject(json)) return { entries: [], problems: ['it has to be one JSON object'] };
  if (!Object.hasOwn(json, 'format') && !Array.isArray(json['operations'])) return entriesOfMap(json);
  const problems: string[] = [];
  if (json['format'] !== APOLLO_FORMAT) problems.push(`format: it has to be "${APOLLO_FORMAT}"`);
  if (json['version'] !== 1) problems.push('version: it has to be 1');
  const { operations } = json;
  if (!Array.isArray(operations)) problems.push('operations: it has to be a list');
  if (problems.length > 0 || !Array.isArray(operations)) return { entries: [], problems };
  return collect(operations.map(entryOfApollo));
}

function entryOfApollo(operation: unknown, at: number): Entry | string {
  const place = `operations[${at}]`;
  if (!isObject(operation)) return `${place}: it has to be an object`;
  const { id, name, body } = operation;
  if (typeof id !== 'string' || id === '') return `${place}.id: it has to be a text`;
  if (typeof body !== 'string') return `${place}.body: it has to be a text`;
  return { place: typeof name === 'string' ? `${place} (${name})` : place, id: bareId(id), text: body };
}

/** Relay's and codegen's: the keys are ids, the values texts. */
function entriesOfMap(json: Readonly<Record<string, unknown>>): Entries {
  return collect(
    Object.entries(json).map(([id, text]) => {
      const place = `"${id}"`;
      return typeof text === 'string'
        ? { place, id: bareId(id), text }
        : `${place}: the text of a document is expected`;
    }),
  );
}

function collect(found: readonly (Entry | string)[]): Entries {
  return {
    entries: found.filter((item) => typeof item !== 'string'),
    problems: found.filter((item) => typeof item === 'string'),
  };
}

/** GraphQL over HTTP writes `sha256:` before a hash that others write bare. */
function bareId(id: string): string {
  return id.replace(/^sha256:/, '');
}

function createTrustedDocuments(byId: ReadonlyMap<string, string>): TrustedDocuments {
  const texts = new Set(byId.values());

  function textOf(asked: Asked): string | GraphQLError {
    const id = idIn(asked);
    const query = asked['query'] ?? undefined;
    if (id instanceof GraphQLError) return id;
    const trusted = id === null ? undefined : byId.get(id);
    if (trusted !== undefined && query !== undefined && query !== trusted)
      return requestError('BAD_REQUEST', 'The id and the text are of different documents. Send one of them.');
    if (trusted !== undefined) return trusted;
    if (typeof query === 'string' && texts.has(query)) return query;
    if (id !== null && query === undefined) return requestError('PERSISTED_QUERY_NOT_FOUND', NOT_FOUND);
    return requestError(
      'BAD_REQUEST',
      'Only trusted documents run here: send the id of one, or its whole text.',
    );
  }

  return {
    size: byId.size,
    open({ method, body, search }) {
      if (method === 'GET') return openSearch(new URLSearchParams(search), textOf);
      // What is no object is refused by Apollo Server, each in its own words.
      if (!isObject(body)) return { method, body, search };
      const text = textOf(body);
      if (text instanceof GraphQLError) return text;
      const { operationName = null, variables = null } = body;
      return { method, body: { query: text, operationName, variables }, search };
    },
  };
}

/** The words that persisted-query clients know it by. */
const NOT_FOUND = 'PersistedQueryNotFound';

type Asked = Readonly<Record<string, unknown>>;

/** Where clients put an id: GraphQL over HTTP's own name, and two that Relay's network layers use. */
const ID_FIELDS = ['documentId', 'doc_id', 'id'] as const;

/** The id that a request asks by; null for none. */
function idIn(asked: Asked): string | null | GraphQLError {
  const { persistedQuery } = isObject(asked['extensions']) ? asked['extensions'] : {};
  const { version, sha256Hash } = isObject(persistedQuery) ? persistedQuery : {};
  if (persistedQuery !== undefined && persistedQuery !== null && version !== 1)
    return requestError('BAD_REQUEST', 'persistedQuery: an object of version 1 is expected.');
  const given = [sha256Hash, ...ID_FIELDS.map((name) => asked[name])].filter(
    (id) => id !== undefined && id !== null,
  );
  const ids = new Set(given.map((id) => (typeof id === 'string' ? bareId(id) : null)));
  if (ids.has(null)) return requestError('BAD_REQUEST', 'The id of a document has to be a text.');
  if (ids.size > 1) return requestError('BAD_REQUEST', 'The request names several documents. Send one id.');
  return [...ids][0] ?? null;
}

/** The same for what stands in an address. */
function openSearch(
  parameters: URLSearchParams,
  textOf: (asked: Asked) => string | GraphQLError,
): DocumentRequest | GraphQLError {
  const names = ['query', 'extensions', ...ID_FIELDS];
  const asked: Record<string, unknown> = {};
  for (const name of names) {
    const [value, ...others] = parameters.getAll(name);
    if (others.length > 0) return requestError('BAD_REQUEST', `${name}: it may be given once.`);
    if (value !== undefined) asked[name] = value;
  }
  const extensions = parameters.has('extensions') ? parse(String(asked['extensions'])) : null;
  if (extensions === undefined) return requestError('BAD_REQUEST', 'extensions: JSON is expected.');
  const text = textOf({ ...asked, extensions });
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

function isObject(value: unknown): value is Asked {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function requestError(code: 'BAD_REQUEST' | 'PERSISTED_QUERY_NOT_FOUND', message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
