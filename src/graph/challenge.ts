// Reading `WWW-Authenticate` (RFC 9110, section 11.6.1): what a claims challenge of Microsoft's identity platform asks
// for. A header can hold several challenges; names come in any case, values with quotes or without.
// Source: Microsoft identity platform, "Claims challenges, claims requests, and client capabilities".

/** What of a challenge goes on to the caller. */
export interface ClaimsChallenge {
  /** In base64, as they came. */
  readonly claims?: string;
  /** Where the token with those claims is to be had. */
  readonly authorizationUri?: string;
}

/** The first challenge of `insufficient_claims`; empty for none. Only what is well formed is taken. */
export function claimsChallenge(header: string | undefined): ClaimsChallenge {
  const challenge = challengesIn(header ?? '').find(
    (parameters) =>
      parameters.get('error') === 'insufficient_claims' && CLAIMS.test(parameters.get('claims') ?? ''),
  );
  if (challenge === undefined) return {};
  const claims = challenge.get('claims') ?? '';
  const authorizationUri = challenge.get('authorization_uri') ?? '';
  return AUTHORIZATION_URI.test(authorizationUri) ? { claims, authorizationUri } : { claims };
}

const CLAIMS = /^[A-Za-z0-9+/=_-]{1,4096}$/;
const AUTHORIZATION_URI = /^https:\/\/[A-Za-z0-9.-]+\/[A-Za-z0-9._/-]{0,200}$/;

/**
 * One parameter, with the scheme before it where a challenge begins. A value without quotes may hold what RFC 9110 wants
 * in quotes, such as the `=` at the end of base64.
 */
const PARAMETER =
  /(?<![\w-])(?:([A-Za-z][\w-]*)[ \t]+)?([A-Za-z][\w-]*)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))/g;

/** The parameters of each challenge, by lower-case name. */
function challengesIn(header: string): Map<string, string>[] {
  const challenges: Map<string, string>[] = [];
  for (const [, scheme, name = '', quoted, plain = ''] of header.matchAll(PARAMETER)) {
    if (scheme !== undefined || challenges.length === 0) challenges.push(new Map());
    challenges.at(-1)?.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? plain);
  }
  return challenges;
}
