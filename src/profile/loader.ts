// Reading the items of a facet at Microsoft Graph: the calls, and the loaders that make one read of what is selected
// several times.
import DataLoader from 'dataloader';
import { GraphFailure } from '../graph/failure.ts';
import { readCollections } from '../graph/paging.ts';
import { type GraphPath, type GraphQuery, graphPath, type ItemId, ME, type UserKey } from '../graph/paths.ts';
import { userRequired } from '../graph/principal.ts';
import type { GraphSession } from '../graph/session.ts';
import { GatewayError } from '../runtime/errors.ts';
import type { JsonObject } from '../runtime/json.ts';
import { lazy } from '../runtime/lazy.ts';
import { type Facet, itemPath, listSegments, readItem, selectQuery } from './facet.ts';
import type { ItemFacet } from './item-facet.ts';
import { globalId, type NamedItem, readItemId } from './item-id.ts';
import type { Owners } from './owners.ts';
import { type Prefetch, prefetchOfItem, prefetchOfList } from './prefetch.ts';

/** The person whose items are read. */
export interface Owner {
  /** By which the profile is asked for. */
  readonly key: UserKey;
  /** The object id. Where the ids of items are not selected, it can be something else. */
  readonly id: string;
  readonly userPrincipalName: string | null;
}

/** A field of User that has fields of its own. */
export interface UserField {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface ItemReads<Item extends ItemFacet> {
  /**
   * All items of a person, in Graph's order, which is the oldest first. The properties are those of the first call. A list
   * that has been read is given at once, not as a promise: with a hundred people, promises cost more than reading items.
   *
   * @param fields the fields of the schema that are selected; asked of Graph are these and no others
   * @throws GraphFailure; of kind not-found when there is no such person or profile
   */
  list(owner: Owner, fields: readonly string[]): readonly Item[] | Promise<readonly Item[]>;
  /**
   * One item of a person; null when there is none with this id, also where the id is of another person's item. Throws a
   * GatewayError of BAD_USER_INPUT for an ill-formed id.
   */
  one(owner: Owner, id: string, fields: readonly string[]): Promise<Item | null>;
  /** One item of anybody; without a person in its name, of the caller. Null when there is none. */
  named(item: NamedItem, fields: readonly string[]): Promise<Item | null>;
  /** How to start the read of a field early; `list` and `one` then find it under way. Null for fields of others. */
  prefetch(field: UserField, fields: readonly string[]): Prefetch | null;
  /** Forgets what was read, which may be stale after a write. */
  forget(): void;
}

export function createItemReads<Item extends ItemFacet>(
  facet: Facet<Item>,
  session: GraphSession,
  owners: Owners,
): ItemReads<Item> {
  const lists = new Map<readonly string[], Lists<Item>>();
  const listsOf = (fields: readonly string[]): Lists<Item> => {
    const known = lists.get(fields);
    if (known !== undefined) return known;
    const query = selectQuery(facet, fields, session.lacks);
    const made = new Lists((users) => readLists(session, facet, users, query, owners.known));
    lists.set(fields, made);
    return made;
  };
  const items = lazy(
    () => new DataLoader<GraphPath, Item | null>((paths) => readEach(session, facet, paths)),
  );
  const itemOf = (user: UserKey, id: ItemId, fields: readonly string[]): Promise<Item | null> =>
    items().load(itemPath(facet, user, id, selectQuery(facet, fields, session.lacks)));
  const owned = (item: Item, owner: string): Item => ({ ...item, id: globalId(facet, owner, item.graphId) });
  const ownLists = new WeakMap<readonly Item[], readonly Item[]>();
  function ownList(list: readonly Item[], { id }: Owner): readonly Item[] {
    const known = ownLists.get(list) ?? list.map((item) => owned(item, id));
    ownLists.set(list, known);
    return known;
  }
  return {
    list(owner, fields) {
      const list = listsOf(fields).get(owner.key);
      if (owners.known(owner.key) !== null || !fields.includes('id')) return list;
      return list instanceof Promise ? list.then((found) => ownList(found, owner)) : ownList(list, owner);
    },
    async one(owner, id, fields) {
      const { user, id: graphId } = checkedId(facet, id);
      if (user !== null && !isOwner(user, owner)) return null;
      const item = await itemOf(owner.key, graphId, fields);
      return item === null ? null : owned(item, owner.id);
    },
    async named({ user, id }, fields) {
      if (user === null && session.accessLevel !== 'user') throw userRequired();
      const key = user ?? ME;
      const ownerId = fields.includes('id') ? owners.idOf(key) : null;
      const [item, owner] = await Promise.all([itemOf(key, id, fields), ownerId?.catch(asOutcome) ?? null]);
      if (item === null || owner === null || isNotFound(owner)) return isNotFound(owner) ? null : item;
      if (owner instanceof Error) throw owner;
      return owned(item, owner);
    },
    prefetch({ name, args }, fields) {
      if (name === facet.segment) return prefetchOfList((user) => listsOf(fields).load(user), fields);
      return name === facet.field ? prefetchOfItem(facet, { id: String(args['id']), fields }, itemOf) : null;
    },
    forget() {
      lists.clear();
      items().clearAll();
    },
  };
}

function asOutcome(error: unknown): Error {
  return error instanceof Error ? error : new Error('not an error', { cause: error });
}

function isNotFound(outcome: unknown): boolean {
  return outcome instanceof GraphFailure && outcome.kind === 'not-found';
}

/** A DataLoader that also gives at once what it has read. Failures stay with the promises. */
class Lists<Item> extends DataLoader<UserKey, readonly Item[]> {
  readonly #read: Map<UserKey, readonly Item[]>;

