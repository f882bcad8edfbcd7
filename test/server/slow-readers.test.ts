// Clients that do not read their responses, over real connections. Each is dropped after a time, all of them together hold a
// limited number of bytes, and other clients are not affected. The test controls the time.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/tenant/fixtures.ts';
import type { Environment } from '../../src/config/config.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { manualClock, until } from '../support/emulator.ts';
import { startTestProduct, type TestProduct, tokenOf } from '../support/product.ts';

const SMALL = '{ me { displayName } }';
const PHONE = `id number displayName type allowedAudiences isSearchable createdDateTime lastModifiedDateTime
  inference { confidenceScore userHasVerifiedAccuracy } source { type }
  createdBy { user { displayName } } lastModifiedBy { user { displayName } }`;
/** The default of LIMIT_SEND_MS. */
const SEND_MS = 30_000;

/** A user with 30 phones, repeated: some 13 kB each. */
const large = (people: number): string =>
  `{ users(ids: [${`"${FIXTURES.withThirty}",`.repeat(people)}]) { id phones { ${PHONE} } } }`;

const LARGE = large(600);
const sizeOfLarge = measure();

async function measure(): Promise<number> {
  await using product = await start();
  return sizeOf(product, LARGE);
}

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Memory of this process in bytes, after a garbage collection. */
function memory(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('a client that does not read its response', () => {
  it('is dropped after LIMIT_SEND_MS, and its responses are released', async () => {
    await using product = await start();
    const size = await sizeOfLarge;
    const readers = await Promise.all(Array.from({ length: 3 }, () => neverReading(product, LARGE)));
    await untilWaiting(product, 3 * size);

    product.advance(SEND_MS - 1);
    expect(await figures(product)).toEqual({ waiting: 3 * size, byTime: 0, byBytes: 0 });
    product.advance(1);

    expect(await figures(product)).toEqual({ waiting: 0, byTime: 3, byBytes: 0 });
    for (const bytes of await Promise.all(readers.map(readToEnd))) expect(bytes).toBeLessThan(size);
    expect((await product.ask(SMALL)).status).toBe(200);
  });

  it('is dropped with all pipelined responses of its connection', async () => {
    await using product = await start();
    const size = await sizeOfLarge;
    const socket = await neverReading(product, LARGE, 3);
    await untilWaiting(product, 3 * size);
    product.advance(SEND_MS);
    expect(await figures(product)).toEqual({ waiting: 0, byTime: 1, byBytes: 0 });
    expect(await readToEnd(socket)).toBeLessThan(size);
  });

  it('is dropped when it reads a byte now and then, because the time applies to the whole response', async () => {
    await using product = await start();
    const size = await sizeOfLarge;
    const socket = await neverReading(product, LARGE);
    await untilWaiting(product, size);
    let read = 0;
    for (let second = 0; second < 30; second += 1) {
      expect((await figures(product)).byTime).toBe(0);
      if (socket.read(1) !== null) read += 1;
      product.advance(1_000);
    }
    expect(read).toBeGreaterThan(0);
    expect(await figures(product)).toEqual({ waiting: 0, byTime: 1, byBytes: 0 });
    expect(await readToEnd(socket)).toBeLessThan(size);
  });

  it('and disconnects leaves nothing behind', async () => {
    await using product = await start();
    const size = await sizeOfLarge;
    const gone = await Promise.all([neverReading(product, LARGE), neverReading(product, LARGE, 2)]);
    await untilWaiting(product, 3 * size);
    for (const socket of gone) socket.destroy();
    await untilWaiting(product, 0);
    product.advance(SEND_MS);
    expect(await figures(product)).toEqual({ waiting: 0, byTime: 0, byBytes: 0 });
  });

  it('and then reads it in time gets it complete, and keeps its connection', async () => {
    await using product = await start();
    const size = await sizeOfLarge;
    const socket = await neverReading(product, LARGE);
    await untilWaiting(product, size);
    product.advance(SEND_MS - 1);

    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
    });
    socket.resume();
    await untilWaiting(product, 0);
    product.advance(2 * SEND_MS);
    await until(() => received.length > size);
    received = '';
    socket.write(post(product, SMALL));
    await until(() => received.includes('Innocenty'));
    expect(await figures(product)).toEqual({ waiting: 0, byTime: 0, byBytes: 0 });
  });
});

