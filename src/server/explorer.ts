// The explorer page: Apollo Sandbox or GraphiQL. Apollo Server serves Sandbox, which loads its script from Apollo's network.
// GraphiQL is served completely from here and needs no network. When Sandbox's script does not load, its page opens
// GraphiQL.
import { lazy } from '../runtime/lazy.ts';

export type ExplorerKind = 'sandbox' | 'graphiql' | 'off';

/** What the page shows first. */
export interface ExplorerStart {
  readonly document: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The operation that the explorer shows first. */
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

/** The path of the GraphiQL page. */
export const GRAPHIQL_PATH = '/graphiql';

/** Returns a function that renders the GraphiQL page once, on first use. Null when the explorer is off. */
export function createGraphiQL(kind: ExplorerKind, start: ExplorerStart): (() => Promise<Buffer>) | null {
  return kind === 'off' ? null : lazy(() => renderPage(start));
}

/** Milliseconds for Sandbox's script to load. It usually takes a second. */
const SANDBOX_MS = 8_000;

/**
 * Adds a script to Apollo's page that opens GraphiQL when Sandbox's script does not load. It opens GraphiQL at once when the
 * browser reports an error, and after 8 seconds when the network does not respond. The added script comes first in the
 * page, because a browser runs no script while it loads an earlier style sheet.
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

/** Loads some nine megabytes of script, so it runs only when the page is first opened. */
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
