// Issues tokens outside the token endpoint: as Entra ID issues them to a front end or a daemon, except for the
// overrides.

import type { StoredUser } from '../tenant/tenant.ts';
import { EXCHANGE_AUDIENCE } from './client-assertion.ts';
import type { Claims, KeyPair } from './jwt.ts';
import { writeJwt } from './jwt.ts';
import { findTenant, guidOf, HOME } from './registrations.ts';
import type { EntraState, Signing } from './state.ts';
import { LIFETIME, secondsNow, signToken, tokenId } from './state.ts';
import type { TokenContext, Version } from './token-claims.ts';
import { applicationClaims, objectIdOf, userClaims } from './token-claims.ts';

/** The differences from a valid token. */
export interface TokenOverrides extends Signing {
  /** Replaces claims. Undefined removes a claim. */
  readonly claims?: Claims;
  /** Default: `1.0` for Microsoft Graph, else `2.0`. */
  readonly version?: Version;
  /** The client id of the calling application. Default: the front end, or the daemon for application tokens. */
  readonly client?: string;
  /** Delegated permissions, separated by spaces. */
  readonly scope?: string;
  /** The id of the tenant. Default: the home tenant. A user has a different object id in the foreign tenant. */
  readonly tenant?: string;
  /** Seconds from now. A negative number creates an expired token. Default: 3599. */
  readonly expiresInSeconds?: number;
}

/** The resource that the token is for. */
type Audience = 'gateway' | 'graph';

export function issueUserToken(
  state: EntraState,
  user: StoredUser,
  audience: Audience,
  overrides: TokenOverrides,
): Promise<string> {
  const { gateway, frontEnd } = state.registrations;
  const context = tokenContextOf(state, audience, overrides.client ?? frontEnd.clientId, overrides);
  const { tenant } = context;
  const oid = tenant === HOME ? objectIdOf(user) : guidOf(`${user.id} in ${tenant.id}`);
  const defaults = audience === 'graph' ? state.directory.consented(user) : gateway.scopes;
  const claims = userClaims(context, user, oid, overrides.scope ?? defaults.join(' '));
  return signed(state, { ...claims, ...idtypClaim('user', audience) }, overrides);
}

export function issueApplicationToken(
  state: EntraState,
  roles: readonly string[],
  audience: Audience,
  overrides: TokenOverrides,
): Promise<string> {
  const { daemon } = state.registrations;
  const context = tokenContextOf(state, audience, overrides.client ?? daemon.clientId, overrides);
  return signed(state, { ...applicationClaims(context, roles), ...idtypClaim('app', audience) }, overrides);
}

/** An expired token was issued a full lifetime before its expiry. */
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

/** Tokens for Microsoft Graph have this optional claim; the gateway's registration does not request it. */
function idtypClaim(idtyp: 'user' | 'app', audience: Audience): Claims {
  return audience === 'graph' ? { idtyp } : {};
}

function signed(state: EntraState, claims: Claims, overrides: TokenOverrides): Promise<string> {
  return signToken(state.keys, { ...claims, ...overrides.claims }, overrides);
}

/** The platform that the gateway runs on, and the gateway's identity there. */
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
  const defaults = { iss, sub, aud: [EXCHANGE_AUDIENCE], iat: from, nbf: from, exp: now + expiresInSeconds };
  return writeJwt({ kid: 'platform', ...header }, { ...defaults, ...claims }, pair, alg);
}
