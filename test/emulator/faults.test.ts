import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultAction, FaultRule } from '../../emulator/emulator.ts';
import type { Reply, TestEmulator } from '../support/emulator.ts';
import { ask, startTestEmulator, until } from '../support/emulator.ts';

const PHONES = '/beta/me/profile/phones';
const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';
const SEEDED = 3;

let emulator: TestEmulator;
beforeEach(async () => {
  emulator = await startTestEmulator();
});
afterEach(() => emulator.close());

const add = (action: FaultAction, on: FaultRule['on'] = {}, more: Partial<FaultRule> = {}): (() => void) =>
  emulator.faults.add({ on, do: action, ...more });
const list = (): Promise<Reply> => ask(emulator, 'GET', PHONES);
const create = (): Promise<Reply> => ask(emulator, 'POST', PHONES, { json: { number: '1' } });
const phones = (): number => emulator.phonesOf(INNOCENTY).length;

/** Reads the raw response over a TCP connection until it is closed. */
function rawGet(path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(emulator.url).port), '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => {}).on('close', () => resolve(text));
    socket.write(`GET ${path} HTTP/1.1\r\nHost: graph\r\nConnection: close\r\n`);
    socket.write('Authorization: Bearer demo-token-innocenty\r\n\r\n');
  });
}

/** The error code of a request whose connection breaks. */
async function connectionErrorOf(request: Promise<unknown>): Promise<string> {
  const error: unknown = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const { cause } = error as { cause?: { code?: string } };
  return cause?.code ?? String(error);
}

describe('a static response', () => {
  it("is sent without executing the request, with Graph's error body", async () => {
    add({ status: 503, headers: { 'Retry-After': '7' } });
    const { status, headers, body } = await create();
    expect([status, headers.get('retry-after'), body.error.code]).toEqual([503, '7', 'serviceNotAvailable']);
    expect(body.error.innerError['request-id']).toBe(headers.get('request-id'));
    expect(phones()).toBe(SEEDED);
  });

  it('can have a JSON body, any text, or no body', async () => {
    add({ status: 429, body: { error: { code: '', message: 'slow down' } } });
    add({ status: 200, body: '{"value":', contentType: 'application/json' });
    add({ status: 204 });
    expect((await list()).body).toEqual({ error: { code: '', message: 'slow down' } });
    const error = await fetch(emulator.url + PHONES);
    expect([error.status, await error.text()]).toEqual([200, '{"value":']);
    expect((await list()).status).toBe(204);
  });

  it('is sent before the token is checked', async () => {
    add({ status: 502 });
    expect((await ask(emulator, 'GET', PHONES, { as: null })).status).toBe(502);
  });
});

describe('an HTML page', () => {
  it('is sent with its status', async () => {
    add({ html: 400 });
    const { status, headers, body } = await list();
    expect([status, headers.get('content-type')]).toEqual([400, 'text/html']);
    expect(body).toContain('<html>');
  });
});

describe('a delay', () => {
  it('delays the request by the clock, then executes it', async () => {
    add({ delayMs: 5000 });
    const response = create();
    await until(() => emulator.clock.waiting === 1);
    expect(phones()).toBe(SEEDED);
    emulator.clock.advance(5000);
    expect((await response).status).toBe(201);
  });

  it('is followed by the action of the next rule', async () => {
    add({ delayMs: 100 });
    add({ status: 504 });
    const response = list();
    await until(() => emulator.clock.waiting === 1);
    emulator.clock.advance(100);
    expect((await response).status).toBe(504);
  });

  it('does not prevent a write whose client has aborted it', async () => {
    add({ delayMs: 100 });
    const giveUp = new AbortController();
    const headers = { authorization: 'Bearer demo-token-innocenty', 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: '{"number":"1"}', signal: giveUp.signal };
    const response = fetch(emulator.url + PHONES, init).catch((error: Error) => error.name);
    await until(() => emulator.clock.waiting === 1);
    giveUp.abort();
    expect(await response).toBe('AbortError');
    emulator.clock.advance(100);
    await until(() => phones() === SEEDED + 1);
  });

  it('does not prevent a write whose connection is closed before it ends', async () => {
    add({ delayMs: 100 });
    const socket = connect(Number(new URL(emulator.url).port), '127.0.0.1');
    const head = `POST ${PHONES} HTTP/1.1\r\nHost: graph\r\nAuthorization: Bearer demo-token-innocenty\r\n`;
    socket.write(`${head}Content-Type: application/json\r\nContent-Length: 14\r\n\r\n{"number":"1"}`);
    await until(() => emulator.clock.waiting === 1);
    socket.destroy();
    await until(async () => (await emulator.connections()) === 0);
    emulator.clock.advance(100);
    await until(() => phones() === SEEDED + 1);
  });

  it('ends when the emulator closes', async () => {
    add({ delayMs: 5000 });
    const error = connectionErrorOf(list());
    await until(() => emulator.clock.waiting === 1);
    await emulator.close();
    expect(await error).toMatch(/UND_ERR_SOCKET|ECONNRESET/);
  });
});

