// The profile of a person: whose it is, who may look, and how the answers about its phones are put together. Also the
// profile as a whole, which can be deleted with all that is in it (Microsoft Graph docs, profile-delete).

import type { Options } from '../odata/query-options.ts';
import { readOptions, readSelect } from '../odata/query-options.ts';
import type { StoredPerson, StoredPhone } from '../tenant/tenant.ts';
import type { Deed } from './access.ts';
import { authorize, self } from './access.ts';
import { graphErrors } from './errors.ts';
import type { View } from './render.ts';
import { renderPhone } from './render.ts';
import type { GraphRequest } from './request.ts';
import { context, prefers, selected } from './request.ts';
import type { EmulatorResponse } from './responses.ts';
import { json, noContent } from './responses.ts';
import type { GraphState } from './state.ts';

/** Whose profile a path names: the caller's, or that of a person by object id or user principal name. */
export type Owner = { readonly me: true } | { readonly me: false; readonly key: string };

const NEWER = 'include-unknown-enum-members';

/** The person, when the caller may do this to them and they exist; asked in that order. */
export function ownerOf(world: GraphState, ask: GraphRequest, owner: Owner, deed: Deed): StoredPerson {
  if (owner.me) return self(ask.principal, deed);
  const person = world.store.person(owner.key);
  authorize(ask.principal, deed, person);
  if (person === undefined) throw graphErrors.noResource(owner.key);
  return person;
}

export function getProfile(world: GraphState, ask: GraphRequest, owner: Owner): EmulatorResponse {
  const person = ownerOf(world, ask, owner, 'read');
  const view = viewOf(world, ask, readOptions(ask.target.query, []));
  const phones = world.store.phones(person.id).map((phone) => renderPhone(phone, view));
  const about = context(ask, `users('${person.id}')/profile/$entity`);
  return json(200, { '@odata.context': about, id: person.id, phones }, applied(view));
}

/** Takes everything out of the profile; here that is the phones. */
export function deleteProfile(world: GraphState, ask: GraphRequest, owner: Owner): EmulatorResponse {
  const person = ownerOf(world, ask, owner, 'write');
  readOptions(ask.target.query, []);
  world.store.removeAll(person.id);
  return noContent();
}

export function phoneOf(world: GraphState, person: StoredPerson, id: string): StoredPhone {
  const phone = world.store.phone(person.id, id);
  if (phone === undefined) throw graphErrors.noPhone();
  return phone;
}

export function viewOf(world: GraphState, ask: GraphRequest, options: Options): View {
  const { variant, phones: model } = world;
  return { variant, model, select: readSelect(options, model), newer: prefers(ask, NEWER) };
}

export function answerPhone(
  status: number,
  ask: GraphRequest,
  person: StoredPerson,
  phone: StoredPhone,
  view: View,
): EmulatorResponse {
  const about = `users('${person.id}')/profile/phones${selected(view.select)}/$entity`;
  const body = { '@odata.context': context(ask, about), ...renderPhone(phone, view) };
  return json(status, body, applied(view));
}

/** Says which preferences were honoured (RFC 7240). */
export function applied(view: View, ...others: string[]): Record<string, string> {
  const names = view.newer ? [NEWER, ...others] : others;
  return names.length === 0 ? {} : { 'Preference-Applied': names.join(', ') };
}
