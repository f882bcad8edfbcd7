// The deployments of Microsoft Graph: the root URL of each, its Microsoft Entra ID, and what its profile lacks.
// Sources: Microsoft Graph docs, "National cloud deployments"; the CSDL of each deployment's beta. In China, the issuer in tokens
// has another host than the token endpoint (metadata in MSAL). The issuers of version 1 tokens are documented at
// https://learn.microsoft.com/en-us/answers/questions/1190472.

export type CloudName = 'global' | 'us-gov-l4' | 'us-gov-l5' | 'china';

export interface Cloud {
  /** The root URL of Microsoft Graph, without a version and without a trailing slash. */
  readonly graph: string;
  /** The origin of Microsoft Entra ID. */
  readonly authority: string;
  /** The origins in the `iss` claim, by token version. The tenant id follows them. */
  readonly issuers: { readonly v1: string; readonly v2: string };
  /** The scope of access tokens for this cloud. It contains the root URL, so a token is valid in one cloud only. */
  readonly scope: string;
  /** The itemFacet properties that this cloud lacks. It can reject a `$select` with one of them. */
  readonly lacks: readonly string[];
  readonly sourceForm: SourceForm;
}

/**
 * The type of `source.type` in an itemFacet: a list of texts (`personDataSources`) or one text (`personDataSource`), as the
 * metadata of the cloud says. The gateway accepts both when it reads, and uses this one when it writes. The government
 * clouds with public metadata have one text. China had a list when its metadata was last public.
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
