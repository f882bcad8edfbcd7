// How a page of the directory is asked for: the arguments, checked, and the path and header that they come to.
//
// The header `ConsistencyLevel: eventual` goes with every search and every count, on each page: Graph does not keep it
// from one page to the next (Microsoft Graph docs, "Use query parameters", skipToken).
import type { DirectoryFilter } from '../__generated__/schema-types.ts';
import { type GraphPath, graphPath, graphQuery } from '../graph/paths.ts';
import { GatewayError } from '../runtime/errors.ts';
import { hasUnsafeCharacters } from '../runtime/text.ts';
import { type Position, queryOf, readCursor, type Sought, START } from './cursor.ts';
import { readFilter } from './filter.ts';

export interface PageRequest {
  /** 1 to 999. */
  readonly first: number;
  readonly after: string | null;
  readonly search: string | null;
  readonly filter: DirectoryFilter | null;
  /** Whether the number of people on all pages is wanted. */
  readonly isCounted: boolean;
}

/** A page that can be asked for. */
export interface PageQuery {
  readonly first: number;
  readonly position: Position;
  readonly sought: Sought;
}

/** Graph's own limit of a page of users. */
const LARGEST_PAGE = 999;
const LONGEST_SEARCH = 128;

/** @throws GatewayError of BAD_USER_INPUT for arguments that cannot be asked for */
export function readPageRequest({ first, after, search, filter, isCounted }: PageRequest): PageQuery {
  if (first < 1 || first > LARGEST_PAGE) throw badInput(`first: give 1 to ${LARGEST_PAGE}.`);
  const conditions = readFilter(filter);
  const sought = {
    search: search === null ? null : searchOf(search),
    filter: conditions === null ? null : conditions.text,
  };
  const start = { ...START, isCounted: isCounted || conditions?.isAdvanced === true };
  const position = after === null ? start : readCursor(after, sought);
  if (position !== null && position.skip < LARGEST_PAGE) return { first, position, sought };
  throw badInput('after: give a cursor of an earlier page of the same search and filter.');
}

/** The value of `$search`. */
function searchOf(search: string): string {
  if (search.trim() === '' || search.length > LONGEST_SEARCH)
    throw badInput(`search: give 1 to ${LONGEST_SEARCH} characters, not only blanks.`);
  if (hasUnsafeCharacters(search))
    throw badInput('search: take control, bidirectional or broken characters out.');
  const quoted = search.trim().replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return `"displayName:${quoted}" OR "mail:${quoted}"`;
}

/**
 * One page of Graph's. A cursor in the middle of an earlier page asks for that page again and skips what was seen: Graph
 * can only start where one of its own pages started.
 *
 * @param select the `$select` of the first page
 */
export function pagePath(
  { first, position, sought }: PageQuery,
  select: readonly [string, string],
): { readonly path: GraphPath; readonly headers?: Readonly<Record<string, string>> } {
  const { query, skip, isCounted } = position;
  const values = Object.fromEntries(
    Object.entries(sought).filter((pair): pair is [string, string] => pair[1] !== null),
  );
  const own = graphQuery([
    select,
    ['$top', String(Math.min(LARGEST_PAGE, first + skip))],
    ...Object.entries(values).map(([name, value]) => [`$${name}`, value] as const),
    ...(isCounted ? [['$count', 'true'] as const] : []),
  ]);
  const path = graphPath(['users'], query === null ? own : queryOf(query, values));
  if (sought.search === null && !isCounted) return { path };
  return { path, headers: { ConsistencyLevel: 'eventual' } };
}

function badInput(message: string): GatewayError {
  return new GatewayError('BAD_USER_INPUT', message);
}
