// The literals of `$filter`, and the comparison of values (OData URL conventions, 5.1.1).

import { graphErrors } from '../graph/errors.ts';
import { hasNewer, parseAudiences, parsePhoneType } from './enums.ts';
import { compareInstants, isInstant } from './instants.ts';
import type { Token } from './lexer.ts';
import type { Comparable, Kind } from './model.ts';
import { readDouble, sortKeyOfType } from './model.ts';

/**
 * Parses a token as a value of this kind.
 *
 * @param newer whether the caller has opted in to newer enumeration members
 * @throws GraphError for a value of another kind
 */
export function literal(token: Token, kind: Kind, newer: boolean): Comparable {
  if (token.kind === 'word' && token.text === 'null') return null;
  const value = READERS[kind](token, newer);
  if (value === undefined) throw graphErrors.filter(`The value '${token.text}' does not match the property.`);
  return value;
}

type Reader = (token: Token, newer: boolean) => Comparable | undefined;

const READERS: Readonly<Record<Kind, Reader>> = {
  strings: () => undefined,
  string: (token) => (token.kind === 'text' ? token.text : undefined),
  boolean: (token) => (token.kind === 'word' ? BOOLEANS[token.text] : undefined),
  number: (token) => (token.kind === 'number' ? (readDouble(token.text) ?? Number(token.text)) : undefined),
  date: (token) => (token.kind === 'date' && isInstant(token.text) ? token.text : undefined),
  phoneType: (token) =>
    isMember(token, 'microsoft.graph.phoneType') ? parsePhoneType(token.text) : undefined,
  audiences: readAudiences,
};

const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false };

/** Whether the token is a quoted member, with or without its type name before the quotes. */
function isMember(token: Token, type: string): boolean {
  return token.kind === 'text' || (token.kind === 'enum' && token.type === type);
}

function readAudiences(token: Token, newer: boolean): number | undefined {
  const bits = isMember(token, 'microsoft.graph.allowedAudiences') ? parseAudiences(token.text) : undefined;
  return bits !== undefined && hasNewer(bits) && !newer ? undefined : bits;
}

/** When a side is null, `has` is null, and `gt`, `ge`, `lt` and `le` are false (OData URL conventions, 5.1.1.1). */
export function compare(operator: string, kind: Kind, left: Comparable, right: Comparable): boolean | null {
  if (operator === 'eq') return isEqual(kind, left, right);
  if (operator === 'ne') return !isEqual(kind, left, right);
  if (left === null || right === null) return operator === 'has' ? null : false;
  if (operator === 'has') return (Number(left) & Number(right)) === Number(right);
  const sign = order(kind, left, right);
  if (operator === 'gt') return sign > 0;
  if (operator === 'ge') return sign >= 0;
  return operator === 'lt' ? sign < 0 : sign <= 0;
}

export function isEqual(kind: Kind, left: Comparable, right: Comparable): boolean {
  if (kind !== 'date' || left === null || right === null) return left === right;
  return compareInstants(String(left), String(right)) === 0;
}

/** Negative when `left` comes first. NaN when the values have no order. Null comes before every other value. */
export function order(kind: Kind, left: Comparable, right: Comparable): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  if (kind === 'date') return compareInstants(String(left), String(right));
  const [a, b] =
    kind === 'phoneType' ? [sortKeyOfType(String(left)), sortKeyOfType(String(right))] : [left, right];
  if (a === b) return 0;
  return a < b ? -1 : a > b ? 1 : Number.NaN;
}
