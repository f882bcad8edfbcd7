// Reads users from Microsoft Graph: one, many, or a page of the directory.
//
// When a query selects facets of a user's profile (such as phones), the loader starts their reads together with the user's,
// through the prefetch functions in the selection. The facets' own loaders then find the reads in flight.
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
import { userRequired } from '../graph/principal.ts';
import type { GraphSession } from '../graph/session.ts';
import { GatewayError } from '../runtime/errors.ts';
import type { JsonObject } from '../runtime/json.ts';
import { lazy } from '../runtime/lazy.ts';
import { follow, type Position, selectedBy, writeCursor } from './cursor.ts';
import { type PageRequest, pagePath, readPageRequest } from './page-query.ts';
import { NO_PROPERTIES, readUser, type UserProperties } from './user.ts';

/** A user. Properties that were not requested are null. */
export interface User extends UserProperties {
  readonly id: string;
  /** The key for reads of this user's profile. */
  readonly key: UserKey;
}

/** The requested properties of a user, and the facets of the profile to read at the same time. */
export interface UserSelection {
  readonly properties: readonly string[];
  readonly facets: readonly Prefetch[];
}

/** Starts the read of a facet. The facet's resolver gets its errors. */
export interface Prefetch {
  (key: UserKey): Promise<unknown>;
  /** Whether a success shows that the user exists. */
  readonly provesUser: boolean;
  /** Properties of the user that the facet needs. */
  readonly needs: readonly string[];
}

export interface UserPage {
  readonly users: readonly { readonly user: User; readonly cursor: string }[];
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
  /** Number of users on all pages. Null when the first page did not request it, or when Graph does not send it. */
  readonly totalCount: number | null;
}

export interface UserLoader {
  /** @throws GatewayError of FORBIDDEN for an application without a user */
  me(selection: UserSelection): Promise<User>;
  /** Null when the user does not exist. @throws GatewayError of BAD_USER_INPUT for a malformed id */
  byId(id: string, selection: UserSelection): Promise<User | null>;
  /** Null when the user does not exist. The key may be `me`. */
  byKey(key: UserKey, selection: UserSelection): Promise<User | null>;
  /**
   * Results are in the order of `ids`: null for a user that does not exist, an error for one that cannot be read.
   *
   * @throws GatewayError of LIMIT_EXCEEDED for more than MAX_USERS ids
   */
  byIds(ids: readonly string[], selection: UserSelection): Promise<(User | null | Error)[]>;
  page(request: PageRequest, selection: UserSelection): Promise<UserPage>;
}

/** Most ids in one call of `byIds`. */
export const MAX_USERS = 1_000;

/** @param self the caller's object id; null when the token does not contain it */
export function createUserLoader(session: GraphSession, self: UserKey | null): UserLoader {
  const users = lazy(() => new DataLoader<GraphPath, User | null>((paths) => readUsers(session, paths)));

  const queries = new Map<readonly string[], GraphQuery>();

  /** The users of a query share their list of properties, so the query is built once. */
  function queryFor(properties: readonly string[]): GraphQuery {
    const query = queries.get(properties) ?? graphQuery([select(properties)]);
    queries.set(properties, query);
    return query;
  }

  /** Keeps the requested key, since prefetched facets are stored under it. */
  async function read(key: UserKey, { properties }: UserSelection): Promise<User | null> {
    const user = await users().load(graphPath(userSegments(key), queryFor(properties)));
    return user === null ? null : { ...user, key };
  }

  function find(key: UserKey, selection: UserSelection): Promise<User | null> {
    const { facets, properties } = selection;
    const proof = needsNoUser(key, self, properties)
      ? facets.find(({ provesUser }) => provesUser)
      : undefined;
    for (const facet of facets) if (facet !== proof) facet(key).catch(ignoreFailure);
    if (proof === undefined) return read(key, selection);
    const user = { ...NO_PROPERTIES, id: key === ME ? (self ?? key) : key, key };
    return proof(key).then(
      () => user,
      (failure) => (isNotFound(failure) ? read(key, selection) : user),
    );
  }

  return {
    async me(selection) {
      if (session.accessLevel !== 'user') throw userRequired();
      const me = await find(ME, selection);
      if (me === null) throw new GraphFailure('not-found');
      return me;
    },
    byId: (id, selection) => find(checkedKey(id), selection),
    byKey: find,
    byIds(ids, selection) {
      if (ids.length > MAX_USERS) throw tooMany();
      // All malformed ids share one error, because creating an error is slow.
      const malformed = lazy(badId);
      return Promise.all(
        ids.map((id) => {
          const key = userKey(id);
          return key === null ? malformed() : find(key, selection).catch(asError);
        }),
      );
    },
    page: (request, selection) => readUserPage(session, request, selection, (key) => read(key, selection)),
  };
}

