// From the input of a mutation to what is sent to Microsoft Graph: the six settable properties and no others. Whatever
// can never be right is found here, before anything is sent, and named by its field; a value is never repeated.
//
// Absent and null differ: an absent field is not sent, an explicit null clears. So nothing here uses a default, and
// presence is asked with hasOwn.
import type {
  AddPhoneInput,
  AllowedAudiencesInput,
  PhoneTypeInput,
  UpdatePhoneInput,
} from '../__generated__/schema-types.ts';
import type { SourceForm } from '../graph/clouds.ts';
import { isJsonObject, type JsonObject } from '../graph/response.ts';
import { hasUnsafeCharacters } from '../runtime/text.ts';
import { type Refusal, refusal } from './refusal.ts';
import { allowedAudiences, audiences, phoneTypes } from './wire.ts';

/** Longest number and friendly name taken, in UTF-16 units. Graph documents no limit; a thousandth of a body is ample. */
export const LONGEST_TEXT = 256;
const MOST_SOURCES = 20;

/** The body to send, or why there is none. */
export type Checked =
  | { readonly body: JsonObject; readonly refusals: null }
  | { readonly body: null; readonly refusals: Refusal[] };

type Settable = Pick<
  UpdatePhoneInput,
  'number' | 'type' | 'displayName' | 'allowedAudiences' | 'inference' | 'source'
>;

/** A new phone: what is null is left out, since there is nothing to clear. */
export function checkNewPhone(input: AddPhoneInput, form: SourceForm): Checked {
  const given = Object.entries(settableOf(input)).filter(([, value]) => !isNothing(value));
  return check(Object.fromEntries(given), form);
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

/** A change: an explicit null goes out as null where that clears, and is refused for `number` and `type`. */
export function checkChange(input: UpdatePhoneInput, form: SourceForm): Checked {
  const given = settableOf(input);
  if (Object.keys(given).length === 0) {
    return {
      body: null,
      refusals: [refusal('INVALID_INPUT', 'There is nothing to change. Give at least one field.')],
    };
  }
  return check(given, form);
}

const settable = ['number', 'type', 'displayName', 'allowedAudiences', 'inference', 'source'] as const;

function settableOf(input: AddPhoneInput | UpdatePhoneInput): Settable {
  const present = settable.filter((name) => Object.hasOwn(input, name) && input[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, input[name]]));
}

function check(input: Settable, form: SourceForm): Checked {
  const refusals: Refusal[] = [];
  const body: Record<string, unknown> = {};
  for (const name of settable) {
    if (!Object.hasOwn(input, name)) continue;
    const value = toWire(name, input, form, (message, field = name) =>
      refusals.push(refusal('INVALID_INPUT', message, field)),
    );
    body[name] = value;
  }
  return refusals.length > 0 ? { body: null, refusals } : { body, refusals: null };
}

type Refuse = (message: string, field?: string) => void;

function toWire(name: keyof Settable, input: Settable, form: SourceForm, refuse: Refuse): unknown {
  switch (name) {
    case 'number':
      return checkNumber(input.number, refuse);
    case 'type':
      return checkType(input.type, refuse);
    case 'displayName':
      return checkText(input.displayName, 0, 'displayName', refuse);
    case 'allowedAudiences':
      return checkAudiences(input.allowedAudiences, refuse);
    case 'inference':
      return checkInference(input.inference, refuse);
    case 'source':
      return checkSource(input.source, form, refuse);
  }
}

function checkNumber(number: string | null | undefined, refuse: Refuse): string | null {
  if (number === null || number === undefined) {
    refuse('A phone needs a number: null is refused. Delete the phone instead, or leave the field out.');
    return null;
  }
  if (number.trim() === '') refuse('A phone needs a number: it is empty.');
  return checkText(number, 0, 'number', refuse);
}

function checkText(
  text: string | null | undefined,
  shortest: number,
  field: string,
  refuse: Refuse,
): string | null {
  if (text === null || text === undefined) return null;
  if (text.length < shortest) refuse(`It has to have at least ${shortest} character.`, field);
  if (text.length > LONGEST_TEXT) refuse(`It is too long: at most ${LONGEST_TEXT} characters.`, field);
  if (hasUnsafeCharacters(text))
    refuse('It holds control, bidirectional or broken characters. Take them out.', field);
  return text;
}

function checkType(type: PhoneTypeInput | null | undefined, refuse: Refuse): string | null {
  if (type !== null && type !== undefined) return phoneTypes[type];
  refuse('A type cannot be cleared: Microsoft Graph requires one. Leave it out.');
  return null;
}

/** One string, the members joined by comma, in the order of the enum; `me` alone is itself. */
function checkAudiences(
  list: readonly AllowedAudiencesInput[] | null | undefined,
  refuse: Refuse,
): string | null {
  if (list === null || list === undefined) return null;
  if (list.length === 0)
    refuse('An empty list says nothing. Give at least one audience, or null to clear them.');
  const members = audiences.filter((name) => name !== 'UNKNOWN_FUTURE_VALUE' && list.includes(name));
  const others = members.filter((name) => name !== 'ME');
  return (others.length === 0 ? members : others).map((name) => allowedAudiences[name].word).join(',');
}

function checkInference(inference: Settable['inference'], refuse: Refuse): JsonObject | null {
  if (inference === null || inference === undefined) return null;
  const given = Object.entries(inference).filter(([, value]) => value !== undefined);
  if (given.length === 0) refuse('It says nothing. Give a field of it, or null to clear it.');
  // In a document a Float can be written too large to be one, such as 1e999; JSON would make null of it.
  if (Math.abs(inference.confidenceScore ?? 0) === Number.POSITIVE_INFINITY)
    refuse('Give a finite number.', 'inference.confidenceScore');
  return Object.fromEntries(given);
}

/** The documentation shows one text in every cloud; what counts is the metadata, which differs by cloud. */
function checkSource(source: Settable['source'], form: SourceForm, refuse: Refuse): JsonObject | null {
  if (source === null || source === undefined) return null;
  const kinds = source.type;
  if (kinds.length === 0 || kinds.length > MOST_SOURCES)
    refuse(`Give 1 to ${MOST_SOURCES} kinds of source.`, 'source.type');
  for (const kind of kinds) checkText(kind, 1, 'source.type', refuse);
  if (form === 'list') return { type: kinds };
  if (kinds.length > 1) refuse('This cloud keeps one kind of source. Give one.', 'source.type');
  return { type: kinds[0] };
}

/** Whether two values of a body say the same, whatever the order of their keys. */
export function sameValue(one: unknown, other: unknown): boolean {
  if (!isJsonObject(one) || !isJsonObject(other)) return JSON.stringify(one) === JSON.stringify(other);
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => sameValue(one[name], other[name]));
}
