// What can be asked of a type: its properties, which of them a query can name, and how each compares; and the model of a
// phone. That of a user is in `user-model.ts`. The query options learn nothing else about the two types.
import { graphErrors } from '../graph/errors.ts';
import { hideNewer, PHONE_TYPES, parseAudiences } from './enums.ts';

/** `strings` is a collection, which only `any` looks into. */
export type Kind = 'string' | 'strings' | 'boolean' | 'number' | 'date' | 'phoneType' | 'audiences';

export interface Model {
  /** As error messages name it. */
  readonly type: string;
  /** What `$select` can name, in the order of answers. */
  readonly properties: readonly string[];
  /** What `$filter` and `$orderby` can name: a property, or a path into one. */
  readonly kinds: Readonly<Record<string, Kind>>;
  /** Whether letter case counts in comparisons; in the directory it does not. */
  readonly caseMatters: boolean;
  /** @throws an error response where `$filter` or `$search` may not say this */
  check(condition: Condition): void;
  /** The error for a name that is not among the properties; `otherwise` is Graph's for what the type lacks. */
  unknown(name: string, otherwise: Error): Error;
}

/** One step of a filter expression. */
export interface Condition {
  /** In lower case, as in OData; `alone` for a property that stands without one, `search` within `$search`. */
  readonly operator: string;
  /** The property that is compared; absent for `and`, `or` and `not`. */
  readonly path?: string;
  /** Whether the property is compared with null. */
  readonly isNull?: boolean;
  /** How many expressions an `or` joins, or how many values an `in` has. */
  readonly operands?: number;
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

const OPERATORS = new Set([
  'eq',
  'ne',
  'gt',
  'ge',
  'lt',
  'le',
  'has',
  'in',
  'and',
  'or',
  'not',
  'startswith',
  'alone',
]);

/** The clouds of the US government lack two properties, and keep one source where the others keep a list. */
export function phoneModel(variant: Variant): Model {
  const { isSearchable, ...usgov } = PHONE_KINDS;
  const lacking = new Set(['isSearchable', 'sources']);
  const prod = variant === 'prod';
  return {
    type: 'microsoft.graph.itemPhone',
    properties: prod ? PHONE_PROPERTIES : PHONE_PROPERTIES.filter((name) => !lacking.has(name)),
    kinds: prod ? PHONE_KINDS : { ...usgov, 'source/type': 'string' },
    caseMatters: true,
    check: ({ operator }) => {
      if (!OPERATORS.has(operator))
        throw graphErrors.unsupported(`Filter operator '${operator}' is not supported.`);
    },
    unknown: (_name, otherwise) => otherwise,
  };
}

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