/** Whether no property has to be read: none is requested, or only a known id. */
function needsNoUser(key: UserKey, self: UserKey | null, properties: readonly string[]): boolean {
  if (key === ME && self === null) return properties.length === 0;
  return (key === ME || isObjectId(key)) && properties.every((name) => name === 'id');
}

/** Ignores the failure. The facet's resolver gets it from the facet's own loader. */
function ignoreFailure(): void {}

function isNotFound(outcome: unknown): boolean {
  return outcome instanceof GraphFailure && outcome.kind === 'not-found';
}

function asError(error: unknown): Error {
  return error instanceof Error
    ? error
    : new Error('a value was thrown that is not an error', { cause: error });
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
    `ids: at most ${MAX_USERS} in one query. Use another query for the others.`,
  );
}

function select(properties: readonly string[]): readonly [string, string] {
  return ['$select', [...new Set(['id', ...properties])].sort().join(',')];
}

async function readUsers(
  session: GraphSession,
  paths: readonly GraphPath[],
): Promise<(User | null | Error)[]> {
  const bodies = await session.readAll(paths);
  return bodies.map((body) => {
    if (body instanceof Error) return isNotFound(body) ? null : body;
    const user = readUser(body);
    return user === null ? new GraphFailure('bad-response') : userOf(user);
  });
}

/** Normalizes the id of a user. A user with a malformed id is a bad response, since no request can name it. */
function userOf(user: UserProperties & { readonly id: string }): User | GraphFailure {
  const key = userKey(user.id);
  return key === null || !isObjectId(key) ? new GraphFailure('bad-response') : { ...user, id: key, key };
}

/** @param complete reads a user whose entry on the page lacks requested properties */
async function readUserPage(
  session: GraphSession,
  request: PageRequest,
  selection: UserSelection,
  complete: (key: UserKey) => Promise<User | null>,
): Promise<UserPage> {
  const query = readPageRequest(request);
  const { first, criteria } = query;
  const { path, headers } = pagePath(query, select(selection.properties));
  const page = await readPage(session, path, headers);
  const position = { ...query.position, count: query.position.count ?? page.count };
  const next = page.next === null ? null : follow(position, queryIn(page.next));
  if (page.next !== null && next === null) throw new GraphFailure('bad-response');
  const found = page.items.flatMap((item, at) => usersIn(item).map((user) => ({ user, after: at + 1 })));
  const shown = found.filter(({ after }) => after > position.skip).slice(0, first);
  for (const { user } of shown) for (const facet of selection.facets) facet(user.key).catch(ignoreFailure);
  const isComplete = hasAll(position, selection.properties);
  const users = isComplete ? shown : await Promise.all(shown.map((one) => completed(one, complete)));
  const last = found.at(-1)?.after ?? 0;
  const end = shown.at(-1)?.after ?? last;
  const at = (after: number) =>
    writeCursor(after === last && next !== null ? next : { ...position, skip: after }, criteria);
  return {
    users: users.map(({ user, after }) => ({ user, cursor: at(after) })),
    hasNextPage: next !== null || end < last,
    endCursor: shown.length > 0 || next !== null ? at(end) : null,
    totalCount: asInt(position.count),
  };
}

/** GraphQL's Int has 32 bits. The count from a cursor can be any integer. */
function asInt(count: number | null): number | null {
  return count !== null && count < 2 ** 31 ? count : null;
}

/** The user in an item of a page. Empty for an item without a valid id. */
function usersIn(item: JsonObject): User[] {
  const properties = readUser(item);
  const user = properties === null ? null : userOf(properties);
  return user === null || user instanceof GraphFailure ? [] : [user];
}

interface Place {
  readonly user: User;
  /** Number of items of the page up to this one. */
  readonly after: number;
}

/** Reads the missing properties. A user that was deleted in the meantime keeps those of the page. */
async function completed(
  { user, after }: Place,
  complete: (key: UserKey) => Promise<User | null>,
): Promise<Place> {
  return { user: (await complete(user.key)) ?? user, after };
}

/** Whether the page has all requested properties. A page keeps the selection of the first page. */
function hasAll({ query }: Position, properties: readonly string[]): boolean {
  const selected = query === null ? null : selectedBy(query);
  return selected === null || properties.every((name) => selected.has(name));
}

function queryIn(path: GraphPath): GraphQuery {
  return rawQuery(path.slice(pathname(path).length));
}
