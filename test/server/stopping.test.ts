// Shutdown: no admitted request is lost, and no client can block it.
//
// The test controls the sleeps of one length. The emulator's delays and the gateway's drain delay have that length, so the
// tests can stop at every step of a shutdown without waiting.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Environment, readConfig } from '../../src/config/config.ts';
import { type Standalone, startStandalone } from '../../src/process/standalone.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { ask } from '../support/product.ts';
import { codesOf } from './refusal.ts';

const HELD_MS = 123_456;
const TOKEN = 'demo-token-innocenty';
const QUERY = '{ me { displayName } }';
const ANSWER = { data: { me: { displayName: 'Innocenty Popov' } } };

describe('A gateway that shuts down completes the requests in flight', () => {
  it('responds to a request that waits for Microsoft Graph, with Connection: close', async () => {
    const { product, held } = await startHeld();
    product.emulator?.faults.add({ on: { path: '/me' }, do: { delayMs: HELD_MS } });
    const answer = ask(product.url, TOKEN, QUERY);
    await held.begun;

    const closed = product.close();
    const ready = await readiness(product);
    const live = await fetch(`${product.adminUrl}/livez`);
    held.end();

    const { status, headers, body } = await answer;
    expect({ status, body }).toEqual({ status: 200, body: ANSWER });
    expect(headers.get('connection')).toBe('close');
    expect(ready).toEqual([503, { status: 'not ready', reason: 'draining' }]);
    expect(live.status).toBe(200);
    await closed;
  });

  it('runs a mutation once and reports its result', async () => {
    const { product, held } = await startHeld();
    product.emulator?.faults.add({ on: { method: 'POST' }, do: { delayMs: HELD_MS } });
    const mutation = 'mutation { addPhone(input: { number: "+1 425 555 0177" }) { phone { number } } }';
    const answer = ask(product.url, TOKEN, mutation);
    await held.begun;

    const closed = product.close();
    await readiness(product);
    held.end();

    expect((await answer).body).toEqual({ data: { addPhone: { phone: { number: '+1 425 555 0177' } } } });
    await closed;
    expect(product.emulator?.calls.map(({ method }) => method)).toEqual(['POST']);
  });

  it('then closes its port and its admin port', async () => {
    const { product } = await startHeld();

    await product.close();

    await expect(fetch(product.url)).rejects.toThrow();
    await expect(fetch(`${product.adminUrl}/livez`)).rejects.toThrow();
  });
});

describe('The drain delay gives load balancers time to stop sending requests', () => {
  it('serves requests with Connection: close while it is not ready', async () => {
    const { product, held } = await startHeld({ DRAIN_DELAY_MS: String(HELD_MS) });
    const before = await ask(product.url, TOKEN, QUERY);

    const closed = product.close();
    await held.begun;
    const during = await ask(product.url, TOKEN, QUERY);
    const ready = await readiness(product);
    held.end();
    await closed;

    expect(before.headers.get('connection')).toBe('keep-alive');
    expect(during.headers.get('connection')).toBe('close');
    expect([before.body, during.body]).toEqual([ANSWER, ANSWER]);
    expect(ready).toEqual([503, { status: 'not ready', reason: 'draining' }]);
  });

  it('is skipped by a second call of close', async () => {
    const { product, held } = await startHeld({ DRAIN_DELAY_MS: String(HELD_MS) });
    const closed = product.close();
    await held.begun;

    await Promise.all([closed, product.close()]);

    await expect(fetch(product.url)).rejects.toThrow();
  });
});

describe('No client can block the shutdown', () => {
  it('with an idle connection', async () => {
    const { product } = await startHeld();
    const socket = await open(product);
    const { text } = await exchange(socket, 'GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(text).toContain('HTTP/1.1 404');

    await expect(product.close()).resolves.toBeUndefined();
  });

  it('with a connection on which nothing was sent', async () => {
    const { product } = await startHeld();
    await open(product);
    await readiness(product);

    await expect(product.close()).resolves.toBeUndefined();
  });

  // The shutdown waits up to the deadline of a request, because the rest of the request may still arrive.
  it('with requests that are never complete', async () => {
    const { product } = await startHeld({ REQUEST_DEADLINE_MS: '100' });
    const head = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    (await open(product)).write(head);
    (await open(product)).write(`${head}Content-Length: 100\r\n\r\n{"query":`);
    await exchange(await open(product), 'GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n');

    await expect(product.close()).resolves.toBeUndefined();
  });
});

describe('A request that arrives during the shutdown', () => {
  // Its first bytes arrive before the shutdown, so that its connection is not idle. The rest arrives afterwards.
  it('gets a response in the form of GraphQL, not one of the HTTP library', async () => {
    const { product } = await startHeld();
    const late = await open(product);
    late.write('GET /nowhere HTTP/1.1\r\nHost: local');
    const idle = await open(product);
    await exchange(idle, 'GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n');

    const closed = product.close();
    await once(idle, 'close');
    const { body } = await exchange(late, 'host\r\n\r\n');
    late.destroy();
    await closed;

    expect(codesOf(body)).toHaveLength(1);
  });
});

interface Held {
  /** Resolves when a sleep of HELD_MS begins. */
  readonly begun: Promise<void>;
  /** Ends that sleep. */
  end(): void;
}

interface HeldProduct {
  readonly product: Standalone;
  readonly held: Held;
}

async function startHeld(environment: Environment = {}): Promise<HeldProduct> {
  const ports = { PORT: '0', ADMIN_PORT: '0', EMULATOR_PORT: '0' };
  const { config, problems } = readConfig({ ...ports, ...environment });
  if (config === null) throw new Error(`the configuration is wrong: ${JSON.stringify(problems)}`);
  const { clock, held } = createHeldClock();
  const product = await startStandalone(config, { clock, random: seededRandom(1), logger: silentLogger });
  return { product, held };
}

function createHeldClock(): { readonly clock: Clock; readonly held: Held } {
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const clock: Clock = {
    ...systemClock,
    async sleep(ms, signal) {
      if (ms !== HELD_MS) return systemClock.sleep(ms, signal);
      begun.resolve();
      const aborted = Promise.withResolvers<void>();
      signal?.addEventListener('abort', () => aborted.reject(signal.reason), { once: true });
      return Promise.race([ended.promise, aborted.promise]);
    },
  };
  return { clock, held: { begun: begun.promise, end: () => ended.resolve() } };
}

async function readiness({ adminUrl }: Standalone): Promise<[number, unknown]> {
  const response = await fetch(`${adminUrl}/readyz`);
  return [response.status, await response.json()];
}

/** A connection without an HTTP client. */
async function open({ url }: Standalone): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Sends this text and reads one response, which must have a length. Rejects when the connection closes instead. */
async function exchange(socket: Socket, request: string): Promise<{ text: string; body: string }> {
  const hungUp = once(socket, 'close').then(() => {
    throw new Error('the connection was closed without an answer');
  });
  socket.write(request);
  let text = '';
  for (;;) {
    const [chunk] = (await Promise.race([once(socket, 'data'), hungUp])) as [Buffer];
    text += chunk.toString();
    const [head = '', body] = text.split('\r\n\r\n', 2);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    if (body !== undefined && body.length >= length) return { text, body };
  }
}
