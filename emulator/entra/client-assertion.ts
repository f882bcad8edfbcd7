// Client authentication with a signed token instead of a secret: a client assertion signed with the key of a
// certificate, or the token of a platform (Microsoft identity platform, "Application authentication certificate
// credentials" and "Workload identity federation"). Replay is not detected.
import { entraErrors } from './errors.ts';
import type { Asymmetric, Jwt } from './jwt.ts';
import { isSignedBy, readJwt } from './jwt.ts';
import type { Application } from './registrations.ts';

/** The audience of federated tokens. */
export const EXCHANGE_AUDIENCE = 'api://AzureADTokenExchange';
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const ALGORITHMS: readonly Asymmetric[] = ['RS256', 'RS384', 'RS512', 'PS256'];

/**
 * @param audiences the accepted audiences of an assertion signed with a certificate: the token endpoint or the issuer
 * @param now milliseconds since 1970
 * @throws EntraError
 */
export function checkClientAssertion(
  app: Application,
  text: string,
  audiences: readonly string[],
  now: number,
): void {
  const jwt = readJwt(text);
  if (jwt === undefined) throw entraErrors.clientToken();
  const { alg } = jwt.header;
  if (!ALGORITHMS.some((name) => name === alg)) throw entraErrors.clientAlgorithm(String(alg));
  if (jwt.claims['iss'] === app.clientId) checkCertificate(app, jwt, audiences);
  else checkFederated(app, jwt);
  checkTime(jwt, now);
}

function checkCertificate(app: Application, jwt: Jwt, audiences: readonly string[]): void {
  const { claims } = jwt;
  const header = 'x5t#S256' in jwt.header ? 'x5t#S256' : 'x5t';
  const thumbprint = String(jwt.header[header]);
  const certificate = app.certificates.find(({ thumbprints }) => thumbprints[header] === thumbprint);
  if (certificate === undefined) throw entraErrors.clientKey(thumbprint);
  if (!isSignedBy(jwt, certificate.publicKey, ALGORITHMS)) throw entraErrors.clientSignature();
  if (claims['sub'] !== app.clientId) throw entraErrors.clientSubject();
  if (!audiences.includes(String(claims['aud']))) throw entraErrors.clientAudience();
}

/** Issuer, subject and audience are compared case-sensitively. */
function checkFederated(app: Application, jwt: Jwt): void {
  const { iss, sub, aud } = jwt.claims;
  const sameIssuer = app.federatedCredentials.filter(({ issuer }) => issuer === iss);
  if (sameIssuer.length === 0) throw entraErrors.federation('issuer', String(iss));
  const federation = sameIssuer.find(({ subject }) => subject === sub);
  if (federation === undefined) throw entraErrors.federation('subject', String(sub));
  const audience = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud;
  if (audience !== EXCHANGE_AUDIENCE) throw entraErrors.federation('audience', String(aud));
  if (!isSignedBy(jwt, federation.publicKey, ALGORITHMS)) throw entraErrors.clientSignature();
}

function checkTime({ claims }: Jwt, now: number): void {
  const from = Number(claims['nbf'] ?? claims['iat'] ?? 0);
  const until = Number(claims['exp'] ?? 0);
  // Allows five minutes of clock skew.
  if (now / 1000 >= from - 300 && now / 1000 < until + 300) return;
  throw entraErrors.clientTime(instant(now), instant(from * 1000), instant(until * 1000));
}

/** Such as `2024-05-28T06:01:42.5853621Z`. An invalid time becomes 1970-01-01. */
export function instant(at: number): string {
  const date = new Date(Math.abs(at) <= 8.64e15 ? at : 0);
  return date.toISOString().replace('Z', '0000Z');
}
