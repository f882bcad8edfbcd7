// Reads the claims challenge of Microsoft's identity platform from a `WWW-Authenticate` header (RFC 9110, section
// 11.6.1). A header can hold several challenges. Names are case-insensitive. Values may be quoted.
// Source: Microsoft identity platform, "Claims challenges, claims requests, and client capabilities".

/** The parts of a challenge that the gateway passes on to its caller. */
export interface ClaimsChallenge {
  /** Base64, unchanged. */
  readonly claims?: string;
  /** The endpoint that issues a token with those claims. */
  readonly authorizationUri?: string;
}

/** The first challenge with the error `insufficient_claims`. Empty when there is none. Malformed values are dropped. */
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
 * One parameter, preceded by the scheme where a challenge begins. RFC 9110 requires quotes around some characters, such
 * as the `=` at the end of base64. Unquoted values with these characters are accepted too.
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
