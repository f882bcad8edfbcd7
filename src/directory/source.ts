// People at Microsoft Graph: one, many, or the directory page by page.
//
// A person that is asked for together with facets of a profile (phones, say) has them read at the same moment, through
// the prefetchers this room is given; the facets' own rooms then find their answers waiting.
import DataLoader from 'dataloader';
import { GatewayError } from '../base/errors.ts';
import { lazily } from '../base/lazily.ts';
import { isHarmful } from '../base/text.ts';
import { GraphFailure } from '../graph/failure.ts';
import { readPage } from '../graph/paging.ts';
import {
  type GraphPath,
  type GraphQuery,
  graphPath,
  graphQuery,
  isObjectId,
  ME,
  type UserKey,
  userKey,
  userSegments,
} from '../graph/paths.ts';
import { noSelf } from '../graph/principal.ts';
import type { GraphSession } from '../graph/session.ts';
import { type Position, readCursor, writeCursor } from './cursor.ts';
import { type PersonProperties, readPerson } from './wire.ts';

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
}

export interface PeoplePage {
  readonly people: readonly { readonly person: Person; readonly cursor: string }[];
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

export interface DirectorySource {
  me(wanted: Wanted): Promise<Person>;
  /** Null when there is no such person. Throws a GatewayError of BAD_USER_INPUT for an ill-formed id. */
  person(id: string, wanted: Wanted): Promise<Person | null>;
  /** In the order asked, null where there is nobody and an error in the place of what could not be read. */
  people(ids: readonly string[], wanted: Wanted): Promise<(Person | null | Error)[]>;
  page(request: PageRequest, wanted: Wanted): Promise<PeoplePage>;
}

export interface PageRequest {
  /** 1 to 999. */
  readonly first: number;
  readonly after: string | null;
  readonly search: string | null;
}

/** People that one query may name. */
export const MOST_PEOPLE = 1_000;
/** Graph's own limit of a page of users. */
export const LARGEST_PAGE = 999;
const LONGEST_SEARCH = 128;

export function createDirectorySource(session: GraphSession): DirectorySource {
  const people = lazily(() => new DataLoader<GraphPath, Person | null>((paths) => readUsers(session, paths)));

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
    const proof = needsNoUser(key, properties) ? facets.find(({ provesPerson }) => provesPerson) : undefined;
    for (const facet of facets) if (facet !== proof) facet(key).catch(leaveToItsLoader);
    if (proof === undefined) return read(key, wanted);
    const person = { ...NOTHING_ASKED, id: key, key };
    return proof(key).then(
      () => person,
      (failure) => (isNotFound(failure) ? read(key, wanted) : person),
    );
  }

  return {
    async me(wanted) {
      if (session.standing !== 'person') throw noSelf();
      const me = await find(ME, wanted);
      if (me === null) throw new GraphFailure('not-found');
      return me;
    },
    async person(id, wanted) {
      return find(checkedKey(id), wanted);
    },
    people(ids, wanted) {
      if (ids.length > MOST_PEOPLE) throw tooMany();
      return Promise.all(
        ids.map((id) => {
          const key = userKey(id);
          return key === null ? badId() : find(key, wanted).catch(asError);
        }),
      );
    },
    page: (request, wanted) => readPeople(session, request, wanted),
  };
}

const NOTHING_ASKED: PersonProperties = { displayName: null, userPrincipalName: null, mail: null };

/** Whether all that is wanted of the person is known from the key: its id, or for the caller nothing at all. */
function needsNoUser(key: UserKey, properties: readonly string[]): boolean {
  return key === ME ? properties.length === 0 : isObjectId(key) && properties.every((name) => name === 'id');
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
  return new GatewayError('BAD_USER_INPUT', 'id: give an object id (a GUID) or a user principal name.');
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

/** From here on a person goes by the object id; one that came with an odd id can be asked for by nothing. */
function personOf(user: PersonProperties & { readonly id: string }): Person | GraphFailure {
  const key = userKey(user.id);
  return key === null ? new GraphFailure('bad-response') : { ...user, key };
}

async function readPeople(session: GraphSession, request: PageRequest, wanted: Wanted): Promise<PeoplePage> {
  const position = checkedPosition(request);
  const { path, headers } = pagePath(request, position, wanted.properties);
  const page = await readPage(session, path, headers);
  const people = page.items.map(readPerson).flatMap((user) => (user === null ? [] : [known(personOf(user))]));
  const shown = people.slice(position.skip, position.skip + request.first);
  for (const { key } of shown) for (const facet of wanted.facets) facet(key).catch(leaveToItsLoader);
  const token = page.next === null ? null : skipTokenOf(page.next);
  const at = (place: number): Position =>
    place === people.length && token !== null ? { token, skip: 0 } : { token: position.token, skip: place };
  const edges = shown.map((person, index) => ({
    person,
    cursor: writeCursor(at(position.skip + index + 1), request.search),
  }));
  return {
    people: edges,
    hasNextPage: token !== null || people.length > position.skip + shown.length,
    endCursor:
      edges.at(-1)?.cursor ?? (token === null ? null : writeCursor({ token, skip: 0 }, request.search)),
  };
}

function known(person: Person | GraphFailure): Person {
  if (person instanceof GraphFailure) throw person;
  return person;
}

function checkedPosition({ first, after, search }: PageRequest): Position {
  if (first < 1 || first > LARGEST_PAGE) {
    throw new GatewayError('BAD_USER_INPUT', `first: give 1 to ${LARGEST_PAGE}.`);
  }
  if (search !== null && (search.trim() === '' || search.length > LONGEST_SEARCH)) {
    throw new GatewayError(
      'BAD_USER_INPUT',
      `search: give 1 to ${LONGEST_SEARCH} characters, not only blanks.`,
    );
  }
  if (search !== null && isHarmful(search)) {
    throw new GatewayError('BAD_USER_INPUT', 'search: take control, bidirectional or broken characters out.');
  }
  const position = after === null ? { token: null, skip: 0 } : readCursor(after, search);
  if (position !== null && position.skip < LARGEST_PAGE) return position;
  throw new GatewayError('BAD_USER_INPUT', 'after: give a cursor of an earlier page of the same search.');
}

/**
 * One page of Graph's. A cursor in the middle of an earlier page asks for that page again, as far as is needed, and
 * skips what was seen: Graph can only start where one of its own pages started.
 */
function pagePath(
  { first, search }: PageRequest,
  { token, skip }: Position,
  properties: readonly string[],
): { readonly path: GraphPath; readonly headers?: Readonly<Record<string, string>> } {
  const query: [string, string][] = [
    [...select(properties)],
    ['$top', String(Math.min(LARGEST_PAGE, first + skip))],
  ];
  if (token !== null) query.push(['$skiptoken', token]);
  if (search === null) return { path: graphPath(['users'], graphQuery(query)) };
  const quoted = search.trim().replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  query.push(['$search', `"displayName:${quoted}" OR "mail:${quoted}"`]);
  return { path: graphPath(['users'], graphQuery(query)), headers: { ConsistencyLevel: 'eventual' } };
}

function skipTokenOf(next: GraphPath): string {
  const token = new URLSearchParams(next.slice(next.indexOf('?'))).get('$skiptoken');
  if (token === null || token === '') throw new GraphFailure('bad-response');
  return token;
}
