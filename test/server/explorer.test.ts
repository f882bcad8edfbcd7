// The explorer page as the gateway sends it. explorer-in-chromium.test.ts tests it in a browser.
import { describe, expect, it } from 'vitest';
import { startTestProduct, type TestProduct, tokenOf } from '../support/product.ts';
import { refusalOf } from './refusal.ts';

/** The Accept header of Chromium for a URL that was typed. */
const BROWSER =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8';

describe.each(['/graphql', '/'])('GET %s in a browser opens the explorer', (path) => {
  it('sends the page of Apollo Sandbox, which must not be cached because it contains a token', async () => {
    await using product = await startTestProduct();

    const response = await openPage(product, path);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toContain('no-store');
    expect(await response.text()).toMatch(/^\s*<!DOCTYPE html>/);
    expect(product.emulator.calls).toEqual([]);
  });

  it('allows only scripts and frames of Apollo and of the page itself', async () => {
    await using product = await startTestProduct();

    const html = await (await openPage(product, path)).text();

    const policy = policyOf(html);
    const nonce = /'nonce-(\w+)'/.exec(policy['script-src'] ?? '')?.[1];
    expect(policy['script-src']).toContain('https://embeddable-sandbox.cdn.apollographql.com');
    expect(policy['script-src']).not.toContain('unsafe');
    expect(policy['frame-src']).toContain('https://sandbox.embed.apollographql.com');
    expect(nonce).toMatch(/^\w{32,}$/);
    const scripts = [...html.matchAll(/<script\b([^>]*)>/g)].map(([, attributes]) => attributes);
    expect(scripts).toHaveLength(3);
    for (const attributes of scripts) expect(attributes).toContain(`nonce="${nonce}"`);
  });

  it('has a new nonce each time', async () => {
    await using product = await startTestProduct();

    const pages = [await openPage(product, path), await openPage(product, path)];
    const policies = await Promise.all(pages.map(async (page) => policyOf(await page.text())['script-src']));

    expect(policies[0]).not.toBe(policies[1]);
  });

  it('loads Sandbox from Apollo, and starts it with an operation and the demo token', async () => {
    await using product = await startTestProduct();

    const html = await (await openPage(product, path)).text();

    expect(html).toMatch(/ src="https:\/\/embeddable-sandbox\.cdn\.apollographql\.com\/v2\/[\w.-]+\.js\?/);
    const config = configOf(html);
    const headers = { Authorization: `Bearer ${tokenOf(product.emulator, 'innocenty')}` };
    expect(config).toMatchObject({
      endpointIsEditable: false,
      runTelemetry: false,
      initialState: { headers, sharedHeaders: headers, pollForSchemaUpdates: false },
    });
    const { body } = await product.ask(config.initialState.document);
    expect(body).toMatchObject({ data: { me: { displayName: 'Innocenty Popov' } } });
    expect(body).not.toHaveProperty('errors');
  });

  it('sends GraphiQL complete when EXPLORER is graphiql', async () => {
    await using product = await startTestProduct({ environment: { EXPLORER: 'graphiql' } });

    const response = await openPage(product, path);
    const html = await response.text();

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toContain('no-store');
    expect(html).toContain('<title>Profile Phones</title>');
    expect(html).toContain(tokenOf(product.emulator, 'innocenty'));
    expect(html).not.toMatch(/<script[^>]* src=/);
    expect(html).not.toMatch(/<link[^>]* href="(https?:)?\/\//);
  });

  it.each([{ EXPLORER: 'off' }, { NODE_ENV: 'production', GRAPH_CLOUD: 'emulator', DRAIN_DELAY_MS: '0' }])(
    'sends no page with %o',
    async (environment) => {
      await using product = await startTestProduct({ environment });

      const response = await openPage(product, path);

      expect(await refusalOf(response, path === '/' ? 404 : 401)).toHaveLength(1);
    },
  );
});

describe('GET /graphiql', () => {
  it('sends GraphiQL, for a Sandbox page that cannot load its script', async () => {
    await using product = await startTestProduct();

    const html = await (await openPage(product, '/graphiql')).text();

    expect(html).toContain('<title>Profile Phones</title>');
    expect(html).toContain(tokenOf(product.emulator, 'innocenty'));
  });

  it.each([{}, { EXPLORER: 'graphiql' }])('is only for browsers, with %o', async (environment) => {
    await using product = await startTestProduct({ environment });

    const response = await product.request('/graphiql', { headers: { accept: 'application/json' } });

    expect(await refusalOf(response, 404)).toHaveLength(1);
  });

  it('does not exist when the explorer is off', async () => {
    await using product = await startTestProduct({ environment: { EXPLORER: 'off' } });

    expect(await refusalOf(await openPage(product, '/graphiql'), 404)).toHaveLength(1);
  });
});

describe('A client that is not a browser never gets the page', () => {
  it.each([
    undefined,
    '*/*',
    'application/json',
    'application/graphql-response+json',
    'application/json, text/html;q=0.5',
    'application/json, text/html;q=0',
    'application/graphql-response+json, application/json;q=0.9, text/html;q=0.1',
  ])('Accept: %s gets JSON', async (accept) => {
    await using product = await startTestProduct();
    const query = encodeURIComponent('{ me { displayName } }');
    const headers = {
      authorization: `Bearer ${tokenOf(product.emulator, 'innocenty')}`,
      'apollo-require-preflight': 'true',
      ...(accept === undefined ? {} : { accept }),
    };

    const response = await product.request(`/graphql?query=${query}`, { headers });

    expect(response.headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json/);
    expect(await response.json()).toEqual({ data: { me: { displayName: 'Innocenty Popov' } } });
  });

  it('neither does a POST that accepts HTML', async () => {
    await using product = await startTestProduct();

    const response = await product.request('/graphql', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tokenOf(product.emulator, 'innocenty')}`,
        'content-type': 'application/json',
        accept: BROWSER,
      },
      body: '{"query":"{ me { displayName } }"}',
    });

    expect(await response.json()).toEqual({ data: { me: { displayName: 'Innocenty Popov' } } });
  });
});

function openPage({ request }: TestProduct, path: string): Promise<Response> {
  return request(path, { headers: { accept: BROWSER } });
}

/** The content security policy of a page, by directive. */
function policyOf(html: string): Record<string, string> {
  const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1] ?? '';
  const directives = policy.split(';').map((directive) => directive.trim());
  return Object.fromEntries(
    directives.map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources.join(' ')];
    }),
  );
}

interface SandboxConfig {
  readonly initialState: { readonly document: string };
}

/** The options that the page starts Sandbox with. */
function configOf(html: string): SandboxConfig {
  const json = /var embeddedSandboxConfig = (\{.*\});/.exec(html)?.[1];
  if (json === undefined) throw new Error('the page has no configuration for Sandbox');
  return JSON.parse(json) as SandboxConfig;
}
