// The deployments of Microsoft Graph: where each is, who gives out its tokens, and what its profile lacks.
// Sources: Microsoft Graph docs, "National cloud deployments"; the CSDL of each deployment's beta. That the tokens of one
// cloud name another host as their issuer than the one that gave them out is in the metadata that MSAL carries; the
// issuers of version 1 are told at https://learn.microsoft.com/en-us/answers/questions/1190472.

export type CloudName = 'global' | 'us-gov-l4' | 'us-gov-l5' | 'china';

export interface Cloud {
  /** The root of Microsoft Graph, without a version and without a trailing slash. */
  readonly graph: string;
  /** The host of Microsoft Entra ID that gives out tokens. */
  readonly authority: string;
  /** What that host calls itself in tokens, by their version; the tenant follows. */
  readonly issuers: { readonly v1: string; readonly v2: string };
  /** The scope of a token for this root: it names the root itself, so tokens do not cross clouds. */
  readonly scope: string;
  /** Properties of itemFacet that this cloud does not have; a `$select` that names one may be refused. */
  readonly lacks: readonly string[];
  readonly sourceForm: SourceForm;
}

/**
 * What `source.type` of an itemFacet is: a list (`personDataSources`), or one text (`personDataSource`). The metadata of
 * a cloud says which; both are read everywhere, and this is how it is written. Of the government's clouds, those whose
 * metadata is public have a text; in China it was a list when that was public last.
 */
export type SourceForm = 'list' | 'text';

type Entra = Pick<Cloud, 'authority' | 'issuers'>;

const entra: Entra = {
  authority: 'https://login.microsoftonline.com',
  issuers: { v1: 'https://sts.windows.net', v2: 'https://login.microsoftonline.com' },
};
const entraForGovernment: Entra = {
  authority: 'https://login.microsoftonline.us',
  issuers: { v1: 'https://sts.windows.net', v2: 'https://login.microsoftonline.us' },
};
const entraInChina: Entra = {
  authority: 'https://login.chinacloudapi.cn',
  issuers: { v1: 'https://sts.chinacloudapi.cn', v2: 'https://login.partner.microsoftonline.cn' },
};
const govLacks = ['isSearchable', 'sources'];

export const clouds: Readonly<Record<CloudName, Cloud>> = {
  global: cloud('https://graph.microsoft.com', entra, [], 'list'),
  'us-gov-l4': cloud('https://graph.microsoft.us', entraForGovernment, govLacks, 'text'),
  'us-gov-l5': cloud('https://dod-graph.microsoft.us', entraForGovernment, govLacks, 'text'),
  china: cloud('https://microsoftgraph.chinacloudapi.cn', entraInChina, [], 'list'),
};

function cloud(graph: string, entra: Entra, lacks: readonly string[], sourceForm: SourceForm): Cloud {
  return { graph, ...entra, scope: `${graph}/.default`, lacks, sourceForm };
}
