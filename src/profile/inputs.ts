// From the input of a mutation to what is sent to Microsoft Graph: the settable properties of the facet and no others. A
// value that can never be right is found here, before anything is sent. The user error names its field and never repeats
// the value.
//
// Absent and null differ: an absent field is not sent, an explicit null clears. So nothing here uses a default, and
// presence is asked with hasOwn.
import type { SourceForm } from '../graph/clouds.ts';
import { isJsonObject, type JsonObject } from '../runtime/json.ts';
import { hasUnsafeCharacters } from '../runtime/text.ts';
import type { Facet, FieldCheck, RejectField } from './facet.ts';
import { allowedAudiences, audiences } from './item-facet.ts';
import { type UserError, userError } from './user-error.ts';

/** Longest text taken, in UTF-16 units. Graph documents no limit; a thousandth of a body is ample. */
export const LONGEST_TEXT = 256;
const MOST_SOURCES = 20;

/** The body to send, or why there is none. */
export type CheckedInput =
  | { readonly body: JsonObject; readonly userErrors: null }
  | { readonly body: null; readonly userErrors: UserError[] };

/** A new item: what is null is left out, since there is nothing to clear. */
export function checkNewItem(facet: Facet, input: object, form: SourceForm): CheckedInput {
  return check(
    facet,
    settableOf(facet, input).filter(([, value]) => !isEmpty(value)),
    form,
  );
}

function isEmpty(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

/** A change: an explicit null goes out as null where the property can be cleared. */
export function checkChange(facet: Facet, input: object, form: SourceForm): CheckedInput {
  const given = settableOf(facet, input);
  if (given.length > 0) return check(facet, given, form);
  const userErrors = [userError('INVALID_INPUT', 'There is nothing to change. Give at least one field.')];
  return { body: null, userErrors };
}

type Given = readonly (readonly [name: string, value: unknown])[];

/** In the order of the facet, so that user errors have one order. */
function settableOf({ settable }: Facet, input: object): Given {
  const given: ReadonlyMap<string, unknown> = new Map(Object.entries(input));
  return Object.keys(settable)
    .filter((name) => given.get(name) !== undefined)
    .map((name) => [name, given.get(name)] as const);
}

function check({ settable }: Facet, given: Given, form: SourceForm): CheckedInput {
  const userErrors: UserError[] = [];
  const body: Record<string, unknown> = {};
  for (const [name, value] of given) {
    const reject: RejectField = (message, subfield) => {
      const field = subfield === undefined ? name : `${name}.${subfield}`;
      userErrors.push(userError('INVALID_INPUT', message, field));
    };
    body[name] = settable[name]?.(value, reject, form);
  }
  return userErrors.length > 0 ? { body: null, userErrors } : { body, userErrors: null };
}

/** The properties of itemFacet that can be written, as all facets have them. */
export const commonFields: Readonly<Record<'allowedAudiences' | 'inference' | 'source', FieldCheck>> = {
  allowedAudiences: checkAudiences,
  inference: checkInference,
  source: checkSource,
};

/** A text that can be cleared, of at most 256 characters, none of them harmful. */
export function settableText(value: unknown, reject: RejectField): string | null {
  return value === null ? null : checkText(readInputText(value), reject);
}

/** @throws TypeError for what GraphQL would not have let through: a fault of the schema */
export function readInputText(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('an input field is not a string, as the facet says');
  return value;
}

function checkText(text: string, reject: RejectField, subfield?: string): string {
  if (text.length > LONGEST_TEXT) reject(`It is too long: at most ${LONGEST_TEXT} characters.`, subfield);
  if (hasUnsafeCharacters(text))
    reject('It holds control, bidirectional or broken characters. Take them out.', subfield);
  return text;
}

/** One string, the members joined by comma, in the order of the enum; `me` alone is itself. */
function checkAudiences(value: unknown, reject: RejectField): string | null {
  if (value === null) return null;
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  if (list.length === 0)
    reject('An empty list says nothing. Give at least one audience, or null to clear them.');
  const members = audiences.filter((name) => name !== 'UNKNOWN_FUTURE_VALUE' && list.includes(name));
  const others = members.filter((name) => name !== 'ME');
  return (others.length === 0 ? members : others).map((name) => allowedAudiences[name].word).join(',');
}

function checkInference(value: unknown, reject: RejectField): JsonObject | null {
  if (!isJsonObject(value)) return null;
  const given = Object.entries(value).filter(([, member]) => member !== undefined);
  if (given.length === 0) reject('It says nothing. Give a field of it, or null to clear it.');
  const score = value['confidenceScore'];
  // In a document a Float can be written too large to be one, such as 1e999; JSON would make null of it.
  if (typeof score === 'number' && !Number.isFinite(score))
    reject('Give a finite number.', 'confidenceScore');
  return Object.fromEntries(given);
}

/** The documentation shows one text in every cloud; what counts is the metadata, which differs by cloud. */
function checkSource(value: unknown, reject: RejectField, form: SourceForm): JsonObject | null {
  if (!isJsonObject(value)) return null;
  const given: unknown = value['type'];
  const kinds: readonly unknown[] = Array.isArray(given) ? given : [];
  if (kinds.length === 0 || kinds.length > MOST_SOURCES)
    reject(`Give 1 to ${MOST_SOURCES} kinds of source.`, 'type');
  for (const kind of kinds) {
    const text = readInputText(kind);
    if (text === '') reject('It has to have at least 1 character.', 'type');
    checkText(text, reject, 'type');
  }
  if (form === 'list') return { type: kinds };
  if (kinds.length > 1) reject('This cloud keeps one kind of source. Give one.', 'type');
  return { type: kinds[0] };
}
