// The paths of Entra ID, and what each answers. Those of Microsoft Graph begin with a version; these with a tenant, by
// id or domain, or with `common` or `organizations` where it makes no difference whose they are.

import type { Payload } from '../graph/request.ts';
import type { Answer } from '../graph/responses.ts';
import { json } from '../graph/responses.ts';
import { configuration, instance, keySet } from './discovery.ts';
import { deny } from './errors.ts';
import { findTenant, SHARED } from './registrations.ts';
import type { EntraWorld } from './state.ts';
import { answerToken } from './token-endpoint.ts';

export interface EntraAsk {
  readonly method: string;
  /** As it was sent, with the query. */
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Payload;
}

type Operation = (world: EntraWorld, ask: EntraAsk, tenant: string) => Answer | Promise<Answer>;

const ROUTES: Readonly<Record<string, { readonly method: string; readonly operation: Operation }>> = {
  '/v2.0/.well-known/openid-configuration': get((world, _ask, tenant) =>
    lasting(configuration(world.authority(), world.names().issuers, tenantOf(tenant), '2.0')),
  ),
  '/.well-known/openid-configuration': get((world, _ask, tenant) =>
    lasting(configuration(world.authority(), world.names().issuers, tenantOf(tenant), '1.0')),
  ),
  '/discovery/v2.0/keys': get(async ({ keys, names }, _ask, tenant) =>
    lasting(keySet(await keys.published(), names().issuers, tenantOf(tenant), '2.0')),
  ),
  '/discovery/keys': get(async ({ keys, names }, _ask, tenant) =>
    lasting(keySet(await keys.published(), names().issuers, tenantOf(tenant), '1.0')),
  ),
  '/discovery/instance': get(discoverInstance),
  '/oauth2/v2.0/token': { method: 'POST', operation: answerToken },
};

function get(operation: Operation) {
  return { method: 'GET', operation };
}

/** Whether a path is one of Entra ID's, known or not. */
export function isEntra(url: string): boolean {
  const path = url.split('?', 1)[0] ?? '';
  return /^\/(?!(?:beta|v1\.0)\/)[^/]+\/(?:v2\.0\/)?(?:\.well-known|discovery|oauth2)\//.test(path);
}

/** @throws an EntraRefusal */
export async function answerEntra(world: EntraWorld, ask: EntraAsk): Promise<Answer> {
  const path = ask.url.split('?', 1)[0] ?? '';
  const slash = path.indexOf('/', 1);
  const route = Object.hasOwn(ROUTES, path.slice(slash)) ? ROUTES[path.slice(slash)] : undefined;
  if (route === undefined) return json(404, undefined);
  if (route.method !== ask.method) {
    if (route.method === 'POST') throw deny.method(ask.method);
    return json(405, undefined, { Allow: route.method });
  }
  return route.operation(world, ask, decode(path.slice(1, slash)));
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The id of a tenant; `common` and `organizations` stay what they are. */
function tenantOf(name: string): string {
  if (SHARED.has(name.toLowerCase())) return name.toLowerCase();
  const tenant = findTenant(name);
  if (tenant === undefined) throw deny.tenant(name, 'invalid_tenant');
  return tenant.id;
}

function discoverInstance(world: EntraWorld, { url }: EntraAsk): Answer {
  const asked = new URLSearchParams(url.split('?')[1]).get('authorization_endpoint') ?? '';
  const endpoint = URL.parse(asked);
  if (endpoint === null || endpoint.host !== new URL(world.authority()).host) throw deny.instance();
  return lasting(instance(world.authority(), endpoint.pathname.split('/')[1] ?? '', endpoint.host));
}

/** What changes so seldom that anybody may keep it for a day. */
function lasting(body: unknown): Answer {
  const headers = { 'Cache-Control': 'max-age=86400, private', 'Access-Control-Allow-Origin': '*' };
  return json(200, body, headers);
}
