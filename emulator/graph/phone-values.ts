// Validates the body of a phone's POST or PATCH. Six properties can be set (Microsoft Graph docs, profile-post-phones and
// itemphone-update). Other properties, and values of the wrong type, are rejected. Lengths and the format of numbers are
// not checked, since the documentation has no such rule.
import { hasNewer, hasSentinel, parseAudiences, parsePhoneType, writeAudiences } from '../odata/enums.ts';
import type { SourceForm, Variant } from '../odata/model.ts';
import type { StoredInference, StoredPhone } from '../tenant/tenant.ts';
import { graphErrors } from './errors.ts';

type Settable = 'allowedAudiences' | 'displayName' | 'inference' | 'number' | 'source' | 'type';

/** The properties in the body, as they are stored. */
export type Change = Partial<Pick<StoredPhone, Exclude<Settable, 'inference'>>> & {
  /** Only the members in the body. */
  readonly inference?: Partial<StoredInference> | null;
};

export interface WriteRules {
  readonly operation: 'create' | 'update';
  readonly variant: Variant;
  readonly sourceForm: SourceForm;
  /** Whether the caller has opted in to newer enumeration members. Only such a caller may send them. */
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

/** Marks a property that is treated as absent. */
const ABSENT = Symbol('absent');

/** @throws GraphError for the first property that is unknown, read-only or of the wrong type */
export function readChange(body: unknown, rules: WriteRules): Change {
  const change: Record<string, unknown> = {};
  for (const [name, value] of entries(body, TYPE, '(root)')) {
    if (READ_ONLY.has(name)) throw graphErrors.readOnly(name);
    if (!Object.hasOwn(READERS, name)) throw graphErrors.unknownProperty(name, TYPE);
    const read = READERS[name as Settable](value, rules);
    if (read !== ABSENT) change[name] = read;
  }
  return change;
}

/** The members of a JSON object, without `@odata.type`. This annotation is optional, but its value is checked. */
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

const READERS: Readonly<Record<Settable, (value: unknown, rules: WriteRules) => unknown>> = {
  allowedAudiences: readAudiences,
  displayName: (value) => stringOrNull('displayName', value),
  inference: readInference,
  number: (value) => stringOrNull('number', value),
  source: readSource,
  type: readType,
};

function stringOrNull(property: string, value: unknown): string | null {
  if (value === null || typeof value === 'string') return value;
  throw graphErrors.mismatch(property);
}

/** Rejects null, although responses can have it: in the metadata, the property is not nullable. */
function readType(value: unknown): string {
  const type = parsePhoneType(value);
  if (type === undefined) throw graphErrors.mismatch('type');
  return type;
}

/**
 * The sentinel is rejected in a POST and ignored in a PATCH. A newer member needs the same `Prefer` header in a write as
 * in a read (api-guidelines, evolvable-enums).
 */
function readAudiences(value: unknown, rules: WriteRules): string | null | typeof ABSENT {
  if (value === null) return null;
  const bits = parseAudiences(value);
  if (bits === undefined || (hasNewer(bits) && !rules.newer)) throw graphErrors.mismatch('allowedAudiences');
  if (!hasSentinel(bits)) return writeAudiences(bits);
  if (rules.operation === 'create') throw graphErrors.mismatch('allowedAudiences');
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
 * `type` is a string in the documentation and a list in the metadata of `prod`. It is unknown which of them Microsoft
 * Graph accepts. The option `sourceForm` decides; by default both are accepted. `usgov` accepts only a string.
 */
function readSource(
  value: unknown,
  { variant, sourceForm }: WriteRules,
): { type: string | string[] | null } | null {
  if (value === null) return null;
  const type = variant === 'prod' ? 'microsoft.graph.personDataSources' : 'microsoft.graph.personDataSource';
  let kinds: string | string[] | null = variant === 'prod' ? [] : null;
  for (const [name, member] of entries(withoutOtherType(value), type, 'source')) {
    if (name !== 'type') throw graphErrors.unknownProperty(name, type);
    if (sourceForm !== 'either' && Array.isArray(member) !== (sourceForm === 'list'))
      throw graphErrors.mismatch('source');
    kinds = variant === 'prod' ? readKinds(member) : stringOrNull('source', member);
  }
  return { type: kinds };
}

/** The type has two names, which differ by cloud and by version. Both are accepted. */
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
