// Graph's JSON of an itemPhone, and what the rest of the program makes of it. Reading is tolerant: every form that was
// seen or is documented reads well, and a value that makes no sense reads as null without spoiling its neighbours.
// Sources: Microsoft Graph beta metadata (itemPhone, itemFacet), the documented examples, OData JSON format 4.01.
import type { AllowedAudiences, PhoneType } from '../__generated__/schema-types.ts';
import { isJsonObject, type JsonObject } from '../graph/response.ts';
import { phoneId } from './phone-id.ts';

/** `phoneType`: the names that GraphQL has for it, and Graph's words. The last stands for whatever is not known here. */
export const phoneTypes = {
  HOME: 'home',
  BUSINESS: 'business',
  MOBILE: 'mobile',
  OTHER: 'other',
  ASSISTANT: 'assistant',
  HOME_FAX: 'homeFax',
  BUSINESS_FAX: 'businessFax',
  OTHER_FAX: 'otherFax',
  PAGER: 'pager',
  RADIO: 'radio',
  UNKNOWN_FUTURE_VALUE: 'unknownFutureValue',
} as const satisfies Record<PhoneType, string>;

/** `allowedAudiences`, a flags enum: the names that GraphQL has for it, Graph's words, and the bit of each. */
export const allowedAudiences = {
  // 0: it vanishes in any combination.
  ME: { word: 'me', bit: 0 },
  FAMILY: { word: 'family', bit: 1 },
  CONTACTS: { word: 'contacts', bit: 2 },
  GROUP_MEMBERS: { word: 'groupMembers', bit: 4 },
  ORGANIZATION: { word: 'organization', bit: 8 },
  FEDERATED_ORGANIZATIONS: { word: 'federatedOrganizations', bit: 16 },
  EVERYONE: { word: 'everyone', bit: 32 },
  UNKNOWN_FUTURE_VALUE: { word: 'unknownFutureValue', bit: 64 },
} as const satisfies Record<AllowedAudiences, { readonly word: string; readonly bit: number }>;

export interface Inference {
  readonly confidenceScore: number | null;
  readonly userHasVerifiedAccuracy: boolean | null;
}

export interface Source {
  readonly type: string[] | null;
}

export interface SourceAnnotation {
  readonly sourceId: string | null;
  readonly isDefaultSource: boolean | null;
  readonly properties: string[] | null;
}

export interface IdentitySet {
  readonly application?: Identity | null;
  readonly device?: Identity | null;
  readonly user: Identity | null;
}

export interface Identity {
  readonly objectId: string | null;
  readonly displayName: string | null;
}

/** An itemPhone, with every absent or senseless value as null. */
export interface Phone {
  /** The global id; null where it is not known whose phone it is, or not yet. */
  readonly id: string | null;
  /** Graph's own, unique within one profile. */
  readonly graphId: string;
  readonly displayName: string | null;
  readonly number: string | null;
  readonly type: PhoneType | null;
  readonly allowedAudiences: AllowedAudiences[] | null;
  readonly inference: Inference | null;
  readonly isSearchable: boolean | null;
  readonly source: Source | null;
  readonly sources: SourceAnnotation[] | null;
  readonly createdBy: IdentitySet | null;
  readonly createdDateTime: string | null;
  readonly lastModifiedBy: IdentitySet | null;
  readonly lastModifiedDateTime: string | null;
  /** `@odata.etag`, where Graph gave one; none is documented for phones. */
  readonly etag: string | null;
}

/**
 * Reads an itemPhone; null when it has no id and so is none. `@odata.type`, legacy or not, is never asked for. Each value
 * is read here, once: a compiled operation looks at a value that has fields of its own once for each of them, and more.
 *
 * @param owner the object id of the person, where it is known
 */
