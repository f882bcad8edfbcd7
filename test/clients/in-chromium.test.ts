// Clients with a cache, with their default settings, in a real browser: pages of another origin than the gateway's, before a
// tenant in which people share Graph's ids of phones, numbers and names. What is stored is what each screen has to show.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../docs/pages.ts';
import { isChromiumMissing, launchChromium, skipNote } from '../support/chromium.ts';
import { type SharedIds, startSharedIds } from '../support/shared-ids.ts';
import { startWebPages, type WebPages } from '../support/web-pages.ts';

const CLIENTS = ['apollo', 'relay', 'graphcache'];
const FIRST = 3;

describe.skipIf(isChromiumMissing)(`In Chromium${skipNote}`, () => {
  let browser: Browser;
  let pages: WebPages;
  beforeAll(async () => {
    [browser, pages] = await Promise.all([launchChromium(), startWebPages(CLIENTS)]);
  }, 60_000);
  afterAll(() => Promise.all([browser?.close(), pages?.[Symbol.asyncDispose]()]));

  it('the pages have the types that they use', () => {
    expect(pages.complaints).toBe('');
  });

  describe.each(CLIENTS)('%s', (name) => {
    it('shows each person’s own phones, and nobody under a name of before', async () => {
      await using visit = await open(browser, pages, name);
      const { tenant, page } = visit;

      expect(await screen(page)).toEqual(stored(tenant));

      const [one, two] = peopleOf(tenant);
      expect([two?.displayName, numbersOf(tenant, two?.id)[0]]).toEqual([
        one?.displayName,
        numbersOf(tenant, one?.id)[0],
      ]);
      const authors = await page.locator(`${card(two?.id)} li i`).allTextContents();
      expect(new Set(authors)).toEqual(new Set(['Grace Okafor']));
      expect(await page.locator(`${card(two?.id)} h2`).textContent()).toBe('Innocenty Popov');
      expect(visit.complaints).toEqual([]);
    });

    it('adds, changes and deletes the phones of one person, and of nobody else', async () => {
      await using visit = await open(browser, pages, name);
      const { tenant, page } = visit;
      const [one, two, three] = peopleOf(tenant);

      await fill(page, three?.id, '+1 425 555 0191');
      await page.locator(card(three?.id)).getByRole('button', { name: 'Add' }).click();
      await page.locator(card(three?.id)).getByText('+1 425 555 0191').waitFor();
      expect(await screen(page)).toEqual(stored(tenant));

      await fill(page, one?.id, '+1 425 555 0190');
      await page.locator(row(tenant, one?.id)).getByRole('button', { name: 'Change' }).click();
      await page.locator(card(one?.id)).getByText('+1 425 555 0190').waitFor();
      expect(await screen(page)).toEqual(stored(tenant));

      await page.locator(row(tenant, two?.id)).getByRole('button', { name: 'Delete' }).click();
      await page.locator(row(tenant, two?.id)).waitFor({ state: 'detached' });
      expect(await screen(page)).toEqual(stored(tenant));

      expect(numbersOf(tenant, one?.id)).toEqual(['+1 425 555 0190']);
      expect(numbersOf(tenant, two?.id)).toHaveLength(3);
      expect(numbersOf(tenant, three?.id)).toHaveLength(4);
      expect(visit.complaints).toEqual([]);
      await keepScreenshot(page, name);
    });

    it('pages through the directory', async () => {
      await using visit = await open(browser, pages, name);
      const { tenant, page } = visit;
      const names = tenant.emulator.people.map(({ displayName }) => displayName ?? '');
      const entries = page.locator('ol li');
      expect(await entries.allTextContents()).toEqual(names.slice(0, FIRST));

      for (const many of [2, 3]) {
        await page.getByRole('button', { name: 'Next page' }).click();
        await entries.nth(many * FIRST - 1).waitFor();
        expect(await entries.allTextContents()).toEqual(names.slice(0, many * FIRST));
      }

      expect(await screen(page)).toEqual(stored(tenant));
      expect(visit.complaints).toEqual([]);
    });

    it('reads again what somebody else has changed', async () => {
      await using visit = await open(browser, pages, name);
      const { tenant, page } = visit;
      const [one, two] = peopleOf(tenant);
      const input = { id: `${two?.id}/${tenant.graphId}`, number: '+1 425 555 0192' };
      await tenant.ask(CHANGE, { input });
      expect(await screen(page)).not.toEqual(stored(tenant));

      await page.getByRole('button', { name: 'Refetch' }).click();
      await page.locator(card(two?.id)).getByText('+1 425 555 0192').waitFor();

      expect(await screen(page)).toEqual(stored(tenant));
      expect(numbersOf(tenant, one?.id)).not.toContain('+1 425 555 0192');
      expect(visit.complaints).toEqual([]);
    });
  });

  it('a page of an origin that is not among CORS_ORIGINS gets nothing', async () => {
    await using tenant = await startSharedIds({ CORS_ORIGINS: 'https://phones.example.com' });
    const page = await browser.newPage();
    const refused = page.waitForEvent('console', (message) => message.text().includes('CORS policy'));

    await page.goto(addressOf(pages, 'apollo', tenant));

    expect((await refused).type()).toBe('error');
    expect(await screen(page)).toEqual([]);
    await page.close();
  });
});

