// Signed tokens at the door of Microsoft Graph: whose they are, and what is wrong with those that are refused.

import type { Claims } from '../entra/jwt.ts';
import { isSignedBy, readJwt } from '../entra/jwt.ts';
import { HOME } from '../entra/registrations.ts';
import type { EntraState } from '../entra/state.ts';
import { secondsNow } from '../entra/state.ts';
import { issuerOf } from '../tenant/clouds.ts';
import { APPLICATIONS } from '../tenant/demo.ts';
import type { Principal } from './tokens.ts';

export interface SignedTokens {
  /** What it says, when a published key signed it; else undefined. */
  read(token: string): Claims | undefined;
  /** As the recorded calls have it. */
  nameOf(claims: Claims): string;
  principalOf(claims: Claims): Principal | 'unknown' | 'expired' | 'other audience';
}

/** Signatures that were found good and are not looked at again; the oldest goes when there are too many. */
const REMEMBERED = 1000;

export function createSignedTokens(world: EntraState): SignedTokens {
  const good = new Map<string, { readonly claims: Claims; readonly kid: string }>();
  const verified = (token: string): Claims | undefined => {
    const jwt = readJwt(token);
    const key = world.keys.find(jwt?.header['kid']);
    if (jwt === undefined || key === undefined || !isSignedBy(jwt, key.publicKey, ['RS256']))
      return undefined;
    good.set(token, { claims: jwt.claims, kid: key.kid });
    for (const oldest of good.keys()) if (good.size > REMEMBERED) good.delete(oldest);
    return jwt.claims;
  };
  return {
    read(token) {
      const known = good.get(token);
      if (known === undefined) return verified(token);
      return world.keys.find(known.kid) === undefined ? undefined : known.claims;
    },
    nameOf: (claims) => nameOf(world, claims),
    principalOf: (claims) => principalOf(world, claims),
  };
}

function nameOf({ directory, registrations }: EntraState, claims: Claims): string {
  if (typeof claims['scp'] === 'string') {
    const person = directory.find(String(claims['oid']));
    return person === undefined ? String(claims['oid']) : directory.nameOf(person);
  }
  const clientId = clientOf(claims);
  const demo = Object.entries(APPLICATIONS).find(([, id]) => id === clientId)?.[0];
  return demo ?? registrations.find(clientId)?.name ?? clientId;
}

function principalOf(world: EntraState, claims: Claims): ReturnType<SignedTokens['principalOf']> {
  const { issuers, audiences } = world.names();
  const version = claims['ver'] === '2.0' ? '2.0' : '1.0';
  if (claims['iss'] !== issuerOf(issuers, version, HOME.id) || claims['tid'] !== HOME.id) return 'unknown';
  if (!audiences.includes(String(claims['aud']))) return 'other audience';
  const { nbf, exp } = claims;
  const now = secondsNow(world.clock);
  if (typeof exp !== 'number' || now >= exp || Number(nbf) > now + 300) return 'expired';
  return claims['scp'] === undefined ? application(world, claims) : delegated(world, claims);
}

function delegated(world: EntraState, claims: Claims): Principal | 'unknown' {
  const person = world.directory.find(String(claims['oid']));
  if (person === undefined) return 'unknown';
  const permissions = new Set(String(claims['scp']).split(' '));
  const name = world.directory.nameOf(person);
  return { kind: 'delegated', name, person, permissions, application: applicationOf(world, claims) };
}

function application(world: EntraState, claims: Claims): Principal {
  const roles = Array.isArray(claims['roles']) ? claims['roles'].map(String) : [];
  const name = nameOf(world, claims);
  return {
    kind: 'application',
    name,
    permissions: new Set(roles),
    application: applicationOf(world, claims),
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
