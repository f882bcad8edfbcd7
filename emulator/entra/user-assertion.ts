// Validates the assertion of an on-behalf-of request: the access token that the middle tier received (Microsoft
// identity platform, "On-Behalf-Of flow").

import { issuerOf } from '../tenant/clouds.ts';
import type { StoredUser } from '../tenant/tenant.ts';
import { instant } from './client-assertion.ts';
import { entraErrors } from './errors.ts';
import type { Claims } from './jwt.ts';
import { isSignedBy, readJwt } from './jwt.ts';
import type { Application, Tenant } from './registrations.ts';
import type { EntraState } from './state.ts';
import { secondsNow } from './state.ts';

export interface UserAssertion {
  readonly claims: Claims;
  readonly user: StoredUser;
}

/** @throws EntraError */
export function checkUserAssertion(
  state: EntraState,
  text: string,
  tenant: Tenant,
  client: Application,
): UserAssertion {
  const claims = checkSignature(state, text);
  const version = claims['ver'] === '1.0' ? '1.0' : '2.0';
  if (claims['iss'] !== issuerOf(state.names().issuers, version, tenant.id))
    throw entraErrors.assertionIssuer();
  const audience = String(claims['aud']);
  if (audience !== client.clientId && audience !== client.appIdUri)
    throw entraErrors.assertionAudience(audience, client.clientId, client.displayName);
  checkTime(state, claims);
  if (typeof claims['scp'] !== 'string' || claims['idtyp'] === 'app')
    throw entraErrors.appOnly(client.clientId);
  const user = state.directory.find(String(claims['oid']));
  if (user === undefined) throw entraErrors.unknownUser(tenant.displayName);
  return { claims, user };
}

function checkSignature({ keys }: EntraState, text: string): Claims {
  const jwt = readJwt(text);
  if (jwt === undefined) throw entraErrors.assertion();
  const { kid } = jwt.header;
  const key = keys.find(kid);
  if (key === undefined) throw entraErrors.assertionSignature('The key was not found.', String(kid));
  if (!isSignedBy(jwt, key.publicKey, ['RS256']))
    throw entraErrors.assertionSignature(
      'Key was found, but use of the key to verify the signature failed.',
      key.kid,
    );
  return jwt.claims;
}

function checkTime({ clock }: EntraState, { nbf, exp }: Claims): void {
  const now = secondsNow(clock);
  if (typeof exp === 'number' && now < exp && !(Number(nbf) > now + 300)) return;
  throw entraErrors.assertionTime(instant(clock.now()), instant(Number(exp) * 1000));
}
