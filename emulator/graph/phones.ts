// Reading the phones of a profile: list, count, get (Microsoft Graph docs, profile-list-phones and itemphone-get).

import { parseFilter } from '../odata/filter.ts';
import type { Options } from '../odata/query-options.ts';
import {
  readCount,
  readNumber,
  readOptions,
  readOrder,
  readTop,
  withOption,
} from '../odata/query-options.ts';
import type { StoredPerson, StoredPhone } from '../tenant/tenant.ts';
import type { Owner } from './profile.ts';
import { answerPhone, applied, ownerOf, phoneOf, viewOf } from './profile.ts';
import type { View } from './render.ts';
import { renderPhone } from './render.ts';
import type { GraphRequest } from './request.ts';
import { context, selected } from './request.ts';
import type { EmulatorResponse } from './responses.ts';
import { json } from './responses.ts';
import type { GraphState } from './state.ts';

/** No page size is documented; with this one a profile of 30 phones takes two pages. */
const PAGE = 25;
const LIST_OPTIONS = ['filter', 'orderby', 'select', 'skip', 'top', 'count'];

export function listPhones(world: GraphState, ask: GraphRequest, owner: Owner): EmulatorResponse {
  const person = ownerOf(world, ask, owner, 'read');
  const options = readOptions(ask.target.query, LIST_OPTIONS);
  const view = viewOf(world, ask, options);
  const found = matching(world, person, options, view);
  const start = readNumber(options, 'skip') ?? 0;
  const size = readTop(options, 0) ?? PAGE;
  const more = size > 0 && start + size < found.length;
  const body = {
    '@odata.context': context(ask, `users('${person.id}')/profile/phones${selected(view.select)}`),
    ...(readCount(options) ? { '@odata.count': found.length } : {}),
    ...(more ? { '@odata.nextLink': nextLink(ask, start + size) } : {}),
    value: found.slice(start, start + size).map((phone) => renderPhone(phone, view)),
  };
  return json(200, body, applied(view));
}

/** Skipped by number, as the services behind Outlook do it; all other options stay in the link. */
function nextLink(ask: GraphRequest, skip: number): string {
  return `${ask.origin}${ask.target.path}?${withOption(ask.target.query, 'skip', String(skip))}`;
}

export function countPhones(world: GraphState, ask: GraphRequest, owner: Owner): EmulatorResponse {
  const person = ownerOf(world, ask, owner, 'read');
  const options = readOptions(ask.target.query, ['filter']);
  const view = viewOf(world, ask, options);
  const count = matching(world, person, options, view).length;
  return { status: 200, headers: { 'Content-Type': 'text/plain', ...applied(view) }, body: String(count) };
}

/** Oldest first, unless another order is asked. */
function matching(
  world: GraphState,
  person: StoredPerson,
  options: Options,
  view: View,
): readonly StoredPhone[] {
  const filter = options.get('filter');
  const order = readOrder(options, view.model, view.newer);
  const phones = world.store.phones(person.id);
  const found = filter === undefined ? phones : phones.filter(parseFilter(filter, view.model, view.newer));
  return order === undefined ? found : found.toSorted(order);
}

export function getPhone(world: GraphState, ask: GraphRequest, owner: Owner, id: string): EmulatorResponse {
  const person = ownerOf(world, ask, owner, 'read');
  const view = viewOf(world, ask, readOptions(ask.target.query, ['select']));
  return answerPhone(200, ask, person, phoneOf(world, person, id), view);
}
