// Connections to Microsoft Graph, and the time that one try may take, on real sockets.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createTransport,
  isUnread,
  type Transport,
  type UpstreamRequest,
} from '../../src/graph/transport.ts';
import { Cancellation } from '../../src/runtime/cancellation.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { createTurnQueue } from '../../src/runtime/turn-queue.ts';
import { until } from '../support/emulator.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
}

interface Started {
  send(path: string, request?: Partial<UpstreamRequest>): ReturnType<Transport['send']>;
  /** The client ports of requests, by path. */
  readonly from: Readonly<Record<string, number>>;
  /** Number of open connections. */
  open(): number;
}

interface Limits {
  readonly nextTurn?: (order: number) => Promise<void>;
  readonly tryMs?: number;
  readonly connectMs?: number;
  readonly connections?: number;
}

function transportTo(origin: string, limits: Limits = {}) {
  const usual = { tryMs: 5_000, connectMs: 5_000, connections: 4 };
  const others = {
    clock: systemClock,
    timeoutMs: 5_000,
    maxResponseBytes: 1_000_000,
    nextTurn: createTurnQueue(systemClock),
  };
  const transport = createTransport({ origin, ...others, ...usual, ...limits });
  ends.push(() => transport.close());
  return (path: string, request: Partial<UpstreamRequest> = {}) =>
    transport.send({
      method: 'GET',
      url: `${origin}${path}`,
      headers: {},
      body: null,
      cancellation: new Cancellation(),
      isTry: true,
      isFresh: false,
      ...request,
    });
}

async function start(answer: Answer, limits: Limits = {}): Promise<Started> {
  const from: Record<string, number> = {};
  let connections = 0;
  const server = createServer((request, response) => {
    from[request.url ?? ''] = request.socket.remotePort ?? 0;
    answer(request, response);
  });
  server.on('connection', (socket: Socket) => {
    connections += 1;
    socket.once('close', () => {
      connections -= 1;
    });
  });
  const origin = `http://127.0.0.1:${await listen(server)}`;
  return { send: transportTo(origin, limits), from, open: () => connections };
}

const JSON_TYPE = { 'content-type': 'application/json' };
const ok = (response: ServerResponse): void => void response.writeHead(200, JSON_TYPE).end('{}');

describe('a response that is not JSON', () => {
  it.each([
    ['abc-1', 'abc-1'],
    ['+1 425 555 0100', null],
  ])('is told with its request id, where that is one: %s', async (sent, told) => {
    const { send } = await start((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html', 'request-id': sent }).end('<html>');
    });
    await expect(send('/1')).rejects.toMatchObject({ kind: 'bad-response', graph: { requestId: told } });
  });
});

describe('a long response', () => {
  const long = JSON.stringify({
    value: Array.from({ length: 9_000 }, (_, at) => ({ at, text: 'x'.repeat(80) })),
  });
  const answer = (text: string) => (_request: unknown, response: ServerResponse) =>
    void response.writeHead(200, JSON_TYPE).end(text);
  let turns = 0;
  const nextTurn = (): Promise<void> => {
    turns += 1;
    return new Promise((resolve) => setImmediate(resolve));
  };

  it('is parsed in turns of the event loop, and a short one at once', async () => {
    turns = 0;
    const { send } = await start(
      (request, response) => answer(request.url === '/1' ? long : '{"value":[]}')(request, response),
      { nextTurn },
    );
    expect((await send('/2')).body).toEqual({ value: [] });
    expect(turns).toBe(0);
    expect((await send('/1')).body).toEqual(JSON.parse(long));
    expect(turns).toBeGreaterThanOrEqual(4);
  });

  it('is not parsed when nobody waits for it, and is distinguished from one that did not arrive', async () => {
    const cancellation = new Cancellation();
    const { send } = await start(answer(long), {
      nextTurn: async () => {
        await nextTurn();
        cancellation.cancel();
      },
    });
    turns = 0;
    const failure = await send('/1', { cancellation }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind: 'timeout' });
    expect(isUnread(failure)).toBe(true);
    expect(turns).toBe(1);
    const gone = new Cancellation();
    const unsent = send('/1', { cancellation: gone }).catch((error: unknown) => error);
    gone.cancel();
    expect(isUnread(await unsent)).toBe(false);
  });

  it('uses the turns of its operation, one response after the other', async () => {
    const places = new Map<number, number>();
    const { send } = await start(answer(long), {
      nextTurn: (order) => {
        places.set(order, (places.get(order) ?? 0) + 1);
        return nextTurn();
      },
    });
    await Promise.all([7, 7, 8].map((order) => send('/1', { order })));
    expect([...places.keys()].map(Math.floor).toSorted()).toEqual([7, 7, 8]);
    for (const taken of places.values()) expect(taken).toBeGreaterThanOrEqual(3);
  });

  it('that is incomplete is a bad response', async () => {
    const { send } = await start(answer(`${long.slice(0, -1)} `), { nextTurn });
    await expect(send('/1')).rejects.toMatchObject({ kind: 'bad-response' });
  });
});

