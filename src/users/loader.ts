// People at Microsoft Graph: one, many, or the directory page by page.
//
// A person that is asked for together with facets of a profile (phones, say) has them read at the same moment, through
// the prefetchers this room is given; the facets' own rooms then find their answers waiting.

import DataLoader from 'dataloader';
import { GraphFailure } from '../graph/failure.ts';
import { readPage } from '../graph/paging.ts';
import {
  type GraphPath,
  type GraphQuery,
  graphPath,
  graphQuery,
  isObjectId,
  ME,
  pathname,
  rawQuery,
  type UserKey,
  userKey,
  userSegments,
} from '../graph/paths.ts';
import { noSelf } from '../graph/principal.ts';
import type { GraphSession } from '../graph/session.ts';
import { GatewayError } from '../runtime/errors.ts';
import type { JsonObject } from '../runtime/json.ts';
import { lazy } from '../runtime/lazy.ts';
import { follow, type Position, selectedBy, writeCursor } from './cursor.ts';
import { type PageRequest, pagePath, readPageRequest } from './page-query.ts';
import { NOTHING_ASKED, type PersonProperties, readPerson } from './user.ts';

/** A person, as resolvers see one. What was not asked for is null. */
export interface Person extends PersonProperties {
  readonly id: string;
  /** By which this person's profile is asked for. */
  readonly key: UserKey;
}

/** What is wanted of a person: properties by name, and facets of the profile to be read at the same time. */
export interface Wanted {
  readonly properties: readonly string[];
  readonly facets: readonly Prefetch[];
}

/** Starts the read of a facet. Failures are kept for whoever asks for the facet itself. */
export interface Prefetch {
  (key: UserKey): Promise<unknown>;
  /** Whether an answer shows that there is such a person. */
  readonly provesPerson: boolean;
  /** Properties of the person that the facet needs to be answered. */
  readonly needs: readonly string[];
}

export interface PeoplePage {
  readonly people: readonly { readonly person: Person; readonly cursor: string }[];
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
  /** People on all pages; null where that was not asked for with the first, or Graph does not say. */
  readonly totalCount: number | null;
}

export interface DirectorySource {
  me(wanted: Wanted): Promise<Person>;
  /** Null when there is no such person. Throws a GatewayError of BAD_USER_INPUT for an ill-formed id. */
  person(id: string, wanted: Wanted): Promise<Person | null>;
  /** The same by a key, `me` included. */
  byKey(key: UserKey, wanted: Wanted): Promise<Person | null>;
  /** In the order asked, null where there is nobody and an error in the place of what could not be read. */
  people(ids: readonly string[], wanted: Wanted): Promise<(Person | null | Error)[]>;
  page(request: PageRequest, wanted: Wanted): Promise<PeoplePage>;
}

/** People that one query may name. */
export const MOST_PEOPLE = 1_000;

/** @param self the caller's object id, where the token says it; else null */
export function createDirectorySource(session: GraphSession, self: UserKey | null): DirectorySource {
  const people = lazy(() => new DataLoader<GraphPath, Person | null>((paths) => readUsers(session, paths)));

  const queries = new Map<readonly string[], GraphQuery>();

  /** Made once for all the people of a query: they share the list of what is wanted. */
  function queryFor(properties: readonly string[]): GraphQuery {
    const query = queries.get(properties) ?? graphQuery([select(properties)]);
    queries.set(properties, query);
    return query;
  }

  /** The key stays the one that was asked by: what was prefetched is found by it. */
  async function read(key: UserKey, { properties }: Wanted): Promise<Person | null> {
    const person = await people().load(graphPath(userSegments(key), queryFor(properties)));
    return person === null ? null : { ...person, key };
  }

  function find(key: UserKey, wanted: Wanted): Promise<Person | null> {
    const { facets, properties } = wanted;
    const proof = needsNoUser(key, self, properties)
      ? facets.find(({ provesPerson }) => provesPerson)
      : undefined;
    for (const facet of facets) if (facet !== proof) facet(key).catch(leaveToItsLoader);
    if (proof === undefined) return read(key, wanted);
    const person = { ...NOTHING_ASKED, id: key === ME ? (self ?? key) : key, key };
    return proof(key).then(
      () => person,
      (failure) => (isNotFound(failure) ? read(key, wanted) : person),
    );
  }

  return {
    async me(wanted) {
      if (session.accessLevel !== 'user') throw noSelf();
      const me = await find(ME, wanted);
      if (me === null) throw new GraphFailure('not-found');
      return me;
    },
    person: (id, wanted) => find(checkedKey(id), wanted),
    byKey: find,
    people(ids, wanted) {
      if (ids.length > MOST_PEOPLE) throw tooMany();
      // One for all of them: an error takes as long to make as everything else about an id.
      const illFormed = lazy(badId);
      return Promise.all(
        ids.map((id) => {
          const key = userKey(id);
          return key === null ? illFormed() : find(key, wanted).catch(asError);
        }),
      );
    },
    page: (request, wanted) => readPeople(session, request, wanted, (key) => read(key, wanted)),
  };
}

