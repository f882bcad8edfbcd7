// Who calls Microsoft Graph: the principal behind a token. Two kinds are taken: the plain names of the demo callers, and
// tokens that Entra ID, which is also here, has signed.
import type { Challenges, ClaimsRequest } from '../entra/challenges.ts';
import type { Claims } from '../entra/jwt.ts';
import type { DemoDefinition, DemoToken } from '../tenant/demo.ts';
import { APPLICATIONS, DEMO_TOKENS } from '../tenant/demo.ts';
import type { StoredPerson } from '../tenant/tenant.ts';
import type { SignedTokens } from './signed-tokens.ts';

export interface ApplicationIdentity {
  readonly displayName: string;
  readonly id: string;
}

export type Principal =
  | {
      readonly kind: 'delegated';
      readonly name: string;
      readonly person: StoredPerson;
      readonly permissions: ReadonlySet<string>;
      /** What the person uses; a demo token does not say. */
      readonly application?: ApplicationIdentity;
    }
  | {
      readonly kind: 'application';
      readonly name: string;
      readonly application: ApplicationIdentity;
      readonly permissions: ReadonlySet<string>;
    };

/** Why a token opens nothing. With `lacks` it would, if it had these claims. */
export type Rejection = 'unknown' | 'expired' | 'other audience' | { readonly lacks: ClaimsRequest };

export interface Tokens {
  /** Those whose person is in the tenant. */
  list(): readonly DemoToken[];
  principalOf(token: string): Principal | Rejection;
  /** What to record of a token, also of one that is refused. */
  recordOf(token: string): TokenRecord;
}

export interface TokenRecord {
  /** Null for a token that is unknown. */
  readonly name: string | null;
  /** Null but for a signed token. */
  readonly id: string | null;
}

export interface TokensOptions {
  /** A person by user principal name, as the tenant is at the moment. */
  readonly find: Find;
  readonly signed: SignedTokens;
  readonly challenges: Challenges;
}

type Find = (upn: string) => StoredPerson | undefined;

export function createTokens({ find, signed, challenges }: TokensOptions): Tokens {
  const scripts = new Map(DEMO_TOKENS.map((script) => [script.token, script]));
  return {
    list: () => DEMO_TOKENS.flatMap((script) => demoToken(script, find)),
    principalOf(token) {
      const script = scripts.get(token);
      if (script !== undefined) return challenged(principalOf(script, find), null, challenges);
      const claims = signed.read(token);
      return claims === undefined ? 'unknown' : challenged(signed.principalOf(claims), claims, challenges);
    },
    recordOf(token) {
      const script = scripts.get(token);
      if (script !== undefined) return { name: script.name, id: null };
      const claims = signed.read(token);
      return claims === undefined ? NOTHING : { name: signed.nameOf(claims), id: idOf(claims) };
    },
  };
}

const NOTHING: TokenRecord = { name: null, id: null };

/**
 * A token can be taken back before its time, with a claims challenge, if its client has said that it can handle one.
 * Demo tokens say nothing, and are taken back as well.
 */
function challenged(
  principal: Principal | Rejection,
  claims: Claims | null,
  challenges: Challenges,
): Principal | Rejection {
  if (typeof principal === 'string' || 'lacks' in principal || principal.kind === 'application')
    return principal;
  if (claims !== null && !handlesClaims(claims)) return principal;
  const lacks = challenges.missingClaims(principal.person.id, claims === null ? null : idOf(claims));
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
  const person = find(upn);
  return person === undefined ? [] : [{ ...token, person: person.id }];
}

function principalOf(script: DemoDefinition, find: Find): Principal | 'unknown' | 'expired' {
  const { name, upn } = script;
  if (name === 'expired') return 'expired';
  const permissions = new Set([...script.scopes, ...script.roles]);
  if (upn === undefined) {
    const application = { displayName: `Demo ${name}`, id: APPLICATIONS[name] ?? name };
    return { kind: 'application', name, application, permissions };
  }
  const person = find(upn);
  return person === undefined ? 'unknown' : { kind: 'delegated', name, person, permissions };
}