describe('a connection', () => {
  it('is reused by the next request', async () => {
    const { send, from } = await start((_request, response) => ok(response), { connections: 1 });
    await send('/1');
    await send('/2');
    expect(from['/2']).toBe(from['/1']);
  });

  it('is not reused after a 503, whose status and headers are the response', async () => {
    const { send, from, open } = await start((request, response) =>
      request.url === '/1'
        ? void response.writeHead(503, { ...JSON_TYPE, 'retry-after': '7', 'request-id': 'abc' }).end('{}')
        : ok(response),
    );
    const { status, headers } = await send('/1');
    expect([status, headers['retry-after'], headers['request-id']]).toEqual([503, '7', 'abc']);
    await until(() => open() === 0);
    await send('/2');
    expect(from['/2']).not.toBe(from['/1']);
  });

  it('with a 503 whose body never ends is not waited for', async () => {
    const { send } = await start((_request, response) => {
      response.writeHead(503, JSON_TYPE).write('{');
    });
    expect(await send('/1')).toMatchObject({ status: 503, body: undefined });
  });

  it('of another request is not closed by a 503', async () => {
    const held = Promise.withResolvers<ServerResponse>();
    const { send, from } = await start((request, response) => {
      if (request.url === '/held') held.resolve(response);
      else response.writeHead(503).end();
    });
    const other = send('/held');
    const response = await held.promise;
    await send('/down');
    ok(response);
    expect(await other).toMatchObject({ status: 200 });
    expect(from['/down']).not.toBe(from['/held']);
  });

  it('is a new one for a request that asks for it, and is closed afterwards, while others are kept', async () => {
    const { send, from, open } = await start((_request, response) => ok(response), { connections: 1 });
    await send('/1');
    expect(await send('/fresh', { isFresh: true })).toMatchObject({ status: 200 });
    await until(() => open() === 1);
    await send('/2');
    expect(from['/fresh']).not.toBe(from['/1']);
    expect(from['/2']).toBe(from['/1']);
  });

  it('that cannot be established leaves the request unsent within the connect timeout', async () => {
    // It accepts connections and never starts a TLS handshake.
    const port = await listen(createTcpServer());
    const send = transportTo(`https://127.0.0.1:${port}`, { connectMs: 100 });
    await expect(send('/1', { isTry: false })).rejects.toMatchObject({ kind: 'never-sent' });
  });

  it('that is not established within the time of a try leaves the request unsent', async () => {
    const port = await listen(createTcpServer());
    const send = transportTo(`https://127.0.0.1:${port}`, { tryMs: 50, connectMs: 600 });
    await expect(send('/1')).rejects.toMatchObject({ kind: 'never-sent' });
  });

  it('that is refused leaves the request unsent', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    await ends.pop()?.();
    await expect(transportTo(`http://127.0.0.1:${port}`)('/1')).rejects.toMatchObject({ kind: 'never-sent' });
  });
});

