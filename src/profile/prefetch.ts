// How the read behind a field of User is started before the person is known, so that items are read at the same moment as
// the person they belong to.
import { type ItemId, isObjectId, type UserKey } from '../graph/paths.ts';
import type { Facet } from './facet.ts';
import { type NamedItem, readItemId } from './item-id.ts';

/**
 * Starts the read of a field. A list of items, even an empty one, shows that there is such a person; an item that is not
 * there shows nothing.
 */
export interface Prefetch {
  (user: UserKey): Promise<unknown>;
  readonly provesUser: boolean;
  /** The properties of the person without which the field cannot be resolved. */
  readonly needs: readonly ('id' | 'userPrincipalName')[];
}

export function prefetchOfList(
  load: (user: UserKey) => Promise<unknown>,
  fields: readonly string[],
): Prefetch {
  return Object.assign(load, { provesUser: true, needs: fields.includes('id') ? ONLY_ID : NOTHING });
}

/** A field that asks for one item by its id. */
export interface FieldOfItem {
  readonly id: string;
  readonly fields: readonly string[];
}

type LoadItem = (user: UserKey, id: ItemId, fields: readonly string[]) => Promise<unknown>;

/** Nothing is started for an ill-formed id, or for one of another person's item. */
export function prefetchOfItem(facet: Facet, { id, fields }: FieldOfItem, load: LoadItem): Prefetch {
  const named = readItemId(facet, id);
  const start = async (key: UserKey): Promise<unknown> => {
    if (named === null || isSurelyOther(named, key)) return null;
    return load(key, named.id, fields);
  };
  return Object.assign(start, { provesUser: false, needs: needsOf(named, fields) });
}

function isSurelyOther({ user }: NamedItem, key: UserKey): boolean {
  return user !== null && isObjectId(user) && isObjectId(key) && user !== key;
}

function needsOf(named: NamedItem | null, fields: readonly string[]): Prefetch['needs'] {
  const user = named?.user ?? null;
  if (user === null) return fields.includes('id') ? ONLY_ID : NOTHING;
  return isObjectId(user) ? ONLY_ID : BOTH;
}

const NOTHING: Prefetch['needs'] = [];
const ONLY_ID: Prefetch['needs'] = ['id'];
const BOTH: Prefetch['needs'] = ['id', 'userPrincipalName'];