describe('a connection reset', () => {
  it('can precede the execution', async () => {
    add({ reset: 'before' });
    expect(await connectionErrorOf(create())).toBe('ECONNRESET');
    expect(phones()).toBe(SEEDED);
    expect(emulator.calls[0]).toMatchObject({ method: 'POST', status: 0, body: undefined });
  });

  it('can follow the execution, before the response', async () => {
    add({ reset: 'after' });
    expect(await connectionErrorOf(create())).toBe('ECONNRESET');
    expect(phones()).toBe(SEEDED + 1);
    expect(emulator.calls[0]).toMatchObject({ status: 0, body: { number: '1' } });
  });

  it('can occur in the middle of the body, under the full content-length', async () => {
    add({ reset: 'mid-body' });
    const [head = '', body = ''] = (await rawGet(PHONES)).split('\r\n\r\n');
    const contentLength = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    expect(Buffer.byteLength(body)).toBe(contentLength >> 1);
    add({ reset: 'mid-body' });
    expect(await connectionErrorOf(create())).not.toBe('undefined');
    expect(phones()).toBe(SEEDED + 1);
  });
});

describe('a missing response', () => {
  it('lasts until the client disconnects, and the request is not executed', async () => {
    add({ hang: true });
    const giveUp = new AbortController();
    const response = fetch(emulator.url + PHONES, { method: 'POST', signal: giveUp.signal }).catch(
      (error: Error) => error.name,
    );
    await until(() => emulator.calls.length === 1);
    giveUp.abort();
    expect(await response).toBe('AbortError');
    expect([phones(), emulator.calls[0]?.status]).toEqual([SEEDED, 0]);
  });

  it('can follow the execution, and ends when the emulator closes', async () => {
    add({ hang: 'after-commit' });
    const error = connectionErrorOf(create());
    await until(() => phones() === SEEDED + 1);
    await emulator.close();
    expect(await error).toMatch(/UND_ERR_SOCKET|ECONNRESET/);
  });
});

describe('a truncated response', () => {
  it('is chunked, has valid headers, and ends properly', async () => {
    add({ truncate: true });
    const response = await fetch(emulator.url + PHONES, {
      headers: { authorization: 'Bearer demo-token-innocenty' },
    });
    const text = await response.text();
    expect([response.status, response.headers.get('transfer-encoding')]).toEqual([200, 'chunked']);
    expect(text.startsWith('{"@odata.context"')).toBe(true);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });
});

