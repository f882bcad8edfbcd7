// What stands in the way of a change and can be acted on by the caller: data of the answer, not an error of it.
import type { PhoneErrorCode, PhoneUserError } from '../__generated__/resolvers-types.ts';
import { GraphFailure } from '../graph/failure.ts';

/** Something that stops a change before or after it was sent; the payload lists it. */
export type Refusal = PhoneUserError;

export function refusal(code: PhoneErrorCode, message: string, field: string | null = null): Refusal {
  return { code, message, field: field === null ? null : ['input', ...field.split('.')] };
}

/**
 * What a failed write means to its caller, or null where it means nothing but trouble with the service, which is a
 * top-level error: then nothing was changed.
 */
export function refusalOf(error: unknown, subject: 'person' | 'phone'): Refusal | null {
  if (!(error instanceof GraphFailure)) return null;
  if (error.mayHaveHappened) return outcomeUnknown();
  switch (error.kind) {
    case 'not-found':
      return subject === 'phone'
        ? refusal('NOT_FOUND', 'There is no such phone in this profile.', 'id')
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

export function changedSince(): Refusal {
  const message = 'The phone has changed since it was read. Read it again, then decide again.';
  return refusal('PRECONDITION_FAILED', message, 'expectedLastModifiedDateTime');
}

export function outcomeUnknown(): Refusal {
  const message = 'The change was sent and its outcome was not seen. Read the phones before trying again.';
  return refusal('OUTCOME_UNKNOWN', message);
}
