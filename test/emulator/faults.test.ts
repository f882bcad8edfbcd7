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

/** What comes back over a bare connection, until it is closed. */
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

/** The error code that a client sees when its connection breaks. */
async function brokenBy(request: Promise<unknown>): Promise<string> {
  const error: unknown = await request.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const { cause } = error as { cause?: { code?: string } };
  return cause?.code ?? String(error);
}

describe('a status instead of the answer', () => {
  it('is sent without anything being carried out, in the shape of Graph', async () => {
    add({ status: 503, headers: { 'Retry-After': '7' } });
    const { status, headers, body } = await create();
    expect([status, headers.get('retry-after'), body.error.code]).toEqual([503, '7', 'serviceNotAvailable']);
    expect(body.error.innerError['request-id']).toBe(headers.get('request-id'));
    expect(phones()).toBe(SEEDED);
  });

  it('can have a body of its own: JSON, any text, or nothing', async () => {
    add({ status: 429, body: { error: { code: '', message: 'slow down' } } });
    add({ status: 200, body: '{"value":', contentType: 'application/json' });
    add({ status: 204 });
    expect((await list()).body).toEqual({ error: { code: '', message: 'slow down' } });
    const broken = await fetch(emulator.url + PHONES);
    expect([broken.status, await broken.text()]).toEqual([200, '{"value":']);
    expect((await list()).status).toBe(204);
  });

  it('comes before the token is looked at', async () => {
    add({ status: 502 });
    expect((await ask(emulator, 'GET', PHONES, { as: null })).status).toBe(502);
  });
});

describe('a page of HTML', () => {
  it('is sent with its status', async () => {
    add({ html: 400 });
    const { status, headers, body } = await list();
    expect([status, headers.get('content-type')]).toEqual([400, 'text/html']);
    expect(body).toContain('<html>');
  });
});

describe('a delay', () => {
  it('holds the request up by the clock, then lets it go on', async () => {
    add({ delayMs: 5000 });
    const reply = create();
    await until(() => emulator.clock.waiting === 1);
    expect(phones()).toBe(SEEDED);
    emulator.clock.advance(5000);
    expect((await reply).status).toBe(201);
  });

  it('is followed by what the next rule does', async () => {
    add({ delayMs: 100 });
    add({ status: 504 });
    const reply = list();
    await until(() => emulator.clock.waiting === 1);
    emulator.clock.advance(100);
    expect((await reply).status).toBe(504);
  });

  it('does not spare a write whose caller has given up', async () => {
    add({ delayMs: 100 });
    const giveUp = new AbortController();
    const headers = { authorization: 'Bearer demo-token-innocenty', 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: '{"number":"1"}', signal: giveUp.signal };
    const reply = fetch(emulator.url + PHONES, init).catch((error: Error) => error.name);
    await until(() => emulator.clock.waiting === 1);
    giveUp.abort();
    expect(await reply).toBe('AbortError');
    emulator.clock.advance(100);
    await until(() => phones() === SEEDED + 1);
  });

  it('does not spare a write whose connection is gone when its time comes', async () => {
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
    const broken = brokenBy(list());
    await until(() => emulator.clock.waiting === 1);
    await emulator.close();
    expect(await broken).toMatch(/UND_ERR_SOCKET|ECONNRESET/);
  });
});

describe('a connection that breaks', () => {
  it('before anything is carried out', async () => {
    add({ reset: 'before' });
    expect(await brokenBy(create())).toBe('ECONNRESET');
    expect(phones()).toBe(SEEDED);
    expect(emulator.calls[0]).toMatchObject({ method: 'POST', status: 0, body: undefined });
  });

  it('after the write, before the answer', async () => {
    add({ reset: 'after' });
    expect(await brokenBy(create())).toBe('ECONNRESET');
    expect(phones()).toBe(SEEDED + 1);
    expect(emulator.calls[0]).toMatchObject({ status: 0, body: { number: '1' } });
  });

  it('in the middle of the body, under the full content-length', async () => {
    add({ reset: 'mid-body' });
    const [head = '', body = ''] = (await rawGet(PHONES)).split('\r\n\r\n');
    const promised = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    expect(Buffer.byteLength(body)).toBe(promised >> 1);
    add({ reset: 'mid-body' });
    expect(await brokenBy(create())).not.toBe('undefined');
    expect(phones()).toBe(SEEDED + 1);
  });
});