describe('an endless response', () => {
  it('sends a byte a second until the client disconnects', async () => {
    add({ endless: 'slow' });
    const socket = connect(Number(new URL(emulator.url).port), '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    socket.write(`GET ${PHONES} HTTP/1.0\r\nAuthorization: Bearer demo-token-innocenty\r\n\r\n`);
    for (const spaces of ['', ' ', '  ']) {
      await until(() => emulator.clock.waiting === 1 && text.endsWith(`]${spaces}`));
      expect(() => JSON.parse(`${text.split('\r\n\r\n')[1]}}`)).not.toThrow();
      emulator.clock.advance(1000);
    }
    socket.destroy();
    await until(async () => (await emulator.connections()) === 0);
  });

  it('is sent as fast as the client reads, and ends after 256 MB', async () => {
    add({ endless: 'fast' });
    const response = await fetch(emulator.url + PHONES, {
      headers: { authorization: 'Bearer demo-token-innocenty' },
    });
    let bytes = 0;
    for await (const piece of response.body ?? []) bytes += piece.length;
    expect(bytes).toBeGreaterThan(256 * 1024 * 1024);
  });
});

describe('bytes that are not HTTP', () => {
  it('replace the response, and the request is not executed', async () => {
    add({ garble: true });
    expect(await rawGet(PHONES)).toBe('220 this is no HTTP\r\n\r\n');
    add({ garble: true });
    await expect(create()).rejects.toThrow('fetch failed');
    expect(phones()).toBe(SEEDED);
  });
});

describe('a header that depends on the time', () => {
  it('is computed for each response', async () => {
    const headers = { 'Retry-After': (now: number) => new Date(now + 5000).toUTCString() };
    add({ status: 429, headers }, {}, { times: 2 });
    const first = (await list()).headers.get('retry-after');
    emulator.clock.advance(60_000);
    expect([first, (await list()).headers.get('retry-after')]).toEqual([
      'Wed, 08 Jul 2020 12:00:05 GMT',
      'Wed, 08 Jul 2020 12:01:05 GMT',
    ]);
  });
});

describe('a key rotation', () => {
  it('precedes the response, which has the new keys', async () => {
    const kids = async () => {
      const path = `/${emulator.entra.tenantId}/discovery/v2.0/keys`;
      const { body } = await ask(emulator, 'GET', path, { as: null });
      return body.keys.map(({ kid }: { kid: string }) => kid);
    };
    const [old, next] = await kids();
    add({ rotateKeys: true }, { path: '/discovery/v2.0/keys' });
    const after = await kids();
    expect([after[0] === next, after.includes(old)]).toEqual([true, false]);
    expect(await kids()).toEqual(after);
  });
});

describe('a rewritten response', () => {
  it('can depend on the request', async () => {
    add({ rewrite: (response, { origin, path }) => ({ ...response, body: { origin, path } }) });
    expect((await list()).body).toEqual({ origin: emulator.url, path: PHONES });
  });

  it('follows the execution', async () => {
    add({
      rewrite: (response) => ({
        ...response,
        status: 200,
        headers: { ...response.headers, 'X-Odd': 'yes' },
        body: { ...(response.body as object), type: 'satellite' },
      }),
    });
    const { status, headers, body } = await create();
    expect([status, headers.get('x-odd'), body.type, body.number]).toEqual([200, 'yes', 'satellite', '1']);
    expect(phones()).toBe(SEEDED + 1);
  });

  it('can be rewritten again by a later rule', async () => {
    add({ rewrite: (response) => ({ ...response, status: 202 }) });
    add({ rewrite: (response) => ({ ...response, body: { was: response.status } }) });
    expect(await create()).toMatchObject({ status: 202, body: { was: 202 } });
  });
});

describe('a write with a replaced response', () => {
  it('is executed', async () => {
    add({ commitThen: 429 });
    add({ commitThen: { status: 500, body: 'oops', contentType: 'text/plain' } });
    expect((await create()).body.error.code).toBe('TooManyRequests');
    expect(await create()).toMatchObject({ status: 500, body: 'oops' });
    expect(phones()).toBe(SEEDED + 2);
  });
});

describe('rules', () => {
  const SOME: FaultAction = { status: 599 };
  const isMatched = async (method: string, path: string, as = 'innocenty'): Promise<boolean> =>
    (await ask(emulator, method, path, { as })).status === 599;

  it('apply once by default', async () => {
    add(SOME);
    expect([await isMatched('GET', PHONES), await isMatched('GET', PHONES)]).toEqual([true, false]);
    expect(emulator.faults.pending).toBe(0);
  });

  it('skip some requests, and then apply the given number of times', async () => {
    add(SOME, {}, { skip: 1, times: 2 });
    const matched: boolean[] = [];
    for (let at = 0; at < 4; at += 1) matched.push(await isMatched('GET', PHONES));
    expect(matched).toEqual([false, true, true, false]);
  });

  it('match by method, path substring or expression, and token name', async () => {
    add(SOME, { method: 'get', path: "users?$filter=mail eq 'x'" });
    add(SOME, { path: /phones\/[^/]+$/, token: 'admin' });
    expect(await isMatched('GET', "/beta/users?$filter=mail%20eq%20'y'")).toBe(false);
    expect(await isMatched('POST', "/beta/users?$filter=mail%20eq%20'x'")).toBe(false);
    expect(await isMatched('GET', "/beta/users?$filter=mail%20eq%20'x'")).toBe(true);
    expect(await isMatched('GET', `${PHONES}/x`)).toBe(false);
    expect(await isMatched('GET', PHONES, 'admin')).toBe(false);
    expect(await isMatched('GET', `${PHONES}/x`, 'admin')).toBe(true);
  });

  it('match one of several methods, and whole requests only', async () => {
    add(SOME, { method: ['POST', 'get'], item: 'whole' }, { times: 3 });
    expect(await isMatched('DELETE', `${PHONES}/x`)).toBe(false);
    expect(await isMatched('GET', PHONES)).toBe(true);
    expect((await ask(emulator, 'POST', '/beta/$batch', { json: {} })).status).toBe(599);
    emulator.faults.clear();
    add(SOME, { method: 'GET', item: 'whole' });
    const json = { requests: [{ id: '1', method: 'GET', url: '/me' }] };
    expect((await ask(emulator, 'POST', '/beta/$batch', { json })).body.responses[0].status).toBe(200);
  });

  it('are removed by the returned function, or all at once', async () => {
    const remove = add(SOME, {}, { times: Number.POSITIVE_INFINITY });
    expect(await isMatched('GET', PHONES)).toBe(true);
    remove();
    expect(await isMatched('GET', PHONES)).toBe(false);
    add(SOME);
    emulator.faults.clear();
    expect([emulator.faults.pending, await isMatched('GET', PHONES)]).toEqual([0, false]);
  });
});

describe('faults within a batch', () => {
  const requests = [
    { id: 'list', method: 'GET', url: '/me/profile/phones' },
    {
      id: 'post',
      method: 'POST',
      url: 'me/profile/phones',
      headers: { 'Content-Type': 'application/json' },
      body: { number: '1' },
    },
  ];
  const send = (): Promise<Reply> => ask(emulator, 'POST', '/beta/$batch', { json: { requests } });
  const item = ({ body }: Reply, id: string) =>
    body.responses.find((response: { id: string }) => response.id === id);

  it('can affect one request of a batch whose status is 200', async () => {
    add(
      { status: 429, headers: { 'Retry-After': '3' } },
      { item: 'items', method: 'GET', path: '/beta/me/profile/phones' },
    );
    const response = await send();
    expect([response.status, item(response, 'list').status, item(response, 'post').status]).toEqual([
      200, 429, 201,
    ]);
    expect(item(response, 'list').headers).toMatchObject({ 'Retry-After': '3' });
    expect(item(response, 'list').body.error.code).toBe('TooManyRequests');
    expect(emulator.calls[0]?.items.map(({ status }) => status)).toEqual([429, 201]);
  });

  it('can affect the envelope, so that none of its requests is executed', async () => {
    add({ status: 429 }, { item: 'envelope' });
    expect((await list()).status).toBe(200);
    expect((await send()).status).toBe(429);
    expect([phones(), emulator.calls[1]?.items]).toEqual([SEEDED, []]);
  });

  it('affect requests inside and outside a batch by default', async () => {
    add({ status: 500 }, { path: 'profile/phones' }, { times: 2 });
    expect((await list()).status).toBe(500);
    expect(item(await send(), 'list').status).toBe(500);
  });

  it('can execute a write and replace its response', async () => {
    add({ commitThen: 504 }, { item: 'items', method: 'POST' });
    expect(item(await send(), 'post').status).toBe(504);
    expect(phones()).toBe(SEEDED + 1);
  });

  it('can delay one request', async () => {
    add({ delayMs: 1000 }, { item: 'items', method: 'GET' });
    const response = send();
    await until(() => emulator.clock.waiting === 1);
    emulator.clock.advance(1000);
    expect(item(await response, 'list').status).toBe(200);
  });

  it('can rewrite one response, or the envelope', async () => {
    add(
      { rewrite: (response) => ({ ...response, body: { value: null } }) },
      { item: 'items', method: 'GET' },
    );
    expect(item(await send(), 'list').body).toEqual({ value: null });
    add({ rewrite: (response) => ({ ...response, body: { responses: [] } }) }, { item: 'envelope' });
    expect((await send()).body).toEqual({ responses: [] });
  });

  it('can make the envelope invalid JSON by an HTML page in one response', async () => {
    add({ html: 502 }, { item: 'items', method: 'GET' });
    const headers = { authorization: 'Bearer demo-token-innocenty', 'content-type': 'application/json' };
    const response = await fetch(`${emulator.url}/beta/$batch`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ requests }),
    });
    const text = await response.text();
    expect([response.status, text.includes('"body":<!DOCTYPE html>')]).toEqual([200, true]);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  it('can reset the connection of the whole batch after its execution', async () => {
    add({ reset: 'after' }, { item: 'items', method: 'POST' });
    expect(await connectionErrorOf(send())).toBe('ECONNRESET');
    expect(phones()).toBe(SEEDED + 1);
    expect(emulator.calls[0]).toMatchObject({ status: 0, items: [{ status: 200 }, { status: 201 }] });
  });

  it('fail the requests that depend on an affected one', async () => {
    add({ status: 500 }, { item: 'items', method: 'GET' });
    const [first, second] = requests;
    const json = { requests: [first, { ...second, dependsOn: ['list'] }] };
    const response = await ask(emulator, 'POST', '/beta/$batch', { json });
    expect([item(response, 'list').status, item(response, 'post').status, phones()]).toEqual([
      500,
      424,
      SEEDED,
    ]);
  });
});
