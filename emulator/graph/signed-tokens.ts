// Validates the signed tokens that callers send to Microsoft Graph, and finds the principal of each.

import type { Claims } from '../entra/jwt.ts';
import { isSignedBy, readJwt } from '../entra/jwt.ts';
import { HOME } from '../entra/registrations.ts';
import type { EntraState } from '../entra/state.ts';
import { secondsNow } from '../entra/state.ts';
import { issuerOf } from '../tenant/clouds.ts';
import { APPLICATIONS } from '../tenant/demo.ts';
import type { Principal } from './tokens.ts';

export interface SignedTokens {
  /** The claims of a token that a published key signed, else undefined. */
  read(token: string): Claims | undefined;
  /** The name in the recorded calls. */
  nameOf(claims: Claims): string;
  principalOf(claims: Claims): Principal | 'unknown' | 'expired' | 'other audience';
}

/** The number of verified tokens that are cached. The oldest is dropped above it. */
const MAX_CACHED = 1000;

export function createSignedTokens(state: EntraState): SignedTokens {
  const cache = new Map<string, { readonly claims: Claims; readonly kid: string }>();
  const verify = (token: string): Claims | undefined => {
    const jwt = readJwt(token);
    const key = state.keys.find(jwt?.header['kid']);
    if (jwt === undefined || key === undefined || !isSignedBy(jwt, key.publicKey, ['RS256']))
      return undefined;
    cache.set(token, { claims: jwt.claims, kid: key.kid });
    for (const oldest of cache.keys()) if (cache.size > MAX_CACHED) cache.delete(oldest);
    return jwt.claims;
  };
  return {
    read(token) {
      const cached = cache.get(token);
      if (cached === undefined) return verify(token);
      return state.keys.find(cached.kid) === undefined ? undefined : cached.claims;
    },
    nameOf: (claims) => nameOf(state, claims),
    principalOf: (claims) => principalOf(state, claims),
  };
}

function nameOf({ directory, registrations }: EntraState, claims: Claims): string {
  if (typeof claims['scp'] === 'string') {
    const user = directory.find(String(claims['oid']));
    return user === undefined ? String(claims['oid']) : directory.nameOf(user);
  }
  const clientId = clientOf(claims);
  const demo = Object.entries(APPLICATIONS).find(([, id]) => id === clientId)?.[0];
  return demo ?? registrations.find(clientId)?.name ?? clientId;
}

function principalOf(state: EntraState, claims: Claims): ReturnType<SignedTokens['principalOf']> {
  const { issuers, audiences } = state.names();
  const version = claims['ver'] === '2.0' ? '2.0' : '1.0';
  if (claims['iss'] !== issuerOf(issuers, version, HOME.id) || claims['tid'] !== HOME.id) return 'unknown';
  if (!audiences.includes(String(claims['aud']))) return 'other audience';
  const { nbf, exp } = claims;
  const now = secondsNow(state.clock);
  if (typeof exp !== 'number' || now >= exp || Number(nbf) > now + 300) return 'expired';
  return claims['scp'] === undefined ? application(state, claims) : delegated(state, claims);
}

function delegated(state: EntraState, claims: Claims): Principal | 'unknown' {
  const user = state.directory.find(String(claims['oid']));
  if (user === undefined) return 'unknown';
  const permissions = new Set(String(claims['scp']).split(' '));
  const name = state.directory.nameOf(user);
  return { kind: 'delegated', name, user, permissions, application: applicationOf(state, claims) };
}

function application(state: EntraState, claims: Claims): Principal {
  const roles = Array.isArray(claims['roles']) ? claims['roles'].map(String) : [];
  const name = nameOf(state, claims);
  return {
    kind: 'application',
    name,
    permissions: new Set(roles),
    application: applicationOf(state, claims),
  };
}

function applicationOf({ registrations }: EntraState, claims: Claims): { displayName: string; id: string } {
  const id = clientOf(claims);
  const displayName = claims['app_displayname'] ?? registrations.find(id)?.displayName ?? id;
  return { displayName: String(displayName), id };
}

function clientOf(claims: Claims): string {
  return String(claims['appid'] ?? claims['azp']);
}
