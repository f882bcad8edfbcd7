// Tokens made to measure: as Entra ID would give them to a front end or a daemon, but for what is asked to be different.

import type { StoredPerson } from '../tenant/tenant.ts';
import { EXCHANGE_AUDIENCE } from './client-assertion.ts';
import type { Claims, KeyPair } from './jwt.ts';
import { writeJwt } from './jwt.ts';
import { findTenant, guidOf, HOME } from './registrations.ts';
import type { EntraWorld, Signing } from './state.ts';
import { LIFETIME, secondsNow, signToken, tokenId } from './state.ts';
import type { Occasion, Version } from './token-claims.ts';
import { applicationClaims, objectIdOf, personClaims } from './token-claims.ts';

/** How a token differs from a good one. */
export interface TokenOverrides extends Signing {
  /** Replace those of the token; undefined takes one away. */
  readonly claims?: Claims;
  /** `2.0` when absent, but `1.0` for tokens for Microsoft Graph. */
  readonly version?: Version;
  /** The client id of the application that calls; absent: the front end's, for application tokens the daemon's. */
  readonly client?: string;
  /** Delegated permissions, with spaces between. */
  readonly scope?: string;
  /** The id of the tenant; absent: the home tenant. A person has another object id in the foreign one. */
  readonly tenant?: string;
  /** From now on; below zero for a token that ended so long ago. 3599 when absent. */
  readonly expiresInSeconds?: number;
}

/** What the token is for. */
type Audience = 'gateway' | 'graph';

export function personToken(
  world: EntraWorld,
  person: StoredPerson,
  audience: Audience,
  overrides: TokenOverrides,
): Promise<string> {
  const { gateway, frontEnd } = world.registrations;
  const occasion = occasionOf(world, audience, overrides.client ?? frontEnd.clientId, overrides);
  const { tenant } = occasion;
  const oid = tenant === HOME ? objectIdOf(person) : guidOf(`${person.id} in ${tenant.id}`);
  const usual = audience === 'graph' ? world.members.consented(person) : gateway.scopes;
  const claims = personClaims(occasion, person, oid, overrides.scope ?? usual.join(' '));
  return signed(world, { ...claims, ...kind('user', audience) }, overrides);
}

export function applicationToken(
  world: EntraWorld,
  roles: readonly string[],
  audience: Audience,
  overrides: TokenOverrides,
): Promise<string> {
  const { daemon } = world.registrations;
  const occasion = occasionOf(world, audience, overrides.client ?? daemon.clientId, overrides);
  return signed(world, { ...applicationClaims(occasion, roles), ...kind('app', audience) }, overrides);
}

/** A token that has ended already was given out that much earlier. */
function occasionOf(
  world: EntraWorld,
  audience: Audience,
  clientId: string,
  overrides: TokenOverrides,
): Occasion {
  const { registrations } = world;
  const { tenant: tenantId = HOME.id, expiresInSeconds = LIFETIME } = overrides;
  const tenant = findTenant(tenantId);
  if (tenant === undefined) throw new TypeError(`there is no tenant ${tenantId}`);
  const version = overrides.version ?? (audience === 'graph' ? '1.0' : '2.0');
  const client = registrations.find(clientId);
  const seconds = Math.max(expiresInSeconds, LIFETIME);
  const { gateway } = registrations;
  const name = version === '2.0' ? gateway.clientId : gateway.appIdUri;
  return {
    issuers: world.names().issuers,
    version,
    tenant,
    audience: audience === 'graph' ? world.names().audiences[0] : name,
    client: {
      clientId,
      displayName: client?.displayName ?? clientId,
      isPublic: client !== undefined && client.secret === undefined,
    },
    now: secondsNow(world.clock) + expiresInSeconds - seconds,
    seconds,
    id: tokenId(world.random),
    capabilities: [],
  };
}

/** Microsoft Graph has this claim in its tokens; the gateway's registration does not ask for it. */
function kind(idtyp: 'user' | 'app', audience: Audience): Claims {
  return audience === 'graph' ? { idtyp } : {};
}

function signed(world: EntraWorld, claims: Claims, overrides: TokenOverrides): Promise<string> {
  return signToken(world.keys, { ...claims, ...overrides.claims }, overrides);
}

/** The platform that the gateway runs on, and what the gateway is called there. */
export const PLATFORM = {
  issuer: 'https://oidc.platform.invalid/cluster',
  subject: 'system:serviceaccount:phones:gateway',
} as const;

/** A token of the platform, such as Kubernetes projects into a file. */
export function platformToken(
  { clock }: EntraWorld,
  pair: KeyPair,
  { claims, header, alg = 'RS256', expiresInSeconds = LIFETIME }: TokenOverrides,
): string {
  const now = secondsNow(clock);
  const from = now + Math.min(0, expiresInSeconds - LIFETIME);
  const { issuer: iss, subject: sub } = PLATFORM;
  const usual = { iss, sub, aud: [EXCHANGE_AUDIENCE], iat: from, nbf: from, exp: now + expiresInSeconds };
  return writeJwt({ kid: 'platform', ...header }, { ...usual, ...claims }, pair, alg);
}
