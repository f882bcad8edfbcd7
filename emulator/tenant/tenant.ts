// The tenant in memory: its users, and the phones of each, oldest first. Newer enumeration members are stored by their
// names. The folder `graph` decides what a caller sees.
import { compareInstants } from '../odata/instants.ts';

export interface StoredUser {
  /** A GUID; 16 hexadecimal digits for a personal account. */
  readonly id: string;
  readonly displayName: string | null;
  readonly givenName: string | null;
  readonly surname: string | null;
  readonly userPrincipalName: string;
  readonly mail: string | null;
  readonly jobTitle: string | null;
  readonly department: string | null;
  /** `Member` or `Guest`. Null for accounts that are older than the property. */
  readonly userType: string | null;
  readonly accountEnabled: boolean | null;
  readonly mobilePhone: string | null;
  readonly businessPhones: readonly string[];
  readonly officeLocation: string | null;
  readonly preferredLanguage: string | null;
}

/** An open type, which can have any members, or only `@odata.type`. */
export type IdentitySet = Readonly<Record<string, unknown>>;

/** An identity set with three members, two of them null, as in the documented responses. */
export function identityOf(displayName: string | null, id: string): IdentitySet {
  return { application: null, device: null, user: { displayName, id } };
}

export interface StoredInference {
  /** A number, or one of OData's strings `INF`, `-INF` and `NaN`. The early drafts have placeholders. */
  readonly confidenceScore: number | string | null;
  readonly userHasVerifiedAccuracy: boolean | null;
}

export interface StoredPhone {
  /** Only for phones in the form of the early drafts, whose responses have it. */
  readonly '@odata.type'?: string;
  readonly id: string;
  /** The names of the members, in member order. Includes newer members. */
  readonly allowedAudiences: string | null;
  readonly inference: StoredInference | null;
  readonly createdDateTime: string | null;
  readonly createdBy: IdentitySet | null;
  readonly lastModifiedDateTime: string | null;
  readonly lastModifiedBy: IdentitySet | null;
  readonly isSearchable?: boolean;
  /** Absent when it was never set. `type` is a string in the form of the documentation, a list in that of the metadata. */
  readonly source?: { readonly type: string | readonly string[] | null } | null;
  readonly sources?: readonly unknown[] | null;
  readonly displayName: string | null;
  /** Usually a member of phoneType, but any string can be stored. */
  readonly type: string | null;
  readonly number: string | null;
}

export interface Snapshot {
  /** The users. The name is part of the file format. */
  readonly people: readonly StoredUser[];
  /** By user id. Users without phones can be rest out. */
  readonly phones: Readonly<Record<string, readonly StoredPhone[]>>;
}

export interface Store {
  /** The users of the directory, which has no personal accounts. */
  users(): readonly StoredUser[];
  /** Finds a user by object id or user principal name, without case. */
  user(key: string): StoredUser | undefined;
  /** Oldest first. Must not be modified. */
  phones(userId: string): readonly StoredPhone[];
  phone(userId: string, id: string): StoredPhone | undefined;
  /** Adds a phone, or replaces the phone with the same id. */
  put(userId: string, phone: StoredPhone): void;
  /** Returns false when there is no such phone. */
  remove(userId: string, id: string): boolean;
  removeAll(userId: string): void;
  snapshot(): Snapshot;
  /** Replaces all users and phones. */
  restore(snapshot: Snapshot): void;
}

/** @param changed called after every change */
export function createStore(seed: Snapshot, changed: () => void): Store {
  let users: readonly StoredUser[] = [];
  let directory: readonly StoredUser[] = [];
  const byKey = new Map<string, StoredUser>();
  const phones = new Map<string, readonly StoredPhone[]>();

  const load = (snapshot: Snapshot): void => {
    users = snapshot.people;
    directory = users.filter((user) => !isPersonal(user));
    byKey.clear();
    phones.clear();
    for (const user of users) {
      byKey.set(user.userPrincipalName.toLowerCase(), user);
      byKey.set(user.id.toLowerCase(), user);
    }
    for (const [id, list] of Object.entries(snapshot.phones)) phones.set(id, list.toSorted(byAge));
  };
  const set = (userId: string, list: readonly StoredPhone[]): void => {
    phones.set(userId, list);
    changed();
  };
  const of = (userId: string): readonly StoredPhone[] => phones.get(userId) ?? [];

  load(seed);
  return {
    users: () => directory,
    user: (key) => byKey.get(key.toLowerCase()),
    phones: of,
    phone: (userId, id) => of(userId).find((phone) => phone.id === id),
    put(userId, phone) {
      const list = of(userId);
      const known = list.some(({ id }) => id === phone.id);
      set(userId, known ? list.map((old) => (old.id === phone.id ? phone : old)) : inserted(list, phone));
    },
    remove(userId, id) {
      const list = of(userId);
      const rest = list.filter((phone) => phone.id !== id);
      if (rest.length === list.length) return false;
      set(userId, rest);
      return true;
    },
    removeAll: (userId) => set(userId, []),
    snapshot: () => ({ people: users, phones: Object.fromEntries(phones) }),
    restore(snapshot) {
      load(snapshot);
      changed();
    },
  };
}

/** The id of a personal account is not a GUID. */
function isPersonal({ id }: StoredUser): boolean {
  return /^[0-9a-f]{16}$/.test(id);
}

/** The sort is stable, so phones of the same time stay in the order of insertion. */
function inserted(list: readonly StoredPhone[], phone: StoredPhone): readonly StoredPhone[] {
  return [...list, phone].sort(byAge);
}

function byAge(a: StoredPhone, b: StoredPhone): number {
  return compareInstants(a.createdDateTime, b.createdDateTime);
}
