// The explorer page in a real browser that has no network but this machine.
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
    it('asks for Sandbox, a typeface and an icon outside, and for nothing else', async () => {
      await using product = await startTestProduct();
      await using visit = await open(browser, product, path, sandboxStandIn);

      await visit.page.waitForFunction('window.started !== undefined');

      const asked = new Set(visit.outside.map((address) => address.split('?')[0]));
      // A browser without a window asks for the icon when it likes.
      asked.delete(ICON);
      expect([...asked].sort()).toEqual([SANDBOX_SCRIPT, TYPEFACE]);
      expect(new Set(visit.complaints)).toEqual(new Set(['Failed to load resource: net::ERR_FAILED']));
      expect(new URL(visit.page.url()).pathname).toBe('/graphql');
    });

    it('starts Sandbox with an operation and a token, at an address that answers it', async () => {
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
    ])('opens GraphiQL from the gateway where Apollo’s network %s', async (_how, outside) => {
      await using product = await startTestProduct();
      await using visit = await open(browser, product, path, outside);

      await runFirstOperation(visit.page);

      expect(new URL(visit.page.url()).pathname).toBe('/graphiql');
    });

    it('opens GraphiQL where Apollo’s network never answers', async () => {
      await using product = await startTestProduct();
      const never = () => new Promise<void>(() => undefined);
      await using visit = await open(browser, product, path, never, 'commit');

      await visit.page.waitForURL('**/graphiql', { waitUntil: 'commit' });
      await runFirstOperation(visit.page);
    });
  });

  describe.each(['/graphql', '/'])('GraphiQL, opened at %s', (path) => {
    it('needs nothing from outside, and runs its first operation when Execute is clicked', async () => {
      await using product = await startTestProduct({ environment: { EXPLORER: 'graphiql' } });
      await using visit = await open(browser, product, path);
      const { page } = visit;

      await runFirstOperation(page);

      expect(upstream(product.emulator)).toEqual(['BATCH 2']);
      expect(visit.outside).toEqual([]);
      expect(visit.complaints).toEqual([]);
    });

    it('knows the schema, by introspection with the demo token', async () => {
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

/** What becomes of a request for an address outside this machine. */
type AppDependencies = (route: Route) => Promise<void>;

/** Sandbox's own script is Apollo's; this one notes what it is started with. */
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
  /** Addresses outside this machine that the page asked for. */
  readonly outside: readonly string[];
  /** Errors and warnings of its console, and errors that nobody caught. */
  readonly complaints: string[];
}

/** What Sandbox is started with. */
interface SandboxStart {
  readonly initialEndpoint: string;
  readonly initialState: {
    readonly document: string;
    readonly sharedHeaders: Readonly<Record<string, string>>;
  };
}

/** Opens the page, and keeps it from everything but this machine. */
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
