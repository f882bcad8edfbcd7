// Reads the pages of a collection. It reads no page twice and at most MAX_PAGES pages.

import { isJsonObject, type JsonObject } from '../runtime/json.ts';
import { GraphFailure } from './failure.ts';
import { nextQuery } from './next-link.ts';
import { type GraphPath, withQuery } from './paths.ts';
import type { GraphSession } from './session.ts';

/** Most pages of one collection. With 10 items a page, the smallest page size in Graph, that is 500 items. */
export const MAX_PAGES = 50;

export interface Page {
  readonly items: readonly JsonObject[];
  /** The path of the next page, with the query from Graph's next link. Null on the last page. */
  readonly next: GraphPath | null;
  /** Number of items on all pages. Null when Graph does not send it. Graph sends it with the first page, on request. */
  readonly count: number | null;
}

/**
 * Reads one page.
 *
 * @throws GraphFailure of kind bad-response when `value` is not a list of objects, or when the next link points elsewhere
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
  if (!Array.isArray(value) || !value.every(isItem)) throw new GraphFailure('bad-response');
  // OData 4.01 allows the names without the prefix `odata.`.
  const { '@odata.nextLink': link = body['@nextLink'], '@odata.context': context = body['@context'] } = body;
  const query = nextQuery(link, { page: path, context, roots: session.roots });
  const items = value.every(isJsonObject) ? value : value.filter(isJsonObject);
  const count = countIn(body['@odata.count'] ?? body['@count']);
  return { items, next: query === null ? null : withQuery(path, query), count };
}

/** Reads an Edm.Int64. Some services write it as a string (OData JSON format, IEEE754Compatible). */
function countIn(value: unknown): number | null {
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : null;
}

/** Accepts null among the items of a list. It is dropped and does not affect the other items. */
function isItem(value: unknown): value is JsonObject | null {
  return value === null || isJsonObject(value);
}

type Items = readonly JsonObject[];

/**
 * Reads collections with all their pages. Results are in the order of `paths`. A collection that fails has its error as
 * result.
 *
 * @param map converts the items of one collection, as soon as all its pages are read
 */
export async function readCollections<T>(
  session: GraphSession,
  paths: readonly GraphPath[],
  map: (items: Items, at: number) => T,
): Promise<(T | Error)[]> {
  const lists = await session.readAll(paths, (body, at) =>
    body instanceof Error
      ? body
      : itemsFrom(session, paths[at] as GraphPath, body, (items) => map(items, at)),
  );
  // Most collections have one page and are complete here.
  return lists.some((list) => list instanceof Promise) ? Promise.all(lists) : (lists as (T | Error)[]);
}

function itemsFrom<T>(
  session: GraphSession,
  path: GraphPath,
  body: JsonObject,
  map: (items: Items) => T,
): T | Error | Promise<T | Error> {
  try {
    const { items, next } = pageOf(session, path, body);
    if (next === null) return map(items);
    return readFollowing(session, path, next)
      .then((others) => map([...items, ...others]))
      .catch(asFailure);
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
