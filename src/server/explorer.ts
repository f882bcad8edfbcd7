// The page for people with a question: Apollo Sandbox, which Apollo Server itself serves and which loads its scripts
// from Apollo's network, or GraphiQL, which comes whole from here and works without any network.

export type ExplorerKind = 'sandbox' | 'graphiql' | 'off';

/** What the page starts with. */
export interface ExplorerStart {
  readonly document: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A maker of the GraphiQL page; null where Apollo Server makes the page, or there is none. */
export function createExplorer(kind: ExplorerKind, start: ExplorerStart): (() => Promise<Buffer>) | null {
  if (kind !== 'graphiql') return null;
  let page: Promise<Buffer> | null = null;
  return () => {
    page ??= renderPage(start);
    return page;
  };
}

/** Some nine megabytes of script: loaded when somebody first opens the page, and one Buffer from then on. */
async function renderPage(start: ExplorerStart): Promise<Buffer> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const html = renderGraphiQL({
    title: 'Profile Phones',
    endpoint: '/graphql',
    defaultQuery: start.document,
    headers: JSON.stringify(start.headers, null, 2),
  });
  return Buffer.from(html);
}
