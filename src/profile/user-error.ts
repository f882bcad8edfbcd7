// User errors: what stops a change and can be acted on by the caller. They are data of the payload; what is wrong with the
// service is thrown and becomes a top-level error.
import { GraphFailure } from '../graph/failure.ts';
import type { Facet } from './facet.ts';

/** Each facet's enum of codes in the schema has these. */
export type UserErrorCode = keyof typeof RETRYABLE;

export interface UserError {
  readonly code: UserErrorCode;
  /** For a person. Never holds a value of the input. */
  readonly message: string;
  /** The path of the input field at fault, beginning with `input`; null when it was no single field. */
  readonly field: string[] | null;
  /** Whether the same call can succeed when it is repeated, and does no harm. */
  readonly retryable: boolean;
}

const RETRYABLE = {
  INVALID_INPUT: false,
  NOT_FOUND: false,
  FORBIDDEN: false,
  REJECTED: false,
  CONFLICT: true,
  // As long as the call expects what it does.
  PRECONDITION_FAILED: false,
  IDEMPOTENCY_KEY_REUSED: false,
  IDEMPOTENCY_IN_PROGRESS: true,
  // Except for an add without a key, which would add a second item.
  OUTCOME_UNKNOWN: true,
  DUPLICATE_SUSPECTED: false,
} as const satisfies Record<string, boolean>;

/**
 * @param field the path below `input`, with dots; null for no single field
 * @param retryable by the code when absent
 */
export function userError(
  code: UserErrorCode,
  message: string,
  field: string | null = null,
  retryable: boolean = RETRYABLE[code],
): UserError {
  return { code, message, field: field === null ? null : ['input', ...field.split('.')], retryable };
}

/** What a change is about: a person's profile, to which an item is added, or an item of it. */
export type Subject = 'profile' | 'item';

/**
 * What a failed write means to its caller. Null where it means that the service is in trouble, which is a top-level error:
 * then nothing was changed.
 */
export function userErrorOf(facet: Facet, error: unknown, subject: Subject): UserError | null {
  if (!(error instanceof GraphFailure)) return null;
  if (error.mayHaveHappened) return outcomeUnknown(facet, subject === 'item' ? 'change' : 'unkeyed');
  switch (error.kind) {
    case 'not-found':
      return subject === 'item'
        ? notFound(facet)
        : userError('NOT_FOUND', 'There is no such person, or the person has no profile.', 'userId');
    case 'forbidden':
      return userError(
        'FORBIDDEN',
        `Microsoft Graph does not let this caller change ${facet.words.many} of this profile.`,
      );
    case 'rejected':
      return userError('REJECTED', 'Microsoft Graph refused the values. Nothing was changed.');
    case 'conflict':
      return userError(
        'CONFLICT',
        'Microsoft Graph saw another change at the same time. Read again, then try again.',
      );
    case 'precondition':
      return preconditionFailed(facet);
    default:
      return null;
  }
}

export function notFound({ words }: Facet): UserError {
  return userError('NOT_FOUND', `There is no such ${words.one} in this profile.`, 'id');
}

export function preconditionFailed({ words }: Facet): UserError {
  const message = `The ${words.one} has changed since it was read. Read it again, then decide again.`;
  return userError('PRECONDITION_FAILED', message, 'expectedLastModifiedDateTime');
}

/** What was sent: an add, whose repeat looks for the item if it has a key; or an update or delete of an item. */
export type SentWrite = 'keyed' | 'unkeyed' | 'change';

export function outcomeUnknown(facet: Facet, write: SentWrite): UserError {
  return userError('OUTCOME_UNKNOWN', unknownMessage(facet, write), null, write !== 'unkeyed');
}

function unknownMessage({ words }: Facet, write: SentWrite): string {
  switch (write) {
    case 'keyed':
      return `The ${words.one} was sent, and is not to be seen so far. Repeat with the same key: it is looked for before it is ever sent again.`;
    case 'unkeyed':
      return `The change was sent and its outcome was not seen. Read the ${words.many} before trying again.`;
    case 'change':
      return `The change was sent and its outcome was not seen. Read the ${words.one}, or repeat the call.`;
  }
}

export function duplicateSuspected({ words }: Facet): UserError {
  const message = `The ${words.one} was sent, its outcome was not seen, and more than one ${words.one} looks like it. Have a person look.`;
  return userError('DUPLICATE_SUSPECTED', message);
}

export function keyReused({ words }: Facet): UserError {
  const message = `This key was used before, with another input. Take a new key for a new ${words.one}.`;
  return userError('IDEMPOTENCY_KEY_REUSED', message, 'idempotencyKey');
}

export function addInProgress({ words }: Facet): UserError {
  const message = `Another call is adding this ${words.one}. Try again with the same key in a moment.`;
  return userError('IDEMPOTENCY_IN_PROGRESS', message, 'idempotencyKey');
}

export function deletedSince({ words }: Facet): UserError {
  return userError('NOT_FOUND', `The ${words.one} was added under this key and has been deleted since.`);
}
