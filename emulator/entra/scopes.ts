// Parses the `scope` of a token request: the resource, and the requested permissions (Microsoft identity platform,
// "Scopes and permissions").
import { CLOUDS, GRAPH_APP } from '../tenant/clouds.ts';
import { entraErrors } from './errors.ts';
import type { Application, Tenant } from './registrations.ts';

export interface RequestedScope {
  readonly resource: Resource;
  /** As in the request, without the OpenID Connect scopes. */
  readonly scopes: readonly string[];
  /** The names of the permissions. `.default` stands alone, for all permissions that were consented to. */
  readonly permissions: readonly string[];
  readonly wantsIdToken: boolean;
  readonly wantsRefreshToken: boolean;
}

export type Resource =
  | { readonly kind: 'graph' /** As the request names it. */; readonly audience: string }
  | { readonly kind: 'gateway'; readonly audience: string };

export const DEFAULT = '.default';
const SIGN_IN = new Set(['openid', 'profile', 'email', 'offline_access']);
const GRAPH_ROOTS = new Set(Object.values(CLOUDS).map(({ graph }) => graph));
/** The form of permission names of Microsoft Graph. */
const PERMISSION = /^[A-Z][A-Za-z]+(?:\.[A-Z][A-Za-z]+)+$/;

export interface Resources {
  readonly tenant: Tenant;
  readonly gateway: Application;
  /** The emulator's url, which is also accepted as a root of Microsoft Graph. */
  readonly url: string;
  /** The resource of a permission without one. */
  readonly graph: string;
}

/** @throws EntraError */
export function readScope(text: string, resources: Resources): RequestedScope {
  const all = text.split(' ').filter((scope) => scope !== '');
  const scopes = all.filter((scope) => !SIGN_IN.has(scope));
  const requested = scopes.map((scope) => splitScope(scope, resources.graph));
  const [first] = requested;
  if (first === undefined) throw entraErrors.scope(text);
  if (requested.some(({ resource }) => resource !== first.resource)) throw entraErrors.resources(text);
  const permissions = requested.map(({ permission }) => permission);
  if (permissions.includes(DEFAULT) && permissions.length > 1) throw entraErrors.scope(text);
  const resource = resourceOf(first.resource, resources);
  const offered = resource.kind === 'gateway' ? resources.gateway.scopes : undefined;
  for (const name of permissions) if (!isPermission(name, offered)) throw entraErrors.scope(text);
  return {
    resource,
    scopes,
    permissions,
    wantsIdToken: all.includes('openid'),
    wantsRefreshToken: all.includes('offline_access'),
  };
}

function splitScope(scope: string, graph: string): { resource: string; permission: string } {
  const slash = scope.lastIndexOf('/');
  if (slash < 0) return { resource: graph, permission: scope };
  return { resource: scope.slice(0, slash), permission: scope.slice(slash + 1) };
}

function isPermission(name: string, offered: readonly string[] | undefined): boolean {
  return name === DEFAULT || (offered?.includes(name) ?? PERMISSION.test(name));
}

function resourceOf(name: string, { tenant, gateway, url }: Resources): Resource {
  if (GRAPH_ROOTS.has(name) || name === url || name === GRAPH_APP) return { kind: 'graph', audience: name };
  if (name === gateway.appIdUri || name === gateway.clientId)
    return { kind: 'gateway', audience: gateway.clientId };
  throw entraErrors.resource(name, tenant.displayName);
}
