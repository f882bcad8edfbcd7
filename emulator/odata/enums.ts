// The two enumerations of itemPhone. `allowedAudiences` is a set of flags, and evolvable: members after the sentinel
// `unknownFutureValue` are newer members, which are hidden from callers who did not opt in to them (api-guidelines,
// evolvable-enums). `phoneType` is neither, and is returned as stored.

const AUDIENCES: readonly (readonly [string, number])[] = [
  ['me', 0],
  ['family', 1],
  ['contacts', 2],
  ['groupMembers', 4],
  ['organization', 8],
  ['federatedOrganizations', 16],
  ['everyone', 32],
  ['unknownFutureValue', 64],
  // Not in Graph: an example of a newer member, since Graph has none yet.
  ['trustedPartners', 128],
];
const SENTINEL = 64;
const NEWER = 128;
const ALL_BITS = AUDIENCES.reduce((bits, [, bit]) => bits | bit, 0);

/**
 * Parses one member, or several separated by commas. A member can be written as an integer (OData ABNF, enumValue).
 * Returns undefined for any other value.
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
  return Number.isInteger(value) && value >= 0 && (value & ~ALL_BITS) === 0 && value <= ALL_BITS
    ? value
    : undefined;
}

/** In member order, separated by commas. `me` has the value 0, and is written only when there is no other member. */
export function writeAudiences(bits: number): string {
  const names = AUDIENCES.filter(([, bit]) => bit !== 0 && (bits & bit) === bit).map(([name]) => name);
  return names.length === 0 ? 'me' : names.join(',');
}

/** Replaces all newer members by the sentinel. */
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

/** Parses a member, by name or by number. Returns undefined for any other value. */
export function parsePhoneType(value: unknown): string | undefined {
  if (typeof value === 'number') return PHONE_TYPES[value];
  if (typeof value !== 'string') return undefined;
  if (/^\d$/.test(value)) return PHONE_TYPES[Number(value)];
  return PHONE_TYPES.includes(value) ? value : undefined;
}
