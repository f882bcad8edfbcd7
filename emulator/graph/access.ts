// Authorization: the permissions that each path requires (Microsoft Graph permissions reference), and the error for a
// caller who lacks them.

import type { StoredUser } from '../tenant/tenant.ts';
import { graphErrors } from './errors.ts';
import type { Principal } from './tokens.ts';

export type Access = 'read' | 'write';

const AGENT_PERMISSIONS = ['AgentIdUser.ReadWrite.All', 'AgentIdUser.ReadWrite.IdentityParentedBy'];
const OWN_PROFILE: Readonly<Record<Access, readonly string[]>> = {
  read: [
    'User.Read',
    'User.ReadBasic.All',
    'User.Read.All',
    'User.ReadWrite',
    'User.ReadWrite.All',
    ...AGENT_PERMISSIONS,
  ],
  write: ['User.ReadWrite', 'User.ReadWrite.All', ...AGENT_PERMISSIONS],
};
const OTHER_PROFILES: Readonly<Record<Access, readonly string[]>> = {
  read: ['User.ReadBasic.All', 'User.Read.All', 'User.ReadWrite.All', ...AGENT_PERMISSIONS],
  write: ['User.ReadWrite.All', ...AGENT_PERMISSIONS],
};
const BY_APPLICATION: Readonly<Record<Access, readonly string[]>> = {
  read: ['User.Read.All', 'User.ReadWrite.All', ...AGENT_PERMISSIONS],
  write: ['User.ReadWrite.All', ...AGENT_PERMISSIONS],
};

/**
 * Returns the signed-in user, for `/me`.
 *
 * @throws GraphError for an application without a user, and for a caller without a permission
 */
export function signedInUser(principal: Principal, access: Access): StoredUser {
  if (principal.kind === 'application') throw graphErrors.meWithoutUser();
  if (!holdsAny(principal, OWN_PROFILE[access])) throw graphErrors.denied();
  return principal.user;
}

/**
 * Checks the access to one user, or to a user who does not exist. An unauthorized caller thereby gets the same error for
 * both.
 *
 * @throws GraphError for a caller without a permission
 */
export function authorize(principal: Principal, access: Access, user: StoredUser | undefined): void {
  const isOwn = principal.kind === 'delegated' && user?.id === principal.user.id;
  const required = isOwn ? OWN_PROFILE : principal.kind === 'application' ? BY_APPLICATION : OTHER_PROFILES;
  if (holdsAny(principal, required[access])) return;
  throw access === 'write' && !isOwn ? graphErrors.deniedForRole() : graphErrors.denied();
}

/** Checks the access to the list of users. */
export function authorizeDirectory(principal: Principal): void {
  authorize(principal, 'read', undefined);
}

/**
 * Whether the principal sees every property of a user. With `User.ReadBasic.All` alone, it sees only the basic profile
 * of other users (Microsoft Graph permissions reference).
 *
 * @param user undefined for the list of users
 */
export function seesWholeProfile(principal: Principal, user: StoredUser | undefined): boolean {
  if (principal.kind === 'application' || user?.id === principal.user.id) return true;
  return holdsAny(principal, ['User.Read.All', 'User.ReadWrite.All', ...AGENT_PERMISSIONS]);
}

function holdsAny(principal: Principal, permissions: readonly string[]): boolean {
  return permissions.some((permission) => principal.permissions.has(permission));
}
