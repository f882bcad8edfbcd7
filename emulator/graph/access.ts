// Who may do what: the permissions of the phone paths (Microsoft Graph permissions reference), and the refusal that
// each kind of trespass meets.

import type { StoredPerson } from '../tenant/tenant.ts';
import { graphErrors } from './errors.ts';
import type { Principal } from './tokens.ts';

export type Deed = 'read' | 'write';

const AGENTS = ['AgentIdUser.ReadWrite.All', 'AgentIdUser.ReadWrite.IdentityParentedBy'];
const OWN: Readonly<Record<Deed, readonly string[]>> = {
  read: [
    'User.Read',
    'User.ReadBasic.All',
    'User.Read.All',
    'User.ReadWrite',
    'User.ReadWrite.All',
    ...AGENTS,
  ],
  write: ['User.ReadWrite', 'User.ReadWrite.All', ...AGENTS],
};
const OTHERS: Readonly<Record<Deed, readonly string[]>> = {
  read: ['User.ReadBasic.All', 'User.Read.All', 'User.ReadWrite.All', ...AGENTS],
  write: ['User.ReadWrite.All', ...AGENTS],
};
const BY_APPLICATION: Readonly<Record<Deed, readonly string[]>> = {
  read: ['User.Read.All', 'User.ReadWrite.All', ...AGENTS],
  write: ['User.ReadWrite.All', ...AGENTS],
};

/** The person behind `/me`; only a person has one. */
export function self(principal: Principal, deed: Deed): StoredPerson {
  if (principal.kind === 'application') throw graphErrors.meWithoutUser();
  if (!holdsAny(principal, OWN[deed])) throw graphErrors.denied();
  return principal.person;
}

/** Lets the principal through to one person, or refuses; asked before anybody looks whether that person exists. */
export function authorize(principal: Principal, deed: Deed, person: StoredPerson | undefined): void {
  const own = principal.kind === 'delegated' && person?.id === principal.person.id;
  const needed = own ? OWN : principal.kind === 'application' ? BY_APPLICATION : OTHERS;
  if (holdsAny(principal, needed[deed])) return;
  throw deed === 'write' && !own ? graphErrors.deniedForRole() : graphErrors.denied();
}

/** Lets the principal through to the list of everybody. */
export function authorizeDirectory(principal: Principal): void {
  authorize(principal, 'read', undefined);
}

/**
 * Whether the principal sees every property of a user, and not the basic profile alone that `User.ReadBasic.All` shows of
 * others (Microsoft Graph permissions reference).
 *
 * @param person undefined for everybody
 */
export function seesWholeProfile(principal: Principal, person: StoredPerson | undefined): boolean {
  if (principal.kind === 'application' || person?.id === principal.person.id) return true;
  return holdsAny(principal, ['User.Read.All', 'User.ReadWrite.All', ...AGENTS]);
}

function holdsAny(principal: Principal, permissions: readonly string[]): boolean {
  return permissions.some((permission) => principal.permissions.has(permission));
}
