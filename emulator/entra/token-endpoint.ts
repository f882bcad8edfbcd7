// The token endpoint: finds the grant type and the tenant, authenticates the client, and returns the grant's response.
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
import { authenticateClient, readForm, requireParameter } from './token-request.ts';

type Grant = (state: EntraState, request: GrantRequest) => Promise<Claims>;

const GRANTS: Readonly<Record<string, Grant>> = {
  'urn:ietf:params:oauth:grant-type:jwt-bearer': onBehalfOf,
  client_credentials: clientCredentials,
};

/** @throws EntraError */
export async function handleTokenRequest(
  state: EntraState,
  request: EntraRequest,
  tenantName: string,
): Promise<EmulatorResponse> {
  const form = readForm(request.headers, request.payload);
  const grantType = requireParameter(form, 'grant_type');
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

/** The tenant of the path, or of the assertion when the path names none. */
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

/** The accepted audiences of client assertions: the token endpoint and the issuer. */
function audiencesOf(state: EntraState, tenants: readonly string[]): readonly string[] {
  const hosts = [state.authority(), state.url(), state.names().issuers.v2];
  return hosts.flatMap((host) =>
    tenants.flatMap((tenant) => [`${host}/${tenant}/oauth2/v2.0/token`, `${host}/${tenant}/v2.0`]),
  );
}

/** What is recorded of a token request: no secrets and no tokens. */
export function withoutSecrets(headers: Readonly<Record<string, string>>, text: string): unknown {
  const form = readForm(headers, { text });
  const [grantType, scope] = [form.get('grant_type'), form.get('scope')];
  return {
    ...(grantType === undefined ? {} : { grant_type: grantType }),
    ...(scope === undefined ? {} : { scope }),
  };
}