describe('LIMIT_UNSENT_BYTES limits the unsent bytes of the process', () => {
  it('above it, the response that has waited longest is dropped, and others are sent', async () => {
    await using product = await start({ LIMIT_UNSENT_BYTES: String(Math.ceil(3.5 * (await sizeOfLarge))) });
    const size = await sizeOfLarge;
    const readers: Socket[] = [];
    for (let reader = 0; reader < 8; reader += 1) {
      readers.push(await neverReading(product, LARGE));
      const expected = {
        waiting: Math.min(reader + 1, 3) * size,
        byTime: 0,
        byBytes: Math.max(0, reader - 2),
      };
      await until(async () => isDeepStrictEqual(await figures(product), expected));
    }

    // A response that is read at once displaces one more.
    expect(await sizeOf(product, LARGE)).toBe(size);
    expect((await product.ask(SMALL)).status).toBe(200);
    expect((await figures(product)).byBytes).toBe(6);
    for (const bytes of await Promise.all(readers.slice(0, 6).map(readToEnd)))
      expect(bytes).toBeLessThan(size);
    for (const socket of readers.slice(6).reverse()) {
      socket.resume();
      await until(() => socket.bytesRead > size);
    }
  });

  it('a response that is larger than the limit is sent', async () => {
    await using product = await start({ LIMIT_UNSENT_BYTES: '100000' });
    const socket = await neverReading(product, LARGE);
    await untilWaiting(product, await sizeOfLarge);
    socket.resume();
    await untilWaiting(product, 0);
    expect((await figures(product)).byBytes).toBe(0);
  });

  it('sixteen clients that never read leave the memory as it was', async () => {
    const most = 32 * 1024 * 1024;
    await using product = await start({ LIMIT_UNSENT_BYTES: String(most) });
    const size = await sizeOf(product, LARGE);
    const before = memory();
    for (let reader = 1; reader <= 16; reader += 1) {
      await neverReading(product, LARGE);
      await until(async () => {
        const { waiting, byBytes } = await figures(product);
        return waiting + byBytes * size === reader * size;
      });
      expect((await figures(product)).waiting).toBeLessThanOrEqual(most);
    }
    expect(memory() - before).toBeLessThan(2 * most);
    product.advance(SEND_MS);

    const { waiting, byTime, byBytes } = await figures(product);
    expect([waiting, byTime + byBytes]).toEqual([0, 16]);
    // The system releases its buffers in the next turns.
    await product.ask(SMALL);
    expect(memory() - before).toBeLessThan(most / 4);
  });
});

describe('The metrics', () => {
  it('exist from the start', async () => {
    await using product = await start();
    expect(await figures(product)).toEqual({ waiting: 0, byTime: 0, byBytes: 0 });
  });
});

interface Slow extends TestProduct {
  advance(ms: number): void;
}

const sockets: Socket[] = [];

/** A gateway whose deadlines the test controls. */
async function start(environment: Environment = {}): Promise<Slow> {
  const clock = manualClock();
  const product = await startTestProduct({
    environment,
    outside: { clock: { ...clock, sleep: systemClock.sleep } },
  });
  return {
    ...product,
    advance: (ms) => clock.advance(ms),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.splice(0)) socket.destroy();
      await product.close();
    },
  };
}

function post({ emulator }: TestProduct, query: string): string {
  const body = JSON.stringify({ query });
  const token = tokenOf(emulator, 'innocenty');
  return `POST /graphql HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** Sends this many requests at once, and reads nothing. */
async function neverReading(product: TestProduct, query: string, times = 1): Promise<Socket> {
  const socket = connect(Number(new URL(product.url).port), '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined).pause();
  await once(socket, 'connect');
  socket.write(post(product, query).repeat(times));
  return socket;
}

/** Reads the bytes that the system has buffered, up to the end of the connection. Resolves with their number. */
async function readToEnd(socket: Socket): Promise<number> {
  const end = once(socket, 'close');
  socket.resume();
  await end;
  return socket.bytesRead;
}

/** The bytes of a response that is read at once. */
async function sizeOf(product: TestProduct, query: string): Promise<number> {
  const response = await product.request('/graphql', {
    method: 'POST',
    headers: {
      authorization: `Bearer ${tokenOf(product.emulator, 'innocenty')}`,
      'content-type': 'application/json',
      // Like the raw clients of this test, which accept no compression.
      'accept-encoding': 'identity',
    },
    body: JSON.stringify({ query }),
  });
  expect(response.status).toBe(200);
  return (await response.arrayBuffer()).byteLength;
}

interface Figures {
  readonly waiting: number;
  readonly byTime: number;
  readonly byBytes: number;
}

async function figures({ adminUrl }: TestProduct): Promise<Figures> {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  const read = (name: string): number => {
    const line = text.split('\n').find((known) => known.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1));
  };
  return {
    waiting: read('http_unsent_response_bytes'),
    byTime: read('http_connections_dropped_total{reason="time"}'),
    byBytes: read('http_connections_dropped_total{reason="bytes"}'),
  };
}

/** Resolves when this many bytes are unsent. */
function untilWaiting(product: TestProduct, bytes: number): Promise<void> {
  return until(async () => (await figures(product)).waiting === bytes);
}
