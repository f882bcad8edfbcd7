// Questions about texts that come from outside.

/**
 * Characters that do not show, or change what shows around them: C0 and C1 controls, line and paragraph separators,
 * bidirectional marks and overrides, and the replacement character.
 */
const HARMFUL = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF\uFFFD]/u;

/** Whether a text holds control, bidirectional or broken characters, halves of surrogate pairs among them. */
export function hasUnsafeCharacters(text: string): boolean {
  return HARMFUL.test(text);
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text is a GUID with hyphens and without braces, in either case. */
export function isGuid(text: string): boolean {
  return GUID.test(text);
}

const PERSONAL_ID = /^[0-9a-f]{16}$/i;

/**
 * Whether a text is an object id of a person: a GUID, or the 16 hexadecimal digits that Microsoft Graph answers for a
 * personal account.
 */
export function isUserId(text: string): boolean {
  return isGuid(text) || PERSONAL_ID.test(text);
}
