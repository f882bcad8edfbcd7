// The people of the tenant as Entra ID has them: the names they go by here, and what each has consented to.

import { DEMO_TOKENS } from '../tenant/demo.ts';
import { FIXTURES } from '../tenant/fixtures.ts';
import type { StoredPerson } from '../tenant/tenant.ts';

export interface Directory {
  /** By the name of a demo token or of the cast, by user principal name or by id. */
  find(name: string): StoredPerson | undefined;
  /** What the recorded calls call them: the name of a demo token, else the user principal name. */
  nameOf(person: StoredPerson): string;
  /** The delegated permissions for Microsoft Graph that they, or an administrator, gave the gateway. */
  consented(person: StoredPerson): readonly string[];
  /** Replaces those; null for what they were at the start. */
  consent(person: StoredPerson, permissions: readonly string[] | null): void;
  reset(): void;
}

/** What people have who are no demo callers. */
const ORDINARY = ['User.ReadWrite', 'User.ReadBasic.All'];
const PEOPLE = DEMO_TOKENS.filter(({ name, upn }) => upn !== undefined && name !== 'expired');

/** As tokens have it; see `objectIdOf`. */
const PERSONAL_OID = /^0{8}-0{4}-0{4}-([0-9a-f]{4})-([0-9a-f]{12})$/;

/** @param find a person by user principal name or id, as the tenant is at the moment */
export function createDirectory(find: (key: string) => StoredPerson | undefined): Directory {
  const changed = new Map<string, readonly string[]>();
  const scriptOf = ({ userPrincipalName }: StoredPerson) =>
    PEOPLE.find(({ upn }) => upn === userPrincipalName.toLowerCase());
  return {
    find(name) {
      const demo = PEOPLE.find((script) => script.name === name)?.upn;
      const cast = Object.hasOwn(FIXTURES, name) ? FIXTURES[name as keyof typeof FIXTURES] : undefined;
      return find(demo ?? cast ?? name.replace(PERSONAL_OID, '$1$2'));
    },
    nameOf: (person) => scriptOf(person)?.name ?? person.userPrincipalName,
    consented: (person) => changed.get(person.id) ?? scriptOf(person)?.scopes ?? ORDINARY,
    consent(person, permissions) {
      if (permissions === null) changed.delete(person.id);
      else changed.set(person.id, permissions);
    },
    reset: () => changed.clear(),
  };
}
