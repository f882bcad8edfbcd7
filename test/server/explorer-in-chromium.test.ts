// The explorer page in a real browser that has no network but this machine. Chromium is looked for in CHROMIUM_PATH and
// where Debian puts it; without one these tests are skipped, except where CI=true says that it must be there.
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestProduct, type TestProduct, tokenOf, upstream } from '../support/product.ts';

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const isMissing = !existsSync(executablePath) && process.env['CI'] !== 'true';
const skipped = isMissing ? ' (skipped: no Chromium; install it, or say where it is in CHROMIUM_PATH)' : '';

const ARGUMENTS = [
  '--no-sandbox',
  '--headless',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];

describe.skipIf(isMissing)(`The explorer page in Chromium${skipped}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ARGUMENTS });
  });
  afterAll(() => browser?.close());

  describe.each(['/graphql', '/'])('Apollo Sandbox, opened at %s', (path) => {
    it('asks for Sandbox and a typeface, and for nothing else outside', async () => {
      await using product = await startTestProduct();
      await using visit = await open(browser, product, path);

      expect(visit.blocked.map((address) => address.split('?')[0]).sort()).toEqual([
        'https://embeddable-sandbox.cdn.apollographql.com/v2/embeddable-sandbox.umd.production.min.js',
        'https://fonts.googleapis.com/css2',
      ]);
    });

    it('has nothing to complain of but that these two do not come', async () => {
      await using product = await startTestProduct();
      await using visit = await open(browser, product, path);

      expect(visit.complaints.sort()).toEqual([
        'Failed to load resource: net::ERR_FAILED',
        'Failed to load resource: net::ERR_FAILED',
        'window.EmbeddedSandbox is not a constructor',
      ]);
    });

    it('would start Sandbox with an operation and a token, at an address that answers it', async () => {
      await using product = await startTestProduct();
      await using visit = await open(browser, product, path);

      const { initialEndpoint, embeddedSandboxConfig } = (await visit.page.evaluate(
        '({ initialEndpoint, embeddedSandboxConfig })',
      )) as SandboxStart;

      const { document, sharedHeaders } = embeddedSandboxConfig.initialState;
      const response = await fetch(initialEndpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...sharedHeaders },
        body: JSON.stringify({ query: document }),
      });
      expect(sharedHeaders).toEqual({ Authorization: `Bearer ${tokenOf(product.emulator, 'innocenty')}` });
      expect(await response.json()).toMatchObject({ data: { me: { displayName: 'Innocenty Popov' } } });
    });
  });

  describe.each(['/graphql', '/'])('GraphiQL, opened at %s', (path) => {
    it('needs nothing from outside, and runs its first operation when Execute is clicked', async () => {
      await using product = await startTestProduct({ environment: { EXPLORER: 'graphiql' } });
      await using visit = await open(browser, product, path);
      const { page } = visit;

      await page.getByRole('button', { name: /^Execute query/ }).click();
      const result = page.locator('.result-window');
      await result.getByText('"Innocenty Popov"').waitFor();
      await result.getByText('"+7 499 342 22 13"').first().waitFor();

      expect(upstream(product.emulator)).toEqual(['BATCH 2']);
      expect(visit.blocked).toEqual([]);
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

interface Visit extends AsyncDisposable {
  readonly page: Page;
  /** Addresses outside this machine that the page asked for; it got none of them. */
  readonly blocked: readonly string[];
  /** Errors and warnings of its console, and errors that nobody caught. */
  readonly complaints: string[];
}

/** What the page leaves behind for Sandbox. */
interface SandboxStart {
  readonly initialEndpoint: string;
  readonly embeddedSandboxConfig: {
    readonly initialState: {
      readonly document: string;
      readonly sharedHeaders: Readonly<Record<string, string>>;
    };
  };
}

/** Opens the page, and keeps it from everything but this machine. */
async function open(browser: Browser, { url }: TestProduct, path: string): Promise<Visit> {
  const page = await browser.newPage();
  const blocked: string[] = [];
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.route(/^https?:\/\/(?!127\.0\.0\.1[:/])/, (route) => {
    blocked.push(route.request().url());
    return route.abort();
  });
  const response = await page.goto(new URL(path, url).href);
  expect(response?.status()).toBe(200);
  return { page, blocked, complaints, [Symbol.asyncDispose]: () => page.close() };
}
