// The `scope` of a token request: which resource the token is for, and which permissions are asked of it (Microsoft
// identity platform, "Scopes and permissions").
import { CLOUDS, GRAPH_APP } from '../tenant/clouds.ts';
import { entraErrors } from './errors.ts';
import type { Application, Tenant } from './registrations.ts';

export interface RequestedScope {
  readonly resource: Resource;
  /** As the request has them, without what is for sign-in. */
  readonly scopes: readonly string[];
  /** The permissions by name; `.default` alone for all that were consented. */
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
/** What names of permissions of Microsoft Graph look like. */
const PERMISSION = /^[A-Z][A-Za-z]+(?:\.[A-Z][A-Za-z]+)+$/;

export interface Resources {
  readonly tenant: Tenant;
  readonly gateway: Application;
  /** The emulator's own root, which is a root of Microsoft Graph too. */
  readonly url: string;
  /** What a permission without a resource is for. */
  readonly graph: string;
}

/** @throws an EntraError */
export function readScope(text: string, resources: Resources): RequestedScope {
  const all = text.split(' ').filter((scope) => scope !== '');
  const scopes = all.filter((scope) => !SIGN_IN.has(scope));
  const asked = scopes.map((scope) => splitScope(scope, resources.graph));
  const [first] = asked;
  if (first === undefined) throw entraErrors.scope(text);
  if (asked.some(({ resource }) => resource !== first.resource)) throw entraErrors.resources(text);
  const permissions = asked.map(({ permission }) => permission);
  if (permissions.includes(DEFAULT) && permissions.length > 1) throw entraErrors.scope(text);
  const resource = resourceOf(first.resource, resources);
  const known = resource.kind === 'gateway' ? resources.gateway.scopes : undefined;
  for (const name of permissions) if (!isPermission(name, known)) throw entraErrors.scope(text);
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

function isPermission(name: string, known: readonly string[] | undefined): boolean {
  return name === DEFAULT || (known?.includes(name) ?? PERMISSION.test(name));
}

function resourceOf(name: string, { tenant, gateway, url }: Resources): Resource {
  if (GRAPH_ROOTS.has(name) || name === url || name === GRAPH_APP) return { kind: 'graph', audience: name };
  if (name === gateway.appIdUri || name === gateway.clientId)
    return { kind: 'gateway', audience: gateway.clientId };
  throw entraErrors.resource(name, tenant.displayName);
}