const CHANGE = 'mutation ($input: UpdatePhoneInput!) { updatePhone(input: $input) { userErrors { code } } }';

interface Visit extends AsyncDisposable {
  readonly tenant: SharedIds;
  readonly page: Page;
  /** Errors and warnings of its console, what nobody caught, and what stands on the page as an error. */
  readonly complaints: string[];
}

/** Opens a client's page, and waits for what it shows at first. */
async function open(browser: Browser, pages: WebPages, name: string): Promise<Visit> {
  const tenant = await startSharedIds({ CORS_ORIGINS: pages.origin });
  const page = await browser.newPage({ viewport: { width: 1100, height: 700 } });
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(addressOf(pages, name, tenant));
  await page.locator('section').first().waitFor();
  await page.locator('ol li').first().waitFor();
  const close = async () => {
    await page.close();
    await tenant[Symbol.asyncDispose]();
  };
  return { tenant, page, complaints, [Symbol.asyncDispose]: close };
}

function addressOf({ origin }: WebPages, name: string, tenant: SharedIds): string {
  const ids = peopleOf(tenant).map(({ id }) => id);
  const parameters = { url: tenant.url, token: tenant.token, ids: ids.join(','), first: String(FIRST) };
  return `${origin}/${name}?${new URLSearchParams(parameters)}`;
}

/** Two of one name and with one number, of whom one was called otherwise when the phones were made, and a third. */
function peopleOf({ emulator }: SharedIds) {
  return emulator.people.slice(1, 4);
}

function numbersOf({ emulator }: SharedIds, id: string | undefined): string[] {
  return emulator.phonesOf(id ?? '').map(({ number }) => number ?? '');
}

interface Shown {
  readonly name: string;
  readonly numbers: readonly string[];
}

async function screen(page: Page): Promise<Shown[]> {
  const shown: Shown[] = [];
  for (const section of await page.locator('section').all())
    shown.push({
      name: (await section.locator('h2').textContent()) ?? '',
      numbers: await section.locator('li b').allTextContents(),
    });
  return shown;
}

function stored(tenant: SharedIds): Shown[] {
  return peopleOf(tenant).map(({ id, displayName }) => ({
    name: displayName ?? '',
    numbers: numbersOf(tenant, id),
  }));
}

function card(id: string | undefined): string {
  return `section[aria-label="${id}"]`;
}

/** The phone of a person whose id of Graph's all of them have. */
function row({ graphId }: SharedIds, id: string | undefined): string {
  return `li[aria-label="${id}/${graphId}"]`;
}

function fill(page: Page, id: string | undefined, number: string): Promise<void> {
  return page.locator(card(id)).getByLabel('Number').fill(number);
}

/** For somebody to look at. */
async function keepScreenshot(page: Page, name: string): Promise<void> {
  const folder = join(ROOT, 'reports/screenshots');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path });
  process.stdout.write(`screenshot: ${path}\n`);
}
