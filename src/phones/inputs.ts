// The properties of a phone that can be written, beside those that all facets have, and what each may be.

import type { FieldCheck, RejectField } from '../profile/facet.ts';
import { commonFields, readInputText, settableText } from '../profile/inputs.ts';
import { phoneTypes } from './phone-type.ts';

const wordsByType: ReadonlyMap<unknown, string> = new Map(Object.entries(phoneTypes));

/** In the order in which user errors name them. */
export const settable: Readonly<Record<string, FieldCheck>> = {
  number: checkNumber,
  type: checkType,
  displayName: settableText,
  ...commonFields,
};

function checkNumber(value: unknown, reject: RejectField): string | null {
  if (value === null) {
    reject('A phone needs a number: null is refused. Delete the phone instead, or leave the field out.');
    return null;
  }
  if (readInputText(value).trim() === '') reject('A phone needs a number: it is empty.');
  return settableText(value, reject);
}

/** Microsoft Graph requires a type in an update; an add may leave it out. */
function checkType(value: unknown, reject: RejectField): string | null {
  const word = wordsByType.get(value) ?? null;
  if (word === null) reject('A type cannot be cleared: Microsoft Graph requires one. Leave it out.');
  return word;
}
