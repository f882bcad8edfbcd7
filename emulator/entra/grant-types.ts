// The grant types of the token endpoint: on-behalf-of, which issues a token for Microsoft Graph for the user in the
// assertion, and client credentials, which issues a token for an application (Microsoft identity platform,
// "On-Behalf-Of flow" and "Client credentials flow").

import type { StoredUser } from '../tenant/tenant.ts';
import type { ClaimsRequest } from './challenges.ts';
import { capabilitiesIn, parseClaims, satisfies } from './challenges.ts';
import { entraErrors } from './errors.ts';
import type { Claims } from './jwt.ts';
import type { Application, Tenant } from './registrations.ts';
import type { RequestedScope } from './scopes.ts';
import { DEFAULT, readScope } from './scopes.ts';
import type { EntraState } from './state.ts';
import { LIFETIME, LONG_LIFETIME, secondsNow, signToken, tokenId } from './state.ts';
import type { TokenContext } from './token-claims.ts';
import { applicationClaims, idTokenClaims, opaque, userClaims } from './token-claims.ts';
import type { Form } from './token-request.ts';
import { requireParameter } from './token-request.ts';
import type { UserAssertion } from './user-assertion.ts';
import { checkUserAssertion } from './user-assertion.ts';

export interface GrantRequest {
  readonly form: Form;
  readonly tenant: Tenant;
  /** The authenticated client. */
  readonly client: Application;
}

/**
 * Returns the body of the response.
 * @throws EntraError
 */
export async function onBehalfOf(state: EntraState, request: GrantRequest): Promise<Claims> {
  const { form, tenant, client } = request;
  if (requireParameter(form, 'requested_token_use') !== 'on_behalf_of')
    throw entraErrors.parameter('requested_token_use');
  const assertion = checkUserAssertion(state, requireParameter(form, 'assertion'), tenant, client);
  const requestedScope = readScope(requireParameter(form, 'scope'), resourcesOf(state, tenant));
  const requestedClaims = readClaims(form);
  const { user } = assertion;
  const permissions = consentedTo(state, user, requestedScope, client);
  checkSignInChallenge(state, assertion, requestedScope);
  const context = tokenContextOf(state, request, requestedScope, requestedClaims);
  state.challenges.issued(user.id, context.id, assertion.claims, requestedClaims);
  const { acrs } = assertion.claims;
  const claims = { ...userClaims(context, user, user.id, permissions.join(' ')), idtyp: 'user', acrs };
  const { scopes, resource } = requestedScope;
  const granted = permissions.map((name) => `${resource.audience}/${name}`);
  return {
    ...tokenResponse(context, await signToken(state.keys, claims)),
    scope: [...new Set([...granted, ...scopes])].join(' '),
    ...(await optionalTokens(state, request, requestedScope, context, user)),
  };
}

/**
 * Returns all permissions that the user consented to, also those that were not requested. Every requested permission
 * must be among them.
 */
function consentedTo(
  { directory }: EntraState,
  user: StoredUser,
  { resource, permissions }: RequestedScope,
  client: Application,
): readonly string[] {
  const consented = resource.kind === 'graph' ? directory.consented(user) : [];
  const lacks = permissions.some((name) => name !== DEFAULT && !consented.includes(name));
  if (lacks || consented.length === 0) throw entraErrors.consent(client.clientId, client.displayName);
  return consented;
}

function checkSignInChallenge(
  { challenges }: EntraState,
  { user, claims }: UserAssertion,
  { resource }: RequestedScope,
): void {
  const challenge = challenges.signIn.get(user.id);
  if (challenge === undefined || satisfies(claims, challenge.claims)) return;
  const claimsJson = JSON.stringify(challenge.claims);
  throw challenge.form === 'interaction_required'
    ? entraErrors.interaction(resource.audience, claimsJson)
    : entraErrors.stepUp(resource.audience, claimsJson);
}

/** The ID token, refresh token and client info, when requested. The emulator does not accept its refresh tokens. */
async function optionalTokens(
  state: EntraState,
  { form, tenant }: GrantRequest,
  { wantsIdToken, wantsRefreshToken }: RequestedScope,
  context: TokenContext,
  user: StoredUser,
): Promise<Claims> {
  const info = { uid: user.id, utid: tenant.id };
  return {
    ...(wantsRefreshToken ? { refresh_token: `emulator.${opaque(`refresh ${context.id}`)}` } : {}),
    ...(wantsIdToken ? { id_token: await signToken(state.keys, idTokenClaims(context, user)) } : {}),
    ...(form.get('client_info') === '1'
      ? { client_info: Buffer.from(JSON.stringify(info)).toString('base64url') }
      : {}),
  };
}

/**
 * Returns the body of the response.
 * @throws EntraError
 */
export async function clientCredentials(state: EntraState, request: GrantRequest): Promise<Claims> {
  const { form, tenant, client } = request;
  const text = requireParameter(form, 'scope');
  const requestedScope = readScope(text, resourcesOf(state, tenant));
  if (requestedScope.permissions[0] !== DEFAULT) throw entraErrors.scopeOfClient(text);
  const context = tokenContextOf(state, request, requestedScope, readClaims(form));
  const isForGraph = requestedScope.resource.kind === 'graph';
  const claims = applicationClaims(context, isForGraph ? client.graphRoles : client.gatewayRoles);
  const token = await signToken(state.keys, isForGraph ? { ...claims, idtyp: 'app' } : claims);
  return tokenResponse(context, token);
}

function resourcesOf({ registrations, url, names }: EntraState, tenant: Tenant) {
  return { tenant, gateway: registrations.gateway, url: url(), graph: names().audiences[0] };
}

function readClaims(form: Form): ClaimsRequest {
  const text = form.get('claims');
  if (text === undefined) return {};
  const requestedClaims = parseClaims(text);
  if (requestedClaims === undefined) throw entraErrors.parameter('claims');
  return requestedClaims;
}

/** Microsoft Graph accepts tokens of version 1.0, the gateway those of version 2.0. */
function tokenContextOf(
  state: EntraState,
  { tenant, client }: GrantRequest,
  { resource }: RequestedScope,
  requestedClaims: ClaimsRequest,
): TokenContext {
  const capabilities = capabilitiesIn(requestedClaims);
  return {
    issuers: state.names().issuers,
    version: resource.kind === 'graph' ? '1.0' : '2.0',
    tenant,
    audience: resource.audience,
    client: { ...client, isPublic: false },
    now: secondsNow(state.clock),
    seconds: capabilities.includes('cp1') ? LONG_LIFETIME : LIFETIME,
    id: tokenId(state.random),
    capabilities,
  };
}

function tokenResponse({ seconds }: TokenContext, token: string): Claims {
  return { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds, access_token: token };
}
