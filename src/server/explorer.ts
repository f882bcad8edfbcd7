// The explorer page: Apollo Sandbox, which Apollo Server serves and which loads its scripts from Apollo's network, or
// GraphiQL, which is served whole from here and needs no network. Where Sandbox's script does not load, its page opens
// GraphiQL.

export type ExplorerKind = 'sandbox' | 'graphiql' | 'off';

/** What the page starts with. */
export interface ExplorerStart {
  readonly document: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The operation that the explorer starts with. */
export const EXAMPLE_OPERATION = `query MyPhones {
  me {
    displayName
    phones {
      id
      number
      type
      allowedAudiences
      parsed {
        international
        kind
      }
    }
  }
}
`;

/** Where the GraphiQL page is, beside the explorer's own address. */
export const GRAPHIQL_PATH = '/graphiql';

/** Makes the GraphiQL page when it is first asked for; null where there is no explorer. */
export function createGraphiQL(kind: ExplorerKind, start: ExplorerStart): (() => Promise<Buffer>) | null {
  if (kind === 'off') return null;
  let page: Promise<Buffer> | null = null;
  return () => {
    page ??= renderPage(start);
    return page;
  };
}

/** Milliseconds for Sandbox's script to load, which takes a second as a rule. */
const SANDBOX_MS = 8_000;

/**
 * Apollo's page, which opens GraphiQL instead when Sandbox's script does not load: at once when the browser says so, and
 * after 8 seconds where the network does not answer. The script comes first in the page, since a browser runs none while
 * a style sheet before it is under way.
 */
export function withGraphiQLFallback(html: string): string {
  const [, nonce] = /<script nonce="([^"]+)"/.exec(html) ?? [];
  return html.replace('<head>', `<head><script nonce="${nonce}">${FALLBACK}</script>`);
}

const FALLBACK = `(() => {
  const open = () => { if (!window.EmbeddedSandbox) location.replace('${GRAPHIQL_PATH}'); };
  AbortSignal.timeout(${SANDBOX_MS}).addEventListener('abort', open);
  addEventListener('load', open);
  addEventListener('error', ({ target }) => { if (target instanceof HTMLScriptElement) open(); }, true);
})();`;

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
