// The people of the tenant as Entra ID knows them: their names, and the permissions they have consented to.

import { DEMO_TOKENS } from '../tenant/demo.ts';
import { FIXTURES } from '../tenant/fixtures.ts';
import type { StoredPerson } from '../tenant/tenant.ts';

export interface Directory {
  /** Finds a person by demo name, fixture name, user principal name or id. */
  find(name: string): StoredPerson | undefined;
  /** The name in the recorded calls: the demo name, else the user principal name. */
  nameOf(person: StoredPerson): string;
  /** The delegated permissions for Microsoft Graph that the person or an administrator granted to the gateway. */
  consented(person: StoredPerson): readonly string[];
  /** Replaces these permissions. Null restores the initial ones. */
  consent(person: StoredPerson, permissions: readonly string[] | null): void;
  reset(): void;
}

/** The permissions of people without a demo token. */
const DEFAULT_CONSENT = ['User.ReadWrite', 'User.ReadBasic.All'];
const PEOPLE = DEMO_TOKENS.filter(({ name, upn }) => upn !== undefined && name !== 'expired');

/** The object id of a personal account in tokens; see `objectIdOf`. */
const PERSONAL_OID = /^0{8}-0{4}-0{4}-([0-9a-f]{4})-([0-9a-f]{12})$/;

/** @param find finds a person of the current tenant by user principal name or id */
export function createDirectory(find: (key: string) => StoredPerson | undefined): Directory {
  const overridden = new Map<string, readonly string[]>();
  const demoOf = ({ userPrincipalName }: StoredPerson) =>
    PEOPLE.find(({ upn }) => upn === userPrincipalName.toLowerCase());
  return {
    find(name) {
      const demo = PEOPLE.find((demoToken) => demoToken.name === name)?.upn;
      const fixture = Object.hasOwn(FIXTURES, name) ? FIXTURES[name as keyof typeof FIXTURES] : undefined;
      return find(demo ?? fixture ?? name.replace(PERSONAL_OID, '$1$2'));
    },
    nameOf: (person) => demoOf(person)?.name ?? person.userPrincipalName,
    consented: (person) => overridden.get(person.id) ?? demoOf(person)?.scopes ?? DEFAULT_CONSENT,
    consent(person, permissions) {
      if (permissions === null) overridden.delete(person.id);
      else overridden.set(person.id, permissions);
    },
    reset: () => overridden.clear(),
  };
}