describe('an answer that never comes', () => {
  it('holds the caller until it leaves, with nothing carried out', async () => {
    add({ hang: true });
    const giveUp = new AbortController();
    const reply = fetch(emulator.url + PHONES, { method: 'POST', signal: giveUp.signal }).catch(
      (error: Error) => error.name,
    );
    await until(() => emulator.calls.length === 1);
    giveUp.abort();
    expect(await reply).toBe('AbortError');
    expect([phones(), emulator.calls[0]?.status]).toEqual([SEEDED, 0]);
  });

  it('can come after the write has been carried out, and ends when the emulator closes', async () => {
    add({ hang: 'after-commit' });
    const broken = brokenBy(create());
    await until(() => phones() === SEEDED + 1);
    await emulator.close();
    expect(await broken).toMatch(/UND_ERR_SOCKET|ECONNRESET/);
  });
});

describe('an answer that is cut short', () => {
  it('ends as if it were whole, chunked, with valid headers', async () => {
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

describe('an answer without an end', () => {
  it('goes on by a byte a second, until its caller leaves', async () => {
    add({ endless: 'slow' });
    const socket = connect(Number(new URL(emulator.url).port), '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    socket.write(`GET ${PHONES} HTTP/1.0\r\nAuthorization: Bearer demo-token-innocenty\r\n\r\n`);
    for (const blanks of ['', ' ', '  ']) {
      await until(() => emulator.clock.waiting === 1 && text.endsWith(`]${blanks}`));
      expect(() => JSON.parse(`${text.split('\r\n\r\n')[1]}}`)).not.toThrow();
      emulator.clock.advance(1000);
    }
    socket.destroy();
    await until(async () => (await emulator.connections()) === 0);
  });

  it('comes as fast as it is taken, and ends after a quarter of a gigabyte', async () => {
    add({ endless: 'fast' });
    const response = await fetch(emulator.url + PHONES, {
      headers: { authorization: 'Bearer demo-token-innocenty' },
    });
    let bytes = 0;
    for await (const piece of response.body ?? []) bytes += piece.length;
    expect(bytes).toBeGreaterThan(256 * 1024 * 1024);
  });
});

describe('bytes that are no HTTP', () => {
  it('come in place of the answer, and nothing is carried out', async () => {
    add({ garble: true });
    expect(await rawGet(PHONES)).toBe('220 this is no HTTP\r\n\r\n');
    add({ garble: true });
    await expect(create()).rejects.toThrow('fetch failed');
    expect(phones()).toBe(SEEDED);
  });
});

describe('a header that depends on the moment', () => {
  it('is made when the answer is', async () => {
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

describe('a change of keys', () => {
  it('comes before the answer, which has the new ones', async () => {
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

describe('an answer that is altered', () => {
  it('may depend on what was asked', async () => {
    add({ rewrite: (answer, { origin, path }) => ({ ...answer, body: { origin, path } }) });
    expect((await list()).body).toEqual({ origin: emulator.url, path: PHONES });
  });

  it('has been carried out before', async () => {
    add({
      rewrite: (answer) => ({
        ...answer,
        status: 200,
        headers: { ...answer.headers, 'X-Odd': 'yes' },
        body: { ...(answer.body as object), type: 'satellite' },
      }),
    });
    const { status, headers, body } = await create();
    expect([status, headers.get('x-odd'), body.type, body.number]).toEqual([200, 'yes', 'satellite', '1']);
    expect(phones()).toBe(SEEDED + 1);
  });

  it('can be altered again by a later rule', async () => {
    add({ rewrite: (answer) => ({ ...answer, status: 202 }) });
    add({ rewrite: (answer) => ({ ...answer, body: { was: answer.status } }) });
    expect(await create()).toMatchObject({ status: 202, body: { was: 202 } });
  });
});

describe('a write that is answered with something else', () => {
  it('has been carried out all the same', async () => {
    add({ commitThen: 429 });
    add({ commitThen: { status: 500, body: 'oops', contentType: 'text/plain' } });
    expect((await create()).body.error.code).toBe('TooManyRequests');
    expect(await create()).toMatchObject({ status: 500, body: 'oops' });
    expect(phones()).toBe(SEEDED + 2);
  });
});

describe('rules', () => {
  const SOME: FaultAction = { status: 599 };
  const struck = async (method: string, path: string, as = 'innocenty'): Promise<boolean> =>
    (await ask(emulator, method, path, { as })).status === 599;

  it('strike once, unless told otherwise', async () => {
    add(SOME);
    expect([await struck('GET', PHONES), await struck('GET', PHONES)]).toEqual([true, false]);
    expect(emulator.faults.pending).toBe(0);
  });

  it('let some go by first, and strike as often as told', async () => {
    add(SOME, {}, { skip: 1, times: 2 });
    const strikes: boolean[] = [];
    for (let at = 0; at < 4; at += 1) strikes.push(await struck('GET', PHONES));
    expect(strikes).toEqual([false, true, true, false]);
  });

  it('match by method, by path as text or expression, and by the name of the token', async () => {
    add(SOME, { method: 'get', path: "users?$filter=mail eq 'x'" });
    add(SOME, { path: /phones\/[^/]+$/, token: 'admin' });
    expect(await struck('GET', "/beta/users?$filter=mail%20eq%20'y'")).toBe(false);
    expect(await struck('POST', "/beta/users?$filter=mail%20eq%20'x'")).toBe(false);
    expect(await struck('GET', "/beta/users?$filter=mail%20eq%20'x'")).toBe(true);
    expect(await struck('GET', `${PHONES}/x`)).toBe(false);
    expect(await struck('GET', PHONES, 'admin')).toBe(false);
    expect(await struck('GET', `${PHONES}/x`, 'admin')).toBe(true);
  });

  it('match one of several methods, and what stands by itself but nothing in a batch', async () => {
    add(SOME, { method: ['POST', 'get'], item: 'whole' }, { times: 3 });
    expect(await struck('DELETE', `${PHONES}/x`)).toBe(false);
    expect(await struck('GET', PHONES)).toBe(true);
    expect((await ask(emulator, 'POST', '/beta/$batch', { json: {} })).status).toBe(599);
    emulator.faults.clear();
    add(SOME, { method: 'GET', item: 'whole' });
    const json = { requests: [{ id: '1', method: 'GET', url: '/me' }] };
    expect((await ask(emulator, 'POST', '/beta/$batch', { json })).body.responses[0].status).toBe(200);
  });

  it('are taken away by the function that adding returned, or all at once', async () => {
    const remove = add(SOME, {}, { times: Number.POSITIVE_INFINITY });
    expect(await struck('GET', PHONES)).toBe(true);
    remove();
    expect(await struck('GET', PHONES)).toBe(false);
    add(SOME);
    emulator.faults.clear();
    expect([emulator.faults.pending, await struck('GET', PHONES)]).toEqual([0, false]);
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

  it('strike one request, and the batch is 200', async () => {
    add(
      { status: 429, headers: { 'Retry-After': '3' } },
      { item: 'items', method: 'GET', path: '/beta/me/profile/phones' },
    );
    const reply = await send();
    expect([reply.status, item(reply, 'list').status, item(reply, 'post').status]).toEqual([200, 429, 201]);
    expect(item(reply, 'list').headers).toMatchObject({ 'Retry-After': '3' });
    expect(item(reply, 'list').body.error.code).toBe('TooManyRequests');
    expect(emulator.calls[0]?.items.map(({ status }) => status)).toEqual([429, 201]);
  });

  it('strike the envelope, and nothing in it is carried out', async () => {
    add({ status: 429 }, { item: 'envelope' });
    expect((await list()).status).toBe(200);
    expect((await send()).status).toBe(429);
    expect([phones(), emulator.calls[1]?.items]).toEqual([SEEDED, []]);
  });

  it('strike whatever matches when nothing is said about batches', async () => {
    add({ status: 500 }, { path: 'profile/phones' }, { times: 2 });
    expect((await list()).status).toBe(500);
    expect(item(await send(), 'list').status).toBe(500);
  });

  it('carry a write out and answer something else', async () => {
    add({ commitThen: 504 }, { item: 'items', method: 'POST' });
    expect(item(await send(), 'post').status).toBe(504);
    expect(phones()).toBe(SEEDED + 1);
  });

  it('delay one request', async () => {
    add({ delayMs: 1000 }, { item: 'items', method: 'GET' });
    const reply = send();
    await until(() => emulator.clock.waiting === 1);
    emulator.clock.advance(1000);
    expect(item(await reply, 'list').status).toBe(200);
  });

  it('alter one answer, or the envelope', async () => {
    add({ rewrite: (answer) => ({ ...answer, body: { value: null } }) }, { item: 'items', method: 'GET' });
    expect(item(await send(), 'list').body).toEqual({ value: null });
    add({ rewrite: (answer) => ({ ...answer, body: { responses: [] } }) }, { item: 'envelope' });
    expect((await send()).body).toEqual({ responses: [] });
  });

  it('make the envelope unreadable by a page of HTML in one answer', async () => {
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

  it('break the connection of the whole batch, after it was carried out', async () => {
    add({ reset: 'after' }, { item: 'items', method: 'POST' });
    expect(await brokenBy(send())).toBe('ECONNRESET');
    expect(phones()).toBe(SEEDED + 1);
    expect(emulator.calls[0]).toMatchObject({ status: 0, items: [{ status: 200 }, { status: 201 }] });
  });

  it('fail what depends on the request that they strike', async () => {
    add({ status: 500 }, { item: 'items', method: 'GET' });
    const [first, second] = requests;
    const json = { requests: [first, { ...second, dependsOn: ['list'] }] };
    const reply = await ask(emulator, 'POST', '/beta/$batch', { json });
    expect([item(reply, 'list').status, item(reply, 'post').status, phones()]).toEqual([500, 424, SEEDED]);
  });
});
