// What a caller may write into a phone. Six properties can be set (Microsoft Graph docs, profile-post-phones and
// itemphone-update); everything else is refused, and so is a value of the wrong type. Nothing is limited in length and
// no number is checked: the service documents no such rule.
import { hasNewer, hasSentinel, parseAudiences, parsePhoneType, writeAudiences } from '../odata/enums.ts';
import type { SourceForm, Variant } from '../odata/model.ts';
import type { StoredInference, StoredPhone } from '../tenant/tenant.ts';
import { graphErrors } from './errors.ts';

type Settable = 'allowedAudiences' | 'displayName' | 'inference' | 'number' | 'source' | 'type';

/** The properties that were given, in stored form. */
export type Change = Partial<Pick<StoredPhone, Exclude<Settable, 'inference'>>> & {
  /** Only the members that were given. */
  readonly inference?: Partial<StoredInference> | null;
};

export interface Rules {
  readonly deed: 'create' | 'update';
  readonly variant: Variant;
  readonly sourceForm: SourceForm;
  /** Whether the caller asked for newer members of enumerations, and so may send them. */
  readonly newer: boolean;
}

const TYPE = 'microsoft.graph.itemPhone';
const READ_ONLY = new Set([
  'id',
  'createdBy',
  'createdDateTime',
  'lastModifiedBy',
  'lastModifiedDateTime',
  'isSearchable',
  'sources',
]);

/** Stands for a property that is to be treated as if it had not been sent. */
const ABSENT = Symbol('absent');

/** @throws a refusal for the first property that is unknown, read-only or ill-typed */
export function readChange(body: unknown, rules: Rules): Change {
  const change: Record<string, unknown> = {};
  for (const [name, value] of entries(body, TYPE, '(root)')) {
    if (READ_ONLY.has(name)) throw graphErrors.readOnly(name);
    if (!Object.hasOwn(READERS, name)) throw graphErrors.unknownProperty(name, TYPE);
    const read = READERS[name as Settable](value, rules);
    if (read !== ABSENT) change[name] = read;
  }
  return change;
}

/** Members of a JSON object, without the annotation of its type, which may be there but must be right. */
function entries(value: unknown, type: string, property: string): [string, unknown][] {
  if (!isObject(value))
    throw property === '(root)' ? graphErrors.unreadable() : graphErrors.mismatch(property);
  return Object.entries(value).filter(([name, member]) => {
    if (name !== '@odata.type') return true;
    if (member !== type && member !== `#${type}`) throw graphErrors.mismatch(name);
    return false;
  });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const READERS: Readonly<Record<Settable, (value: unknown, rules: Rules) => unknown>> = {
  allowedAudiences: readAudiences,
  displayName: (value) => textOrNull('displayName', value),
  inference: readInference,
  number: (value) => textOrNull('number', value),
  source: readSource,
  type: readType,
};

function textOrNull(property: string, value: unknown): string | null {
  if (value === null || typeof value === 'string') return value;
  throw graphErrors.mismatch(property);
}

/** Null is refused although answers can carry it: the metadata says that the property is not nullable. */
function readType(value: unknown): string {
  const type = parsePhoneType(value);
  if (type === undefined) throw graphErrors.mismatch('type');
  return type;
}

/**
 * The sentinel must be refused in a POST and be treated as absent in a PATCH; a newer member needs the same preference
 * that shows it (api-guidelines, evolvable-enums).
 */
function readAudiences(value: unknown, rules: Rules): string | null | typeof ABSENT {
  if (value === null) return null;
  const bits = parseAudiences(value);
  if (bits === undefined || (hasNewer(bits) && !rules.newer)) throw graphErrors.mismatch('allowedAudiences');
  if (!hasSentinel(bits)) return writeAudiences(bits);
  if (rules.deed === 'create') throw graphErrors.mismatch('allowedAudiences');
  return ABSENT;
}

function readInference(value: unknown): Partial<StoredInference> | null {
  if (value === null) return null;
  const type = 'microsoft.graph.inferenceData';
  const read: { confidenceScore?: number | string | null; userHasVerifiedAccuracy?: boolean | null } = {};
  for (const [name, member] of entries(value, type, 'inference')) {
    if (name === 'confidenceScore') read.confidenceScore = readScore(member);
    else if (name === 'userHasVerifiedAccuracy') read.userHasVerifiedAccuracy = readFlag(member);
    else throw graphErrors.unknownProperty(name, type);
  }
  return read;
}

function readScore(value: unknown): number | string | null {
  if (value === null || (typeof value === 'number' && Number.isFinite(value))) return value;
  if (value === 'INF' || value === '-INF' || value === 'NaN') return value;
  throw graphErrors.mismatch('confidenceScore');
}

function readFlag(value: unknown): boolean | null {
  if (value === null || typeof value === 'boolean') return value;
  throw graphErrors.mismatch('userHasVerifiedAccuracy');
}

/**
 * The docs have a string where the metadata has a list. Which of them the service takes is not known: both are taken,
 * but for the clouds that only know a string, and unless the tenant is strict.
 */
function readSource(
  value: unknown,
  { variant, sourceForm }: Rules,
): { type: string | string[] | null } | null {
  if (value === null) return null;
  const type = variant === 'prod' ? 'microsoft.graph.personDataSources' : 'microsoft.graph.personDataSource';
  let kinds: string | string[] | null = variant === 'prod' ? [] : null;
  for (const [name, member] of entries(withoutOtherType(value), type, 'source')) {
    if (name !== 'type') throw graphErrors.unknownProperty(name, type);
    if (sourceForm !== 'either' && Array.isArray(member) !== (sourceForm === 'list'))
      throw graphErrors.mismatch('source');
    kinds = variant === 'prod' ? readKinds(member) : textOrNull('source', member);
  }
  return { type: kinds };
}

/** The two names of the type stand for the same thing, by cloud and by time. */
function withoutOtherType(value: unknown): unknown {
  const types = ['microsoft.graph.personDataSource', 'microsoft.graph.personDataSources'];
  if (!isObject(value) || !('@odata.type' in value)) return value;
  const { '@odata.type': type, ...rest } = value;
  return types.includes(String(type).replace(/^#/, '')) ? rest : value;
}

function readKinds(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value) && value.every((kind) => typeof kind === 'string')) return value;
  throw graphErrors.mismatch('source');
}