/** Whether all that is wanted of the person is known already: nothing, or the id. */
function needsNoUser(key: UserKey, self: UserKey | null, properties: readonly string[]): boolean {
  if (key === ME && self === null) return properties.length === 0;
  return (key === ME || isObjectId(key)) && properties.every((name) => name === 'id');
}

/** Whoever asks for the facet itself gets the failure, from the facet's own loader. */
function leaveToItsLoader(): void {}

function isNotFound(outcome: unknown): boolean {
  return outcome instanceof GraphFailure && outcome.kind === 'not-found';
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('not an error', { cause: error });
}

function checkedKey(id: string): UserKey {
  const key = userKey(id);
  if (key === null) throw badId();
  return key;
}

function badId(): GatewayError {
  return new GatewayError(
    'BAD_USER_INPUT',
    'id: give an object id (a GUID, or 16 hexadecimal digits for a personal account) or a user principal name.',
  );
}

function tooMany(): GatewayError {
  return new GatewayError(
    'LIMIT_EXCEEDED',
    `ids: at most ${MOST_PEOPLE} at once. Ask for the others in another query.`,
  );
}

function select(properties: readonly string[]): readonly [string, string] {
  return ['$select', [...new Set(['id', ...properties])].sort().join(',')];
}

async function readUsers(
  session: GraphSession,
  paths: readonly GraphPath[],
): Promise<(Person | null | Error)[]> {
  const bodies = await session.readAll(paths);
  return bodies.map((body) => {
    if (body instanceof Error) return isNotFound(body) ? null : body;
    const user = readPerson(body);
    return user === null ? new GraphFailure('bad-response') : personOf(user);
  });
}

/** From here on a person goes by the object id, in lower case; one that came with an odd id can be asked for by nothing. */
function personOf(user: PersonProperties & { readonly id: string }): Person | GraphFailure {
  const key = userKey(user.id);
  return key === null || !isObjectId(key) ? new GraphFailure('bad-response') : { ...user, id: key, key };
}

/** @param complete reads a person of whom the page does not have all that is wanted */
async function readPeople(
  session: GraphSession,
  request: PageRequest,
  wanted: Wanted,
  complete: (key: UserKey) => Promise<Person | null>,
): Promise<PeoplePage> {
  const asked = readPageRequest(request);
  const { first, sought } = asked;
  const { path, headers } = pagePath(asked, select(wanted.properties));
  const page = await readPage(session, path, headers);
  const position = { ...asked.position, count: asked.position.count ?? page.count };
  const next = page.next === null ? null : follow(position, queryIn(page.next));
  if (page.next !== null && next === null) throw new GraphFailure('bad-response');
  const found = page.items.flatMap((item, at) => known(item).map((person) => ({ person, after: at + 1 })));
  const shown = found.filter(({ after }) => after > position.skip).slice(0, first);
  for (const { person } of shown)
    for (const facet of wanted.facets) facet(person.key).catch(leaveToItsLoader);
  const isComplete = hasAll(position, wanted.properties);
  const people = isComplete ? shown : await Promise.all(shown.map((one) => completed(one, complete)));
  const last = found.at(-1)?.after ?? 0;
  const end = shown.at(-1)?.after ?? last;
  const at = (after: number) =>
    writeCursor(after === last && next !== null ? next : { ...position, skip: after }, sought);
  return {
    people: people.map(({ person, after }) => ({ person, cursor: at(after) })),
    hasNextPage: next !== null || end < last,
    endCursor: shown.length > 0 || next !== null ? at(end) : null,
    totalCount: asInt(position.count),
  };
}

/** GraphQL's Int has 32 bits; what a cursor says can be anything. */
function asInt(count: number | null): number | null {
  return count !== null && count < 2 ** 31 ? count : null;
}

/** None for what is nobody: without an id, or with one that nobody can be asked for by. */
function known(item: JsonObject): Person[] {
  const user = readPerson(item);
  const person = user === null ? null : personOf(user);
  return person === null || person instanceof GraphFailure ? [] : [person];
}

interface Place {
  readonly person: Person;
  /** Items of the page up to this one. */
  readonly after: number;
}

/** Whoever has gone in the meantime stays with what the page had. */
async function completed(
  { person, after }: Place,
  complete: (key: UserKey) => Promise<Person | null>,
): Promise<Place> {
  return { person: (await complete(person.key)) ?? person, after };
}

/** Whether a page has all that is wanted: one after another that was asked for less does not. */
function hasAll({ query }: Position, properties: readonly string[]): boolean {
  const selected = query === null ? null : selectedBy(query);
  return selected === null || properties.every((name) => selected.has(name));
}

function queryIn(path: GraphPath): GraphQuery {
  return rawQuery(path.slice(pathname(path).length));
}
