// The clouds that the emulator can stand in for: the issuers and audiences of their tokens. Sources: Microsoft
// Graph docs, "National cloud deployments"; the OpenID configuration of each cloud's Entra ID.

export type Cloud = 'global' | 'us-gov-l4' | 'us-gov-l5' | 'china';

export interface Issuers {
  /** The part before `/{tenant}/`. */
  readonly v1: string;
  /** The part before `/{tenant}/v2.0`. */
  readonly v2: string;
}

interface Deployment {
  /** The root of Microsoft Graph, which is also the audience of its tokens. */
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

/** The application id of Microsoft Graph, which is also accepted as an audience. */
export const GRAPH_APP = '00000003-0000-0000-c000-000000000000';

/** The issuers and audiences of tokens. */
export interface Names {
  readonly issuers: Issuers;
  /** The audiences that Microsoft Graph accepts. The first is the default of a token request. */
  readonly audiences: readonly [string, ...string[]];
}

/**
 * Without a cloud, the emulator issues tokens in its own name, for the global Microsoft Graph.
 *
 * @param url where the emulator listens
 * @param authority the authority of its Entra ID
 */
export function namesOf(cloud: Cloud | undefined, url: string, authority: string): Names {
  const { graph, issuers } = CLOUDS[cloud ?? 'global'];
  if (cloud !== undefined) return { issuers, audiences: [graph, url, GRAPH_APP] };
  return { issuers: { v1: STS, v2: authority }, audiences: [graph, url, GRAPH_APP] };
}

export function issuerOf({ v1, v2 }: Issuers, version: '1.0' | '2.0', tenantId: string): string {
  return version === '1.0' ? `${v1}/${tenantId}/` : `${v2}/${tenantId}/v2.0`;
}
