// What the payloads of mutations are made from, and the fields of them that are looked up only when they are selected: the
// item's global id, and its owner as the person is after the change.
import type { UserKey } from '../../graph/paths.ts';
import type { Facet } from '../facet.ts';
import type { ItemFacet } from '../item-facet.ts';
import { globalId } from '../item-id.ts';
import type { Owners } from '../owners.ts';
import type { UserError } from '../user-error.ts';
import type { Many } from './many.ts';
import type { Result } from './result.ts';

interface Payload {
  /** Whose profile was named; null where the input names nobody's. */
  readonly user: UserKey | null;
  readonly userErrors: UserError[];
}

/** Of an add or an update. */
export interface ItemPayload<Item extends ItemFacet> extends Payload {
  readonly item: Item | null;
}

export interface DeletePayload extends Payload {
  /** Graph's id of the item that is gone; null where it is not. */
  readonly deletedId: string | null;
}

export function itemPayload<Item extends ItemFacet>(
  { value, userErrors }: Result<Item>,
  user: UserKey | null,
): ItemPayload<Item> {
  return { item: value, user, userErrors: userErrors ?? [] };
}

export function deletePayload({ value, userErrors }: Result<string>, user: UserKey | null): DeletePayload {
  return { deletedId: value, user, userErrors: userErrors ?? [] };
}

/** Of many changes. An error in the place of a payload makes that place null, with the error at its path. */
export function payloadOfMany<T, P>(
  { results, userErrors }: Many<T>,
  payloadOf: (result: Result<T>, user: UserKey | null) => P,
  users: readonly (UserKey | null)[],
): { results: (P | Error)[]; userErrors: UserError[] } {
  const payloads = results.map((result, place) =>
    result instanceof Error ? result : payloadOf(result, users[place] ?? null),
  );
  return { results: payloads, userErrors: [...userErrors] };
}

/** The item with its global id, for which the owner is asked for only where the id is selected. */
export async function withGlobalId<Item extends ItemFacet>(
  facet: Facet<Item>,
  owners: Owners,
  { item, user }: ItemPayload<Item>,
  fields: readonly string[],
): Promise<Item | null> {
  if (item === null || user === null || item.id !== null || !fields.includes('id')) return item;
  return { ...item, id: globalId(facet, await owners.idOf(user), item.graphId) };
}

export async function deletedGlobalId(
  facet: Facet,
  owners: Owners,
  { deletedId, user }: DeletePayload,
): Promise<string | null> {
  return deletedId === null || user === null ? null : globalId(facet, await owners.idOf(user), deletedId);
}
