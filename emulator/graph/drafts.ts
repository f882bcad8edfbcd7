// The paths of the documentation's early drafts, with the responses that the drafts show:
// `POST /user/{id}/profile/phones` in the old namespace, `POST /me/profile/phones/$ref`, and
// `PATCH /user/{id}/profile/phones/{id}`. The bodies hold read-only properties and placeholders such as "String". They
// are stored as received. Served only with the option `drafts`.

import { atOffset } from '../odata/instants.ts';
import { readOptions } from '../odata/query-options.ts';
import type { StoredPhone } from '../tenant/tenant.ts';
import { graphErrors } from './errors.ts';
import { authorOf, freshId } from './phone-writes.ts';
import type { Owner } from './profile.ts';
import { ownerOf, phoneOf } from './profile.ts';
import type { GraphRequest } from './request.ts';
import { readJson } from './request.ts';
import type { EmulatorResponse } from './responses.ts';
import { json } from './responses.ts';
import type { GraphState } from './state.ts';

const TYPES = [
  'microsoft.graph.itemPhone',
  'Microsoft.Fast.PI.ViewGenerator.V2.Profile.Models.itemPhone',
] as const;
const STRINGS = [
  'id',
  'allowedAudiences',
  'createdDateTime',
  'lastModifiedDateTime',
  'displayName',
  'type',
  'number',
];
const OBJECTS = ['inference', 'createdBy', 'lastModifiedBy', 'source'];
/** The examples have the time zone +03:00. In minutes. */
const OFFSET = 180;

export function createFromDraft(state: GraphState, request: GraphRequest, owner: Owner): EmulatorResponse {
  const user = ownerOf(state, request, owner, 'write');
  readOptions(request.target.query, []);
  const body = readDraft(request);
  const moment = atOffset(state.moment(), OFFSET);
  const phone = {
    id: freshId(state, user),
    allowedAudiences: 'organization',
    inference: null,
    createdDateTime: moment,
    createdBy: authorOf(request.principal),
    lastModifiedDateTime: moment,
    lastModifiedBy: { '@odata.type': identityTypeFor(body['@odata.type']) },
    displayName: null,
    type: null,
    number: null,
    ...body,
  } as StoredPhone;
  state.store.put(user.id, phone);
  return json(201, renderDraft(phone));
}

export function updateFromDraft(
  state: GraphState,
  request: GraphRequest,
  owner: Owner,
  id: string,
): EmulatorResponse {
  const user = ownerOf(state, request, owner, 'write');
  readOptions(request.target.query, []);
  const old = phoneOf(state, user, id);
  const phone = {
    ...old,
    lastModifiedDateTime: state.moment(),
    lastModifiedBy: authorOf(request.principal),
    ...readDraft(request),
    id,
  } as StoredPhone;
  state.store.put(user.id, phone);
  const { createdBy, lastModifiedBy } = phone;
  return json(200, {
    ...renderDraft({ '@odata.type': '#microsoft.graph.itemPhone', ...phone }),
    createdBy: userOnly(createdBy),
    lastModifiedBy: userOnly(lastModifiedBy),
  });
}

/** Accepts every property of itemPhone, also the read-only ones. Checks only that a value is a string or an object. */
function readDraft(request: GraphRequest): Record<string, unknown> {
  const body = readJson(request.headers, request.payload);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw graphErrors.unreadable();
  for (const [name, value] of Object.entries(body)) checkMember(name, value);
  return body as Record<string, unknown>;
}

function checkMember(name: string, value: unknown): void {
  if (name === '@odata.type') {
    if (!TYPES.some((type) => value === type || value === `#${type}`)) throw graphErrors.mismatch(name);
    return;
  }
  const expected = STRINGS.includes(name) ? 'string' : OBJECTS.includes(name) ? 'object' : undefined;
  if (expected === undefined) throw graphErrors.unknownProperty(name, TYPES[0]);
  if (value !== null && (typeof value !== expected || Array.isArray(value))) throw graphErrors.mismatch(name);
}

function identityTypeFor(type: unknown): string {
  const name = typeof type === 'string' ? type.replace(/^#/, '') : TYPES[0];
  return name.replace(/itemPhone$/, 'identitySet');
}

/** In the order of the drafts, which have neither isSearchable nor sources. */
function renderDraft(phone: StoredPhone): Record<string, unknown> {
  const type = phone['@odata.type'] ?? '#microsoft.graph.itemPhone';
  const { id, allowedAudiences, inference, createdDateTime, createdBy, lastModifiedDateTime } = phone;
  const { lastModifiedBy, source, displayName, type: kind, number } = phone;
  return {
    '@odata.type': type,
    id,
    allowedAudiences,
    inference,
    createdDateTime,
    createdBy,
    lastModifiedDateTime,
    lastModifiedBy,
    ...(source === undefined ? {} : { source }),
    displayName,
    type: kind,
    number,
  };
}

/** The draft of the update page shows only the user of an identity set, with the id first. */
function userOnly(identities: unknown): unknown {
  const { user } = (identities ?? {}) as { user?: { id?: unknown; displayName?: unknown } };
  return user === undefined ? identities : { user: { id: user?.id, displayName: user?.displayName } };
}
