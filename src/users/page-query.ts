// Validates the arguments of a directory page and builds its path and headers.
//
// Every page of a search or a count needs the header `ConsistencyLevel: eventual`: Graph does not remember it from one page
// to the next (Microsoft Graph docs, "Use query parameters", skipToken).
import type { DirectoryFilter } from '../__generated__/schema-types.ts';
import { type GraphPath, graphPath, graphQuery } from '../graph/paths.ts';
import { GatewayError } from '../runtime/errors.ts';
import { hasUnsafeCharacters } from '../runtime/text.ts';
import { type Criteria, type Position, queryOf, readCursor, START } from './cursor.ts';
import { readFilter } from './filter.ts';

export interface PageRequest {
  /** 1 to 999. */
  readonly first: number;
  readonly after: string | null;
  readonly search: string | null;
  readonly filter: DirectoryFilter | null;
  /** Whether to request the number of users on all pages. */
  readonly isCounted: boolean;
}

/** The validated arguments of a page. */
export interface PageQuery {
  readonly first: number;
  readonly position: Position;
  readonly criteria: Criteria;
}

/** Graph's own limit for a page of users. */
const LARGEST_PAGE = 999;
const LONGEST_SEARCH = 128;

/** @throws GatewayError of BAD_USER_INPUT for an invalid argument */
export function readPageRequest({ first, after, search, filter, isCounted }: PageRequest): PageQuery {
  if (first < 1 || first > LARGEST_PAGE) throw badInput(`first: use a number from 1 to ${LARGEST_PAGE}.`);
  const conditions = readFilter(filter);
  const criteria = {
    search: search === null ? null : searchOf(search),
    filter: conditions === null ? null : conditions.text,
  };
  const start = { ...START, isCounted: isCounted || conditions?.isAdvanced === true };
  const position = after === null ? start : readCursor(after, criteria);
  if (position !== null && position.skip < LARGEST_PAGE) return { first, position, criteria };
  throw badInput('after: use a cursor from an earlier page with the same search and filter.');
}

/** The value of `$search`. */
function searchOf(search: string): string {
  if (search.trim() === '' || search.length > LONGEST_SEARCH)
    throw badInput(`search: use 1 to ${LONGEST_SEARCH} characters, not only blanks.`);
  if (hasUnsafeCharacters(search))
    throw badInput('search: remove control, bidirectional and broken characters.');
  const quoted = search.trim().replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return `"displayName:${quoted}" OR "mail:${quoted}"`;
}

/**
 * The path and headers of one page. Graph can only start where one of its own pages started. A cursor within a page
 * therefore requests that page again, and the items before the cursor are skipped.
 *
 * @param select the `$select` of the first page
 */
export function pagePath(
  { first, position, criteria }: PageQuery,
  select: readonly [string, string],
): { readonly path: GraphPath; readonly headers?: Readonly<Record<string, string>> } {
  const { query, skip, isCounted } = position;
  const values = Object.fromEntries(
    Object.entries(criteria).filter((pair): pair is [string, string] => pair[1] !== null),
  );
  const own = graphQuery([
    select,
    ['$top', String(Math.min(LARGEST_PAGE, first + skip))],
    ...Object.entries(values).map(([name, value]) => [`$${name}`, value] as const),
    ...(isCounted ? [['$count', 'true'] as const] : []),
  ]);
  const path = graphPath(['users'], query === null ? own : queryOf(query, values));
  if (criteria.search === null && !isCounted) return { path };
  return { path, headers: { ConsistencyLevel: 'eventual' } };
}

function badInput(message: string): GatewayError {
  return new GatewayError('BAD_USER_INPUT', message);
}
