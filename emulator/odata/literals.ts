// Constants within `$filter`, and what it means to compare a property with one (OData URL conventions, 5.1.1).

import { graphErrors } from '../graph/errors.ts';
import { hasNewer, parseAudiences, parsePhoneType } from './enums.ts';
import { compareInstants, isInstant } from './instants.ts';
import type { Token } from './lexer.ts';
import type { Comparable, Kind } from './model.ts';
import { rankOfType, readDouble } from './model.ts';

/**
 * Reads a token as a value of a property's kind.
 *
 * @param newer whether the caller may name newer members of enumerations
 * @throws a refusal where the value is not of the kind
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

/** Quoted, with or without the type's name before the quotes. */
function isMember(token: Token, type: string): boolean {
  return token.kind === 'text' || (token.kind === 'enum' && token.type === type);
}

function readAudiences(token: Token, newer: boolean): number | undefined {
  const bits = isMember(token, 'microsoft.graph.allowedAudiences') ? parseAudiences(token.text) : undefined;
  return bits !== undefined && hasNewer(bits) && !newer ? undefined : bits;
}

/** With a null on either side `has` is null, and `gt`, `ge`, `lt` and `le` are false (OData URL conventions, 5.1.1.1). */
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

/** Negative when `left` comes first, NaN when the two cannot be ordered; null comes before everything. */
export function order(kind: Kind, left: Comparable, right: Comparable): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  if (kind === 'date') return compareInstants(String(left), String(right));
  const [a, b] = kind === 'phoneType' ? [rankOfType(String(left)), rankOfType(String(right))] : [left, right];
  if (a === b) return 0;
  return a < b ? -1 : a > b ? 1 : Number.NaN;
}
