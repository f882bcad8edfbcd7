// Finding the item that a POST created whose response was lost: it has what was sent, was not there before, was created
// since, by this application where that is known, and belongs to no other key. Only if there is exactly one such item is
// it taken for the one. Nothing is ever deleted for that.
import { readCollections } from '../../graph/paging.ts';
import { type GraphQuery, graphPath, graphQuery, NO_QUERY, type UserKey } from '../../graph/paths.ts';
import type { GraphSession } from '../../graph/session.ts';
import { isJsonObject, type JsonObject, sameJson } from '../../runtime/json.ts';
import { type Facet, listSegments, readItem } from '../facet.ts';
import type { ItemFacet } from '../item-facet.ts';
import type { KeySlot, Sent } from './idempotency.ts';
import { asUnread, type Timing, waitIfTime } from './send.ts';

export interface Search<Item extends ItemFacet> {
  readonly facet: Facet<Item>;
  readonly session: GraphSession;
  readonly user: UserKey;
  readonly body: JsonObject;
  readonly slot: KeySlot;
  readonly timing: Timing;
  /** The application that items are created by; null where that is not known. */
  readonly clientId: string | null;
}

export type Found<Item> =
  | { readonly kind: 'found'; readonly item: Item }
  /** More than one that could be it. */
  | { readonly kind: 'several' }
  /** It is not there; these are. */
  | { readonly kind: 'none'; readonly ids: readonly string[] }
  /** The list could not be read. */
  | { readonly kind: 'unread' };

/** Milliseconds by which clocks may differ: Microsoft Graph's, that of this machine, and that of the sender. */
const SKEW_MS = 5 * 60 * 1000;
const ONLY_IDS = graphQuery([['$select', 'id']]);

/**
 * Reads the list until the item is there, once after each of `delays` as far as the time allows, and claims it for the key.
 *
 * @throws StoreFailure
 */
export async function reconcile<Item extends ItemFacet>(
  search: Search<Item>,
  sent: Sent,
  delays: readonly number[],
): Promise<Found<Item>> {
  let last: Found<Item> = { kind: 'unread' };
  for (const delay of delays) {
    if (!(await waitIfTime(search.session, search.timing, delay))) break;
    const items = await listItems(search, NO_QUERY).catch(asUnread);
    if (items === 'unread') continue;
    last = await choose(search, sent, items);
    if (last.kind !== 'none') break;
  }
  return last;
}

async function choose<Item extends ItemFacet>(
  search: Search<Item>,
  sent: Sent,
  items: readonly Item[],
): Promise<Found<Item>> {
  const candidates: Item[] = [];
  for (const item of items) {
    if (couldBe(search, sent, item) && !(await search.slot.isTaken(item.graphId))) candidates.push(item);
  }
  const [item, ...others] = candidates;
  if (others.length > 0) return { kind: 'several' };
  if (item !== undefined && (await search.slot.claim(item.graphId))) return { kind: 'found', item };
  return { kind: 'none', ids: items.map(({ graphId }) => graphId) };
}

function couldBe<Item extends ItemFacet>(
  { facet, body, clientId }: Search<Item>,
  { before, at }: Sent,
  item: Item,
): boolean {
  if (before.includes(item.graphId) || !matches(facet, item, body)) return false;
  const created = Date.parse(item.createdDateTime ?? '');
  if (created < at - SKEW_MS) return false;
  const author = item.createdBy?.application?.objectId ?? null;
  return author === null || clientId === null || author.toLowerCase() === clientId.toLowerCase();
}

type List<Item extends ItemFacet> = Pick<Search<Item>, 'facet' | 'session' | 'user'>;

/** The ids of all items of a person, as they are now. Throws a GraphFailure. */
export async function listIds<Item extends ItemFacet>(list: List<Item>): Promise<readonly string[]> {
  return (await listItems(list, ONLY_IDS)).map(({ graphId }) => graphId);
}

async function listItems<Item extends ItemFacet>(
  { facet, session, user }: List<Item>,
  query: GraphQuery,
): Promise<Item[]> {
  const [list] = await readCollections(session, [graphPath(listSegments(facet, user), query)], (all) => all);
  if (list === undefined || list instanceof Error) throw list ?? new TypeError('a list was not read');
  const items = list.flatMap((json) => readItem(facet, json) ?? []);
  return [...new Map(items.map((item) => [item.graphId, item])).values()];
}

/**
 * Whether an item has all that a body says, as Graph would store it: blanks around a text may be gone, lists may be in
 * another order, and what the body does not say may be anything.
 */
export function matches<Item extends ItemFacet>(facet: Facet<Item>, item: Item, body: JsonObject): boolean {
  const wanted = readItem(facet, { ...body, id: item.graphId });
  if (wanted === null) return false;
  return Object.entries(body).every(([name, sent]) =>
    name === 'inference'
      ? matchesMembers(item.inference, wanted.inference, sent)
      : sameJson(normalized(propertyOf(item, name)), normalized(propertyOf(wanted, name))),
  );
}

function propertyOf(item: ItemFacet, name: string): unknown {
  return Reflect.get(item, name);
}

/** Members of `inference` that are not sent keep their values. */
function matchesMembers(now: object | null, wanted: object | null, sent: unknown): boolean {
  if (!isJsonObject(sent) || wanted === null) return now === null;
  const values: JsonObject = { ...now };
  const expected: JsonObject = { ...wanted };
  return Object.keys(sent).every((name) => (values[name] ?? null) === (expected[name] ?? null));
}

function normalized(value: unknown): unknown {
  if (typeof value === 'string') return value.trim();
  if (Array.isArray(value)) return value.map(normalized).toSorted();
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, normalized(part)]));
}
