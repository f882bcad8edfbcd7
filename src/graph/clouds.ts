// The deployments of Microsoft Graph: where each is, who gives out its tokens, and what its profile lacks.
// Sources: Microsoft Graph docs, "National cloud deployments"; the CSDL of each deployment's beta.

export type CloudName = 'global' | 'us-gov-l4' | 'us-gov-l5' | 'china';

export interface Cloud {
  /** The root of Microsoft Graph, without a version and without a trailing slash. */
  readonly graph: string;
  /** The host of Microsoft Entra ID that gives out tokens. */
  readonly authority: string;
  /** The scope of a token for this root: it names the root itself, so tokens do not cross clouds. */
  readonly scope: string;
  /** Properties of itemFacet that this cloud does not have; a `$select` that names one may be refused. */
  readonly lacks: readonly string[];
}

const govLacks = ['isSearchable', 'sources'];

export const clouds: Readonly<Record<CloudName, Cloud>> = {
  global: cloud('https://graph.microsoft.com', 'https://login.microsoftonline.com', []),
  'us-gov-l4': cloud('https://graph.microsoft.us', 'https://login.microsoftonline.us', govLacks),
  'us-gov-l5': cloud('https://dod-graph.microsoft.us', 'https://login.microsoftonline.us', govLacks),
  china: cloud('https://microsoftgraph.chinacloudapi.cn', 'https://login.chinacloudapi.cn', []),
};

function cloud(graph: string, authority: string, lacks: readonly string[]): Cloud {
  return { graph, authority, scope: `${graph}/.default`, lacks };
}
