// A client that proves itself with a signed token instead of a secret: with a certificate of its own, or with the token
// of a platform it runs on (Microsoft identity platform, "Application authentication certificate credentials" and
// "Workload identity federation"). That a token is used only once is not looked at.
import { entraErrors } from './errors.ts';
import type { Asymmetric, Jwt } from './jwt.ts';
import { isSignedBy, readJwt } from './jwt.ts';
import type { Application } from './registrations.ts';

/** What federated tokens name as their audience. */
export const EXCHANGE_AUDIENCE = 'api://AzureADTokenExchange';
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const ALGORITHMS: readonly Asymmetric[] = ['RS256', 'RS384', 'RS512', 'PS256'];

/**
 * @param audiences what an assertion of the client's own may be for: the token endpoint, or the issuer
 * @param now milliseconds since 1970
 * @throws an EntraError
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
  if (jwt.claims['iss'] === app.clientId) checkOwn(app, jwt, audiences);
  else checkFederated(app, jwt);
  checkTime(jwt, now);
}

function checkOwn(app: Application, jwt: Jwt, audiences: readonly string[]): void {
  const { claims } = jwt;
  const header = 'x5t#S256' in jwt.header ? 'x5t#S256' : 'x5t';
  const thumbprint = String(jwt.header[header]);
  const certificate = app.certificates.find(({ thumbprints }) => thumbprints[header] === thumbprint);
  if (certificate === undefined) throw entraErrors.clientKey(thumbprint);
  if (!isSignedBy(jwt, certificate.publicKey, ALGORITHMS)) throw entraErrors.clientSignature();
  if (claims['sub'] !== app.clientId) throw entraErrors.clientSubject();
  if (!audiences.includes(String(claims['aud']))) throw entraErrors.clientAudience();
}

/** Letters count as they are written, also their case. */
function checkFederated(app: Application, jwt: Jwt): void {
  const { iss, sub, aud } = jwt.claims;
  const ofIssuer = app.federatedCredentials.filter(({ issuer }) => issuer === iss);
  if (ofIssuer.length === 0) throw entraErrors.federation('issuer', String(iss));
  const federation = ofIssuer.find(({ subject }) => subject === sub);
  if (federation === undefined) throw entraErrors.federation('subject', String(sub));
  const audience = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud;
  if (audience !== EXCHANGE_AUDIENCE) throw entraErrors.federation('audience', String(aud));
  if (!isSignedBy(jwt, federation.publicKey, ALGORITHMS)) throw entraErrors.clientSignature();
}

function checkTime({ claims }: Jwt, now: number): void {
  const from = Number(claims['nbf'] ?? claims['iat'] ?? 0);
  const until = Number(claims['exp'] ?? 0);
  // Five minutes for clocks that differ.
  if (now / 1000 >= from - 300 && now / 1000 < until + 300) return;
  throw entraErrors.clientTime(instant(now), instant(from * 1000), instant(until * 1000));
}

/** Like `2024-05-28T06:01:42.5853621Z`; a time that is none is the beginning of time. */
export function instant(at: number): string {
  const date = new Date(Math.abs(at) <= 8.64e15 ? at : 0);
  return date.toISOString().replace('Z', '0000Z');
}
