// Starts the emulator for a test, with a controlled clock and random generator, and sends requests to it over HTTP.

import type { Emulator, EmulatorOptions } from '../../emulator/emulator.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import type { Clock } from '../../src/runtime/clock.ts';
import { seededRandom } from '../../src/runtime/random.ts';

/** Noon of the date in the documentation's examples. */
export const NOON = Date.parse('2020-07-08T12:00:00.000Z');

export interface ManualClock extends Clock {
  /** Advances the time, and ends the sleeps and timers that are due. */
  advance(ms: number): void;
  /** The number of pending sleeps and timers. */
  readonly waiting: number;
}

export function manualClock(start = NOON): ManualClock {
  let now = start;
  let alarms: { readonly at: number; readonly ring: () => void }[] = [];
  const wait = (ms: number, ring: () => void): (() => void) => {
    const alarm = { at: now + ms, ring };
    alarms.push(alarm);
    return () => {
      alarms = alarms.filter((other) => other !== alarm);
    };
  };
  return {
    now: () => now,
    elapsed: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const cancel = wait(ms, resolve);
        signal?.addEventListener('abort', () => {
          cancel();
          reject(signal.reason);
        });
      }),
    schedule: wait,
    afterTurn: (run) => void setImmediate(run),
    advance(ms) {
      now += ms;
      const due = alarms.filter(({ at }) => at <= now);
      alarms = alarms.filter(({ at }) => at > now);
      for (const { ring } of due) ring();
    },
    get waiting() {
      return alarms.length;
    },
  };
}

export interface TestEmulator extends Emulator, AsyncDisposable {
  readonly clock: ManualClock;
}

/** The tenant is the same every time. With `await using` it closes at the end of the scope. */
export async function startTestEmulator(options: Partial<EmulatorOptions> = {}): Promise<TestEmulator> {
  const clock = manualClock();
  const emulator = await startEmulator({ clock, random: seededRandom(7), ...options });
  return Object.defineProperties(
    { clock, [Symbol.asyncDispose]: () => emulator.close() },
    Object.getOwnPropertyDescriptors(emulator),
  ) as unknown as TestEmulator;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON when the response is JSON, otherwise text. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

export interface AskOptions {
  /** The name of a demo token. Null sends no token. */
  readonly as?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent unchanged. */
  readonly text?: string;
}

/** @param path begins with a slash */
export async function ask(
  emulator: Emulator,
  method: string,
  path: string,
  { as = 'innocenty', headers = {}, json, text }: AskOptions = {},
): Promise<Reply> {
  const response = await fetch(`${emulator.url}${path}`, {
    method,
    headers: {
      ...(as === null ? {} : { authorization: `Bearer demo-token-${as}` }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    ...(text === undefined ? {} : { body: text }),
  });
  const body = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true && body !== '';
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(body) : body };
}

/** Longer than the default timeout of a test. */
const PATIENCE_MS = 130_000;
/** Turns of the event loop before the wait backs off. */
const HASTY_TURNS = 100;

/** Resolves when the condition holds. Checks it after every turn of the event loop, and later every two milliseconds. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (let turn = 0; !(await condition()); turn += 1) {
    // Without a limit, it would continue after a failed test and slow down all later tests.
    if (performance.now() > end) throw new Error('what was waited for has not come about');
    await new Promise((resolve) => (turn < HASTY_TURNS ? setImmediate(resolve) : setTimeout(resolve, 2)));
  }
}

/** A request to the token endpoint of the home tenant or another one. Undefined values are omitted. */
export function askToken(
  emulator: Emulator,
  form: Readonly<Record<string, string | undefined>>,
  {
    tenant = emulator.entra.tenantId,
    headers = {},
  }: { tenant?: string; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const pairs = Object.entries(form).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return ask(emulator, 'POST', `/${tenant}/oauth2/v2.0/token`, {
    as: null,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    text: new URLSearchParams(pairs).toString(),
  });
}

/** The form of an on-behalf-of request of the gateway, for Microsoft Graph. */
export function onBehalfOf({ entra }: Emulator, assertion: string): Record<string, string> {
  return {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    requested_token_use: 'on_behalf_of',
    client_id: entra.gateway.clientId,
    client_secret: entra.gateway.clientSecret,
    scope: 'https://graph.microsoft.com/.default',
    assertion,
  };
}

/** The claims of a token. The signature is not verified. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into tokens of every kind
export function claimsOf(token: string): any {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}
