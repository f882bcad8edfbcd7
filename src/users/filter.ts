// Translates a DirectoryFilter into Microsoft Graph's `$filter`. `mobilePhone` can be filtered in advanced queries only, the
// other properties in all queries. Source: Microsoft Graph docs, "Advanced query capabilities on directory objects".
import type { DirectoryFilter } from '../__generated__/schema-types.ts';
import { GatewayError } from '../runtime/errors.ts';
import { hasUnsafeCharacters } from '../runtime/text.ts';

export interface UserFilter {
  /** The value of `$filter`, not encoded. Equal conditions give equal text. */
  readonly text: string;
  /** Whether it needs `ConsistencyLevel: eventual` and `$count=true`. */
  readonly isAdvanced: boolean;
}

/** Most characters of a value. Graph allows no longer department or number (docs, user resource type). */
const LONGEST_TEXT = 64;

/**
 * Null for a filter without conditions.
 *
 * @throws GatewayError of BAD_USER_INPUT for an invalid value
 */
export function readFilter(filter: DirectoryFilter | null): UserFilter | null {
  if (filter === null) return null;
  const { userType, accountEnabled, department, businessPhone, mobilePhone } = filter;
  const conditions = [
    condition('userType', userType, (value) => `userType eq ${value}`),
    typeof accountEnabled === 'boolean' ? `accountEnabled eq ${accountEnabled}` : null,
    condition('department', department, (value) => `department eq ${value}`),
    condition('businessPhone', businessPhone, (value) => `businessPhones/any(p:p eq ${value})`),
    condition('mobilePhone', mobilePhone, (value) => `mobilePhone eq ${value}`),
  ].filter((one) => one !== null);
  if (conditions.length === 0) return null;
  return { text: conditions.join(' and '), isAdvanced: typeof mobilePhone === 'string' };
}

function condition(
  name: string,
  value: string | null | undefined,
  write: (literal: string) => string,
): string | null {
  if (value === null || value === undefined) return null;
  if (value.trim() === '' || value.length > LONGEST_TEXT)
    throw badFilter(name, `use 1 to ${LONGEST_TEXT} characters, not only blanks.`);
  if (hasUnsafeCharacters(value))
    throw badFilter(name, 'remove control, bidirectional and broken characters.');
  return write(literal(value));
}

/** A string literal. Quotes are doubled (OData ABNF, string; Microsoft Graph docs, "Escaping single quotes"). */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function badFilter(name: string, what: string): GatewayError {
  return new GatewayError('BAD_USER_INPUT', `filter.${name}: ${what}`);
}
