// The model of a type: its properties, the ones that queries can use, and how their values compare. Contains the model of
// a phone; `user-model.ts` has the model of a user. The query options know the two types only by their models.
import { graphErrors } from '../graph/errors.ts';
import { hideNewer, PHONE_TYPES, parseAudiences } from './enums.ts';

/** `strings` is a collection of strings, which only `any` can query. */
export type Kind = 'string' | 'strings' | 'boolean' | 'number' | 'date' | 'phoneType' | 'audiences';

export interface Model {
  /** The qualified name, as in error messages. */
  readonly type: string;
  /** The properties that `$select` can name, in the order of responses. */
  readonly properties: readonly string[];
  /** The properties, and paths into properties, that `$filter` and `$orderby` can name. */
  readonly kinds: Readonly<Record<string, Kind>>;
  /** Whether comparisons are case-sensitive. They are not for users. */
  readonly isCaseSensitive: boolean;
  /** @throws GraphError for a condition that `$filter` and `$search` cannot have */
  check(condition: Condition): void;
  /** The error for an unknown property. `graphError` is the error of Graph when the type has no such property. */
  unknown(name: string, graphError: Error): Error;
}

/** One step of a filter expression. */
export interface Condition {
  /** The operator of OData, in lower case. `alone` for a property without an operator, `search` for a `$search`. */
  readonly operator: string;
  /** The property that is compared. Absent for `and`, `or` and `not`. */
  readonly path?: string;
  /** Whether the property is compared with null. */
  readonly isNull?: boolean;
  /** The number of operands of an `or`, or of values of an `in`. */
  readonly operands?: number;
}

export type Variant = 'prod' | 'usgov';

/** The accepted form of `source.type`: a string, as in the documentation, a list, as in the metadata of `prod`, or both. */
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

/** The US government clouds lack two properties, and have one source type where the others have a list. */
export function phoneModel(variant: Variant): Model {
  const { isSearchable, ...usgov } = PHONE_KINDS;
  const missing = new Set(['isSearchable', 'sources']);
  const prod = variant === 'prod';
  return {
    type: 'microsoft.graph.itemPhone',
    properties: prod ? PHONE_PROPERTIES : PHONE_PROPERTIES.filter((name) => !missing.has(name)),
    kinds: prod ? PHONE_KINDS : { ...usgov, 'source/type': 'string' },
    isCaseSensitive: true,
    check: ({ operator }) => {
      if (!OPERATORS.has(operator))
        throw graphErrors.unsupported(`Filter operator '${operator}' is not supported.`);
    },
    unknown: (_name, graphError) => graphError,
  };
}

/** A value that can be compared with `===`, `<` and bitwise operators. */
export type Comparable = string | number | boolean | null;

/**
 * Returns the value at a path such as `inference/confidenceScore`. Null when a part of the path is null.
 *
 * @param newer whether the caller has opted in to newer enumeration members
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

/** OData writes infinity and NaN as strings, since JSON has no such numbers. */
export function readDouble(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (value === 'INF') return Number.POSITIVE_INFINITY;
  if (value === '-INF') return Number.NEGATIVE_INFINITY;
  return value === 'NaN' ? Number.NaN : null;
}

/** A sort key for a phone type: its position in the enumeration. Unknown types come last, by name. */
export function sortKeyOfType(type: string): string {
  const at = PHONE_TYPES.indexOf(type);
  return at < 0 ? `~${type}` : String(at).padStart(2, '0');
}
