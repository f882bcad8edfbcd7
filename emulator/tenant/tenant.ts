// The tenant in memory: people, and the phones of each, oldest first. What is stored is what Microsoft Graph would
// store, with newer enumeration members by their real names; what a caller gets to see of it is decided elsewhere.
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
  /** `Member` or `Guest`; accounts that are older than the property have null. */
  readonly userType: string | null;
  readonly accountEnabled: boolean | null;
  readonly mobilePhone: string | null;
  readonly businessPhones: readonly string[];
  readonly officeLocation: string | null;
  readonly preferredLanguage: string | null;
}

/** An identity set is an open type and can hold anything, also nothing but its `@odata.type`. */
export type IdentitySet = Readonly<Record<string, unknown>>;

/** As the documentation's answers have it: three members, two of them null. */
export function identityOf(displayName: string | null, id: string): IdentitySet {
  return { application: null, device: null, user: { displayName, id } };
}

export interface StoredInference {
  /** A number, or `INF`, `-INF`, `NaN` as OData spells them; the drafts have placeholders here. */
  readonly confidenceScore: number | string | null;
  readonly userHasVerifiedAccuracy: boolean | null;
}

export interface StoredPhone {
  /** Only stored where an early draft of the service would answer with it. */
  readonly '@odata.type'?: string;
  readonly id: string;
  /** By name, in member order, newer members too. */
  readonly allowedAudiences: string | null;
  readonly inference: StoredInference | null;
  readonly createdDateTime: string | null;
  readonly createdBy: IdentitySet | null;
  readonly lastModifiedDateTime: string | null;
  readonly lastModifiedBy: IdentitySet | null;
  readonly isSearchable?: boolean;
  /** Absent when nobody ever gave one. A string where the service answers in the documented form. */
  readonly source?: { readonly type: string | readonly string[] | null } | null;
  readonly sources?: readonly unknown[] | null;
  readonly displayName: string | null;
  /** As stored; not always a member of phoneType. */
  readonly type: string | null;
  readonly number: string | null;
}

export interface Snapshot {
  readonly people: readonly StoredUser[];
  /** By user id; people without phones can be left out. */
  readonly phones: Readonly<Record<string, readonly StoredPhone[]>>;
}

export interface Store {
  /** Those in the directory: personal accounts are in none. */
  users(): readonly StoredUser[];
  /** By object id or user principal name, whatever the case. */
  user(key: string): StoredUser | undefined;
  /** Oldest first. Not to be changed. */
  phones(userId: string): readonly StoredPhone[];
  phone(userId: string, id: string): StoredPhone | undefined;
  /** Adds the phone, or takes the place of the one with the same id. */
  put(userId: string, phone: StoredPhone): void;
  /** False when there was no such phone. */
  remove(userId: string, id: string): boolean;
  removeAll(userId: string): void;
  snapshot(): Snapshot;
  /** Replaces everything. */
  restore(snapshot: Snapshot): void;
}

/** @param changed called after every change */
export function createStore(seed: Snapshot, changed: () => void): Store {
  let people: readonly StoredUser[] = [];
  let directory: readonly StoredUser[] = [];
  const byKey = new Map<string, StoredUser>();
  const phones = new Map<string, readonly StoredPhone[]>();

  const load = (snapshot: Snapshot): void => {
    people = snapshot.people;
    directory = people.filter((user) => !isPersonal(user));
    byKey.clear();
    phones.clear();
    for (const user of people) {
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
      const left = list.filter((phone) => phone.id !== id);
      if (left.length === list.length) return false;
      set(userId, left);
      return true;
    },
    removeAll: (userId) => set(userId, []),
    snapshot: () => ({ people, phones: Object.fromEntries(phones) }),
    restore(snapshot) {
      load(snapshot);
      changed();
    },
  };
}

/** Of the two kinds of ids, a personal account's is the one that is no GUID. */
function isPersonal({ id }: StoredUser): boolean {
  return /^[0-9a-f]{16}$/.test(id);
}

/** Sorting is stable, so that phones of the same moment stay as they came. */
function inserted(list: readonly StoredPhone[], phone: StoredPhone): readonly StoredPhone[] {
  return [...list, phone].sort(byAge);
}

function byAge(a: StoredPhone, b: StoredPhone): number {
  return compareInstants(a.createdDateTime, b.createdDateTime);
}