export function readPhone(json: JsonObject, owner: string | null = null): Phone | null {
  const graphId = text(json['id']);
  if (graphId === null || graphId === '') return null;
  return {
    id: owner === null ? null : phoneId(owner, graphId),
    graphId,
    displayName: text(json['displayName']),
    number: text(json['number']),
    type: readPhoneType(json['type']),
    allowedAudiences: readAudiences(json['allowedAudiences']),
    inference: readInference(json['inference']),
    isSearchable: flag(json['isSearchable']),
    source: readSource(json['source']),
    sources: readSources(json['sources']),
    createdBy: readIdentitySet(json['createdBy']),
    createdDateTime: readInstant(json['createdDateTime']),
    lastModifiedBy: readIdentitySet(json['lastModifiedBy']),
    lastModifiedDateTime: readInstant(json['lastModifiedDateTime']),
    etag: text(json['@odata.etag']),
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function flag(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

function texts(value: unknown): string[] | null {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : null;
}

/** By Graph's word, the same in lower case, and the number that the metadata gives each, which is its place. */
const typesByWord: ReadonlyMap<unknown, PhoneType> = new Map(
  Object.entries(phoneTypes).flatMap(([name, word], at) =>
    [word, word.toLowerCase(), String(at)].map((key) => [key, name as PhoneType] as const),
  ),
);

/**
 * Reads a word in any case, or a number in its place. The enum has no sentinel of its own, so a member that is new
 * arrives by its name.
 */
export function readPhoneType(value: unknown): PhoneType | null {
  if (value === null || value === undefined) return null;
  return typesByWord.get(value) ?? typesByWord.get(String(value).toLowerCase()) ?? 'UNKNOWN_FUTURE_VALUE';
}

export const audiences = Object.keys(allowedAudiences) as AllowedAudiences[];
const bitsByWord: ReadonlyMap<string, number> = new Map(
  Object.values(allowedAudiences).map(({ word, bit }) => [word.toLowerCase(), bit]),
);
const knownBits = [...bitsByWord.values()].reduce((bits, bit) => bits | bit, 0);
const UNKNOWN_BIT = allowedAudiences.UNKNOWN_FUTURE_VALUE.bit;

/** Values that were read before: there are some hundred combinations, and a handful in use. */
const readBefore = new Map<string | number, AllowedAudiences[] | null>();
const MOST_REMEMBERED = 256;

/**
 * Reads a flags value: names in any case, joined by comma with or without blanks, a number, or any mix. All that is unknown becomes
 * one `UNKNOWN_FUTURE_VALUE`; the order is that of the enum.
 */
export function readAudiences(value: unknown): AllowedAudiences[] | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const known = readBefore.get(value);
  if (known !== undefined) return known;
  const list = readFlags(String(value));
  if (readBefore.size < MOST_REMEMBERED) readBefore.set(value, list);
  return list;
}

function readFlags(value: string): AllowedAudiences[] | null {
  const parts = value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) return null;
  const bits = parts.reduce((sum, part) => sum | bitsOf(part), 0);
  return bits === 0 ? ['ME'] : audiences.filter((name) => (allowedAudiences[name].bit & bits) !== 0);
}

function bitsOf(part: string): number {
  const known = bitsByWord.get(part.toLowerCase());
  if (known !== undefined) return known;
  const bits = /^\d{1,9}$/.test(part) ? Number(part) : Number.NaN;
  if (Number.isNaN(bits)) return UNKNOWN_BIT;
  return (bits & ~knownBits) === 0 ? bits : (bits & knownBits) | UNKNOWN_BIT;
}

function readInference(value: unknown): Inference | null {
  if (!isJsonObject(value)) return null;
  return {
    confidenceScore: readDouble(value['confidenceScore']),
    userHasVerifiedAccuracy: flag(value['userHasVerifiedAccuracy']),
  };
}

/** `INF`, `-INF` and `NaN` are texts on the wire, which GraphQL has no Float for; a number may be one, too. */
function readDouble(value: unknown): number | null {
  const number =
    typeof value === 'string' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** One string or a list of them, by cloud and time (personDataSource, personDataSources). */
function readSource(value: unknown): Source | null {
  if (!isJsonObject(value)) return null;
  const type = value['type'];
  return typeof type === 'string' ? sourceOf(type) : { type: texts(type) };
}

/** Sources that were read before: there are a few kinds of them. */
const sources = new Map<string, Source>();

function sourceOf(type: string): Source {
  const known = sources.get(type);
  if (known !== undefined) return known;
  const source = { type: [type] };
  if (sources.size < MOST_REMEMBERED) sources.set(type, source);
  return source;
}

function readSources(value: unknown): SourceAnnotation[] | null {
  if (!Array.isArray(value)) return null;
  return value.filter(isJsonObject).map((source) => ({
    sourceId: text(source['sourceId']),
    isDefaultSource: flag(source['isDefaultSource']),
    properties: texts(source['properties']),
  }));
}

/** Null for a set that says nothing: absent, empty, or with annotations only, as documented examples have it. */
function readIdentitySet(value: unknown): IdentitySet | null {
  if (!isJsonObject(value)) return null;
  const application = readIdentity(value['application']);
  const device = readIdentity(value['device']);
  const user = readIdentity(value['user']);
  return application === null && device === null && user === null ? null : { application, device, user };
}

function readIdentity(value: unknown): Identity | null {
  if (!isJsonObject(value)) return null;
  const objectId = text(value['id']);
  const displayName = text(value['displayName']);
  return objectId === null && displayName === null ? null : { objectId, displayName };
}

/** The pattern of Edm.DateTimeOffset: any number of fraction digits up to 12, any offset. */
const INSTANT = /^-?\d{4,}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,12})?)?(Z|[+-]\d{2}:\d{2})$/i;

function readInstant(value: unknown): string | null {
  return typeof value === 'string' && INSTANT.test(value) ? value : null;
}
