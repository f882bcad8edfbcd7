// Checks for text from outside.

/**
 * Characters that are invisible or change how other characters are displayed: C0 and C1 controls, lone surrogates, line and
 * paragraph separators, bidirectional marks and overrides, the byte order mark, and the replacement character.
 */
const UNSAFE = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF\uFFFD]/u;

/** Whether a text contains control, bidirectional or broken characters, including lone surrogates. */
export function hasUnsafeCharacters(text: string): boolean {
  return UNSAFE.test(text);
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text is a GUID with hyphens and without braces, in upper or lower case. */
export function isGuid(text: string): boolean {
  return GUID.test(text);
}

const PERSONAL_ID = /^[0-9a-f]{16}$/i;

/**
 * Whether a text is the object id of a user: a GUID, or the 16 hexadecimal digits that Microsoft Graph returns for a personal
 * account.
 */
export function isUserId(text: string): boolean {
  return isGuid(text) || PERSONAL_ID.test(text);
}
