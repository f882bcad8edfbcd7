// The directory: `/me`, `/users`, `/users/$count` and `/users/{id}`, on v1.0 and beta. Pages by `$skiptoken`; searches,
// counts and part of the filters only in advanced queries (Microsoft Graph docs, aad-advanced-queries).
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
import type { StoredPerson } from '../tenant/tenant.ts';
import { authorize, authorizeDirectory, seesWholeProfile, self } from './access.ts';
import { graphErrors } from './errors.ts';
import { renderPerson } from './render.ts';
import type { GraphRequest } from './request.ts';
import { acceptsEventual, context, selected } from './request.ts';
import type { EmulatorResponse } from './responses.ts';
import { json } from './responses.ts';
import type { GraphState } from './state.ts';

const PAGE = 100;

export function getMe(_world: GraphState, ask: GraphRequest): EmulatorResponse {
  return one(ask, self(ask.principal, 'read'));
}

export function getPerson(world: GraphState, ask: GraphRequest, key: string): EmulatorResponse {
  const person = world.store.person(key);
  authorize(ask.principal, 'read', person);
  if (person === undefined) throw graphErrors.noResource(key);
  return one(ask, person);
}

function one(ask: GraphRequest, person: StoredPerson): EmulatorResponse {
  const select = readSelect(readOptions(ask.target.query, ['select'], LACKING), modelFor(ask, false));
  return json(200, {
    '@odata.context': context(ask, `users${selected(select)}/$entity`),
    ...renderPerson(person, shownTo(ask, select), seesWholeProfile(ask.principal, person)),
  });
}

function modelFor({ principal }: GraphRequest, isAdvanced: boolean): Model {
  return userModel({ isAdvanced, isWhole: seesWholeProfile(principal, undefined) });
}

function shownTo(ask: GraphRequest, select: ReadonlySet<string> | undefined): ReadonlySet<string> {
  return select ?? new Set(standardUserProperties(ask.target.version));
}

/** `$skip` is in neither: users have none in Graph (docs, user-list). */
const LACKING = ['expand', 'format'];
const LIST_OPTIONS = ['select', 'filter', 'search', 'orderby', 'top', 'count', 'skiptoken'];

export function listPeople(world: GraphState, ask: GraphRequest): EmulatorResponse {
  authorizeDirectory(ask.principal);
  const options = readOptions(ask.target.query, LIST_OPTIONS, LACKING);
  const isCounted = readCount(options) && acceptsEventual(ask);
  const model = modelFor(ask, isCounted);
  const select = readSelect(options, model);
  const size = readTop(options, 1) ?? PAGE;
  const start = readPosition(options);
  const found = sorted(matching(world.store.people(), ask, options, model), options, model, isCounted);
  const end = start + size;
  const shown = shownTo(ask, select);
  return json(200, {
    '@odata.context': context(ask, `users${selected(select)}`),
    // On the first page only (docs, query-parameters, skipToken).
    ...(isCounted && start === 0 ? { '@odata.count': found.length } : {}),
    ...(end < found.length ? { '@odata.nextLink': nextLink(ask, options, end) } : {}),
    value: found
      .slice(start, end)
      .map((person) => renderPerson(person, shown, seesWholeProfile(ask.principal, person))),
  });
}

export function countPeople(world: GraphState, ask: GraphRequest): EmulatorResponse {
  authorizeDirectory(ask.principal);
  const options = readOptions(ask.target.query, ['filter', 'search']);
  if (!acceptsEventual(ask)) throw graphErrors.noCount();
  const found = matching(world.store.people(), ask, options, modelFor(ask, true));
  return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: String(found.length) };
}

function matching(
  people: readonly StoredPerson[],
  ask: GraphRequest,
  options: Options,
  model: Model,
): readonly StoredPerson[] {
  const filter = options.get('filter');
  const search = options.get('search');
  if (search !== undefined && !acceptsEventual(ask)) throw graphErrors.needsEventual('$search');
  let found = people;
  if (filter !== undefined) found = found.filter(parseFilter(filter, model, false));
  if (search !== undefined) found = found.filter(parseSearch(search, model));
  return found;
}

function sorted(
  people: readonly StoredPerson[],
  options: Options,
  model: Model,
  isAdvanced: boolean,
): readonly StoredPerson[] {
  const keys = options.get('orderby');
  if (keys === undefined) return people;
  checkOrder(keys);
  const order = readOrder(options, model, false);
  if (options.has('filter') && !isAdvanced) throw graphErrors.noSorting();
  return order === undefined ? people : people.toSorted(order);
}

/** Of the properties here these two can be sorted by (docs, aad-advanced-queries). */
const SORTABLE = ['displayName', 'userPrincipalName'];
/** These two in an advanced query. */
const DATES = ['createdDateTime', 'deletedDateTime'];

function checkOrder(keys: string): void {
  const [first = '', ...others] = keys.split(',');
  if (others.length > 0) throw graphErrors.notEmulated('several keys in $orderby of users');
  const name = first.trim().split(/\s+/)[0] ?? '';
  if (DATES.includes(name)) throw graphErrors.notEmulated(`the property '${name}' of a user`);
  if (!SORTABLE.includes(name)) throw graphErrors.sortOfProperty(name, 'User');
}

/**
 * A page token says where to go on, and in which query. Microsoft Graph's documentation says not to take it into another
 * ("Paging Microsoft Graph data in your app"), and not what comes of it; here such a token is refused.
 */
function nextLink(ask: GraphRequest, options: Options, position: number): string {
  const token = Buffer.from(`people:${position}:${markOf(options)}`).toString('base64url');
  return `${ask.origin}${ask.target.path}?${withOption(ask.target.query, 'skiptoken', token)}`;
}

function readPosition(options: Options): number {
  const token = options.get('skiptoken');
  if (token === undefined) return 0;
  const text = Buffer.from(token, 'base64url').toString();
  const [, position, mark] = /^people:(\d{1,7}):([\w-]+)$/.exec(text) ?? [];
  if (position === undefined || mark !== markOf(options) || Buffer.from(text).toString('base64url') !== token)
    throw graphErrors.optionValue('$skiptoken', token);
  return Number(position);
}

/** Of all that a query asks for but where it goes on. */
function markOf(options: Options): string {
  const asked = [...options].filter(([name]) => name !== 'skiptoken').toSorted();
  return createHash('sha256').update(JSON.stringify(asked)).digest('base64url').slice(0, 12);
}
