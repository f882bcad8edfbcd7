// Starts the gateway with its embedded emulator for a test, on free ports, and sends requests to it over HTTP.

import type { Emulator } from '../../emulator/emulator.ts';
import type { AppDependencies } from '../../src/app.ts';
import { type Environment, readConfig } from '../../src/config/config.ts';
import { startStandalone } from '../../src/process/standalone.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { type Logger, silentLogger } from '../../src/runtime/log.ts';
import { seededRandom } from '../../src/runtime/random.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

export interface TestProduct extends AsyncDisposable {
  readonly url: string;
  readonly adminUrl: string;
  readonly emulator: Emulator;
  /** Sends an operation with a demo token. The default is `innocenty`. */
  ask(query: string, variables?: Record<string, unknown>, as?: string): Promise<Answer>;
  /** Sends any request to the gateway. @param path begins with a slash */
  request(path: string, init?: RequestInit): Promise<Response>;
  reopenAudit(): void;
  close(): Promise<void>;
}

export interface TestOptions {
  readonly environment?: Environment;
  readonly logger?: Logger;
  /** Dependencies to replace. */
  readonly outside?: Partial<AppDependencies>;
}

export async function startTestProduct(options: TestOptions = {}): Promise<TestProduct> {
  const { environment = {}, logger = silentLogger } = options;
  const { config, problems } = readConfig({ PORT: '0', ADMIN_PORT: '0', EMULATOR_PORT: '0', ...environment });
  if (config === null) throw new Error(`the configuration is wrong: ${JSON.stringify(problems)}`);
  const outside = { clock: systemClock, random: seededRandom(1), logger, ...options.outside };
  const product = await startStandalone(config, outside);
  const { emulator } = product;
  if (emulator === null) throw new Error('there is no emulator');
  return {
    url: product.url,
    adminUrl: product.adminUrl,
    emulator,
    ask: (query, variables, as) => ask(product.url, tokenOf(emulator, as ?? 'innocenty'), query, variables),
    request: (path, init) => fetch(new URL(path, product.url), init),
    reopenAudit: () => product.reopenAudit(),
    close: () => product.close(),
    [Symbol.asyncDispose]: () => product.close(),
  };
}

export interface ProductOnGraph extends AsyncDisposable {
  readonly url: string;
  ask(query: string, variables?: Record<string, unknown>): Promise<Answer>;
}

/** Starts the gateway before a server of the test's in the place of Microsoft Graph. */
export async function startOnGraph(
  graphUrl: string,
  outside: Partial<AppDependencies> = {},
  environment: Environment = {},
): Promise<ProductOnGraph> {
  const { config, problems } = readConfig({
    PORT: '0',
    ADMIN_PORT: '0',
    GRAPH_BASE_URL: graphUrl,
    AUTH_MODE: 'pass-through',
    ...environment,
  });
  if (config === null) throw new Error(`the configuration is wrong: ${JSON.stringify(problems)}`);
  const parts = { clock: systemClock, random: seededRandom(1), logger: silentLogger, ...outside };
  const product = await startStandalone(config, parts);
  return {
    url: product.url,
    ask: (query, variables) => ask(product.url, 'token', query, variables),
    [Symbol.asyncDispose]: () => product.close(),
  };
}

export function tokenOf(emulator: Emulator, name: string): string {
  const token = emulator.tokens.find((known) => known.name === name)?.token;
  if (token === undefined) throw new Error(`there is no demo token named ${name}`);
  return token;
}

export async function ask(
  url: string,
  token: string | null,
  query: string,
  variables?: Record<string, unknown>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** The upstream requests so far: `GET /path`, and `BATCH n` for a batch. */
export function upstream(emulator: Emulator): string[] {
  return emulator.calls.map(({ method, path, items }) =>
    items.length > 0 ? `BATCH ${items.length}` : `${method} ${path.replace('/beta', '')}`,
  );
}
