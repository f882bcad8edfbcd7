// The directory: `/me`, `/users` and `/users/{id}`. Pages by `$skiptoken`, searches and counts only for callers who
// accept the index (`ConsistencyLevel: eventual`), and says no to what the directory of Microsoft Graph does not do.
import { createHash } from 'node:crypto';
import { parseFilter } from '../odata/filter.ts';
import { personModel } from '../odata/model.ts';
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
import type { StoredPerson } from '../tenant/tenant.ts';
import { authorize, authorizeDirectory, self } from './access.ts';
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
  const select = readSelect(readOptions(ask.target.query, ['select']), personModel);
  return json(200, {
    '@odata.context': context(ask, `users${selected(select)}/$entity`),
    ...renderPerson(person, select),
  });
}

const LIST_OPTIONS = ['select', 'filter', 'search', 'orderby', 'top', 'count', 'skiptoken'];

export function listPeople(world: GraphState, ask: GraphRequest): EmulatorResponse {
  authorizeDirectory(ask.principal);
  const options = readOptions(ask.target.query, LIST_OPTIONS);
  checkConsistency(ask, options);
  const select = readSelect(options, personModel);
  const size = readTop(options, 1) ?? PAGE;
  const start = readPosition(options);
  const found = sorted(matching(world.store.people(), options), options);
  const end = start + size;
  return json(200, {
    '@odata.context': context(ask, `users${selected(select)}`),
    ...(readCount(options) ? { '@odata.count': found.length } : {}),
    ...(end < found.length ? { '@odata.nextLink': nextLink(ask, options, end) } : {}),
    value: found.slice(start, end).map((person) => renderPerson(person, select)),
  });
}

function checkConsistency(ask: GraphRequest, options: Options): void {
  if (acceptsEventual(ask)) return;
  if (options.has('search')) throw graphErrors.needsEventual('$search');
  if (readCount(options)) throw graphErrors.needsEventual('$count');
}

function matching(people: readonly StoredPerson[], options: Options): readonly StoredPerson[] {
  const filter = options.get('filter');
  const search = options.get('search');
  let found = people;
  if (filter !== undefined) found = found.filter(parseFilter(filter, personModel, false));
  if (search !== undefined) found = found.filter(parseSearch(search));
  return found;
}

function sorted(people: readonly StoredPerson[], options: Options): readonly StoredPerson[] {
  const order = readOrder(options, personModel, false);
  return order === undefined ? people : people.toSorted(order);
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
