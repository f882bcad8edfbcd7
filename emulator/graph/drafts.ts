// The early drafts of the documentation, answered as they show it: `POST /user/{id}/profile/phones` in the namespace of
// the time, `POST /me/profile/phones/$ref`, and `PATCH /user/{id}/profile/phones/{id}`. Their bodies carry read-only
// properties and placeholders such as "String"; all of it is kept as it came. Off unless asked for.

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
const TEXTS = [
  'id',
  'allowedAudiences',
  'createdDateTime',
  'lastModifiedDateTime',
  'displayName',
  'type',
  'number',
];
const OBJECTS = ['inference', 'createdBy', 'lastModifiedBy', 'source'];
/** The examples are from a place three hours east of Greenwich. */
const OFFSET = 180;

export function createFromDraft(world: GraphState, ask: GraphRequest, owner: Owner): EmulatorResponse {
  const person = ownerOf(world, ask, owner, 'write');
  readOptions(ask.target.query, []);
  const body = readDraft(ask);
  const moment = atOffset(world.moment(), OFFSET);
  const phone = {
    id: freshId(world, person),
    allowedAudiences: 'organization',
    inference: null,
    createdDateTime: moment,
    createdBy: authorOf(ask.principal),
    lastModifiedDateTime: moment,
    lastModifiedBy: { '@odata.type': identityTypeBeside(body['@odata.type']) },
    displayName: null,
    type: null,
    number: null,
    ...body,
  } as StoredPhone;
  world.store.put(person.id, phone);
  return json(201, written(phone));
}

export function updateFromDraft(
  world: GraphState,
  ask: GraphRequest,
  owner: Owner,
  id: string,
): EmulatorResponse {
  const person = ownerOf(world, ask, owner, 'write');
  readOptions(ask.target.query, []);
  const old = phoneOf(world, person, id);
  const phone = {
    ...old,
    lastModifiedDateTime: world.moment(),
    lastModifiedBy: authorOf(ask.principal),
    ...readDraft(ask),
    id,
  } as StoredPhone;
  world.store.put(person.id, phone);
  const { createdBy, lastModifiedBy } = phone;
  return json(200, {
    ...written({ '@odata.type': '#microsoft.graph.itemPhone', ...phone }),
    createdBy: userOnly(createdBy),
    lastModifiedBy: userOnly(lastModifiedBy),
  });
}

/** Any member of itemPhone, the read-only ones too; the values are only looked at for being a text or an object. */
function readDraft(ask: GraphRequest): Record<string, unknown> {
  const body = readJson(ask.headers, ask.payload);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw graphErrors.unreadable();
  for (const [name, value] of Object.entries(body)) checkMember(name, value);
  return body as Record<string, unknown>;
}

function checkMember(name: string, value: unknown): void {
  if (name === '@odata.type') {
    if (!TYPES.some((type) => value === type || value === `#${type}`)) throw graphErrors.mismatch(name);
    return;
  }
  const wanted = TEXTS.includes(name) ? 'string' : OBJECTS.includes(name) ? 'object' : undefined;
  if (wanted === undefined) throw graphErrors.unknownProperty(name, TYPES[0]);
  if (value !== null && (typeof value !== wanted || Array.isArray(value))) throw graphErrors.mismatch(name);
}

function identityTypeBeside(type: unknown): string {
  const name = typeof type === 'string' ? type.replace(/^#/, '') : TYPES[0];
  return name.replace(/itemPhone$/, 'identitySet');
}

/** In the drafts' order. They know neither isSearchable nor sources. */
function written(phone: StoredPhone): Record<string, unknown> {
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

/** The draft of the update page shows no more than who, id first. */
function userOnly(identities: unknown): unknown {
  const { user } = (identities ?? {}) as { user?: { id?: unknown; displayName?: unknown } };
  return user === undefined ? identities : { user: { id: user?.id, displayName: user?.displayName } };
}
