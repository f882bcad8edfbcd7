// An upstream whose responses the test controls: each request waits until the test responds to it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Held {
  readonly method: string;
  readonly path: string;
  readonly token: string;
  /** The URLs in a batch. For another request, its path. */
  readonly urls: readonly string[];
  /** The number of its connection. */
  readonly connection: number;
  /** Responds. Each item of a batch gets this status and body. */
  answer(body: unknown, status?: number, headers?: Record<string, string>): void;
  /** Responds to the items of a batch in order. */
  answerEach(answers: readonly { status: number; headers: object; body: unknown }[]): void;
  /** Responds to the whole request, also for a batch. */
  refuse(status: number, headers?: Record<string, string>): void;
  /** Resolves when the client has cancelled the request. */
  readonly abandoned: Promise<void>;
}

export interface ScriptedGraph extends AsyncDisposable {
  readonly url: string;
  /** Resolves with the next request. */
  next(): Promise<Held>;
  /** The number of requests that `next` has not returned. */
  readonly untaken: number;
}

export async function startScriptedGraph(): Promise<ScriptedGraph> {
  const arrived: Held[] = [];
  const takers: ((held: Held) => void)[] = [];
  const server = createServer(async (request, response) => {
    const held = await hold(request, response);
    const taker = takers.shift();
    if (taker === undefined) arrived.push(held);
    else taker(held);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get untaken() {
      return arrived.length;
    },
    next() {
      const held = arrived.shift();
      return held === undefined ? new Promise((resolve) => takers.push(resolve)) : Promise.resolve(held);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function hold(request: IncomingMessage, response: ServerResponse): Promise<Held> {
  const body = await text(request);
  const path = (request.url ?? '').replace('/beta', '');
  const items: { id: string; url: string }[] = path === '/$batch' ? JSON.parse(body).requests : [];
  return {
    method: request.method ?? '',
    path,
    token: (request.headers.authorization ?? '').replace('Bearer ', ''),
    urls: items.length > 0 ? items.map(({ url }) => url) : [path],
    connection: request.socket.remotePort ?? 0,
    answer(answer, status = 200, headers = {}) {
      const responses = items.map(({ id }) => ({ id, status, headers, body: answer }));
      const envelope = items.length > 0;
      response.writeHead(envelope ? 200 : status, {
        'content-type': 'application/json',
        ...(envelope ? {} : headers),
      });
      response.end(JSON.stringify(envelope ? { responses } : answer));
    },
    answerEach(answers) {
      const responses = items.map(({ id }, at) => ({ id, ...answers[at] }));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ responses }));
    },
    refuse(status, headers = {}) {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end('{"error":{}}');
    },
    abandoned: new Promise((resolve) =>
      response.once('close', () => (response.writableFinished ? undefined : resolve())),
    ),
  };
}
