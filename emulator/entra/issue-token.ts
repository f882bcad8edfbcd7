// Tokens made to measure: as Entra ID would give them to a front end or a daemon, but for what is asked to be different.

import type { StoredPerson } from '../tenant/tenant.ts';
import { EXCHANGE_AUDIENCE } from './client-assertion.ts';
import type { Claims, KeyPair } from './jwt.ts';
import { writeJwt } from './jwt.ts';
import { findTenant, guidOf, HOME } from './registrations.ts';
import type { EntraState, Signing } from './state.ts';
import { LIFETIME, secondsNow, signToken, tokenId } from './state.ts';
import type { TokenContext, Version } from './token-claims.ts';
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

export function issueUserToken(
  state: EntraState,
  person: StoredPerson,
  audience: Audience,
  overrides: TokenOverrides,
): Promise<string> {
  const { gateway, frontEnd } = state.registrations;
  const context = tokenContextOf(state, audience, overrides.client ?? frontEnd.clientId, overrides);
  const { tenant } = context;
  const oid = tenant === HOME ? objectIdOf(person) : guidOf(`${person.id} in ${tenant.id}`);
  const usual = audience === 'graph' ? state.directory.consented(person) : gateway.scopes;
  const claims = personClaims(context, person, oid, overrides.scope ?? usual.join(' '));
  return signed(state, { ...claims, ...kind('user', audience) }, overrides);
}

export function issueApplicationToken(
  state: EntraState,
  roles: readonly string[],
  audience: Audience,
  overrides: TokenOverrides,
): Promise<string> {
  const { daemon } = state.registrations;
  const context = tokenContextOf(state, audience, overrides.client ?? daemon.clientId, overrides);
  return signed(state, { ...applicationClaims(context, roles), ...kind('app', audience) }, overrides);
}

/** A token that has ended already was given out that much earlier. */
function tokenContextOf(
  state: EntraState,
  audience: Audience,
  clientId: string,
  overrides: TokenOverrides,
): TokenContext {
  const { registrations } = state;
  const { tenant: tenantId = HOME.id, expiresInSeconds = LIFETIME } = overrides;
  const tenant = findTenant(tenantId);
  if (tenant === undefined) throw new TypeError(`there is no tenant ${tenantId}`);
  const version = overrides.version ?? (audience === 'graph' ? '1.0' : '2.0');
  const client = registrations.find(clientId);
  const seconds = Math.max(expiresInSeconds, LIFETIME);
  const { gateway } = registrations;
  const name = version === '2.0' ? gateway.clientId : gateway.appIdUri;
  return {
    issuers: state.names().issuers,
    version,
    tenant,
    audience: audience === 'graph' ? state.names().audiences[0] : name,
    client: {
      clientId,
      displayName: client?.displayName ?? clientId,
      isPublic: client !== undefined && client.secret === undefined,
    },
    now: secondsNow(state.clock) + expiresInSeconds - seconds,
    seconds,
    id: tokenId(state.random),
    capabilities: [],
  };
}

/** Microsoft Graph has this claim in its tokens; the gateway's registration does not ask for it. */
function kind(idtyp: 'user' | 'app', audience: Audience): Claims {
  return audience === 'graph' ? { idtyp } : {};
}

function signed(state: EntraState, claims: Claims, overrides: TokenOverrides): Promise<string> {
  return signToken(state.keys, { ...claims, ...overrides.claims }, overrides);
}

/** The platform that the gateway runs on, and what the gateway is called there. */
export const PLATFORM = {
  issuer: 'https://oidc.platform.invalid/cluster',
  subject: 'system:serviceaccount:phones:gateway',
} as const;

/** A token of the platform, such as Kubernetes projects into a file. */
export function issuePlatformToken(
  { clock }: EntraState,
  pair: KeyPair,
  { claims, header, alg = 'RS256', expiresInSeconds = LIFETIME }: TokenOverrides,
): string {
  const now = secondsNow(clock);
  const from = now + Math.min(0, expiresInSeconds - LIFETIME);
  const { issuer: iss, subject: sub } = PLATFORM;
  const usual = { iss, sub, aud: [EXCHANGE_AUDIENCE], iat: from, nbf: from, exp: now + expiresInSeconds };
  return writeJwt({ kid: 'platform', ...header }, { ...usual, ...claims }, pair, alg);
}
