// The fields of User that phones answer, and how the read behind each is started before the person is known: a facet is
// read together with the person it belongs to.
import { type ItemId, isObjectId, type UserKey } from '../graph/paths.ts';
import { type NamedPhone, readPhoneId } from './phone-id.ts';
import type { Phone } from './wire.ts';

/** A field of User that this room answers. */
export interface Facet {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/**
 * How to start the read behind a facet before its turn. A list of phones, even an empty one, shows that there is such a
 * person; a phone that is not there shows nothing.
 */
export interface Prefetched {
  (user: UserKey): Promise<unknown>;
  readonly provesUser: boolean;
  /** The properties of the person without which the facet cannot be answered. */
  readonly needs: readonly ('id' | 'userPrincipalName')[];
}

type LoadPhone = (user: UserKey, id: ItemId, fields: readonly string[]) => Promise<Phone | null>;

export function startOfList(
  load: (user: UserKey) => Promise<unknown>,
  fields: readonly string[],
): Prefetched {
  return Object.assign(load, { provesUser: true, needs: fields.includes('id') ? ONLY_ID : NOTHING });
}

/** Nothing is started for what will be refused, or is surely somebody else's. */
export function startOfPhone(id: string, fields: readonly string[], load: LoadPhone): Prefetched {
  const named = readPhoneId(id);
  const start = async (key: UserKey): Promise<unknown> => {
    if (named === null || isSurelyOther(named, key)) return null;
    return load(key, named.id, fields);
  };
  return Object.assign(start, { provesUser: false, needs: needsOf(named, fields) });
}

function isSurelyOther({ user }: NamedPhone, key: UserKey): boolean {
  return user !== null && isObjectId(user) && isObjectId(key) && user !== key;
}

function needsOf(named: NamedPhone | null, fields: readonly string[]): Prefetched['needs'] {
  const user = named?.user ?? null;
  if (user === null) return fields.includes('id') ? ONLY_ID : NOTHING;
  return isObjectId(user) ? ONLY_ID : BOTH;
}

const NOTHING: Prefetched['needs'] = [];
const ONLY_ID: Prefetched['needs'] = ['id'];
const BOTH: Prefetched['needs'] = ['id', 'userPrincipalName'];
