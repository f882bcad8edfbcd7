// The token endpoint: which tenant is asked, for which grant, by whom; then the grant itself.
import type { Answer } from '../graph/responses.ts';
import { json } from '../graph/responses.ts';
import { deny } from './errors.ts';
import type { GrantRequest } from './grants.ts';
import { asItself, onBehalfOf } from './grants.ts';
import type { Claims } from './jwt.ts';
import { readJwt } from './jwt.ts';
import type { Tenant } from './registrations.ts';
import { findTenant, SHARED } from './registrations.ts';
import type { EntraAsk } from './routes.ts';
import type { EntraWorld } from './state.ts';
import type { Form } from './token-request.ts';
import { authenticateClient, need, readForm } from './token-request.ts';

type Grant = (world: EntraWorld, request: GrantRequest) => Promise<Claims>;

const GRANTS: Readonly<Record<string, Grant>> = {
  'urn:ietf:params:oauth:grant-type:jwt-bearer': onBehalfOf,
  client_credentials: asItself,
};

/** @throws an EntraRefusal */
export async function answerToken(world: EntraWorld, ask: EntraAsk, tenantName: string): Promise<Answer> {
  const form = readForm(ask.headers, ask.payload);
  const grantType = need(form, 'grant_type');
  const grant = Object.hasOwn(GRANTS, grantType) ? GRANTS[grantType] : undefined;
  if (grant === undefined) throw deny.grantType(grantType);
  const tenant = tenantOf(tenantName, form);
  const client = authenticateClient(form, ask.headers['authorization'], {
    registrations: world.registrations,
    tenant,
    audiences: audiencesOf(world, [tenantName, tenant.id]),
    now: world.clock.now(),
  });
  return json(200, await grant(world, { form, tenant, client }));
}

/** Where the path names none, it is that of the assertion. */
function tenantOf(name: string, form: Form): Tenant {
  if (!SHARED.has(name.toLowerCase())) {
    const tenant = findTenant(name);
    if (tenant === undefined) throw deny.tenant(name, 'invalid_request');
    return tenant;
  }
  const tenant = findTenant(String(readJwt(form.get('assertion') ?? '')?.claims['tid']));
  if (tenant === undefined) throw deny.noTenant();
  return tenant;
}

/** What client assertions may be for: the endpoint as it is addressed, or the issuer. */
function audiencesOf(world: EntraWorld, tenants: readonly string[]): readonly string[] {
  const hosts = [world.authority(), world.url(), world.names().issuers.v2];
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
