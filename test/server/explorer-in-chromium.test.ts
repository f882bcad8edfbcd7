// The explorer page in a real browser that can reach only this machine.
import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isChromiumMissing, launchChromium, skipNote } from '../support/chromium.ts';
import { startTestProduct, type TestProduct, tokenOf, upstream } from '../support/product.ts';

describe.skipIf(isChromiumMissing)(`The explorer page in Chromium${skipNote}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  describe.each(['/graphql', '/'])('Apollo Sandbox, opened at %s', (path) => {
    it('loads Sandbox, a font and an icon from the network, and nothing else', async () => {
      await using product = await startTestProduct();
      await using visit = await open(browser, product, path, sandboxStandIn);

      await visit.page.waitForFunction('window.started !== undefined');

      const asked = new Set(visit.outside.map((address) => address.split('?')[0]));
      // A headless browser may load the icon at any time.
      asked.delete(ICON);
      expect([...asked].sort()).toEqual([SANDBOX_SCRIPT, TYPEFACE]);
      expect(new Set(visit.complaints)).toEqual(new Set(['Failed to load resource: net::ERR_FAILED']));
      expect(new URL(visit.page.url()).pathname).toBe('/graphql');
    });

    it('starts Sandbox with an operation, a token and a working endpoint', async () => {
      await using product = await startTestProduct();
      await using visit = await open(browser, product, path, sandboxStandIn);

      await visit.page.waitForFunction('window.started !== undefined');
      const { initialEndpoint, initialState } = (await visit.page.evaluate('window.started')) as SandboxStart;

      const response = await fetch(initialEndpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...initialState.sharedHeaders },
        body: JSON.stringify({ query: initialState.document }),
      });
      expect(initialState.sharedHeaders).toEqual({
        Authorization: `Bearer ${tokenOf(product.emulator, 'innocenty')}`,
      });
      expect(await response.json()).toMatchObject({ data: { me: { displayName: 'Innocenty Popov' } } });
    });

    it.each<[string, AppDependencies]>([
      ['is refused', (route) => route.abort()],
      ['answers with an error', (route) => route.fulfill({ status: 502, body: 'no' })],
      [
        'answers with a page of its own',
        (route) => route.fulfill({ contentType: 'text/html', body: '<p>Sign in' }),
      ],
    ])('opens GraphiQL from the gateway when Apollo’s network %s', async (_how, outside) => {
      await using product = await startTestProduct();
      await using visit = await open(browser, product, path, outside);

      await runFirstOperation(visit.page);

      expect(new URL(visit.page.url()).pathname).toBe('/graphiql');
    });

    it('opens GraphiQL when Apollo’s network never responds', async () => {
      await using product = await startTestProduct();
      const never = () => new Promise<void>(() => undefined);
      await using visit = await open(browser, product, path, never, 'commit');

      await visit.page.waitForURL('**/graphiql', { waitUntil: 'commit' });
      await runFirstOperation(visit.page);
    });
  });

  describe.each(['/graphql', '/'])('GraphiQL, opened at %s', (path) => {
    it('needs no network, and runs its first operation when Execute is clicked', async () => {
      await using product = await startTestProduct({ environment: { EXPLORER: 'graphiql' } });
      await using visit = await open(browser, product, path);
      const { page } = visit;

      await runFirstOperation(page);

      expect(upstream(product.emulator)).toEqual(['BATCH 2']);
      expect(visit.outside).toEqual([]);
      expect(visit.complaints).toEqual([]);
    });

    it('loads the schema by introspection with the demo token', async () => {
      await using product = await startTestProduct({ environment: { EXPLORER: 'graphiql' } });
      await using visit = await open(browser, product, path);
      const { page } = visit;

      await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
      await page.getByRole('link', { name: 'Mutation' }).click();

      await page.getByRole('link', { name: 'addPhone', exact: true }).waitFor();
      expect(upstream(product.emulator)).toEqual([]);
      expect(visit.complaints).toEqual([]);
    });
  });
});

const SANDBOX_SCRIPT =
  'https://embeddable-sandbox.cdn.apollographql.com/v2/embeddable-sandbox.umd.production.min.js';
const ICON = 'https://apollo-server-landing-page.cdn.apollographql.com/_latest/assets/favicon.png';
const TYPEFACE = 'https://fonts.googleapis.com/css2';

/** How a request to an address outside this machine ends. */
type AppDependencies = (route: Route) => Promise<void>;

/** Replaces Sandbox's script, and records the options that it is started with. */
const sandboxStandIn: AppDependencies = (route) => {
  if (!route.request().url().startsWith(SANDBOX_SCRIPT)) return route.abort();
  const body = 'window.EmbeddedSandbox = class { constructor(start) { window.started = start; } };';
  return route.fulfill({ contentType: 'text/javascript', body });
};

async function runFirstOperation(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Execute query/ }).click();
  const result = page.locator('.result-window');
  await result.getByText('"Innocenty Popov"').waitFor();
  await result.getByText('"+7 499 342 22 13"').first().waitFor();
}

interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** URLs outside this machine that the page requested. */
  readonly outside: readonly string[];
  /** Errors and warnings of its console, and uncaught errors. */
  readonly complaints: string[];
}

/** The options that Sandbox is started with. */
interface SandboxStart {
  readonly initialEndpoint: string;
  readonly initialState: {
    readonly document: string;
    readonly sharedHeaders: Readonly<Record<string, string>>;
  };
}

/** Opens the page without access to the network. */
async function open(
  browser: Browser,
  { url }: TestProduct,
  path: string,
  answer: AppDependencies = (route) => route.abort(),
  waitUntil: 'load' | 'commit' = 'load',
): Promise<Visit> {
  const page = await browser.newPage();
  const outside: string[] = [];
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.route(/^https?:\/\/(?!127\.0\.0\.1[:/])/, (route) => {
    outside.push(route.request().url());
    return answer(route);
  });
  await page.goto(new URL(path, url).href, { waitUntil });
  return { page, outside, complaints, [Symbol.asyncDispose]: () => page.close() };
}
