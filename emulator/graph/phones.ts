// The read operations of phones: list, count, get (Microsoft Graph docs, profile-list-phones and itemphone-get).

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
import type { StoredPhone, StoredUser } from '../tenant/tenant.ts';
import type { Owner } from './profile.ts';
import { applied, ownerOf, phoneOf, phoneResponse, viewOf } from './profile.ts';
import type { View } from './render.ts';
import { renderPhone } from './render.ts';
import type { GraphRequest } from './request.ts';
import { context, selected } from './request.ts';
import type { EmulatorResponse } from './responses.ts';
import { json } from './responses.ts';
import type { GraphState } from './state.ts';

/** The documentation has no page size. With this one, a profile of 30 phones has two pages. */
const PAGE_SIZE = 25;
const LIST_OPTIONS = ['filter', 'orderby', 'select', 'skip', 'top', 'count'];

export function listPhones(state: GraphState, request: GraphRequest, owner: Owner): EmulatorResponse {
  const user = ownerOf(state, request, owner, 'read');
  const options = readOptions(request.target.query, LIST_OPTIONS);
  const view = viewOf(state, request, options);
  const found = matching(state, user, options, view);
  const start = readNumber(options, 'skip') ?? 0;
  const size = readTop(options, 0) ?? PAGE_SIZE;
  const hasMore = size > 0 && start + size < found.length;
  const body = {
    '@odata.context': context(request, `users('${user.id}')/profile/phones${selected(view.select)}`),
    ...(readCount(options) ? { '@odata.count': found.length } : {}),
    ...(hasMore ? { '@odata.nextLink': nextLink(request, start + size) } : {}),
    value: found.slice(start, start + size).map((phone) => renderPhone(phone, view)),
  };
  return json(200, body, applied(view));
}

/** Uses `$skip`, as the Outlook services do. The link keeps all other options. */
function nextLink(request: GraphRequest, skip: number): string {
  return `${request.origin}${request.target.path}?${withOption(request.target.query, 'skip', String(skip))}`;
}

export function countPhones(state: GraphState, request: GraphRequest, owner: Owner): EmulatorResponse {
  const user = ownerOf(state, request, owner, 'read');
  const options = readOptions(request.target.query, ['filter']);
  const view = viewOf(state, request, options);
  const count = matching(state, user, options, view).length;
  return { status: 200, headers: { 'Content-Type': 'text/plain', ...applied(view) }, body: String(count) };
}

/** Oldest first without `$orderby`. */
function matching(state: GraphState, user: StoredUser, options: Options, view: View): readonly StoredPhone[] {
  const filter = options.get('filter');
  const order = readOrder(options, view.model, view.newer);
  const phones = state.store.phones(user.id);
  const found = filter === undefined ? phones : phones.filter(parseFilter(filter, view.model, view.newer));
  return order === undefined ? found : found.toSorted(order);
}

export function getPhone(
  state: GraphState,
  request: GraphRequest,
  owner: Owner,
  id: string,
): EmulatorResponse {
  const user = ownerOf(state, request, owner, 'read');
  const view = viewOf(state, request, readOptions(request.target.query, ['select']));
  return phoneResponse(200, request, user, phoneOf(state, user, id), view);
}
