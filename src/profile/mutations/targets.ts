// Whom and what an input means: a person, a phone, a key; or why it can be none. Nothing is asked for that.
import { ME, type UserKey, userKey } from '../../graph/paths.ts';
import type { GraphSession } from '../../graph/session.ts';
import { readPhoneId } from '../item-id.ts';
import { type Refusal, refusal } from '../user-error.ts';
import type { Target } from './send.ts';

/**
 * Which phone is meant, or why it cannot be any.
 *
 * @param self the caller's object id, where it is known: what is the caller's own is asked for as such
 */
export function targetOf(session: GraphSession, self: UserKey | null, id: string): Target | Refusal[] {
  const named = readPhoneId(id);
  if (named === null) return [noPhone()];
  const user = named.user ?? personMeant(session, null);
  if (user === null) return [noOwnPhone()];
  return { user: user === self ? ME : user, id: named.id };
}

/** Whose phones are meant: without a name the caller's, who has to be a person for that. */
export function personMeant(
  { accessLevel }: GraphSession,
  userId: string | null | undefined,
): UserKey | null {
  if (userId !== null && userId !== undefined) return userKey(userId);
  return accessLevel === 'user' ? ME : null;
}

export function nobody({ accessLevel }: GraphSession, user: UserKey | null): Refusal[] {
  if (user !== null) return [];
  const what =
    'Give an object id (a GUID, or 16 hexadecimal digits for a personal account) or a user principal name.';
  const why = accessLevel === 'user' ? '' : ' An application by itself has no phones of its own.';
  return [refusal('INVALID_INPUT', `${what}${why}`, 'userId')];
}

function noPhone(): Refusal {
  return refusal('INVALID_INPUT', 'Give the id of a phone as it was read from ItemPhone.id.', 'id');
}

function noOwnPhone(): Refusal {
  const message =
    'An application by itself has no phones of its own. Give the id of a phone as it was read from ItemPhone.id.';
  return refusal('INVALID_INPUT', message, 'id');
}

export function mayNotWrite(): Refusal {
  return refusal(
    'FORBIDDEN',
    'The roles of this application let it read and nothing else. Nothing was sent.',
  );
}

export function checkKey(key: string | null | undefined): Refusal | null {
  if (key === null || key === undefined || /^[\w-]{1,255}$/.test(key)) return null;
  return refusal('INVALID_INPUT', 'Give 1 to 255 characters out of A-Z a-z 0-9 - _.', 'idempotencyKey');
}
