// Phones at Microsoft Graph: the calls, and the loaders that make one read of what is asked for several times.
import DataLoader from 'dataloader';
import { GraphFailure } from '../graph/failure.ts';
import { readCollections } from '../graph/paging.ts';
import {
  type GraphPath,
  type GraphQuery,
  graphPath,
  graphQuery,
  type ItemId,
  ME,
  NO_QUERY,
  type UserKey,
  userSegments,
} from '../graph/paths.ts';
import { userRequired } from '../graph/principal.ts';
import type { JsonObject } from '../graph/response.ts';
import type { GraphSession } from '../graph/session.ts';
import { GatewayError } from '../runtime/errors.ts';
import { lazy } from '../runtime/lazy.ts';
import { type Facet, type Prefetched, startOfList, startOfPhone } from './facets.ts';
import type { Owners } from './owners.ts';
import { type NamedPhone, phoneId, readPhoneId } from './phone-id.ts';
import { type Phone, readPhone } from './wire.ts';

/** The person whose phones are read. */
export interface Owner {
  /** By which the profile is asked for. */
  readonly key: UserKey;
  /** The object id. Where the ids of phones are not wanted, it can be something else. */
  readonly id: string;
  readonly userPrincipalName: string | null;
}

export interface PhoneReads {
  /**
   * All phones of a person, in Graph's order, which is the oldest first. The properties are those of the first call. A list
   * that has been read is given at once, not as a promise: with a hundred people, promises cost more than reading phones.
   *
   * @param fields the fields of ItemPhone that are wanted; asked of Graph are these and no others
   * @throws GraphFailure; of kind not-found when there is no such person or profile
   */
  list(owner: Owner, fields: readonly string[]): readonly Phone[] | Promise<readonly Phone[]>;
  /**
   * One phone of a person; null when there is none with this id, also where the id is of somebody else's phone. Throws a
   * GatewayError of BAD_USER_INPUT for an ill-formed id.
   */
  one(owner: Owner, id: string, fields: readonly string[]): Promise<Phone | null>;
  /** One phone of anybody; without a person in its name, of the caller. Null when there is none. */
  named(phone: NamedPhone, fields: readonly string[]): Promise<Phone | null>;
  /** Starts a read before it is known whose id the person has; `list` and `one` then find it under way. */
  prefetch(facet: Facet, fields: readonly string[]): Prefetched | null;
  /** What was read may be stale: somebody has written. */
  forget(): void;
}

