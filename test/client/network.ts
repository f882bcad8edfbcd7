// What lies between a client and the gateway, and breaks: it takes requests, loses them, loses responses, or answers itself
// as proxies do. It is told what to do with each request; without a word it hands everything through.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type Fate =
  | 'pass'
  /** The gateway never sees it. */
  | 'lose-request'
  /** The gateway has done what was asked. */
  | 'lose-response'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

export interface Received {
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: requests of every shape
  readonly body: any;
}

export interface Network extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
  /** The most requests that were under way at the same time. */
  readonly mostAtOnce: number;
  /** What becomes of the next requests, one after the other. */
  next(...fates: readonly Fate[]): void;
  /** Whatever is still to come of that does not. */
  calm(): void;
}

export async function startNetwork(gateway: string): Promise<Network> {
  const received: Received[] = [];
  const fates: Fate[] = [];
  let underWay = 0;
  let mostAtOnce = 0;
  const server = createServer(async (request, response) => {
    underWay += 1;
    mostAtOnce = Math.max(mostAtOnce, underWay);
    response.once('close', () => {
      underWay -= 1;
    });
    const body = await text(request);
    received.push({ headers: request.headers, body: JSON.parse(body) });
    const fate = fates.shift() ?? 'pass';
    if (typeof fate === 'object') {
      response.writeHead(fate.status, fate.headers).end(fate.body ?? '');
      return;
    }
    if (fate === 'lose-request') return void request.socket.destroy();
    const headers = Object.entries(request.headers).filter(([name]) => !HOP.includes(name)) as [
      string,
      string,
    ][];
    const answered = await fetch(gateway, { method: 'POST', headers, body });
    await hand(answered, response, fate === 'lose-response');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    received,
    get mostAtOnce() {
      return mostAtOnce;
    },
    next: (...some) => void fates.push(...some),
    calm: () => void fates.splice(0),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Headers of one connection only. */
const HOP = ['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive'];

async function hand(answered: Response, response: ServerResponse, isLost: boolean): Promise<void> {
  const body = await answered.text();
  if (isLost) return void response.destroy();
  const headers = [...answered.headers].filter(
    ([name]) => ![...HOP, 'content-encoding'].includes(name.toLowerCase()),
  );
  response.writeHead(answered.status, Object.fromEntries(headers)).end(body);
}
