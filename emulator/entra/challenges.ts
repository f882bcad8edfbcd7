// Claims challenges: the claims that Entra ID or Microsoft Graph requires of a user, in the form of the claims
// parameter (OpenID Connect Core, section 5.5; Microsoft identity platform, "Claims challenges, claims requests, and
// client capabilities"). At the token endpoint, an assertion with the claims satisfies a challenge. At Microsoft Graph,
// a token satisfies it when it was issued for such an assertion, or for a request with these claims.
import { isDeepStrictEqual } from 'node:util';
import type { Claims } from './jwt.ts';

/** Such as `{ access_token: { acrs: { essential: true, value: 'c1' } } }`. */
export interface ClaimsRequest {
  readonly access_token?: Claims;
}

/**
 * The error of a challenge at the token endpoint: `interaction_required` as documented, or `invalid_grant` as observed
 * with multi-factor authentication.
 */
export type ChallengeForm = 'interaction_required' | 'invalid_grant';

export interface SignInChallenge {
  readonly claims: ClaimsRequest;
  readonly form: ChallengeForm;
}

interface AccessChallenge {
  readonly claims: ClaimsRequest;
  /** The ids of the tokens that satisfy it. */
  readonly satisfiedBy: Set<string>;
}

export interface Challenges {
  /** Challenges at the token endpoint, by the id of the user. */
  readonly signIn: Map<string, SignInChallenge>;
  /** Sets the challenge for a user at Microsoft Graph. Null removes it. */
  challengeAccess(userId: string, claims: ClaimsRequest | null): void;
  /** The claims that Microsoft Graph requires and the token lacks; undefined when the token is accepted. */
  missingClaims(userId: string, tokenId: string | null): ClaimsRequest | undefined;
  /** Records a token that was issued for this assertion and this claims request. */
  issued(userId: string, tokenId: string, assertion: Claims, requested: ClaimsRequest): void;
  reset(): void;
}

export function createChallenges(): Challenges {
  const signIn = new Map<string, SignInChallenge>();
  const access = new Map<string, AccessChallenge>();
  return {
    signIn,
    challengeAccess(userId, claims) {
      if (claims === null) access.delete(userId);
      else access.set(userId, { claims, satisfiedBy: new Set() });
    },
    missingClaims(userId, tokenId) {
      const challenge = access.get(userId);
      return challenge === undefined || challenge.satisfiedBy.has(tokenId ?? '')
        ? undefined
        : challenge.claims;
    },
    issued(userId, tokenId, assertion, requested) {
      const challenge = access.get(userId);
      if (challenge === undefined) return;
      if (covers(requested, challenge.claims) || satisfies(assertion, challenge.claims))
        challenge.satisfiedBy.add(tokenId);
    },
    reset() {
      signIn.clear();
      access.clear();
    },
  };
}

/** Returns undefined for an invalid claims request. */
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

/** The client capabilities in `xms_cc`. `cp1` means that the client handles claims challenges. */
export function capabilitiesIn(requested: ClaimsRequest): readonly string[] {
  return valuesOf(requested.access_token?.['xms_cc']) ?? [];
}

/** Whether the claims have every required claim, with one of its required values. */
export function satisfies(claims: Claims, { access_token: wanted = {} }: ClaimsRequest): boolean {
  return Object.entries(wanted).every(([name, want]) => name === 'xms_cc' || has(claims[name], name, want));
}

function has(value: unknown, name: string, want: unknown): boolean {
  const wanted = valuesOf(want);
  if (wanted === undefined) return value !== undefined;
  // `nbf` is a lower bound: the token must have been issued at this time or later.
  if (name === 'nbf') return Number(value) >= Number(wanted[0]);
  const values = (Array.isArray(value) ? value : [value]).map(String);
  return wanted.some((one) => values.includes(one));
}

/** Returns undefined when any value is accepted. */
function valuesOf(want: unknown): readonly string[] | undefined {
  if (typeof want !== 'object' || want === null) return undefined;
  const { value, values } = want as { value?: unknown; values?: unknown };
  if (Array.isArray(values)) return values.map(String);
  return value === undefined ? undefined : [String(value)];
}

/** Whether a request contains every required claim, with equal content. */
function covers(requested: ClaimsRequest, { access_token: wanted = {} }: ClaimsRequest): boolean {
  const requestedClaims = requested.access_token ?? {};
  return Object.entries(wanted).every(
    ([name, want]) =>
      name === 'xms_cc' || (name in requestedClaims && isDeepStrictEqual(requestedClaims[name], want)),
  );
}
