// Authenticates the callers of Microsoft Graph: finds the principal of a token. Two kinds of tokens are accepted: the
// demo tokens, and tokens that the emulated Entra ID signed.
import type { Challenges, ClaimsRequest } from '../entra/challenges.ts';
import type { Claims } from '../entra/jwt.ts';
import type { DemoDefinition, DemoToken } from '../tenant/demo.ts';
import { APPLICATIONS, DEMO_TOKENS } from '../tenant/demo.ts';
import type { StoredUser } from '../tenant/tenant.ts';
import type { SignedTokens } from './signed-tokens.ts';

export interface ApplicationIdentity {
  readonly displayName: string;
  readonly id: string;
}

export type Principal =
  | {
      readonly kind: 'delegated';
      readonly name: string;
      readonly user: StoredUser;
      readonly permissions: ReadonlySet<string>;
      /** The application that the user is signed in to. Absent for a demo token. */
      readonly application?: ApplicationIdentity;
    }
  | {
      readonly kind: 'application';
      readonly name: string;
      readonly application: ApplicationIdentity;
      readonly permissions: ReadonlySet<string>;
    };

/** Why a token is rejected. `lacks` has the claims that the token would need. */
export type Rejection = 'unknown' | 'expired' | 'other audience' | { readonly lacks: ClaimsRequest };

export interface Tokens {
  /** The demo tokens whose user is in the tenant. */
  list(): readonly DemoToken[];
  principalOf(token: string): Principal | Rejection;
  /** What is recorded of a token, also of a rejected one. */
  recordOf(token: string): TokenRecord;
}

export interface TokenRecord {
  /** Null for an unknown token. */
  readonly name: string | null;
  /** The `uti` claim of a signed token, else null. */
  readonly id: string | null;
}

export interface TokensOptions {
  /** Finds a user of the current tenant by user principal name. */
  readonly find: Find;
  readonly signed: SignedTokens;
  readonly challenges: Challenges;
}

type Find = (upn: string) => StoredUser | undefined;

export function createTokens({ find, signed, challenges }: TokensOptions): Tokens {
  const demos = new Map(DEMO_TOKENS.map((demo) => [demo.token, demo]));
  return {
    list: () => DEMO_TOKENS.flatMap((demo) => demoToken(demo, find)),
    principalOf(token) {
      const demo = demos.get(token);
      if (demo !== undefined) return challenged(principalOf(demo, find), null, challenges);
      const claims = signed.read(token);
      return claims === undefined ? 'unknown' : challenged(signed.principalOf(claims), claims, challenges);
    },
    recordOf(token) {
      const demo = demos.get(token);
      if (demo !== undefined) return { name: demo.name, id: null };
      const claims = signed.read(token);
      return claims === undefined ? UNKNOWN : { name: signed.nameOf(claims), id: idOf(claims) };
    },
  };
}

const UNKNOWN: TokenRecord = { name: null, id: null };

/**
 * Applies continuous access evaluation: a challenge rejects a valid token, if its client has declared that it can handle
 * one. Demo tokens have no such claim, and are rejected as well.
 */
function challenged(
  principal: Principal | Rejection,
  claims: Claims | null,
  challenges: Challenges,
): Principal | Rejection {
  if (typeof principal === 'string' || 'lacks' in principal || principal.kind === 'application')
    return principal;
  if (claims !== null && !handlesClaims(claims)) return principal;
  const lacks = challenges.missingClaims(principal.user.id, claims === null ? null : idOf(claims));
  return lacks === undefined ? principal : { lacks };
}

function handlesClaims({ xms_cc: capabilities }: Claims): boolean {
  return Array.isArray(capabilities) && capabilities.includes('cp1');
}

function idOf(claims: Claims): string {
  return String(claims['uti']);
}

function demoToken({ upn, ...token }: DemoDefinition, find: Find): DemoToken[] {
  if (upn === undefined) return [token];
  const user = find(upn);
  return user === undefined ? [] : [{ ...token, person: user.id }];
}

function principalOf(demo: DemoDefinition, find: Find): Principal | 'unknown' | 'expired' {
  const { name, upn } = demo;
  if (name === 'expired') return 'expired';
  const permissions = new Set([...demo.scopes, ...demo.roles]);
  if (upn === undefined) {
    const application = { displayName: `Demo ${name}`, id: APPLICATIONS[name] ?? name };
    return { kind: 'application', name, application, permissions };
  }
  const user = find(upn);
  return user === undefined ? 'unknown' : { kind: 'delegated', name, user, permissions };
}
