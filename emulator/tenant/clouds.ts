// The deployments that the emulator can stand in for: what their tokens are called, by issuer and audience.
// Sources: Microsoft Graph docs, deployments; the OpenID configuration of each cloud's Entra ID.

export type Cloud = 'global' | 'us-gov-l4' | 'us-gov-l5' | 'china';

export interface Issuers {
  /** Before `/{tenant}/`. */
  readonly v1: string;
  /** Before `/{tenant}/v2.0`. */
  readonly v2: string;
}

interface Deployment {
  /** The root of Microsoft Graph: what tokens for it name as their audience. */
  readonly graph: string;
  readonly issuers: Issuers;
}

const STS = 'https://sts.windows.net';
const GOVERNMENT: Issuers = { v1: STS, v2: 'https://login.microsoftonline.us' };

export const CLOUDS: Readonly<Record<Cloud, Deployment>> = {
  global: {
    graph: 'https://graph.microsoft.com',
    issuers: { v1: STS, v2: 'https://login.microsoftonline.com' },
  },
  'us-gov-l4': { graph: 'https://graph.microsoft.us', issuers: GOVERNMENT },
  'us-gov-l5': { graph: 'https://dod-graph.microsoft.us', issuers: GOVERNMENT },
  china: {
    graph: 'https://microsoftgraph.chinacloudapi.cn',
    issuers: { v1: 'https://sts.chinacloudapi.cn', v2: 'https://login.partner.microsoftonline.cn' },
  },
};

/** Microsoft Graph's own application, by which its tokens can be asked for as well. */
export const GRAPH_APP = '00000003-0000-0000-c000-000000000000';

/** Where tokens are for, and who they are from. */
export interface Names {
  readonly issuers: Issuers;
  /** What Microsoft Graph answers to; the first is meant where a request names none. */
  readonly audiences: readonly [string, ...string[]];
}

/**
 * Without a cloud the emulator speaks for itself, and for the global Microsoft Graph.
 *
 * @param url where the emulator listens
 * @param authority what it calls itself as Entra ID
 */
export function namesOf(cloud: Cloud | undefined, url: string, authority: string): Names {
  const { graph, issuers } = CLOUDS[cloud ?? 'global'];
  if (cloud !== undefined) return { issuers, audiences: [graph, url, GRAPH_APP] };
  return { issuers: { v1: STS, v2: authority }, audiences: [graph, url, GRAPH_APP] };
}

export function issuerOf({ v1, v2 }: Issuers, version: '1.0' | '2.0', tenantId: string): string {
  return version === '1.0' ? `${v1}/${tenantId}/` : `${v2}/${tenantId}/v2.0`;
}
