// The claims of access tokens and ID tokens (Microsoft identity platform, "Access token claims reference" and "ID token
// claims reference"). Claims that only Microsoft can read (`aio`, `rh`) have arbitrary values.
import { createHash } from 'node:crypto';
import type { Issuers } from '../tenant/clouds.ts';
import { issuerOf } from '../tenant/clouds.ts';
import type { StoredUser } from '../tenant/tenant.ts';
import type { Claims } from './jwt.ts';
import type { Application, Tenant } from './registrations.ts';
import { guidOf } from './registrations.ts';

export type Version = '1.0' | '2.0';

/** The parameters of a token. */
export interface TokenContext {
  readonly issuers: Issuers;
  readonly version: Version;
  readonly tenant: Tenant;
  readonly audience: string;
  /** The application that the token is issued to; for an unregistered one, its client id. */
  readonly client: Pick<Application, 'clientId' | 'displayName'> & { readonly isPublic: boolean };
  /** Seconds since 1970. */
  readonly now: number;
  readonly seconds: number;
  /** `uti`, the id of the token. */
  readonly id: string;
  /** The client capabilities (`xms_cc`). */
  readonly capabilities: readonly string[];
}

export function userClaims(context: TokenContext, user: StoredUser, oid: string, scp: string): Claims {
  const { displayName: name, givenName, surname, userPrincipalName: upn } = user;
  const sub = pairwise(context.audience, oid);
  const common = { ...commonClaims(context), name, oid, scp, sub };
  if (context.version === '2.0') return { ...common, preferred_username: upn };
  const names = { family_name: surname, given_name: givenName, unique_name: upn, upn };
  return { ...common, ...names, acr: '1', amr: ['pwd'] };
}

/** The subject of an application without a user is the object id of its service principal. */
export function applicationClaims(context: TokenContext, roles: readonly string[]): Claims {
  const oid = servicePrincipalOf(context.tenant, context.client.clientId);
  return { ...commonClaims(context), oid, sub: oid, ...(roles.length === 0 ? {} : { roles }) };
}

function commonClaims(context: TokenContext): Claims {
  const { issuers, version, tenant, client, now } = context;
  const proof = client.isPublic ? '0' : '1';
  return {
    aud: context.audience,
    iss: issuerOf(issuers, version, tenant.id),
    iat: now,
    nbf: now,
    exp: now + context.seconds,
    aio: opaque(`aio ${context.id}`),
    ...(version === '2.0'
      ? { azp: client.clientId, azpacr: proof }
      : { appid: client.clientId, appidacr: proof, app_displayname: client.displayName }),
    rh: opaque(`rh ${context.id}`),
    tid: tenant.id,
    uti: context.id,
    ver: version,
    ...(context.capabilities.length === 0 ? {} : { xms_cc: context.capabilities }),
  };
}

export function idTokenClaims(context: TokenContext, user: StoredUser): Claims {
  const { issuers, tenant, client, now } = context;
  return {
    aud: client.clientId,
    iss: issuerOf(issuers, '2.0', tenant.id),
    iat: now,
    nbf: now,
    exp: now + context.seconds,
    name: user.displayName,
    oid: objectIdOf(user),
    preferred_username: user.userPrincipalName,
    sub: pairwise(client.clientId, user.id),
    tid: tenant.id,
    ver: '2.0',
  };
}

/** In tokens, the 16 digits of a personal account are a GUID that begins with zeros ("ID token claims reference"). */
export function objectIdOf({ id }: StoredUser): string {
  return id.replace(/^([0-9a-f]{4})([0-9a-f]{12})$/, '00000000-0000-0000-$1-$2');
}

export function servicePrincipalOf(tenant: Tenant, clientId: string): string {
  return guidOf(`service principal of ${clientId} in ${tenant.id}`);
}

/** Each application gets a different subject for the same user. */
function pairwise(audience: string, oid: string): string {
  return opaque(`sub ${audience} ${oid}`);
}

export function opaque(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
