// A stand-in for Microsoft Graph that costs as little as node:http allows: every body is made before the first request.
// It responds to the reads of the servers under test after a configurable latency, and counts them. It ignores `$select` for
// all servers: every phone has all properties.
//
//   GET  /beta/me, /beta/users/{id}, /beta/me/profile/phones, /beta/users/{id}/profile/phones
//   GET  /beta/users?$top=N  the first page of so many
//   POST /beta/$batch        up to 20 of those
//   GET  /stats              what was counted since the last reset
//   POST /reset              counts from zero
//   POST /latency?ms=50      from now on
//
// The first user, and every user whose user principal name begins with `rich`, has PHONES_OF_FIRST phones. The default is
// three.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createPeople, type Person } from './people.ts';

export interface UpstreamStats {
  /** HTTP requests, a batch being one. */
  readonly requests: number;
  readonly batchItems: number;
  /** Requests without a bearer token. A server that loses the caller's token is not comparable. */
  readonly withoutToken: number;
  /** Requests, or items, for something that is not there. */
  readonly unknown: number;
}

const BATCH_SIZE = 20;
const HEADERS = {
  'content-type':
    'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
  'cache-control': 'no-store',
  'odata-version': '4.0',
  'request-id': '4d8a3b2c-6d0f-4f0e-9a39-0f6f6f1b7c55',
};
const ITEM_HEADERS = '{"Content-Type":"application/json","OData-Version":"4.0","Cache-Control":"no-store"}';

const people = createPeople();
const bodies = precompute(people);
/** First pages of the directory, by how many people are on them. */
const pages = new Map<number, string>();
const counters = { requests: 0, batchItems: 0, withoutToken: 0, unknown: 0 };
let latency = 0;

/** Path below the version, in lower case, to its JSON. All of it is ASCII. */
function precompute(people: readonly Person[]): ReadonlyMap<string, string> {
  const root = 'https://graph.microsoft.com/beta/$metadata';
  const [first] = people;
  if (first === undefined) throw new TypeError('there is nobody in the directory');
  const byPath = new Map<string, string>();
  const add = (path: string, { id, displayName, phones }: Person): void => {
    const user = { '@odata.context': `${root}#users/$entity`, id, displayName, mail: `${id}@contoso.com` };
    const list = { '@odata.context': `${root}#users('${id}')/profile/phones`, value: phones };
    byPath.set(path, JSON.stringify(user));
    byPath.set(`${path}/profile/phones`, JSON.stringify(list));
  };
  const rich = { ...first, phones: phonesOf(first) };
  add('/me', rich);
  for (const person of [rich, ...people.slice(1)]) add(`/users/${person.id}`, person);
  return byPath;
}

function phonesOf({ phones }: Person): Person['phones'] {
  const count = Number(process.env['PHONES_OF_FIRST'] ?? phones.length);
  const phone = (at: number) => phones[at % phones.length] as Person['phones'][number];
  return Array.from({ length: count }, (_, at) => ({
    ...phone(at),
    id: at < phones.length ? phone(at).id : `${phone(at).id.slice(0, -6)}${String(at).padStart(6, '0')}`,
  }));
}

function pageOf(search: string): string {
  const top = Number(new URLSearchParams(search).get('$top'));
  const known = pages.get(top);
  if (known !== undefined) return known;
  const value = people.slice(0, top).map(({ id, displayName }) => ({ id, displayName }));
  const next = `http://127.0.0.1:${process.env['PORT']}/beta/users?$top=${top}&$skiptoken=${top}`;
  const page = JSON.stringify({ ...(top < people.length ? { '@odata.nextLink': next } : {}), value });
  pages.set(top, page);
  return page;
}

const RICH = /^\/users\/rich[^/]*/;

function find(url: string): string | undefined {
  const query = url.indexOf('?');
  const path = query === -1 ? url : url.slice(0, query);
  const body = path === '/users' ? pageOf(url.slice(query)) : bodies.get(path.replace(RICH, '/me'));
  if (body === undefined) counters.unknown += 1;
  return body;
}

const NOT_FOUND = '{"error":{"code":"ResourceNotFound","message":"The resource could not be found."}}';

function batchAnswer(text: string): string | undefined {
  const { requests } = JSON.parse(text) as { requests: readonly { id: string; url: string }[] };
  if (requests.length > BATCH_SIZE) return undefined;
  counters.batchItems += requests.length;
  let items = '';
  for (const { id, url } of requests) {
    const body = find(url.startsWith('/') ? url : `/${url}`);
    const status = body === undefined ? 404 : 200;
    const comma = items === '' ? '' : ',';
    items += `${comma}{"id":"${id}","status":${status},"headers":${ITEM_HEADERS},"body":${body ?? NOT_FOUND}}`;
  }
  return `{"responses":[${items}]}`;
}

function send(response: ServerResponse, body: string | undefined, missing: 400 | 404): void {
  const text = body ?? NOT_FOUND;
  const finish = (): void => {
    response.writeHead(body === undefined ? missing : 200, { ...HEADERS, 'content-length': text.length });
    response.end(text, 'latin1');
  };
  if (latency === 0) finish();
  else setTimeout(finish, latency);
}

function readText(request: IncomingMessage, then: (text: string) => void): void {
  let text = '';
  request.setEncoding('latin1');
  request.on('data', (chunk: string) => {
    text += chunk;
  });
  request.on('end', () => then(text));
}

function control(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const stats = JSON.stringify(counters satisfies UpstreamStats);
  if (pathname === '/reset')
    Object.assign(counters, { requests: 0, batchItems: 0, withoutToken: 0, unknown: 0 });
  else if (pathname === '/latency') latency = Number(searchParams.get('ms'));
  else if (pathname !== '/stats') response.statusCode = 404;
  response.setHeader('content-type', 'application/json');
  response.end(stats);
}

const VERSION = '/beta';

const server = createServer((request, response) => {
  const url = request.url ?? '/';
  if (!url.startsWith(`${VERSION}/`)) return control(request, response);
  counters.requests += 1;
  if (request.headers.authorization?.startsWith('Bearer ') !== true) counters.withoutToken += 1;
  const path = url.slice(VERSION.length);
  if (request.method === 'POST' && path === '/$batch') {
    readText(request, (text) => send(response, batchAnswer(text), 400));
  } else {
    send(response, find(path), 404);
  }
});
// Idle connections stay open, because a server may be about to use them.
server.keepAliveTimeout = 600_000;
server.listen(Number(process.env['PORT']), '127.0.0.1');
