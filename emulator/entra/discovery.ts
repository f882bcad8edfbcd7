// The documents that clients fetch before they request tokens: the OpenID configuration of a tenant, its keys, and
// instance discovery (Microsoft identity platform, "OpenID Connect", and the requests of the MSAL libraries).
import type { Issuers } from '../tenant/clouds.ts';
import { issuerOf } from '../tenant/clouds.ts';
import type { SigningKey } from './keys.ts';
import type { Version } from './token-claims.ts';

/**
 * @param origin the authority of the endpoints
 * @param tenant a GUID, `common` or `organizations`
 */
export function configuration(origin: string, issuers: Issuers, tenant: string, version: Version): unknown {
  const isShared = !tenant.includes('-');
  const part = version === '2.0' ? '/v2.0' : '';
  return {
    token_endpoint: `${origin}/${tenant}/oauth2${part}/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${origin}/${tenant}/discovery${part}/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: issuerOf(issuers, version, isShared ? '{tenantid}' : tenant),
    request_uri_parameter_supported: false,
    userinfo_endpoint: 'https://graph.microsoft.com/oidc/userinfo',
    authorization_endpoint: `${origin}/${tenant}/oauth2${part}/authorize`,
    device_authorization_endpoint: `${origin}/${tenant}/oauth2${part}/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${origin}/${tenant}/oauth2${part}/logout`,
    claims_supported: CLAIMS,
    tenant_region_scope: isShared ? null : 'WW',
    cloud_instance_name: 'microsoftonline.com',
    cloud_graph_host_name: 'graph.windows.net',
    msgraph_host: 'graph.microsoft.com',
    rbac_url: 'https://pas.windows.net',
  };
}

const CLAIMS = [
  'sub',
  'iss',
  'cloud_instance_name',
  'cloud_instance_host_name',
  'cloud_graph_host_name',
  'msgraph_host',
  'aud',
  'exp',
  'iat',
  'auth_time',
  'acr',
  'nonce',
  'preferred_username',
  'name',
  'tid',
  'ver',
  'at_hash',
  'c_hash',
  'email',
];

/** In version 2.0, each key names its issuer. */
export function keySet(
  keys: readonly SigningKey[],
  issuers: Issuers,
  tenant: string,
  version: Version,
): unknown {
  const issuer = issuerOf(issuers, '2.0', tenant.includes('-') ? tenant : '{tenantid}');
  return { keys: keys.map(({ jwk }) => (version === '2.0' ? { ...jwk, issuer } : jwk)) };
}

/** @param host the host that the client asks about */
export function instance(origin: string, tenant: string, host: string): unknown {
  return {
    tenant_discovery_endpoint: `${origin}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}
