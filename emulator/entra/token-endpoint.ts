// The token endpoint: which tenant is asked, for which grant, by whom; then the grant itself.
import type { EmulatorResponse } from '../graph/responses.ts';
import { json } from '../graph/responses.ts';
import { entraErrors } from './errors.ts';
import type { GrantRequest } from './grant-types.ts';
import { clientCredentials, onBehalfOf } from './grant-types.ts';
import type { Claims } from './jwt.ts';
import { readJwt } from './jwt.ts';
import type { Tenant } from './registrations.ts';
import { findTenant, SHARED } from './registrations.ts';
import type { EntraRequest } from './routes.ts';
import type { EntraState } from './state.ts';
import type { Form } from './token-request.ts';
import { authenticateClient, need, readForm } from './token-request.ts';

type Grant = (state: EntraState, request: GrantRequest) => Promise<Claims>;

const GRANTS: Readonly<Record<string, Grant>> = {
  'urn:ietf:params:oauth:grant-type:jwt-bearer': onBehalfOf,
  client_credentials: clientCredentials,
};

/** @throws an EntraError */
export async function handleTokenRequest(
  state: EntraState,
  request: EntraRequest,
  tenantName: string,
): Promise<EmulatorResponse> {
  const form = readForm(request.headers, request.payload);
  const grantType = need(form, 'grant_type');
  const grant = Object.hasOwn(GRANTS, grantType) ? GRANTS[grantType] : undefined;
  if (grant === undefined) throw entraErrors.grantType(grantType);
  const tenant = tenantOf(tenantName, form);
  const client = authenticateClient(form, request.headers['authorization'], {
    registrations: state.registrations,
    tenant,
    audiences: audiencesOf(state, [tenantName, tenant.id]),
    now: state.clock.now(),
  });
  return json(200, await grant(state, { form, tenant, client }));
}

/** Where the path names none, it is that of the assertion. */
function tenantOf(name: string, form: Form): Tenant {
  if (!SHARED.has(name.toLowerCase())) {
    const tenant = findTenant(name);
    if (tenant === undefined) throw entraErrors.tenant(name, 'invalid_request');
    return tenant;
  }
  const tenant = findTenant(String(readJwt(form.get('assertion') ?? '')?.claims['tid']));
  if (tenant === undefined) throw entraErrors.noTenant();
  return tenant;
}

/** What client assertions may be for: the endpoint as it is addressed, or the issuer. */
function audiencesOf(state: EntraState, tenants: readonly string[]): readonly string[] {
  const hosts = [state.authority(), state.url(), state.names().issuers.v2];
  return hosts.flatMap((host) =>
    tenants.flatMap((tenant) => [`${host}/${tenant}/oauth2/v2.0/token`, `${host}/${tenant}/v2.0`]),
  );
}

/** What may be remembered of a token request: neither secret nor token. */
export function withoutSecrets(headers: Readonly<Record<string, string>>, text: string): unknown {
  const form = readForm(headers, { text });
  const [grantType, scope] = [form.get('grant_type'), form.get('scope')];
  return {
    ...(grantType === undefined ? {} : { grant_type: grantType }),
    ...(scope === undefined ? {} : { scope }),
  };
}
