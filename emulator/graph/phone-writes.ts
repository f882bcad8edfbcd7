// The write operations of phones: create, update, delete (Microsoft Graph docs, profile-post-phones, itemphone-update and
// itemphone-delete). `phone-values.ts` validates the bodies.

import { readOptions } from '../odata/query-options.ts';
import type { IdentitySet, StoredPhone, StoredUser } from '../tenant/tenant.ts';
import { identityOf } from '../tenant/tenant.ts';
import { graphErrors } from './errors.ts';
import type { Change } from './phone-values.ts';
import { readChange } from './phone-values.ts';
import type { Owner } from './profile.ts';
import { applied, ownerOf, phoneOf, phoneResponse, viewOf } from './profile.ts';
import type { GraphRequest } from './request.ts';
import { prefers, readJson } from './request.ts';
import type { EmulatorResponse } from './responses.ts';
import { noContent } from './responses.ts';
import type { GraphState } from './state.ts';
import type { Principal } from './tokens.ts';

export function createPhone(state: GraphState, request: GraphRequest, owner: Owner): EmulatorResponse {
  const user = ownerOf(state, request, owner, 'write');
  const view = viewOf(state, request, readOptions(request.target.query, []));
  const rules = {
    operation: 'create',
    variant: state.variant,
    sourceForm: state.sourceForm,
    newer: view.newer,
  } as const;
  const change = readChange(readJson(request.headers, request.payload), rules);
  const phone = newPhone(state, request.principal, user, change);
  state.store.put(user.id, phone);
  return phoneResponse(201, request, user, phone, view);
}

/** Absent properties are null, as in the documented response. `allowedAudiences` defaults to `organization`. */
function newPhone(state: GraphState, principal: Principal, user: StoredUser, change: Change): StoredPhone {
  const moment = state.moment();
  const author = authorOf(principal);
  const { inference = null, ...rest } = change;
  return {
    id: freshId(state, user),
    allowedAudiences: 'organization',
    inference: inference === null ? null : { ...EMPTY_INFERENCE, ...inference },
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

const EMPTY_INFERENCE = { confidenceScore: null, userHasVerifiedAccuracy: null } as const;

/** Skips ids that exist: a seeded random source repeats the ids of a tenant that was read from a file. */
export function freshId(state: GraphState, user: StoredUser): string {
  let id = state.random.uuid();
  while (state.store.phone(user.id, id) !== undefined) id = state.random.uuid();
  return id;
}

export function updatePhone(
  state: GraphState,
  request: GraphRequest,
  owner: Owner,
  id: string,
): EmulatorResponse {
  const user = ownerOf(state, request, owner, 'write');
  const view = viewOf(state, request, readOptions(request.target.query, []));
  const old = phoneOf(state, user, id);
  const rules = {
    operation: 'update',
    variant: state.variant,
    sourceForm: state.sourceForm,
    newer: view.newer,
  } as const;
  const phone = withChange(
    state,
    request.principal,
    old,
    readChange(readJson(request.headers, request.payload), rules),
  );
  if (phone !== old) state.store.put(user.id, phone);
  if (prefers(request, 'return=minimal')) return noContent(applied(view, 'return=minimal'));
  return phoneResponse(200, request, user, phone, view);
}

/** An empty change leaves the phone unmodified. Members of `inference` that are not sent keep their values. */
function withChange(state: GraphState, principal: Principal, old: StoredPhone, change: Change): StoredPhone {
  if (Object.keys(change).length === 0) return old;
  const { inference, ...rest } = change;
  return {
    ...old,
    ...rest,
    ...(inference === undefined ? {} : { inference: withInference(old, inference) }),
    lastModifiedDateTime: state.moment(),
    lastModifiedBy: authorOf(principal),
  };
}

function withInference(
  old: StoredPhone,
  sent: NonNullable<Change['inference']> | null,
): StoredPhone['inference'] {
  return sent === null ? null : { ...EMPTY_INFERENCE, ...old.inference, ...sent };
}

/** Ignores `If-Match`. The header is documented, but phones have no entity tag. */
export function deletePhone(
  state: GraphState,
  request: GraphRequest,
  owner: Owner,
  id: string,
): EmulatorResponse {
  const user = ownerOf(state, request, owner, 'write');
  readOptions(request.target.query, []);
  if (!state.store.remove(user.id, id)) throw graphErrors.noPhone();
  return noContent();
}

export function authorOf(principal: Principal): IdentitySet {
  if (principal.kind === 'application')
    return { application: principal.application, device: null, user: null };
  const { user, application = null } = principal;
  return { ...identityOf(user.displayName, user.id), application };
}
