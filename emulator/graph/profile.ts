// The profile of a user: finds its owner, authorizes the caller, and builds the responses that hold its phones. Also
// reads and deletes the whole profile (Microsoft Graph docs, profile-delete).

import type { Options } from '../odata/query-options.ts';
import { readOptions, readSelect } from '../odata/query-options.ts';
import type { StoredPhone, StoredUser } from '../tenant/tenant.ts';
import type { Access } from './access.ts';
import { authorize, signedInUser } from './access.ts';
import { graphErrors } from './errors.ts';
import type { View } from './render.ts';
import { renderPhone } from './render.ts';
import type { GraphRequest } from './request.ts';
import { context, prefers, selected } from './request.ts';
import type { EmulatorResponse } from './responses.ts';
import { json, noContent } from './responses.ts';
import type { GraphState } from './state.ts';

/** The owner of the profile in a path: the caller, or the user with this object id or user principal name. */
export type Owner = { readonly me: true } | { readonly me: false; readonly key: string };

const NEWER = 'include-unknown-enum-members';

/**
 * Returns the owner of a profile. Checks the permission first, then whether the owner exists.
 *
 * @throws GraphError
 */
export function ownerOf(state: GraphState, request: GraphRequest, owner: Owner, access: Access): StoredUser {
  if (owner.me) return signedInUser(request.principal, access);
  const user = state.store.user(owner.key);
  authorize(request.principal, access, user);
  if (user === undefined) throw graphErrors.noResource(owner.key);
  return user;
}

export function getProfile(state: GraphState, request: GraphRequest, owner: Owner): EmulatorResponse {
  const user = ownerOf(state, request, owner, 'read');
  const view = viewOf(state, request, readOptions(request.target.query, []));
  const phones = state.store.phones(user.id).map((phone) => renderPhone(phone, view));
  const about = context(request, `users('${user.id}')/profile/$entity`);
  return json(200, { '@odata.context': about, id: user.id, phones }, applied(view));
}

/** Deletes everything in the profile. Here, a profile holds only phones. */
export function deleteProfile(state: GraphState, request: GraphRequest, owner: Owner): EmulatorResponse {
  const user = ownerOf(state, request, owner, 'write');
  readOptions(request.target.query, []);
  state.store.removeAll(user.id);
  return noContent();
}

export function phoneOf(state: GraphState, user: StoredUser, id: string): StoredPhone {
  const phone = state.store.phone(user.id, id);
  if (phone === undefined) throw graphErrors.noPhone();
  return phone;
}

export function viewOf(state: GraphState, request: GraphRequest, options: Options): View {
  const { variant, phones: model } = state;
  return { variant, model, select: readSelect(options, model), newer: prefers(request, NEWER) };
}

export function phoneResponse(
  status: number,
  request: GraphRequest,
  user: StoredUser,
  phone: StoredPhone,
  view: View,
): EmulatorResponse {
  const fragment = `users('${user.id}')/profile/phones${selected(view.select)}/$entity`;
  const body = { '@odata.context': context(request, fragment), ...renderPhone(phone, view) };
  return json(status, body, applied(view));
}

/** The header with the preferences that were applied (RFC 7240). */
export function applied(view: View, ...others: string[]): Record<string, string> {
  const names = view.newer ? [NEWER, ...others] : others;
  return names.length === 0 ? {} : { 'Preference-Applied': names.join(', ') };
}
