// What the token endpoint gives, and to whom: a token for Microsoft Graph on behalf of the person behind an assertion, or
// a token for an application as itself (Microsoft identity platform, "On-Behalf-Of flow", "Client credentials flow").

import type { StoredPerson } from '../tenant/tenant.ts';
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
import { applicationClaims, idTokenClaims, opaque, personClaims } from './token-claims.ts';
import type { Form } from './token-request.ts';
import { need } from './token-request.ts';
import type { UserAssertion } from './user-assertion.ts';
import { checkUserAssertion } from './user-assertion.ts';

export interface GrantRequest {
  readonly form: Form;
  readonly tenant: Tenant;
  /** Has proven who it is. */
  readonly client: Application;
}

/** The body of the answer. @throws an EntraError */
export async function onBehalfOf(state: EntraState, request: GrantRequest): Promise<Claims> {
  const { form, tenant, client } = request;
  if (need(form, 'requested_token_use') !== 'on_behalf_of')
    throw entraErrors.parameter('requested_token_use');
  const assertion = checkUserAssertion(state, need(form, 'assertion'), tenant, client);
  const wanted = readScope(need(form, 'scope'), resourcesOf(state, tenant));
  const asked = readClaims(form);
  const { person } = assertion;
  const permissions = consentedTo(state, person, wanted, client);
  checkChallenge(state, assertion, wanted);
  const context = tokenContextOf(state, request, wanted, asked);
  state.challenges.issued(person.id, context.id, assertion.claims, asked);
  const { acrs } = assertion.claims;
  const claims = { ...personClaims(context, person, person.id, permissions.join(' ')), idtyp: 'user', acrs };
  const { scopes, resource } = wanted;
  const granted = permissions.map((name) => `${resource.audience}/${name}`);
  return {
    ...answerWith(context, await signToken(state.keys, claims)),
    scope: [...new Set([...granted, ...scopes])].join(' '),
    ...(await optionalTokens(state, request, wanted, context, person)),
  };
}

/** What was consented; all of what is asked has to be among it. A token holds more than was asked, if there is more. */
function consentedTo(
  { directory }: EntraState,
  person: StoredPerson,
  { resource, permissions }: RequestedScope,
  client: Application,
): readonly string[] {
  const consented = resource.kind === 'graph' ? directory.consented(person) : [];
  const lacks = permissions.some((name) => name !== DEFAULT && !consented.includes(name));
  if (lacks || consented.length === 0) throw entraErrors.consent(client.clientId, client.displayName);
  return consented;
}

function checkChallenge(
  { challenges }: EntraState,
  { person, claims }: UserAssertion,
  { resource }: RequestedScope,
): void {
  const challenge = challenges.signIn.get(person.id);
  if (challenge === undefined || satisfies(claims, challenge.claims)) return;
  const wanted = JSON.stringify(challenge.claims);
  throw challenge.form === 'interaction_required'
    ? entraErrors.interaction(resource.audience, wanted)
    : entraErrors.stepUp(resource.audience, wanted);
}

/** What comes along when it is asked for. The refresh token is for show: nothing here takes one. */
async function optionalTokens(
  state: EntraState,
  { form, tenant }: GrantRequest,
  { wantsIdToken, wantsRefreshToken }: RequestedScope,
  context: TokenContext,
  person: StoredPerson,
): Promise<Claims> {
  const info = { uid: person.id, utid: tenant.id };
  return {
    ...(wantsRefreshToken ? { refresh_token: `emulator.${opaque(`refresh ${context.id}`)}` } : {}),
    ...(wantsIdToken ? { id_token: await signToken(state.keys, idTokenClaims(context, person)) } : {}),
    ...(form.get('client_info') === '1'
      ? { client_info: Buffer.from(JSON.stringify(info)).toString('base64url') }
      : {}),
  };
}

/** The body of the answer. @throws an EntraError */
export async function clientCredentials(state: EntraState, request: GrantRequest): Promise<Claims> {
  const { form, tenant, client } = request;
  const text = need(form, 'scope');
  const wanted = readScope(text, resourcesOf(state, tenant));
  if (wanted.permissions[0] !== DEFAULT) throw entraErrors.scopeOfClient(text);
  const context = tokenContextOf(state, request, wanted, readClaims(form));
  const isForGraph = wanted.resource.kind === 'graph';
  const claims = applicationClaims(context, isForGraph ? client.graphRoles : client.gatewayRoles);
  const token = await signToken(state.keys, isForGraph ? { ...claims, idtyp: 'app' } : claims);
  return answerWith(context, token);
}

function resourcesOf({ registrations, url, names }: EntraState, tenant: Tenant) {
  return { tenant, gateway: registrations.gateway, url: url(), graph: names().audiences[0] };
}

function readClaims(form: Form): ClaimsRequest {
  const text = form.get('claims');
  if (text === undefined) return {};
  const asked = parseClaims(text);
  if (asked === undefined) throw entraErrors.parameter('claims');
  return asked;
}

/** Microsoft Graph takes tokens of version 1.0, the gateway of 2.0. */
function tokenContextOf(
  state: EntraState,
  { tenant, client }: GrantRequest,
  { resource }: RequestedScope,
  asked: ClaimsRequest,
): TokenContext {
  const capabilities = capabilitiesIn(asked);
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

function answerWith({ seconds }: TokenContext, token: string): Claims {
  return { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds, access_token: token };
}
