// Writing the phones of a profile: create, update, delete (Microsoft Graph docs, profile-post-phones, itemphone-update
// and itemphone-delete). What may be written is in `values.ts`; here is what becomes of it.

import { readOptions } from '../odata/query-options.ts';
import type { IdentitySet, StoredPerson, StoredPhone } from '../tenant/tenant.ts';
import { identityOf } from '../tenant/tenant.ts';
import { graphErrors } from './errors.ts';
import type { Change } from './phone-values.ts';
import { readChange } from './phone-values.ts';
import type { Owner } from './profile.ts';
import { answerPhone, applied, ownerOf, phoneOf, viewOf } from './profile.ts';
import type { GraphRequest } from './request.ts';
import { prefers, readJson } from './request.ts';
import type { EmulatorResponse } from './responses.ts';
import { noContent } from './responses.ts';
import type { GraphState } from './state.ts';
import type { Principal } from './tokens.ts';

export function createPhone(world: GraphState, ask: GraphRequest, owner: Owner): EmulatorResponse {
  const person = ownerOf(world, ask, owner, 'write');
  const view = viewOf(world, ask, readOptions(ask.target.query, []));
  const rules = {
    deed: 'create',
    variant: world.variant,
    sourceForm: world.sourceForm,
    newer: view.newer,
  } as const;
  const change = readChange(readJson(ask.headers, ask.payload), rules);
  const phone = newPhone(world, ask.principal, person, change);
  world.store.put(person.id, phone);
  return answerPhone(201, ask, person, phone, view);
}

/** What nobody gave is null, also the type, as the documented answer has it; who may see it: the organization. */
function newPhone(
  world: GraphState,
  principal: Principal,
  person: StoredPerson,
  change: Change,
): StoredPhone {
  const moment = world.moment();
  const author = authorOf(principal);
  const { inference = null, ...rest } = change;
  return {
    id: freshId(world, person),
    allowedAudiences: 'organization',
    inference: inference === null ? null : { ...UNKNOWN, ...inference },
    createdDateTime: moment,
    createdBy: author,
    lastModifiedDateTime: moment,
    lastModifiedBy: author,
    displayName: null,
    type: null,
    number: null,
    ...rest,
  };
}

const UNKNOWN = { confidenceScore: null, userHasVerifiedAccuracy: null } as const;

/** A seeded source of ids that starts again must not run into ids that were kept in a file. */
export function freshId(world: GraphState, person: StoredPerson): string {
  let id = world.random.uuid();
  while (world.store.phone(person.id, id) !== undefined) id = world.random.uuid();
  return id;
}

export function updatePhone(
  world: GraphState,
  ask: GraphRequest,
  owner: Owner,
  id: string,
): EmulatorResponse {
  const person = ownerOf(world, ask, owner, 'write');
  const view = viewOf(world, ask, readOptions(ask.target.query, []));
  const old = phoneOf(world, person, id);
  const rules = {
    deed: 'update',
    variant: world.variant,
    sourceForm: world.sourceForm,
    newer: view.newer,
  } as const;
  const phone = changed(world, ask.principal, old, readChange(readJson(ask.headers, ask.payload), rules));
  if (phone !== old) world.store.put(person.id, phone);
  if (prefers(ask, 'return=minimal')) return noContent(applied(view, 'return=minimal'));
  return answerPhone(200, ask, person, phone, view);
}

/** A change of nothing leaves no trace. Within `inference`, members that are not sent keep their values. */
function changed(world: GraphState, principal: Principal, old: StoredPhone, change: Change): StoredPhone {
  if (Object.keys(change).length === 0) return old;
  const { inference, ...rest } = change;
  return {
    ...old,
    ...rest,
    ...(inference === undefined ? {} : { inference: inferred(old, inference) }),
    lastModifiedDateTime: world.moment(),
    lastModifiedBy: authorOf(principal),
  };
}

function inferred(
  old: StoredPhone,
  given: NonNullable<Change['inference']> | null,
): StoredPhone['inference'] {
  return given === null ? null : { ...UNKNOWN, ...old.inference, ...given };
}

/** `If-Match` is documented, but the phones carry no entity tag that it could name; it is not looked at. */
export function deletePhone(
  world: GraphState,
  ask: GraphRequest,
  owner: Owner,
  id: string,
): EmulatorResponse {
  const person = ownerOf(world, ask, owner, 'write');
  readOptions(ask.target.query, []);
  if (!world.store.remove(person.id, id)) throw graphErrors.noPhone();
  return noContent();
}

export function authorOf(principal: Principal): IdentitySet {
  if (principal.kind === 'application')
    return { application: principal.application, device: null, user: null };
  const { person, application = null } = principal;
  return { ...identityOf(person.displayName, person.id), application };
}
