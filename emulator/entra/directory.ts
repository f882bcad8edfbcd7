// The people of the tenant as Entra ID knows them: their names, and the permissions they have consented to.

import { DEMO_TOKENS } from '../tenant/demo.ts';
import { FIXTURES } from '../tenant/fixtures.ts';
import type { StoredUser } from '../tenant/tenant.ts';

export interface Directory {
  /** Finds a user by demo name, fixture name, user principal name or id. */
  find(name: string): StoredUser | undefined;
  /** The name in the recorded calls: the demo name, else the user principal name. */
  nameOf(user: StoredUser): string;
  /** The delegated permissions for Microsoft Graph that the user or an administrator granted to the gateway. */
  consented(user: StoredUser): readonly string[];
  /** Replaces these permissions. Null restores the initial ones. */
  consent(user: StoredUser, permissions: readonly string[] | null): void;
  reset(): void;
}

/** The permissions of people without a demo token. */
const DEFAULT_CONSENT = ['User.ReadWrite', 'User.ReadBasic.All'];
const PEOPLE = DEMO_TOKENS.filter(({ name, upn }) => upn !== undefined && name !== 'expired');

/** The object id of a personal account in tokens; see `objectIdOf`. */
const PERSONAL_OID = /^0{8}-0{4}-0{4}-([0-9a-f]{4})-([0-9a-f]{12})$/;

/** @param find finds a user of the current tenant by user principal name or id */
export function createDirectory(find: (key: string) => StoredUser | undefined): Directory {
  const overridden = new Map<string, readonly string[]>();
  const demoOf = ({ userPrincipalName }: StoredUser) =>
    PEOPLE.find(({ upn }) => upn === userPrincipalName.toLowerCase());
  return {
    find(name) {
      const demo = PEOPLE.find((demoToken) => demoToken.name === name)?.upn;
      const fixture = Object.hasOwn(FIXTURES, name) ? FIXTURES[name as keyof typeof FIXTURES] : undefined;
      return find(demo ?? fixture ?? name.replace(PERSONAL_OID, '$1$2'));
    },
    nameOf: (user) => demoOf(user)?.name ?? user.userPrincipalName,
    consented: (user) => overridden.get(user.id) ?? demoOf(user)?.scopes ?? DEFAULT_CONSENT,
    consent(user, permissions) {
      if (permissions === null) overridden.delete(user.id);
      else overridden.set(user.id, permissions);
    },
    reset: () => overridden.clear(),
  };
}