  constructor(readAll: (users: readonly UserKey[]) => Promise<(readonly Item[] | Error)[]>) {
    const read = new Map<UserKey, readonly Item[]>();
    super(async (users) => {
      const lists = await readAll(users);
      users.forEach((user, at) => {
        const list = lists[at];
        if (list !== undefined && !(list instanceof Error)) read.set(user, list);
      });
      return lists;
    });
    this.#read = read;
  }

  get(user: UserKey): readonly Item[] | Promise<readonly Item[]> {
    return this.#read.get(user) ?? this.load(user);
  }
}

/** Whether a name of a person is one of these: the name that was asked by, the object id, or the principal name. */
function isOwner(name: UserKey, { key, id, userPrincipalName }: Owner): boolean {
  return name === key || name === id || name === userPrincipalName?.toLowerCase();
}

function checkedId(facet: Facet, id: string): NamedItem {
  const named = readItemId(facet, id);
  if (named !== null) return named;
  const { words, type } = facet;
  throw new GatewayError('BAD_USER_INPUT', `id: give the id of ${words.any} as it was read from ${type}.id.`);
}

export function readLists<Item extends ItemFacet>(
  session: GraphSession,
  facet: Facet<Item>,
  users: readonly UserKey[],
  query: GraphQuery,
  ownerOf: (user: UserKey) => string | null = () => null,
): Promise<(readonly Item[] | Error)[]> {
  const paths = users.map((user) => graphPath(listSegments(facet, user), query));
  return readCollections(session, paths, (list, at) => itemsIn(facet, list, ownerOf(users[at] as UserKey)));
}

/** Items up to which they are compared one by one: a Set for every person costs more. */
const FEW = 8;

/** JSON without an id is not an item, and an item that comes twice is one. */
function itemsIn<Item extends ItemFacet>(
  facet: Facet<Item>,
  list: readonly JsonObject[],
  owner: string | null,
): readonly Item[] {
  const items: Item[] = [];
  const seen = list.length > FEW ? new Set<string>() : null;
  for (const json of list) {
    const item = readItem(facet, json, owner);
    if (item === null || (seen === null ? isAmong(items, item) : seen.has(item.graphId))) continue;
    seen?.add(item.graphId);
    items.push(item);
  }
  return items;
}

function isAmong(items: readonly ItemFacet[], { graphId }: ItemFacet): boolean {
  for (const known of items) if (known.graphId === graphId) return true;
  return false;
}

export async function readEach<Item extends ItemFacet>(
  session: GraphSession,
  facet: Facet<Item>,
  paths: readonly GraphPath[],
): Promise<(Item | null | Error)[]> {
  const bodies = await session.readAll(paths);
  return bodies.map((body) => {
    // An item that is not there is a response; one without an id is not.
    if (body instanceof GraphFailure && body.kind === 'not-found') return null;
    return body instanceof Error ? body : (readItem(facet, body) ?? new GraphFailure('bad-response'));
  });
}
