// Cursors of the directory: which of Graph's pages, how many of its people have been seen, and whether the pages lead on.
// Opaque to clients; what comes back is read as carefully as any other input.
//
// A page is asked for with the query that Graph's next link gave for it, to the letter: a page token is good in its own
// query and in no other (Microsoft Graph docs, "Paging Microsoft Graph data in your app"). So the cursor has that query.
// What is searched for and filtered by comes from the request instead, and only parameters that are listed here are taken.
import { createHash } from 'node:crypto';
import { type GraphQuery, rawQuery } from '../graph/paths.ts';

export interface Position {
  /** The query of the page without what is searched for, as in Graph's next link; null on the first page. */
  readonly query: string | null;
  /** Items of that page to pass over, 0 or more. */
  readonly skip: number;
  readonly trail: Trail;
  /** Whether the first page was asked for with a count: the directory's index answers then, in an order of its own. */
  readonly isCounted: boolean;
  /** People on all pages, as the first page said; null where it did not. */
  readonly count: number | null;
}

/** What people are looked for by, as it goes to Graph; null where they are not. */
export interface Sought {
  readonly search: string | null;
  readonly filter: string | null;
}

/**
 * Enough to notice that pages lead back to one that was read: how many were, and a mark of one of them, which is taken
 * anew whenever their number has doubled (R. P. Brent, "An improved Monte Carlo factorization algorithm").
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

export function writeCursor({ query, skip, trail, isCounted, count }: Position, sought: Sought): string {
  const parts = [VERSION, skip, markOfSought(sought), query, trail.pages, trail.mark, isCounted, count];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** The position; null for what is no cursor, or one of another search or filter. */
export function readCursor(cursor: string, sought: Sought): Position | null {
  const parts = cursor.length > LONGEST_QUERY * 2 ? null : parse(cursor);
  if (!Array.isArray(parts) || parts.length !== 8) return null;
  const [version, skip, mark, query, pages, trail, isCounted, count] = parts as unknown[];
  if (version !== VERSION || mark !== markOfSought(sought)) return null;
  if (!isCount(skip) || !isCount(pages) || typeof trail !== 'string') return null;
  if (query !== null && (typeof query !== 'string' || pairsOf(query, 'kept') === null)) return null;
  if (typeof isCounted !== 'boolean' || (count !== null && !isCount(count))) return null;
  return { query, skip, trail: { pages, mark: trail }, isCounted, count };
}

/** Where the page after this one begins; null when its query cannot be asked, or pages go round in circles. */
export function follow({ trail, isCounted, count }: Position, link: GraphQuery): Position | null {
  const pairs = pairsOf(link, 'linked');
  if (pairs === null) return null;
  const query = `?${pairs.map(({ name, text }) => (FROM_REQUEST.has(name) ? text.split('=', 1) : text)).join('&')}`;
  const mark = markOf(query);
  const pages = trail.pages + 1;
  if (mark === trail.mark) return null;
  const marked = Number.isInteger(Math.log2(pages)) ? mark : trail.mark;
  return { query, skip: 0, trail: { pages, mark: marked }, isCounted, count };
}

/** @param values of the parameters that come from the request, by name without the dollar sign */
export function queryOf(query: string, values: Readonly<Record<string, string>>): GraphQuery {
  const pairs = (pairsOf(query, 'kept') ?? []).map(({ name, text }) =>
    FROM_REQUEST.has(name) ? `${text}=${encodeURIComponent(values[name] ?? '')}` : text,
  );
  return rawQuery(`?${pairs.join('&')}`);
}

/** The properties that a query selects, by name; null for those that Graph gives unasked. */
export function selectedBy(query: string): ReadonlySet<string> | null {
  const select = pairsOf(query, 'kept')?.find(({ name }) => name === 'select');
  return select === undefined ? null : new Set(valueIn(select.text).split(','));
}

/** Never kept in a cursor: they are what a person typed. */
const FROM_REQUEST: ReadonlySet<string> = new Set(['search', 'filter']);

/** What else may stand in the query of a page, and how. */
const TAKEN: Readonly<Record<string, RegExp>> = {
  skiptoken: /^.+$/,
  top: /^[1-9]\d{0,2}$/,
  select: /^[A-Za-z]+(,[A-Za-z]+)*$/,
  count: /^true$/,
};

interface Pair {
  /** In lower case, without the dollar sign. */
  readonly name: string;
  /** As it stands in the query. */
  readonly text: string;
}

/** The parameters of a query that can be asked; null for any other. One without a page token leads to the first page. */
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
      : Object.hasOwn(TAKEN, name) && TAKEN[name]?.test(valueIn(text)) === true,
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

/** Nothing for what is badly encoded. */
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

/** Empty where nobody is looked for. */
function markOfSought({ search, filter }: Sought): string {
  return search === null && filter === null ? '' : markOf(JSON.stringify([search, filter]));
}

/** Enough of a hash to tell two texts apart, and not the text, which may be a name. */
function markOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 8);
}
