// Pages of a collection. A next link is data from the network: only its query is taken from it, and only when it
// points at the same collection; no page is read twice, and there is an end to them.
import { isJsonObject, type JsonObject } from './answer.ts';
import { GraphFailure } from './failure.ts';
import { type GraphPath, graphQuery, pathname, withQuery } from './paths.ts';
import type { GraphSession } from './session.ts';

/** Pages of one collection at most; at 10 items a page, the smallest seen anywhere in Graph, still 500 items. */
export const MAX_PAGES = 50;

export interface Page {
  readonly items: readonly JsonObject[];
  /** The query of the next page; null on the last. */
  readonly next: GraphPath | null;
}

/**
 * Reads one page.
 *
 * @throws GraphFailure of kind bad-response when `value` is no list of objects or the next link leads elsewhere
 */
export async function readPage(
  session: GraphSession,
  path: GraphPath,
  headers?: Readonly<Record<string, string>>,
): Promise<Page> {
  return pageOf(session, path, await session.read(path, headers));
}

function pageOf(session: GraphSession, path: GraphPath, body: JsonObject): Page {
  const value = body['value'];
  if (!Array.isArray(value) || !value.every(isJsonObject)) throw new GraphFailure('bad-response');
  const link = body['@odata.nextLink'];
  return {
    items: value,
    next: link === undefined || link === null ? null : nextPath(link, path, session.roots),
  };
}

type Items = readonly JsonObject[];

/** Reads collections with all of their pages, in order; a failure stands in the place of its collection. */
export async function readCollections(
  session: GraphSession,
  paths: readonly GraphPath[],
): Promise<(Items | Error)[]> {
  const bodies = await session.readAll(paths);
  const lists = bodies.map((body, at) =>
    body instanceof Error ? body : itemsFrom(session, paths[at] as GraphPath, body),
  );
  // Most collections have one page; only the others are waited for.
  return lists.some((list) => list instanceof Promise) ? Promise.all(lists) : (lists as (Items | Error)[]);
}

function itemsFrom(
  session: GraphSession,
  path: GraphPath,
  body: JsonObject,
): Items | Error | Promise<Items | Error> {
  try {
    const { items, next } = pageOf(session, path, body);
    if (next === null) return items;
    return readFollowing(session, path, next).then((others) => [...items, ...others], asFailure);
  } catch (error) {
    return asFailure(error);
  }
}

function asFailure(error: unknown): Error {
  return error instanceof Error ? error : new GraphFailure('bad-response', { cause: error });
}

async function readFollowing(
  session: GraphSession,
  first: GraphPath,
  second: GraphPath,
): Promise<JsonObject[]> {
  const seen = new Set<string>([first]);
  const items: JsonObject[] = [];
  for (let next: GraphPath | null = second; next !== null; ) {
    if (seen.has(next) || seen.size >= MAX_PAGES) throw new GraphFailure('bad-response');
    seen.add(next);
    const page: Page = await readPage(session, next);
    items.push(...page.items);
    next = page.next;
  }
  return items;
}

function nextPath(link: unknown, from: GraphPath, roots: readonly string[]): GraphPath {
  const url = typeof link === 'string' ? URL.parse(link) : null;
  const isSame = url !== null && roots.some((root) => leadsTo(url, `${root}/beta${pathname(from)}`));
  if (!isSame || url.search.length > 8_192) throw new GraphFailure('bad-response');
  return withQuery(from, graphQuery(url.searchParams));
}

function leadsTo(url: URL, target: string): boolean {
  const { origin, pathname: expected } = new URL(target);
  if (url.origin !== origin || url.username !== '' || url.password !== '') return false;
  return decoded(url.pathname) === decoded(expected);
}

/** Paths compare without regard to case and to how much of them is encoded; a malformed one equals nothing. */
function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path).toLowerCase();
  } catch {
    return null;
  }
}
