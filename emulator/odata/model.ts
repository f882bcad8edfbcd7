// What can be asked of a person and of a phone: the properties of each type, which of them a query can name, and how
// each compares. The only place where the query options learn anything about the two types.
import { hideNewer, PHONE_TYPES, parseAudiences } from './enums.ts';

export type Kind = 'string' | 'boolean' | 'number' | 'date' | 'phoneType' | 'audiences';

export interface Model {
  /** As error messages name it. */
  readonly type: string;
  /** What `$select` can name, in the order of answers. */
  readonly properties: readonly string[];
  /** What `$filter` and `$orderby` can name: a property, or a path into one. */
  readonly kinds: Readonly<Record<string, Kind>>;
  /** What `$filter` can do; the directory does little. */
  readonly operators: ReadonlySet<string>;
  /** Whether letter case counts in comparisons; in the directory it does not. */
  readonly caseMatters: boolean;
}

export type Variant = 'prod' | 'usgov';

/** What `source.type` may be in a body: a text as in the documentation, a list as in the metadata of `prod`, or either. */
export type SourceForm = 'text' | 'list' | 'either';

const PHONE_PROPERTIES = [
  'id',
  'allowedAudiences',
  'inference',
  'createdDateTime',
  'createdBy',
  'lastModifiedDateTime',
  'lastModifiedBy',
  'isSearchable',
  'source',
  'sources',
  'displayName',
  'type',
  'number',
] as const;

const PHONE_KINDS: Record<string, Kind> = {
  id: 'string',
  displayName: 'string',
  number: 'string',
  type: 'phoneType',
  allowedAudiences: 'audiences',
  createdDateTime: 'date',
  lastModifiedDateTime: 'date',
  isSearchable: 'boolean',
  'inference/confidenceScore': 'number',
  'inference/userHasVerifiedAccuracy': 'boolean',
  'createdBy/user/id': 'string',
  'lastModifiedBy/user/id': 'string',
};

const EVERY_OPERATOR = ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'has', 'in', 'and', 'or', 'not', 'startswith'];

/** The clouds of the US government lack two properties, and keep one source where the others keep a list. */
export function phoneModel(variant: Variant): Model {
  const { isSearchable, ...usgov } = PHONE_KINDS;
  const lacking = new Set(['isSearchable', 'sources']);
  const prod = variant === 'prod';
  return {
    type: 'microsoft.graph.itemPhone',
    properties: prod ? PHONE_PROPERTIES : PHONE_PROPERTIES.filter((name) => !lacking.has(name)),
    kinds: prod ? PHONE_KINDS : { ...usgov, 'source/type': 'string' },
    operators: new Set(EVERY_OPERATOR),
    caseMatters: true,
  };
}

export const personModel: Model = {
  type: 'microsoft.graph.user',
  properties: [
    'businessPhones',
    'displayName',
    'givenName',
    'id',
    'jobTitle',
    'mail',
    'mobilePhone',
    'officeLocation',
    'preferredLanguage',
    'surname',
    'userPrincipalName',
  ],
  kinds: { id: 'string', displayName: 'string', userPrincipalName: 'string', mail: 'string' },
  operators: new Set(['eq', 'in', 'and', 'or', 'startswith']),
  caseMatters: false,
};

/** A value in a form that compares with `===`, `<` and bit operators. */
export type Comparable = string | number | boolean | null;

/**
 * Reads the value at a path such as `inference/confidenceScore`; null where any part of the path is.
 *
 * @param newer whether the caller gets to see newer members of enumerations
 */
export function valueAt(row: object, path: string, kind: Kind, newer: boolean): Comparable {
  let value: unknown = row;
  for (const name of path.split('/')) value = (value as Record<string, unknown> | null | undefined)?.[name];
  if (value === undefined || value === null) return null;
  if (kind === 'audiences') return visibleBits(value, newer);
  if (kind === 'number') return readDouble(value);
  return value as Comparable;
}

function visibleBits(value: unknown, newer: boolean): number | null {
  const bits = parseAudiences(value);
  if (bits === undefined) return null;
  return newer ? bits : hideNewer(bits);
}

/** OData writes the three numbers that JSON lacks as words. */
export function readDouble(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (value === 'INF') return Number.POSITIVE_INFINITY;
  if (value === '-INF') return Number.NEGATIVE_INFINITY;
  return value === 'NaN' ? Number.NaN : null;
}

/** Where a type stands in its enumeration; types nobody knows come last, by name. */
export function rankOfType(type: string): string {
  const at = PHONE_TYPES.indexOf(type);
  return at < 0 ? `~${type}` : String(at).padStart(2, '0');
}
