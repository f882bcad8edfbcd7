// The two enumerations of itemPhone. `allowedAudiences` is a set of flags and evolvable: members newer than the
// sentinel `unknownFutureValue` are hidden from callers who did not ask for them (api-guidelines, evolvable-enums).
// `phoneType` is neither: whatever is stored goes out as it is.

const AUDIENCES: readonly (readonly [string, number])[] = [
  ['me', 0],
  ['family', 1],
  ['contacts', 2],
  ['groupMembers', 4],
  ['organization', 8],
  ['federatedOrganizations', 16],
  ['everyone', 32],
  ['unknownFutureValue', 64],
  // Not in Graph: stands for whatever Microsoft may add, so that the rules for newer members can be seen at work.
  ['trustedPartners', 128],
];
const SENTINEL = 64;
const NEWER = 128;
const EVERY_BIT = AUDIENCES.reduce((bits, [, bit]) => bits | bit, 0);

/**
 * Reads a value as a caller may write it: one member, several joined by commas, or integers in their place (OData
 * ABNF, enumValue). Undefined when it is none of these.
 */
export function parseAudiences(value: unknown): number | undefined {
  if (typeof value === 'number') return knownBits(value);
  if (typeof value !== 'string') return undefined;
  let bits = 0;
  for (const part of value.split(',')) {
    const bit = memberBits(part.trim());
    if (bit === undefined) return undefined;
    bits |= bit;
  }
  return bits;
}

function memberBits(name: string): number | undefined {
  if (/^\d{1,9}$/.test(name)) return knownBits(Number(name));
  return AUDIENCES.find(([member]) => member === name)?.[1];
}

function knownBits(value: number): number | undefined {
  return Number.isInteger(value) && value >= 0 && (value & ~EVERY_BIT) === 0 && value <= EVERY_BIT
    ? value
    : undefined;
}

/** In member order, joined by commas. `me` is no bit at all, and is only written when there is nothing else. */
export function writeAudiences(bits: number): string {
  const names = AUDIENCES.filter(([, bit]) => bit !== 0 && (bits & bit) === bit).map(([name]) => name);
  return names.length === 0 ? 'me' : names.join(',');
}

/** Newer members, however many, become the one sentinel. */
export function hideNewer(bits: number): number {
  return hasNewer(bits) ? (bits & ~NEWER) | SENTINEL : bits;
}

export function hasNewer(bits: number): boolean {
  return (bits & NEWER) !== 0;
}

export function hasSentinel(bits: number): boolean {
  return (bits & SENTINEL) !== 0;
}

export const PHONE_TYPES: readonly string[] = [
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
];

/** A member by name or by number; undefined when there is none. */
export function parsePhoneType(value: unknown): string | undefined {
  if (typeof value === 'number') return PHONE_TYPES[value];
  if (typeof value !== 'string') return undefined;
  if (/^\d$/.test(value)) return PHONE_TYPES[Number(value)];
  return PHONE_TYPES.includes(value) ? value : undefined;
}
