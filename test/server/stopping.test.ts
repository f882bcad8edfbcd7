// How the gateway goes away: nothing that was let in is lost, and nobody can keep it from going.
//
// The clock's sleeps of one length end when the test says so, and the emulator's delays and the gateway's drain delay are
// such sleeps. So the tests can look at every moment of a stop without waiting for any.
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

describe('A gateway that is being stopped finishes what is under way', () => {
  it('answers a request that waits for Microsoft Graph, and asks its client to hang up', async () => {
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

  it('carries a change out once, and says so', async () => {
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

  it('is gone then, with its admin port', async () => {
    const { product } = await startHeld();

    await product.close();

    await expect(fetch(product.url)).rejects.toThrow();
    await expect(fetch(`${product.adminUrl}/livez`)).rejects.toThrow();
  });
});

describe('The drain delay gives load balancers time to look away', () => {
  it('goes on answering while it says that it is not ready, each time asking the client to hang up', async () => {
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

  it('is skipped when the gateway is told a second time', async () => {
    const { product, held } = await startHeld({ DRAIN_DELAY_MS: String(HELD_MS) });
    const closed = product.close();
    await held.begun;

    await Promise.all([closed, product.close()]);

    await expect(fetch(product.url)).rejects.toThrow();
  });
});

describe('Nobody can keep the gateway from going away', () => {
  it('not with a connection that is open and idle', async () => {
    const { product } = await startHeld();
    const socket = await open(product);
    const { text } = await exchange(socket, 'GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(text).toContain('HTTP/1.1 404');

    await expect(product.close()).resolves.toBeUndefined();
  });

  it('not with a connection over which nothing was ever sent', async () => {
    const { product } = await startHeld();
    await open(product);
    await readiness(product);

    await expect(product.close()).resolves.toBeUndefined();
  });

  // It may take as long as a request may: the gateway cannot know that the rest will not come.
  it('not with requests that are never sent to their end', async () => {
    const { product } = await startHeld({ REQUEST_DEADLINE_MS: '100' });
    const head = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    (await open(product)).write(head);
    (await open(product)).write(`${head}Content-Length: 100\r\n\r\n{"query":`);
    await exchange(await open(product), 'GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n');

    await expect(product.close()).resolves.toBeUndefined();
  });
});

describe('A request that comes too late', () => {
  // Its first bytes are there when the stop begins, so that its connection is not idle; the rest comes after.
  it('is answered or refused as GraphQL requests are, not in words of the HTTP library', async () => {
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
  /** Resolves when something sleeps for HELD_MS. */
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

/** A connection of one's own, without an HTTP client to look after it. */
async function open({ url }: Standalone): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Sends this text and reads one answer, which must have a length. Rejects when the other side hangs up instead. */
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
