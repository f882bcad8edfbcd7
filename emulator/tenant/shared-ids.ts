// The option `sharedIds`: a tenant in which the phones of all users have the same ids. Some users also share a name, and
// the names and numbers of their phones. Microsoft Graph promises only that the id of a phone is unique within one
// profile, and the ids in its documentation are 32 bits, repeated. With this tenant, a client that identifies phones by
// that id alone confuses the phones of different users.
import type { Snapshot, StoredPhone, StoredUser } from './tenant.ts';

/** The first id is that of the documentation's "Create itemPhone" page. */
const FIRST_BITS = 0x0fb4_c1e3;
const BITS_STEP = 0x9e37_79b9;

/** Of this many consecutive users, the last has the name and the numbers of the one before. */
const TWIN_INTERVAL = 3;

/** Keeps the object ids and principal names of the users. */
export function shareIds({ people: users, phones }: Snapshot): Snapshot {
  const shared = users.map((user, at) => {
    const twin = at % TWIN_INTERVAL === TWIN_INTERVAL - 1 ? users[at - 1] : undefined;
    return { user: { ...user, ...nameOf(twin) }, phones: withNumbersOf(phones, user, twin) };
  });
  return {
    people: shared.map(({ user }) => user),
    phones: Object.fromEntries(shared.map(({ user, phones: own }) => [user.id, own.map(withSharedId)])),
  };
}

function nameOf(user: StoredUser | undefined): Partial<StoredUser> {
  if (user === undefined) return {};
  const { displayName, givenName, surname } = user;
  return { displayName, givenName, surname };
}

function withNumbersOf(
  phones: Snapshot['phones'],
  { id }: StoredUser,
  twin: StoredUser | undefined,
): readonly StoredPhone[] {
  const others = phones[twin?.id ?? ''] ?? [];
  return (phones[id] ?? []).map((phone, at) => {
    const { number, displayName } = others[at] ?? phone;
    return { ...phone, number, displayName };
  });
}

function withSharedId(phone: StoredPhone, at: number): StoredPhone {
  return { ...phone, id: sharedId(at) };
}

/** An id of 32 bits, repeated in the same way as in the documented ids. */
export function sharedId(at: number): string {
  const bits = ((FIRST_BITS + Math.imul(at, BITS_STEP)) >>> 0).toString(16).padStart(8, '0');
  const [high, low] = [bits.slice(0, 4), bits.slice(4)];
  const [one, two, three, four] = [bits.slice(0, 2), bits.slice(2, 4), bits.slice(4, 6), bits.slice(6)];
  const mixed = `${four}${three}${two}${one}`;
  return `${high}${low}-${low}-${high}-${mixed.slice(0, 4)}-${mixed.slice(4)}${mixed}`;
}