export function createPhoneReads(session: GraphSession, owners: Owners): PhoneReads {
  const lists = new Map<readonly string[], Lists>();
  const listsOf = (fields: readonly string[]): Lists => {
    const known = lists.get(fields);
    if (known !== undefined) return known;
    const query = selecting(fields, session.lacks);
    const made = new Lists((users) => readLists(session, users, query, owners.known));
    lists.set(fields, made);
    return made;
  };
  const phones = lazy(() => new DataLoader<GraphPath, Phone | null>((paths) => readEach(session, paths)));
  const phoneOf = (user: UserKey, id: ItemId, fields: readonly string[]): Promise<Phone | null> =>
    phones().load(phonePath(user, id, selecting(fields, session.lacks)));
  const ownLists = new WeakMap<readonly Phone[], readonly Phone[]>();
  function ownList(list: readonly Phone[], { id }: Owner): readonly Phone[] {
    const known = ownLists.get(list) ?? list.map((phone) => owned(phone, id));
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
      const { user, id: graphId } = checkedId(id);
      if (user !== null && !isOwner(user, owner)) return null;
      const phone = await phoneOf(owner.key, graphId, fields);
      return phone === null ? null : owned(phone, owner.id);
    },
    async named({ user, id }, fields) {
      if (user === null && session.accessLevel !== 'user') throw userRequired();
      const key = user ?? ME;
      const ownerId = fields.includes('id') ? owners.idOf(key) : null;
      const [phone, owner] = await Promise.all([phoneOf(key, id, fields), ownerId?.catch(asOutcome) ?? null]);
      if (phone === null || owner === null || isNotFound(owner)) return isNotFound(owner) ? null : phone;
      if (owner instanceof Error) throw owner;
      return owned(phone, owner);
    },
    prefetch({ name, args }, fields) {
      if (name === 'phones') return startOfList((user) => listsOf(fields).load(user), fields);
      return name === 'phone' ? startOfPhone(String(args['id']), fields, phoneOf) : null;
    },
    forget() {
      lists.clear();
      phones().clearAll();
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
class Lists extends DataLoader<UserKey, readonly Phone[]> {
  readonly #read: Map<UserKey, readonly Phone[]>;

  constructor(readAll: (users: readonly UserKey[]) => Promise<(readonly Phone[] | Error)[]>) {
    const read = new Map<UserKey, readonly Phone[]>();
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

  get(user: UserKey): readonly Phone[] | Promise<readonly Phone[]> {
    return this.#read.get(user) ?? this.load(user);
  }
}

function owned(phone: Phone, owner: string): Phone {
  return { ...phone, id: phoneId(owner, phone.graphId) };
}

/** Whether a name of a person is one of these: the name that was asked by, the object id, or the principal name. */
function isOwner(name: UserKey, { key, id, userPrincipalName }: Owner): boolean {
  return name === key || name === id || name === userPrincipalName?.toLowerCase();
}

function checkedId(id: string): NamedPhone {
  const named = readPhoneId(id);
  if (named !== null) return named;
  throw new GatewayError('BAD_USER_INPUT', 'id: give the id of a phone as it was read from ItemPhone.id.');
}

export function readLists(
  session: GraphSession,
  users: readonly UserKey[],
  query: GraphQuery,
  ownerOf: (user: UserKey) => string | null = () => null,
): Promise<(readonly Phone[] | Error)[]> {
  const paths = users.map((user) => graphPath(phonesOf(user), query));
  return readCollections(session, paths, (items, at) => phonesIn(items, ownerOf(users[at] as UserKey)));
}

/** Items up to which phones are compared one by one: a Set for every person costs more. */
const FEW = 8;

/** An item without an id is no phone, and one that comes twice is one. */
function phonesIn(items: readonly JsonObject[], owner: string | null): readonly Phone[] {
  const phones: Phone[] = [];
  const seen = items.length > FEW ? new Set<string>() : null;
  for (const item of items) {
    const phone = readPhone(item, owner);
    if (phone === null || (seen === null ? isAmong(phones, phone) : seen.has(phone.graphId))) continue;
    seen?.add(phone.graphId);
    phones.push(phone);
  }
  return phones;
}

function isAmong(phones: readonly Phone[], { graphId }: Phone): boolean {
  for (const known of phones) if (known.graphId === graphId) return true;
  return false;
}

export async function readEach(
  session: GraphSession,
  paths: readonly GraphPath[],
): Promise<(Phone | null | Error)[]> {
  const bodies = await session.readAll(paths);
  return bodies.map((body) => {
    // A phone that is not there is an answer; one without an id is none.
    if (body instanceof GraphFailure && body.kind === 'not-found') return null;
    return body instanceof Error ? body : (readPhone(body) ?? new GraphFailure('bad-response'));
  });
}

export function phonesOf(user: UserKey): readonly string[] {
  return [...userSegments(user), 'profile', 'phones'];
}

export function phonePath(user: UserKey, id: ItemId, query: GraphQuery = NO_QUERY): GraphPath {
  return graphPath([...phonesOf(user), id], query);
}

/** The properties behind the fields of ItemPhone that have other names: `parsed` is made from the number. */
const propertyOf: Readonly<Record<string, string>> = { parsed: 'number', graphId: 'id' };

/** By what the cloud lacks and the list of fields, both of which stay the same for every run of an operation. */
const selections = new WeakMap<readonly string[], WeakMap<readonly string[], GraphQuery>>();

/** In one order, whatever the order of the query, so that equal questions have equal paths. */
export function selecting(fields: readonly string[], lacks: readonly string[]): GraphQuery {
  const ofCloud = selections.get(lacks) ?? new WeakMap<readonly string[], GraphQuery>();
  selections.set(lacks, ofCloud);
  const known = ofCloud.get(fields);
  if (known !== undefined) return known;
  const properties = new Set(fields.map((field) => propertyOf[field] ?? field));
  properties.add('id');
  const asked = [...properties].filter((name) => !lacks.includes(name)).sort();
  const query = graphQuery([['$select', asked.join(',')]]);
  ofCloud.set(fields, query);
  return query;
}
