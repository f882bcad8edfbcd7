// The routes of Entra ID. Its paths begin with a tenant: an id, a domain, `common` or `organizations`. Paths of
// Microsoft Graph begin with a version.

import type { Payload } from '../graph/request.ts';
import type { EmulatorResponse } from '../graph/responses.ts';
import { json } from '../graph/responses.ts';
import { configuration, instance, keySet } from './discovery.ts';
import { entraErrors } from './errors.ts';
import { findTenant, SHARED } from './registrations.ts';
import type { EntraState } from './state.ts';
import { handleTokenRequest } from './token-endpoint.ts';

export interface EntraRequest {
  readonly method: string;
  /** As sent, with the query. */
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Payload;
}

type Operation = (
  state: EntraState,
  request: EntraRequest,
  tenant: string,
) => EmulatorResponse | Promise<EmulatorResponse>;

const ROUTES: Readonly<Record<string, { readonly method: string; readonly operation: Operation }>> = {
  '/v2.0/.well-known/openid-configuration': get((state, _request, tenant) =>
    cacheable(configuration(state.authority(), state.names().issuers, tenantOf(tenant), '2.0')),
  ),
  '/.well-known/openid-configuration': get((state, _request, tenant) =>
    cacheable(configuration(state.authority(), state.names().issuers, tenantOf(tenant), '1.0')),
  ),
  '/discovery/v2.0/keys': get(async ({ keys, names }, _request, tenant) =>
    cacheable(keySet(await keys.published(), names().issuers, tenantOf(tenant), '2.0')),
  ),
  '/discovery/keys': get(async ({ keys, names }, _request, tenant) =>
    cacheable(keySet(await keys.published(), names().issuers, tenantOf(tenant), '1.0')),
  ),
  '/discovery/instance': get(discoverInstance),
  '/oauth2/v2.0/token': { method: 'POST', operation: handleTokenRequest },
};

function get(operation: Operation) {
  return { method: 'GET', operation };
}

/** Whether the path has the form of an Entra ID path. The route may still be unknown. */
export function isEntraPath(url: string): boolean {
  const path = url.split('?', 1)[0] ?? '';
  return /^\/(?!(?:beta|v1\.0)\/)[^/]+\/(?:v2\.0\/)?(?:\.well-known|discovery|oauth2)\//.test(path);
}

/** @throws EntraError */
export async function handleEntraRequest(
  state: EntraState,
  request: EntraRequest,
): Promise<EmulatorResponse> {
  const path = request.url.split('?', 1)[0] ?? '';
  const slash = path.indexOf('/', 1);
  const route = Object.hasOwn(ROUTES, path.slice(slash)) ? ROUTES[path.slice(slash)] : undefined;
  if (route === undefined) return json(404, undefined);
  if (route.method !== request.method) {
    if (route.method === 'POST') throw entraErrors.method(request.method);
    return json(405, undefined, { Allow: route.method });
  }
  return route.operation(state, request, decode(path.slice(1, slash)));
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The id of a tenant. `common` and `organizations` are returned as they are. */
function tenantOf(name: string): string {
  if (SHARED.has(name.toLowerCase())) return name.toLowerCase();
  const tenant = findTenant(name);
  if (tenant === undefined) throw entraErrors.tenant(name, 'invalid_tenant');
  return tenant.id;
}

function discoverInstance(state: EntraState, { url }: EntraRequest): EmulatorResponse {
  const parameter = new URLSearchParams(url.split('?')[1]).get('authorization_endpoint') ?? '';
  const endpoint = URL.parse(parameter);
  if (endpoint === null || endpoint.host !== new URL(state.authority()).host) throw entraErrors.instance();
  return cacheable(instance(state.authority(), endpoint.pathname.split('/')[1] ?? '', endpoint.host));
}

/** A response that clients may cache for a day. */
function cacheable(body: unknown): EmulatorResponse {
  const headers = { 'Cache-Control': 'max-age=86400, private', 'Access-Control-Allow-Origin': '*' };
  return json(200, body, headers);
}
