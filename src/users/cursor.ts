// Cursors of the directory. A cursor names one of Graph's pages, the number of items to skip on it, and what is needed to
// detect pages that loop. Clients must treat it as opaque. It is validated like any other input.
//
// A page token is valid only in the exact query of Graph's next link (Microsoft Graph docs, "Paging Microsoft Graph data in
// your app"), so the cursor contains that query. Values of `$search` and `$filter` are not stored: they come from the
// request. Only the parameters listed here are accepted.
import { createHash } from 'node:crypto';
import { type GraphQuery, rawQuery } from '../graph/paths.ts';

export interface Position {
  /** The query of Graph's next link, without the values of search and filter. Null on the first page. */
  readonly query: string | null;
  /** Number of items to skip on that page, 0 or more. */
  readonly skip: number;
  readonly trail: Trail;
  /** Whether the first page requested a count. Graph then reads from its index, in another order. */
  readonly isCounted: boolean;
  /** Number of users on all pages, from the first page. Null when it had none. */
  readonly count: number | null;
}

/** The values of `$search` and `$filter`. Null for none. */
export interface Criteria {
  readonly search: string | null;
  readonly filter: string | null;
}

/**
 * Detects pages that loop. It has the number of pages read and a hash of one of them. The hash is replaced each time the
 * number has doubled (R. P. Brent, "An improved Monte Carlo factorization algorithm").
 */
export interface Trail {
  readonly pages: number;
  readonly mark: string;
}

export const START: Position = {
  query: null,
  skip: 0,
  trail: { pages: 0, mark: '' },
  isCounted: false,
  count: null,
};

const LONGEST_QUERY = 4_096;
const VERSION = 3;

export function writeCursor({ query, skip, trail, isCounted, count }: Position, criteria: Criteria): string {
  const parts = [VERSION, skip, hashOfCriteria(criteria), query, trail.pages, trail.mark, isCounted, count];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** The position. Null for a malformed cursor, or one of another search or filter. */
export function readCursor(cursor: string, criteria: Criteria): Position | null {
  const parts = cursor.length > LONGEST_QUERY * 2 ? null : parse(cursor);
  if (!Array.isArray(parts) || parts.length !== 8) return null;
  const [version, skip, mark, query, pages, trail, isCounted, count] = parts as unknown[];
  if (version !== VERSION || mark !== hashOfCriteria(criteria)) return null;
  if (!isCount(skip) || !isCount(pages) || typeof trail !== 'string') return null;
  if (query !== null && (typeof query !== 'string' || pairsOf(query, 'kept') === null)) return null;
  if (typeof isCounted !== 'boolean' || (count !== null && !isCount(count))) return null;
  return { query, skip, trail: { pages, mark: trail }, isCounted, count };
}

/** The start of the next page. Null when its query is not accepted or the pages loop. */
export function follow({ trail, isCounted, count }: Position, link: GraphQuery): Position | null {
  const pairs = pairsOf(link, 'linked');
  if (pairs === null) return null;
  const query = `?${pairs.map(({ name, text }) => (FROM_REQUEST.has(name) ? text.split('=', 1) : text)).join('&')}`;
  const mark = shortHash(query);
  const pages = trail.pages + 1;
  if (mark === trail.mark) return null;
  const marked = Number.isInteger(Math.log2(pages)) ? mark : trail.mark;
  return { query, skip: 0, trail: { pages, mark: marked }, isCounted, count };
}

/** @param values the values of search and filter, by name */
export function queryOf(query: string, values: Readonly<Record<string, string>>): GraphQuery {
  const pairs = (pairsOf(query, 'kept') ?? []).map(({ name, text }) =>
    FROM_REQUEST.has(name) ? `${text}=${encodeURIComponent(values[name] ?? '')}` : text,
  );
  return rawQuery(`?${pairs.join('&')}`);
}

/** The properties in the query's `$select`. Null without `$select`, when Graph sends its default properties. */
export function selectedBy(query: string): ReadonlySet<string> | null {
  const select = pairsOf(query, 'kept')?.find(({ name }) => name === 'select');
  return select === undefined ? null : new Set(valueIn(select.text).split(','));
}

/** Not stored in a cursor, because they are user input. */
const FROM_REQUEST: ReadonlySet<string> = new Set(['search', 'filter']);

/** The other parameters that a query may have, with the form of their values. */
const ACCEPTED: Readonly<Record<string, RegExp>> = {
  skiptoken: /^.+$/,
  top: /^[1-9]\d{0,2}$/,
  select: /^[A-Za-z]+(,[A-Za-z]+)*$/,
  count: /^true$/,
};

interface Pair {
  /** The name in lower case, without the dollar sign. */
  readonly name: string;
  /** The parameter as in the query. */
  readonly text: string;
}

/** The parameters of an acceptable query. Null for any other. A query without a page token would start at the first page. */
function pairsOf(query: string, from: 'linked' | 'kept'): Pair[] | null {
  if (query.length > LONGEST_QUERY || !/^\?[\x21\x22\x24-\x7e]+$/.test(query)) return null;
  const pairs = query
    .slice(1)
    .split('&')
    .map((text) => ({ name: nameOf(text), text }));
  const names = new Set(pairs.map(({ name }) => name));
  const isGood = pairs.every(({ name, text }) =>
    FROM_REQUEST.has(name)
      ? from === 'linked' || !text.includes('=')
      : Object.hasOwn(ACCEPTED, name) && ACCEPTED[name]?.test(valueIn(text)) === true,
  );
  return isGood && names.size === pairs.length && names.has('skiptoken') ? pairs : null;
}

function nameOf(pair: string): string {
  return decode(pair.split('=', 1)[0] ?? '')
    .toLowerCase()
    .replace(/^\$/, '');
}

function valueIn(pair: string): string {
  const at = pair.indexOf('=');
  return at === -1 ? '' : decode(pair.slice(at + 1));
}

/** Empty for malformed encoding. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return null;
  }
}

/** Empty without search and filter. */
function hashOfCriteria({ search, filter }: Criteria): string {
  return search === null && filter === null ? '' : shortHash(JSON.stringify([search, filter]));
}

/** A short hash to compare two texts. The text itself may be a name, so it is not stored. */
function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 8);
}
