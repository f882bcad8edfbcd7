// The directory: `/me`, `/users`, `/users/$count` and `/users/{id}`, on v1.0 and beta. Pages use `$skiptoken`. Searches,
// counts and some filters need an advanced query (Microsoft Graph docs, aad-advanced-queries).
import { createHash } from 'node:crypto';
import { parseFilter } from '../odata/filter.ts';
import type { Model } from '../odata/model.ts';
import type { Options } from '../odata/query-options.ts';
import {
  readCount,
  readOptions,
  readOrder,
  readSelect,
  readTop,
  withOption,
} from '../odata/query-options.ts';
import { parseSearch } from '../odata/search.ts';
import { standardUserProperties, userModel } from '../odata/user-model.ts';
import type { StoredUser } from '../tenant/tenant.ts';
import { authorize, authorizeDirectory, seesWholeProfile, signedInUser } from './access.ts';
import { graphErrors } from './errors.ts';
import { renderUser } from './render.ts';
import type { GraphRequest } from './request.ts';
import { acceptsEventual, context, selected } from './request.ts';
import type { EmulatorResponse } from './responses.ts';
import { json } from './responses.ts';
import type { GraphState } from './state.ts';

const PAGE_SIZE = 100;

export function getMe(_state: GraphState, request: GraphRequest): EmulatorResponse {
  return userResponse(request, signedInUser(request.principal, 'read'));
}

export function getUser(state: GraphState, request: GraphRequest, key: string): EmulatorResponse {
  const user = state.store.user(key);
  authorize(request.principal, 'read', user);
  if (user === undefined) throw graphErrors.noResource(key);
  return userResponse(request, user);
}

function userResponse(request: GraphRequest, user: StoredUser): EmulatorResponse {
  const select = readSelect(
    readOptions(request.target.query, ['select'], NOT_EMULATED),
    modelFor(request, false),
  );
  return json(200, {
    '@odata.context': context(request, `users${selected(select)}/$entity`),
    ...renderUser(user, propertiesFor(request, select), seesWholeProfile(request.principal, user)),
  });
}

function modelFor({ principal }: GraphRequest, isAdvanced: boolean): Model {
  return userModel({ isAdvanced, seesWholeProfile: seesWholeProfile(principal, undefined) });
}

function propertiesFor(request: GraphRequest, select: ReadonlySet<string> | undefined): ReadonlySet<string> {
  return select ?? new Set(standardUserProperties(request.target.version));
}

/** Options that Graph has and the emulator lacks. Graph has no `$skip` for users (docs, user-list). */
const NOT_EMULATED = ['expand', 'format'];
const LIST_OPTIONS = ['select', 'filter', 'search', 'orderby', 'top', 'count', 'skiptoken'];

export function listUsers(state: GraphState, request: GraphRequest): EmulatorResponse {
  authorizeDirectory(request.principal);
  const options = readOptions(request.target.query, LIST_OPTIONS, NOT_EMULATED);
  const isCounted = readCount(options) && acceptsEventual(request);
  const model = modelFor(request, isCounted);
  const select = readSelect(options, model);
  const size = readTop(options, 1) ?? PAGE_SIZE;
  const start = readPosition(options);
  const found = sorted(matching(state.store.users(), request, options, model), options, model, isCounted);
  const end = start + size;
  const properties = propertiesFor(request, select);
  return json(200, {
    '@odata.context': context(request, `users${selected(select)}`),
    // Only on the first page (docs, query-parameters, skipToken).
    ...(isCounted && start === 0 ? { '@odata.count': found.length } : {}),
    ...(end < found.length ? { '@odata.nextLink': nextLink(request, options, end) } : {}),
    value: found
      .slice(start, end)
      .map((user) => renderUser(user, properties, seesWholeProfile(request.principal, user))),
  });
}

export function countUsers(state: GraphState, request: GraphRequest): EmulatorResponse {
  authorizeDirectory(request.principal);
  const options = readOptions(request.target.query, ['filter', 'search']);
  if (!acceptsEventual(request)) throw graphErrors.noCount();
  const found = matching(state.store.users(), request, options, modelFor(request, true));
  return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: String(found.length) };
}

function matching(
  users: readonly StoredUser[],
  request: GraphRequest,
  options: Options,
  model: Model,
): readonly StoredUser[] {
  const filter = options.get('filter');
  const search = options.get('search');
  if (search !== undefined && !acceptsEventual(request)) throw graphErrors.needsEventual('$search');
  let found = users;
  if (filter !== undefined) found = found.filter(parseFilter(filter, model, false));
  if (search !== undefined) found = found.filter(parseSearch(search, model));
  return found;
}

function sorted(
  users: readonly StoredUser[],
  options: Options,
  model: Model,
  isAdvanced: boolean,
): readonly StoredUser[] {
  const keys = options.get('orderby');
  if (keys === undefined) return users;
  checkOrder(keys);
  const order = readOrder(options, model, false);
  if (options.has('filter') && !isAdvanced) throw graphErrors.noSorting();
  return order === undefined ? users : users.toSorted(order);
}

/** The sortable properties, of those that the emulator has (docs, aad-advanced-queries). */
const SORTABLE = ['displayName', 'userPrincipalName'];
/** Graph can sort by these in an advanced query. The emulator lacks them. */
const DATES = ['createdDateTime', 'deletedDateTime'];

function checkOrder(keys: string): void {
  const [first = '', ...others] = keys.split(',');
  if (others.length > 0) throw graphErrors.notEmulated('several keys in $orderby of users');
  const name = first.trim().split(/\s+/)[0] ?? '';
  if (DATES.includes(name)) throw graphErrors.notEmulated(`the property '${name}' of a user`);
  if (!SORTABLE.includes(name)) throw graphErrors.sortOfProperty(name, 'User');
}

/**
 * A page token holds the position of the next page and a hash of the query. Microsoft Graph's documentation forbids a
 * token in another query ("Paging Microsoft Graph data in your app"), but does not name the error. The emulator rejects
 * such a token.
 */
function nextLink(request: GraphRequest, options: Options, position: number): string {
  const token = Buffer.from(`people:${position}:${hashOf(options)}`).toString('base64url');
  return `${request.origin}${request.target.path}?${withOption(request.target.query, 'skiptoken', token)}`;
}

function readPosition(options: Options): number {
  const token = options.get('skiptoken');
  if (token === undefined) return 0;
  const text = Buffer.from(token, 'base64url').toString();
  const [, position, hash] = /^people:(\d{1,7}):([\w-]+)$/.exec(text) ?? [];
  if (position === undefined || hash !== hashOf(options) || Buffer.from(text).toString('base64url') !== token)
    throw graphErrors.optionValue('$skiptoken', token);
  return Number(position);
}

/** A hash of all options but `$skiptoken`. */
function hashOf(options: Options): string {
  const others = [...options].filter(([name]) => name !== 'skiptoken').toSorted();
  return createHash('sha256').update(JSON.stringify(others)).digest('base64url').slice(0, 12);
}
