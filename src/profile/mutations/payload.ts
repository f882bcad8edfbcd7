// What a mutation's payload is made from, and the fields of it that are looked up only when they are selected: the phone's
// global id, and its owner as the person is after the change.
import type { UserKey } from '../../graph/paths.ts';
import type { Phone } from '../item-facet.ts';
import { phoneId } from '../item-id.ts';
import type { Owners } from '../owners.ts';
import type { Refusal } from '../user-error.ts';
import type { Written } from './result.ts';

interface Payload {
  /** Whose profile was meant; null where the input names nobody. */
  readonly user: UserKey | null;
  readonly userErrors: Refusal[];
}

/** Of an addition or a change. */
export interface PhonePayload extends Payload {
  readonly phone: Phone | null;
}

export interface DeletePayload extends Payload {
  /** Graph's id of the phone that is gone; null where it is not. */
  readonly deleted: string | null;
}

export function phonePayload({ done, refused }: Written<Phone>, user: UserKey | null): PhonePayload {
  return { phone: done, user, userErrors: refused ?? [] };
}

export function deletePayload({ done, refused }: Written<string>, user: UserKey | null): DeletePayload {
  return { deleted: done, user, userErrors: refused ?? [] };
}

/** The phone with its global id, which is asked for only where it is wanted. */
export async function ownedPhone(
  owners: Owners,
  { phone, user }: PhonePayload,
  fields: readonly string[],
): Promise<Phone | null> {
  if (phone === null || user === null || phone.id !== null || !fields.includes('id')) return phone;
  return { ...phone, id: phoneId(await owners.idOf(user), phone.graphId) };
}

export async function deletedPhoneId(
  owners: Owners,
  { deleted, user }: DeletePayload,
): Promise<string | null> {
  return deleted === null || user === null ? null : phoneId(await owners.idOf(user), deleted);
}
