// Graph's JSON of an itemPhone, and what the rest of the program makes of it. Reading is tolerant: every form that was
// seen or is documented reads well, and a value that makes no sense reads as null without spoiling its neighbours.
// Sources: Microsoft Graph beta metadata (itemPhone, itemFacet), the documented examples, OData JSON format 4.01.
import { isJsonObject, type JsonObject } from '../graph/answer.ts';

/** `phoneType`, in Graph's own words. `unknownFutureValue` stands for whatever this version does not know. */
export const phoneTypes = [
  'home',
  'business',
  'mobile',
  'other',
  'assistant',
  'homeFax',
  'businessFax',
  'otherFax',
  'pager',
  'radio',
  'unknownFutureValue',
] as const;
export type PhoneType = (typeof phoneTypes)[number];

/** `allowedAudiences`, a flags enum, with the bit of each member. `me` is 0: it vanishes in any combination. */
export const audienceBits = {
  me: 0,
  family: 1,
  contacts: 2,
  groupMembers: 4,
  organization: 8,
  federatedOrganizations: 16,
  everyone: 32,
  unknownFutureValue: 64,
} as const;
export type AllowedAudience = keyof typeof audienceBits;

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
  readonly id: string | null;
  readonly displayName: string | null;
}

/**
 * An itemPhone, with every absent or senseless value as null. It holds Graph's JSON and reads a value when it is asked
 * for one: of the fourteen a query may select two, and a page has thousands.
 */
export class Phone {
  readonly id: string;
  readonly #json: JsonObject;

  constructor(id: string, json: JsonObject) {
    this.id = id;
    this.#json = json;
  }

  get displayName(): string | null {
    return text(this.#json['displayName']);
  }

  get number(): string | null {
    return text(this.#json['number']);
  }

  get type(): PhoneType | null {
    return readPhoneType(this.#json['type']);
  }

  get allowedAudiences(): AllowedAudience[] | null {
    return readAudiences(this.#json['allowedAudiences']);
  }

  get inference(): Inference | null {
    return readInference(this.#json['inference']);
  }

  get isSearchable(): boolean | null {
    return flag(this.#json['isSearchable']);
  }

  get source(): Source | null {
    return readSource(this.#json['source']);
  }

  get sources(): SourceAnnotation[] | null {
    return readSources(this.#json['sources']);
  }

  get createdBy(): IdentitySet | null {
    return readIdentitySet(this.#json['createdBy']);
  }

  get createdDateTime(): string | null {
    return readInstant(this.#json['createdDateTime']);
  }

  get lastModifiedBy(): IdentitySet | null {
    return readIdentitySet(this.#json['lastModifiedBy']);
  }

  get lastModifiedDateTime(): string | null {
    return readInstant(this.#json['lastModifiedDateTime']);
  }

  /** `@odata.etag`, where Graph gave one; none is documented for phones. */
  get etag(): string | null {
    return text(this.#json['@odata.etag']);
  }
}

/** Reads an itemPhone; null when it has no id and so is none. `@odata.type`, legacy or not, is never asked for. */
export function readPhone(json: JsonObject): Phone | null {
  const id = text(json['id']);
  return id === null || id === '' ? null : new Phone(id, json);
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

const knownTypes: ReadonlySet<string> = new Set(phoneTypes);

/** The enum has no sentinel of its own, so a member that is new arrives by its name. */
export function readPhoneType(value: unknown): PhoneType | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' && knownTypes.has(value) ? (value as PhoneType) : 'unknownFutureValue';
}

const audiences = Object.keys(audienceBits) as AllowedAudience[];
const knownBits = audiences.reduce((bits, name) => bits | audienceBits[name], 0);

/** Values that were read before: there are some hundred combinations, and a handful in use. */
const readBefore = new Map<string | number, AllowedAudience[] | null>();
const MOST_REMEMBERED = 256;

/**
 * Reads a flags value: names joined by comma with or without blanks, a number, or any mix. All that is unknown becomes
 * one `unknownFutureValue`; the order is that of the enum.
 */
export function readAudiences(value: unknown): AllowedAudience[] | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const known = readBefore.get(value);
  if (known !== undefined) return known;
  const list = readFlags(String(value));
  if (readBefore.size < MOST_REMEMBERED) readBefore.set(value, list);
  return list;
}

function readFlags(value: string): AllowedAudience[] | null {
  const parts = value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) return null;
  const bits = parts.reduce((sum, part) => sum | bitsOf(part), 0);
  return bits === 0 ? ['me'] : audiences.filter((name) => (audienceBits[name] & bits) !== 0);
}

function bitsOf(part: string): number {
  if (Object.hasOwn(audienceBits, part)) return audienceBits[part as AllowedAudience];
  const bits = /^\d{1,9}$/.test(part) ? Number(part) : Number.NaN;
  if (Number.isNaN(bits)) return audienceBits.unknownFutureValue;
  return (bits & ~knownBits) === 0 ? bits : (bits & knownBits) | audienceBits.unknownFutureValue;
}

/** The score may be `INF`, `-INF` or `NaN` on the wire, which GraphQL has no Float for. */
function readInference(value: unknown): Inference | null {
  if (!isJsonObject(value)) return null;
  const score = value['confidenceScore'];
  return {
    confidenceScore: typeof score === 'number' && Number.isFinite(score) ? score : null,
    userHasVerifiedAccuracy: flag(value['userHasVerifiedAccuracy']),
  };
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
  if (isWhole(value)) return value;
  const application = readIdentity(value['application']);
  const device = readIdentity(value['device']);
  const user = readIdentity(value['user']);
  return application === null && device === null && user === null ? null : { application, device, user };
}

/** Whether the JSON is a set as it should be, with a user in it and nothing else: most are, and need no reading. */
function isWhole(value: JsonObject): value is JsonObject & IdentitySet {
  const { application = null, device = null, user } = value;
  if (application !== null || device !== null || !isJsonObject(user)) return false;
  return typeof user['id'] === 'string' && typeof user['displayName'] === 'string';
}

function readIdentity(value: unknown): Identity | null {
  if (!isJsonObject(value)) return null;
  const id = text(value['id']);
  const displayName = text(value['displayName']);
  return id === null && displayName === null ? null : { id, displayName };
}

/** The pattern of Edm.DateTimeOffset: any number of fraction digits up to 12, any offset. */
const INSTANT = /^-?\d{4,}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,12})?)?(Z|[+-]\d{2}:\d{2})$/i;

function readInstant(value: unknown): string | null {
  return typeof value === 'string' && INSTANT.test(value) ? value : null;
}
