// What stands in the way of a change and can be acted on by the caller: data of the answer, not an error of it.
import type { PhoneErrorCode, PhoneUserError } from '../__generated__/schema-types.ts';
import { GraphFailure } from '../graph/failure.ts';

/** Something that stops a change before or after it was sent; the payload lists it. */
export type Refusal = PhoneUserError;

/** @param retryable whether the same call can succeed when it is repeated, and does no harm; by the code when absent */
export function refusal(
  code: PhoneErrorCode,
  message: string,
  field: string | null = null,
  retryable: boolean = RETRYABLE[code],
): Refusal {
  return { code, message, field: field === null ? null : ['input', ...field.split('.')], retryable };
}

const RETRYABLE: Readonly<Record<PhoneErrorCode, boolean>> = {
  INVALID_INPUT: false,
  NOT_FOUND: false,
  FORBIDDEN: false,
  REJECTED: false,
  CONFLICT: true,
  // As long as the call expects what it does.
  PRECONDITION_FAILED: false,
  IDEMPOTENCY_KEY_REUSED: false,
  IDEMPOTENCY_IN_PROGRESS: true,
  // But for an addition without a key, which would be a second one.
  OUTCOME_UNKNOWN: true,
  DUPLICATE_SUSPECTED: false,
};

/**
 * What a failed write means to its caller, or null where it means nothing but trouble with the service, which is a
 * top-level error: then nothing was changed.
 */
export function refusalOf(error: unknown, subject: 'person' | 'phone'): Refusal | null {
  if (!(error instanceof GraphFailure)) return null;
  if (error.mayHaveHappened) return outcomeUnknown(subject === 'phone' ? 'change' : 'unkeyed');
  switch (error.kind) {
    case 'not-found':
      return subject === 'phone'
        ? noSuchPhone()
        : refusal('NOT_FOUND', 'There is no such person, or the person has no profile.', 'userId');
    case 'forbidden':
      return refusal('FORBIDDEN', 'Microsoft Graph does not let this caller change phones of this profile.');
    case 'rejected':
      return refusal('REJECTED', 'Microsoft Graph refused the values. Nothing was changed.');
    case 'conflict':
      return refusal(
        'CONFLICT',
        'Microsoft Graph saw another change at the same time. Read again, then try again.',
      );
    case 'precondition':
      return changedSince();
    default:
      return null;
  }
}

export function noSuchPhone(): Refusal {
  return refusal('NOT_FOUND', 'There is no such phone in this profile.', 'id');
}

export function changedSince(): Refusal {
  const message = 'The phone has changed since it was read. Read it again, then decide again.';
  return refusal('PRECONDITION_FAILED', message, 'expectedLastModifiedDateTime');
}

/** What was sent: an addition, whose repeat looks for it if it has a key; or a change or deletion of a phone. */
export type SentWhat = 'keyed' | 'unkeyed' | 'change';

export function outcomeUnknown(what: SentWhat): Refusal {
  return refusal('OUTCOME_UNKNOWN', UNKNOWN[what], null, what !== 'unkeyed');
}

const UNKNOWN: Readonly<Record<SentWhat, string>> = {
  keyed:
    'The phone was sent, and is not to be seen so far. Repeat with the same key: it is looked for before it is ever sent again.',
  unkeyed: 'The change was sent and its outcome was not seen. Read the phones before trying again.',
  change: 'The change was sent and its outcome was not seen. Read the phone, or repeat the call.',
};

export function duplicateSuspected(): Refusal {
  const message =
    'The phone was sent, its outcome was not seen, and more than one phone looks like it. Have a person look.';
  return refusal('DUPLICATE_SUSPECTED', message);
}

export function keyReused(): Refusal {
  const message = 'This key was used before, with another input. Take a new key for a new phone.';
  return refusal('IDEMPOTENCY_KEY_REUSED', message, 'idempotencyKey');
}

export function inProgress(): Refusal {
  const message = 'Another call is adding this phone. Try again with the same key in a moment.';
  return refusal('IDEMPOTENCY_IN_PROGRESS', message, 'idempotencyKey');
}
