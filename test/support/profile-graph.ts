// A small Microsoft Graph with one person, `/me`, and any facet of the profile: a list, single items, create, update and
// delete, by themselves or in a batch of reads. For facets that the emulator does not have. It checks nothing of an item.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export const ME_ID = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';

export type StoredItem = Readonly<Record<string, unknown>> & { readonly id: string };

export interface ProfileGraph extends AsyncDisposable {
  readonly url: string;
  /** The items of a facet, as they are now. */
  itemsOf(segment: string): readonly StoredItem[];
  /** What was asked so far, such as `GET /me/profile/emails?$select=id`; the items of a batch one by one. */
  readonly calls: readonly string[];
  /** How many reads each batch had. */
  readonly batches: readonly number[];
  /** Carries out the next write, and breaks the connection instead of sending the response. */
  loseNextResponse(): void;
  /** Forgets all items and calls. An id is never given again. */
  reset(): void;
}

interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

export async function startProfileGraph(): Promise<ProfileGraph> {
  const facets = new Map<string, StoredItem[]>();
  const calls: string[] = [];
  const batches: number[] = [];
  let created = 0;
  let losesNext = false;

  const itemsOf = (segment: string): StoredItem[] => facets.get(segment) ?? [];

  function create(segment: string, body: object): Reply {
    created += 1;
    const id = `00000000-0000-4000-8000-${String(created).padStart(12, '0')}`;
    const moment = new Date().toISOString();
    const item = { createdDateTime: moment, lastModifiedDateTime: moment, ...body, id };
    facets.set(segment, [...itemsOf(segment), item]);
    return { status: 201, body: item };
  }

  function onItem(method: string, segment: string, id: string, body: object): Reply {
    const item = itemsOf(segment).find((one) => one.id === id);
    if (item === undefined) return { status: 404, body: { error: { code: 'itemNotFound' } } };
    const others = itemsOf(segment).filter((one) => one !== item);
    if (method === 'GET') return { status: 200, body: item };
    if (method === 'DELETE') {
      facets.set(segment, others);
      return { status: 204 };
    }
    const changed = { ...item, ...body, id, lastModifiedDateTime: new Date().toISOString() };
    facets.set(segment, [...others, changed]);
    return { status: 200, body: changed };
  }

  function reply(method: string, url: string, body: object): Reply {
    calls.push(`${method} ${url}`);
    const { pathname } = new URL(url, 'http://graph.invalid');
    const [, who = '', ...rest] =
      /^\/(me|users\/[^/]+)(?:\/profile\/([^/]+)(?:\/([^/]+))?)?$/.exec(pathname) ?? [];
    const [segment, id] = rest;
    if (who !== 'me' && who !== `users/${ME_ID}`)
      return { status: 404, body: { error: { code: 'notFound' } } };
    if (segment === undefined) return { status: 200, body: { id: ME_ID, displayName: 'Innocenty Popov' } };
    if (id !== undefined) return onItem(method, segment, id, body);
    return method === 'POST' ? create(segment, body) : { status: 200, body: { value: itemsOf(segment) } };
  }

  const server = createServer(async (request, response) => {
    const received = await text(request);
    const body = received === '' ? {} : JSON.parse(received);
    const path = (request.url ?? '').replace('/beta', '');
    const answer = path === '/$batch' ? batch(body.requests) : reply(request.method ?? '', path, body);
    if (losesNext && request.method !== 'GET' && path !== '/$batch') {
      losesNext = false;
      response.destroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
  });

  function batch(requests: readonly { id: string; url: string }[]): Reply {
    batches.push(requests.length);
    const responses = requests.map(({ id, url }) => ({ id, headers: {}, ...reply('GET', url, {}) }));
    return { status: 200, body: { responses } };
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    itemsOf,
    calls,
    batches,
    loseNextResponse() {
      losesNext = true;
    },
    reset() {
      facets.clear();
      calls.length = 0;
      batches.length = 0;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
