// itemFacet: the properties that all items of a Microsoft Graph profile have, and reading them. Reading is tolerant: every
// form that was seen or is documented reads well, and a value that makes no sense reads as null and leaves its neighbours
// as they are.
// Sources: Microsoft Graph beta metadata (itemFacet), the documented examples, OData JSON format 4.01.
import type { AllowedAudiences } from '../__generated__/schema-types.ts';
import { isJsonObject, type JsonObject, readFlag, readText, readTexts } from '../runtime/json.ts';

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

/**
 * What all items have, with every absent or senseless value as null. Facets extend it. Each value is read once, when the
 * item is made: an operation looks at a value several times.
 *
 * A class and not an object that is spread into another: with a hundred people, spreading took half of the time again.
 */
export class ItemFacet {
  /** The global id; null where it is not known whose item it is, or not yet. */
  declare readonly id: string | null;
  /** Graph's own, unique within one profile. */
  declare readonly graphId: string;
  declare readonly allowedAudiences: AllowedAudiences[] | null;
  declare readonly inference: Inference | null;
  declare readonly isSearchable: boolean | null;
  declare readonly source: Source | null;
  declare readonly sources: SourceAnnotation[] | null;
  declare readonly createdBy: IdentitySet | null;
  declare readonly createdDateTime: string | null;
  declare readonly lastModifiedBy: IdentitySet | null;
  declare readonly lastModifiedDateTime: string | null;
  /** `@odata.etag`, where Graph gave one; none is documented for profiles. */
  declare readonly etag: string | null;

  constructor(json: JsonObject, graphId: string, id: string | null) {
    this.id = id;
    this.graphId = graphId;
    this.allowedAudiences = readAudiences(json['allowedAudiences']);
    this.inference = readInference(json['inference']);
    this.isSearchable = readFlag(json['isSearchable']);
    this.source = readSource(json['source']);
    this.sources = readSources(json['sources']);
    this.createdBy = readIdentitySet(json['createdBy']);
    this.createdDateTime = readInstant(json['createdDateTime']);
    this.lastModifiedBy = readIdentitySet(json['lastModifiedBy']);
    this.lastModifiedDateTime = readInstant(json['lastModifiedDateTime']);
    this.etag = readText(json['@odata.etag']);
  }
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
 * Reads a flags value: names in any case, joined by comma with or without blanks, a number, or any mix. Unknown members
 * become one `UNKNOWN_FUTURE_VALUE`. The order is that of the enum.
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
    userHasVerifiedAccuracy: readFlag(value['userHasVerifiedAccuracy']),
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
  return typeof type === 'string' ? sourceOf(type) : { type: readTexts(type) };
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
    sourceId: readText(source['sourceId']),
    isDefaultSource: readFlag(source['isDefaultSource']),
    properties: readTexts(source['properties']),
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
  const objectId = readText(value['id']);
  const displayName = readText(value['displayName']);
  return objectId === null && displayName === null ? null : { objectId, displayName };
}

/** The pattern of Edm.DateTimeOffset: any number of fraction digits up to 12, any offset. */
const INSTANT = /^-?\d{4,}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,12})?)?(Z|[+-]\d{2}:\d{2})$/i;

function readInstant(value: unknown): string | null {
  return typeof value === 'string' && INSTANT.test(value) ? value : null;
}
