// A tenant in which people share what is not theirs alone: everybody's phones have the same ids, some of these have the
// same number and name, and some people have the same name. Microsoft Graph promises that the id of a phone is unique
// within one profile, and the ids in its documentation are 32 bits, repeated. A client that knows phones by such an id
// takes one user's for another's here at once.
import type { Snapshot, StoredPhone, StoredUser } from './tenant.ts';

/** The first is the one of the documentation's "Create itemPhone" page. */
const FIRST_BITS = 0x0fb4_c1e3;
const BETWEEN = 0x9e37_79b9;

/** Of so many people that follow each other, the last has the name and the numbers of the one before. */
const TWINS_EVERY = 3;

/** The same people, with the same object ids and principal names. */
export function shareIds({ people, phones }: Snapshot): Snapshot {
  const shared = people.map((user, at) => {
    const before = at % TWINS_EVERY === TWINS_EVERY - 1 ? people[at - 1] : undefined;
    return { user: { ...user, ...nameOf(before) }, phones: twinned(phones, user, before) };
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

function twinned(
  phones: Snapshot['phones'],
  { id }: StoredUser,
  before: StoredUser | undefined,
): readonly StoredPhone[] {
  const others = phones[before?.id ?? ''] ?? [];
  return (phones[id] ?? []).map((phone, at) => {
    const { number, displayName } = others[at] ?? phone;
    return { ...phone, number, displayName };
  });
}

function withSharedId(phone: StoredPhone, at: number): StoredPhone {
  return { ...phone, id: sharedId(at) };
}

/** 32 bits, repeated in the ways that the documented ids repeat them. */
export function sharedId(at: number): string {
  const bits = ((FIRST_BITS + Math.imul(at, BETWEEN)) >>> 0).toString(16).padStart(8, '0');
  const [high, low] = [bits.slice(0, 4), bits.slice(4)];
  const [one, two, three, four] = [bits.slice(0, 2), bits.slice(2, 4), bits.slice(4, 6), bits.slice(6)];
  const mixed = `${four}${three}${two}${one}`;
  return `${high}${low}-${low}-${high}-${mixed.slice(0, 4)}-${mixed.slice(4)}${mixed}`;
}
