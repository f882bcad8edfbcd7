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
  itemId,
  NO_QUERY,
  type UserKey,
  userSegments,
} from '../graph/paths.ts';
import type { JsonObject } from '../graph/response.ts';
import type { GraphSession } from '../graph/session.ts';
import { GatewayError } from '../runtime/errors.ts';
import { lazily } from '../runtime/lazily.ts';
import { type Phone, readPhone } from './wire.ts';

export interface PhoneReads {
  /**
   * All phones of a person, in Graph's order, which is the oldest first. The properties are those of the first call.
   *
   * @param fields the fields of ItemPhone that are wanted; asked of Graph are these and no others
   * @throws GraphFailure; of kind not-found when there is no such person or profile
   */
  list(user: UserKey, fields: readonly string[]): Promise<readonly Phone[]>;
  /** One phone; null when there is none with this id. Throws a GatewayError of BAD_USER_INPUT for an ill-formed one. */
  one(user: UserKey, id: string, fields: readonly string[]): Promise<Phone | null>;
}

export function createPhoneReads(session: GraphSession): PhoneReads {
  const lists = new Map<readonly string[], DataLoader<UserKey, readonly Phone[]>>();
  const listsOf = (fields: readonly string[]): DataLoader<UserKey, readonly Phone[]> => {
    const known = lists.get(fields);
    if (known !== undefined) return known;
    const query = selecting(fields, session.lacks);
    const loader = new DataLoader<UserKey, readonly Phone[]>((users) => readLists(session, users, query));
    lists.set(fields, loader);
    return loader;
  };
  const phones = lazily(() => new DataLoader<GraphPath, Phone | null>((paths) => readEach(session, paths)));
  return {
    list: (user, fields) => listsOf(fields).load(user),
    async one(user, id, fields) {
      return phones().load(phonePath(user, checkedId(id), selecting(fields, session.lacks)));
    },
  };
}

/** A field of User that this room answers. */
export interface Facet {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/**
 * How to start the read behind a facet before its turn; null for a facet of another room. A list of phones, even an
 * empty one, shows that there is such a person; a phone that is not there shows nothing.
 */
export function prefetchPhones(reads: PhoneReads, { name, args }: Facet, fields: readonly string[]) {
  switch (name) {
    case 'phones':
      return Object.assign((user: UserKey) => reads.list(user, fields), { provesPerson: true });
    case 'phone':
      return Object.assign((user: UserKey) => reads.one(user, String(args['id']), fields), {
        provesPerson: false,
      });
    default:
      return null;
  }
}

function checkedId(id: string): ItemId {
  const checked = itemId(id);
  if (checked !== null) return checked;
  throw new GatewayError('BAD_USER_INPUT', 'id: give the id of a phone as it was read from ItemPhone.id.');
}

export async function readLists(
  session: GraphSession,
  users: readonly UserKey[],
  query: GraphQuery,
): Promise<(readonly Phone[] | Error)[]> {
  const paths = users.map((user) => graphPath(phonesOf(user), query));
  const lists = await readCollections(session, paths);
  return lists.map((list) => (list instanceof Error ? list : phonesIn(list)));
}

/** An item without an id is no phone, and one that comes twice is one. */
function phonesIn(items: readonly JsonObject[]): readonly Phone[] {
  const phones = new Map<string, Phone>();
  for (const item of items) {
    const phone = readPhone(item);
    if (phone !== null && !phones.has(phone.id)) phones.set(phone.id, phone);
  }
  return [...phones.values()];
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

/** The properties behind the fields of ItemPhone; `parsed` is made from the number. */
const propertyOf: Readonly<Record<string, string>> = { parsed: 'number' };

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
