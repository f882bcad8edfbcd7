// What became of a change: the value, or what stood in the way, as data. `ok` tells which.

import type { PhoneErrorCode, UserErrorFieldsFragment } from './__generated__/graphql.ts';
import { PhonesError } from './errors.ts';
import type { Outcome } from './exchange.ts';

/** Something that stood in the way of a change and that the caller can act on. */
export interface UserError {
  readonly code: PhoneErrorCode | 'UNRECOGNIZED';
  /** For a person. It never holds a number or a name. */
  readonly message: string;
  /** The path of the input field at fault, beginning with `input`; null when it was no single field. */
  readonly field: readonly string[] | null;
  /** Whether the same call can succeed without any change. The client has tried for as long as its budget lasted. */
  readonly retryable: boolean;
}

export interface Refused {
  readonly ok: false;
  /** One or more. */
  readonly userErrors: readonly UserError[];
}

/** What became of one phone of many. */
export type AddedPhone =
  | { readonly status: 'added'; readonly phoneId: string }
  /** It was not added, and sending it again as it is would not help. */
  | { readonly status: 'refused'; readonly userErrors: readonly UserError[] }
  /** The service was in trouble for longer than the budget. The phone may have been added; its key still holds. */
  | { readonly status: 'open'; readonly error: PhonesError | null; readonly userErrors: readonly UserError[] }
  /** It was sent so long ago that the gateway may have forgotten its key. A person has to look. */
  | { readonly status: 'expired' };

/** Each code. One that is not here is of a later version of the gateway. */
const KNOWN: Readonly<Record<PhoneErrorCode, true>> = {
  INVALID_INPUT: true,
  NOT_FOUND: true,
  FORBIDDEN: true,
  REJECTED: true,
  CONFLICT: true,
  PRECONDITION_FAILED: true,
  IDEMPOTENCY_KEY_REUSED: true,
  IDEMPOTENCY_IN_PROGRESS: true,
  OUTCOME_UNKNOWN: true,
  DUPLICATE_SUSPECTED: true,
};

export function userErrorsOf(errors: readonly UserErrorFieldsFragment[]): readonly UserError[] {
  return errors.map((error) =>
    Object.hasOwn(KNOWN, error.code) ? error : { ...error, code: 'UNRECOGNIZED' },
  );
}

/** Milliseconds before a change whose outcome was not seen is looked for again: it needs time to come through. */
const LOOK_AGAIN_MS = 2_000;

/** The least pause before the same change is sent again; null where that is of no use. */
export function whileOpen(userErrors: readonly UserError[]): number | null {
  if (userErrors.length === 0 || !userErrors.every(({ retryable }) => retryable)) return null;
  return userErrors.some(({ code }) => code === 'OUTCOME_UNKNOWN') ? LOOK_AGAIN_MS : 0;
}

/** @throws PhonesError for the first error, if there is one */
export function dataOf<T>({ data, errors }: Outcome): T {
  const [first] = errors;
  if (first === undefined) return data as T;
  throw withAll(first, errors, data);
}

export function withAll(first: PhonesError, errors: readonly PhonesError[], data: unknown): PhonesError {
  first.others = errors.filter((error) => error !== first);
  first.data = data;
  return first;
}

/** A response that GraphQL allows and the schema of the gateway does not give. */
export function nothingThere(): PhonesError {
  return new PhonesError('BAD_RESPONSE', 'The response has neither the result nor an error.');
}