describe('a try', () => {
  const late = { kind: 'timeout' };

  it('ends when no response arrives', async () => {
    const { send, open } = await start(() => {}, { tryMs: 50 });
    await expect(send('/1')).rejects.toMatchObject(late);
    await until(() => open() === 0);
  });

  it('ends when the body arrives too slowly', async () => {
    const { send, open } = await start(
      (_request, response) => {
        response.writeHead(200, JSON_TYPE).write('{');
        const dripping = setInterval(() => response.write(' '), 5);
        response.once('close', () => clearInterval(dripping));
      },
      { tryMs: 100 },
    );
    await expect(send('/1')).rejects.toMatchObject(late);
    await until(() => open() === 0);
  });

  it('has its own time limit, independent of earlier tries', async () => {
    const { send } = await start(
      (request, response) => {
        if (request.url === '/quick') ok(response);
      },
      { tryMs: 100 },
    );
    const first = expect(send('/1')).rejects.toMatchObject(late);
    expect(await send('/quick')).toMatchObject({ status: 200 });
    await first;
    await expect(send('/2')).rejects.toMatchObject(late);
  });

  it('has no time limit when the request cannot be retried', async () => {
    const held = Promise.withResolvers<ServerResponse>();
    const { send } = await start(
      (request, response) => {
        if (request.url === '/write') held.resolve(response);
      },
      { tryMs: 30 },
    );
    const write = send('/write', { method: 'POST', body: '{}', isTry: false });
    const response = await held.promise;
    await expect(send('/read')).rejects.toMatchObject(late);
    ok(response);
    expect(await write).toMatchObject({ status: 200 });
  });

  it('ends at once when its caller goes away', async () => {
    const cancellation = new Cancellation();
    const { send, from } = await start(() => {});
    const sent = send('/1', { cancellation });
    await until(() => from['/1'] !== undefined);
    cancellation.cancel();
    await expect(sent).rejects.toMatchObject(late);
  });
});

describe('a request that waits for a connection', () => {
  it('fails at once as never sent when its caller goes away, and is not sent later', async () => {
    const held = Promise.withResolvers<ServerResponse>();
    const { send, from } = await start(
      (request, response) => (request.url === '/held' ? held.resolve(response) : ok(response)),
      { connections: 1 },
    );
    const first = send('/held');
    const response = await held.promise;
    const cancellation = new Cancellation();
    const write = send('/write', { method: 'POST', body: '{}', isTry: false, cancellation });
    cancellation.cancel();
    await expect(write).rejects.toMatchObject({ kind: 'never-sent' });
    ok(response);
    expect(await first).toMatchObject({ status: 200 });
    expect(await send('/after')).toMatchObject({ status: 200 });
    expect(Object.keys(from)).toEqual(['/held', '/after']);
  });

  it('is not sent when its caller has gone away before', async () => {
    const { send, from } = await start((_request, response) => ok(response), { connections: 1 });
    const cancellation = new Cancellation();
    cancellation.cancel();
    await expect(send('/1', { cancellation })).rejects.toMatchObject({ kind: 'never-sent' });
    expect(await send('/2')).toMatchObject({ status: 200 });
    expect(Object.keys(from)).toEqual(['/2']);
  });
});

describe('bytes that are not HTTP', () => {
  it.each(['SSH-2.0-OpenSSH_9.6\r\n', 'HTTP/1.1 two hundred OK\r\n\r\n', '\u0000\u0001\u0002'])(
    'make no sense: %j',
    async (bytes) => {
      const server = createTcpServer((socket) => socket.once('data', () => socket.end(bytes)));
      const send = transportTo(`http://127.0.0.1:${await listen(server)}`);
      await expect(send('/1')).rejects.toMatchObject({ kind: 'bad-response' });
    },
  );
});
