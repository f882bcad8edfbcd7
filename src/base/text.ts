// Characters that have no business in a name, a number or a search: they do not show, or change what shows around them.

/** C0 and C1 controls, line and paragraph separators, bidirectional marks and overrides, and the replacement character. */
const HARMFUL = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF\uFFFD]/u;

/** Whether a text holds control, bidirectional or broken characters, halves of surrogate pairs among them. */
export function isHarmful(text: string): boolean {
  return HARMFUL.test(text);
}
