// Claims challenges: what Entra ID or Microsoft Graph wants of a person before it goes on, in the form of the claims
// parameter (OpenID Connect Core, section 5.5; Microsoft identity platform, "Claims challenges, claims requests, and
// client capabilities"). At the token endpoint a challenge is met by an assertion that has the claims. At Graph it is
// met by a token that was got with such an assertion, or by asking for the claims.
import { isDeepStrictEqual } from 'node:util';
import type { Claims } from './jwt.ts';

/** Such as `{ access_token: { acrs: { essential: true, value: 'c1' } } }`. */
export interface ClaimsRequest {
  readonly access_token?: Claims;
}

/** How the token endpoint words it: as its documentation has it, or as it was seen with multi-factor authentication. */
export type ChallengeForm = 'interaction_required' | 'invalid_grant';

export interface SignInChallenge {
  readonly claims: ClaimsRequest;
  readonly form: ChallengeForm;
}

interface AccessChallenge {
  readonly claims: ClaimsRequest;
  /** The ids of tokens that meet it. */
  readonly metBy: Set<string>;
}

export interface Challenges {
  /** At the token endpoint, for a person by id. */
  readonly signIn: Map<string, SignInChallenge>;
  /** At Microsoft Graph, for a person by id. */
  challengeAccess(personId: string, claims: ClaimsRequest | null): void;
  /** The claims that a token still lacks at Microsoft Graph; undefined when there is nothing against it. */
  missingClaims(personId: string, tokenId: string | null): ClaimsRequest | undefined;
  /** Takes note of a token that was given out. */
  issued(personId: string, tokenId: string, assertion: Claims, asked: ClaimsRequest): void;
  reset(): void;
}

export function createChallenges(): Challenges {
  const signIn = new Map<string, SignInChallenge>();
  const access = new Map<string, AccessChallenge>();
  return {
    signIn,
    challengeAccess(personId, claims) {
      if (claims === null) access.delete(personId);
      else access.set(personId, { claims, metBy: new Set() });
    },
    missingClaims(personId, tokenId) {
      const challenge = access.get(personId);
      return challenge === undefined || challenge.metBy.has(tokenId ?? '') ? undefined : challenge.claims;
    },
    issued(personId, tokenId, assertion, asked) {
      const challenge = access.get(personId);
      if (challenge === undefined) return;
      if (covers(asked, challenge.claims) || satisfies(assertion, challenge.claims))
        challenge.metBy.add(tokenId);
    },
    reset() {
      signIn.clear();
      access.clear();
    },
  };
}

/** Undefined for what is no claims request. */
export function parseClaims(text: string): ClaimsRequest | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const wanted = (value as ClaimsRequest).access_token;
    return wanted === undefined || typeof wanted === 'object' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What the client says it can handle; `cp1` is claims challenges. */
export function capabilitiesIn(asked: ClaimsRequest): readonly string[] {
  return valuesOf(asked.access_token?.['xms_cc']) ?? [];
}

/** Whether every claim that is wanted is there, with a value that is wanted. */
export function satisfies(claims: Claims, { access_token: wanted = {} }: ClaimsRequest): boolean {
  return Object.entries(wanted).every(([name, want]) => name === 'xms_cc' || has(claims[name], name, want));
}

function has(value: unknown, name: string, want: unknown): boolean {
  const wanted = valuesOf(want);
  if (wanted === undefined) return value !== undefined;
  // The one claim that is a bound: the token must have been given out at this time or later.
  if (name === 'nbf') return Number(value) >= Number(wanted[0]);
  const values = (Array.isArray(value) ? value : [value]).map(String);
  return wanted.some((one) => values.includes(one));
}

/** Undefined when any value will do. */
function valuesOf(want: unknown): readonly string[] | undefined {
  if (typeof want !== 'object' || want === null) return undefined;
  const { value, values } = want as { value?: unknown; values?: unknown };
  if (Array.isArray(values)) return values.map(String);
  return value === undefined ? undefined : [String(value)];
}

/** Whether a request asks for all that is wanted, in the same words. */
function covers(asked: ClaimsRequest, { access_token: wanted = {} }: ClaimsRequest): boolean {
  const given = asked.access_token ?? {};
  return Object.entries(wanted).every(
    ([name, want]) => name === 'xms_cc' || (name in given && isDeepStrictEqual(given[name], want)),
  );
}
