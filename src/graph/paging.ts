// Pages of a collection. No page is read twice, and there is an end to them.

import { isJsonObject, type JsonObject } from '../runtime/json.ts';
import { GraphFailure } from './failure.ts';
import { nextQuery } from './next-link.ts';
import { type GraphPath, withQuery } from './paths.ts';
import type { GraphSession } from './session.ts';

/** Pages of one collection at most; at 10 items a page, the smallest seen anywhere in Graph, still 500 items. */
export const MAX_PAGES = 50;

export interface Page {
  readonly items: readonly JsonObject[];
  /** Where the next page is, with the query that Graph gave for it; null on the last. */
  readonly next: GraphPath | null;
  /** Items on all pages; null where Graph does not say. It does on the first page, when it is asked. */
  readonly count: number | null;
}

/**
 * Reads one page.
 *
 * @throws GraphFailure of kind bad-response when `value` is no list of objects, or the next link leads elsewhere
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
  // The names of OData 4.01 may be without their prefix.
  const { '@odata.nextLink': link = body['@nextLink'], '@odata.context': context = body['@context'] } = body;
  const query = nextQuery(link, { page: path, context, roots: session.roots });
  const items = value.every(isJsonObject) ? value : value.filter(isJsonObject);
  const count = countIn(body['@odata.count'] ?? body['@count']);
  return { items, next: query === null ? null : withQuery(path, query), count };
}

/** An Edm.Int64, which some services write as text (OData JSON format, IEEE754Compatible). */
function countIn(value: unknown): number | null {
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : null;
}

/** Null among the items of a list is nothing, and costs nobody theirs. */
function isItem(value: unknown): value is JsonObject | null {
  return value === null || isJsonObject(value);
}

type Items = readonly JsonObject[];

/**
 * Reads collections with all of their pages, in order; a failure stands in the place of its collection.
 *
 * @param look what to make of the items of one, as soon as all of its pages are there
 */
export async function readCollections<T>(
  session: GraphSession,
  paths: readonly GraphPath[],
  look: (items: Items, at: number) => T,
): Promise<(T | Error)[]> {
  const lists = await session.readAll(paths, (body, at) =>
    body instanceof Error
      ? body
      : itemsFrom(session, paths[at] as GraphPath, body, (items) => look(items, at)),
  );
  // Most collections have one page; only the others are waited for.
  return lists.some((list) => list instanceof Promise) ? Promise.all(lists) : (lists as (T | Error)[]);
}

function itemsFrom<T>(
  session: GraphSession,
  path: GraphPath,
  body: JsonObject,
  look: (items: Items) => T,
): T | Error | Promise<T | Error> {
  try {
    const { items, next } = pageOf(session, path, body);
    if (next === null) return look(items);
    return readFollowing(session, path, next)
      .then((others) => look([...items, ...others]))
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
