// Which person, item and key an input names, or the user errors that say why it names none. Nothing is read for it.
import { ME, type UserKey, userKey } from '../../graph/paths.ts';
import type { GraphSession } from '../../graph/session.ts';
import type { Facet } from '../facet.ts';
import { readItemId } from '../item-id.ts';
import { type UserError, userError } from '../user-error.ts';
import type { Target } from './send.ts';

/**
 * The item that an id names, or why it names none.
 *
 * @param self the caller's object id, where it is known: the caller's own items are addressed through `/me`
 */
export function targetOf(
  session: GraphSession,
  facet: Facet,
  self: UserKey | null,
  id: string,
): Target | UserError[] {
  const named = readItemId(facet, id);
  if (named === null) return [invalidId(facet)];
  const user = named.user ?? targetUser(session, null);
  if (user === null) return [noOwnItems(facet)];
  return { user: user === self ? ME : user, id: named.id };
}

/** The person that an input names; without a name the caller, who has to be a person. Null for an ill-formed name. */
export function targetUser({ accessLevel }: GraphSession, userId: string | null | undefined): UserKey | null {
  if (userId !== null && userId !== undefined) return userKey(userId);
  return accessLevel === 'user' ? ME : null;
}

export function invalidUser({ accessLevel }: GraphSession, { words }: Facet): UserError {
  const what =
    'Give an object id (a GUID, or 16 hexadecimal digits for a personal account) or a user principal name.';
  const why = accessLevel === 'user' ? '' : ` An application by itself has no ${words.many} of its own.`;
  return userError('INVALID_INPUT', `${what}${why}`, 'userId');
}

function invalidId({ words, type }: Facet): UserError {
  return userError('INVALID_INPUT', `Give the id of ${words.any} as it was read from ${type}.id.`, 'id');
}

function noOwnItems({ words, type }: Facet): UserError {
  const message = `An application by itself has no ${words.many} of its own. Give the id of ${words.any} as it was read from ${type}.id.`;
  return userError('INVALID_INPUT', message, 'id');
}

export function readOnlyCaller(): UserError {
  return userError(
    'FORBIDDEN',
    'The roles of this application let it read and nothing else. Nothing was sent.',
  );
}

export function checkKey(key: string | null | undefined): UserError | null {
  if (key === null || key === undefined || /^[\w-]{1,255}$/.test(key)) return null;
  return userError('INVALID_INPUT', 'Give 1 to 255 characters out of A-Z a-z 0-9 - _.', 'idempotencyKey');
}
