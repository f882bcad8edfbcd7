// phoneType of Microsoft Graph: the words that Graph and GraphQL have for each kind of phone number.
import type { PhoneType } from '../__generated__/schema-types.ts';

/** The names that GraphQL has, and Graph's words. The last stands for whatever is not known here. */
export const phoneTypes = {
  HOME: 'home',
  BUSINESS: 'business',
  MOBILE: 'mobile',
  OTHER: 'other',
  ASSISTANT: 'assistant',
  HOME_FAX: 'homeFax',
  BUSINESS_FAX: 'businessFax',
  OTHER_FAX: 'otherFax',
  PAGER: 'pager',
  RADIO: 'radio',
  UNKNOWN_FUTURE_VALUE: 'unknownFutureValue',
} as const satisfies Record<PhoneType, string>;

/** By Graph's word, the same in lower case, and the number that the metadata gives each, which is its place. */
const typesByWord: ReadonlyMap<unknown, PhoneType> = new Map(
  Object.entries(phoneTypes).flatMap(([name, word], at) =>
    [word, word.toLowerCase(), String(at)].map((key) => [key, name as PhoneType] as const),
  ),
);

/** Reads a word in any case, or a number in its place. The enum has no sentinel: a new member arrives by its name. */
export function readPhoneType(value: unknown): PhoneType | null {
  if (value === null || value === undefined) return null;
  return typesByWord.get(value) ?? typesByWord.get(String(value).toLowerCase()) ?? 'UNKNOWN_FUTURE_VALUE';
}
