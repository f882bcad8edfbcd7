import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/emulator.ts';
import type { Call, OpenCall } from '../../emulator/server/calls.ts';
import { record } from '../../emulator/server/calls.ts';
import type { TestEmulator } from '../support/emulator.ts';
import { ask, startTestEmulator } from '../support/emulator.ts';

const PHONES = '/beta/me/profile/phones';
const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';

let emulator: TestEmulator;
beforeEach(async () => {
  emulator = await startTestEmulator();
});
afterEach(() => emulator.close());

/** Sends a request over a socket, since HTTP clients would normalize this target. */
function raw(method: string, target: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(emulator.url).port), '127.0.0.1');
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', reject).on('close', () => resolve(text));
    const head = [`${method} ${target} HTTP/1.1`, 'Host: graph', 'Connection: close'];
    socket.write(`${head.join('\r\n')}\r\nAuthorization: Bearer demo-token-innocenty\r\n\r\n`);
  });
}

describe('errors: the form of an error', () => {
  it('is code, message and innerError with the ids and a date without a time zone', async () => {
    const { headers, body } = await ask(emulator, 'GET', `${PHONES}/nobody`);
    const id = headers.get('request-id');
    expect(body).toEqual({
      error: {
        code: 'UnknownError',
        message: '',
        innerError: { date: '2020-07-08T12:00:00', 'request-id': id, 'client-request-id': id },
      },
    });
  });
});

describe('best-practices-concept: headers of every response', () => {
  it.each([
    ['a success', PHONES],
    ['an error', '/beta/nonsense'],
  ])('are in %s', async (_, path) => {
    const { headers } = await ask(emulator, 'GET', path);
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-type':
        'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
      date: 'Wed, 08 Jul 2020 12:00:00 GMT',
      'odata-version': '4.0',
      'request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'strict-transport-security': 'max-age=31536000',
    });
    expect(JSON.parse(headers.get('x-ms-ags-diagnostic') ?? '')).toHaveProperty('ServerInfo');
  });

  it('have the client-request-id of the caller when it is a GUID, else the request-id', async () => {
    const guid = 'C0FFEE00-0000-4000-8000-00000000ABCD';
    const echoed = await ask(emulator, 'GET', PHONES, { headers: { 'client-request-id': guid } });
    const replaced = await ask(emulator, 'GET', PHONES, { headers: { 'client-request-id': 'me' } });
    expect(echoed.headers.get('client-request-id')).toBe(guid);
    expect(replaced.headers.get('client-request-id')).toBe(replaced.headers.get('request-id'));
  });
});

describe('unknown paths', () => {
  it.each([
    ['/beta', 400, "Resource not found for the segment ''."],
    [
      '/beta/groups',
      501,
      "The emulator does not have the segment 'groups'. Microsoft Graph may answer this.",
    ],
    [
      '/beta/me/messages',
      501,
      "The emulator does not have the segment 'messages'. Microsoft Graph may answer this.",
    ],
    [
      '/beta/me/profile/emails',
      501,
      "The emulator does not have the segment 'emails'. Microsoft Graph may answer this.",
    ],
    [
      '/v1.0/groups',
      501,
      "The emulator does not have the segment 'groups'. Microsoft Graph may answer this.",
    ],
    ['/v1.0/$batch', 501, 'The emulator does not have batches on v1.0. Microsoft Graph may answer this.'],
    [`${PHONES}/x/number`, 400, "Resource not found for the segment 'number'."],
    [`${PHONES}/$ref`, 400, "Resource not found for the segment '$ref'."],
    ['/beta/user/x/profile/phones', 400, "Resource not found for the segment 'user'."],
    ['/beta/me//profile/phones', 400, "Resource not found for the segment ''."],
    ['/beta/me/profile/%E0%A4%A', 400, 'The request URI is not valid.'],
    ['/gamma/me', 404, 'Invalid version: gamma'],
    ['/', 404, 'Invalid version: '],
  ])('%s is rejected with %i', async (path, status, message) => {
    const reply = await ask(emulator, 'GET', path);
    expect([reply.status, reply.body.error.message]).toEqual([status, message]);
  });

  it('v1.0 has no profile, and returns the error of Graph', async () => {
    const { status, body } = await ask(emulator, 'GET', '/v1.0/me/profile/phones');
    expect([status, body.error.code, body.error.message]).toEqual([
      404,
      'Request_ResourceNotFound',
      "Resource 'profile' does not exist or one of its queried reference-property objects are not present.",
    ]);
  });

  it('v1.0 has users, whose profile is on beta', async () => {
    expect((await ask(emulator, 'GET', '/v1.0/me')).status).toBe(200);
    expect((await ask(emulator, 'GET', '/v1.0/users/innocenty@contoso.com')).status).toBe(200);
    expect((await ask(emulator, 'GET', '/v1.0/users/innocenty@contoso.com/profile/phones')).status).toBe(404);
  });

  it.each([
    ['PUT', PHONES, 'GET, POST'],
    ['DELETE', PHONES, 'GET, POST'],
    ['POST', `${PHONES}/x`, 'GET, PATCH, DELETE'],
    ['POST', `${PHONES}/$count`, 'GET'],
    ['PATCH', '/beta/me', 'GET'],
    ['POST', '/beta/users', 'GET'],
    ['HEAD', PHONES, 'GET, POST'],
    ['GET', '/beta/$batch', 'POST'],
  ])('%s %s is rejected with 405 and an Allow header', async (method, path, allow) => {
    const { status, headers } = await ask(emulator, method, path);
    expect([status, headers.get('allow')]).toEqual([405, allow]);
  });

  it('405 has the error of Graph', async () => {
    const { body } = await ask(emulator, 'PUT', PHONES, { json: {} });
    expect(body.error).toMatchObject({
      code: 'Request_BadRequest',
      message: 'Specified HTTP method is not allowed for the request target.',
    });
  });
});

describe('dot segments are resolved as by an HTTP proxy', () => {
  it.each([
    '/beta/me/profile/phones/..',
    '/beta/me/profile/phones/%2e%2E',
    '/beta/me/profile/phones/x/../..',
    '/beta/me/profile/phones/..\\',
    '/beta/me/profile/./',
  ])('DELETE %s deletes the profile', async (target) => {
    expect(await raw('DELETE', target)).toMatch(/^HTTP\/1\.1 204 /);
    expect(emulator.phonesOf(INNOCENTY)).toEqual([]);
    expect(emulator.calls[0]).toMatchObject({ method: 'DELETE', path: target, status: 204 });
  });

  it('segments are decoded once, so an encoded slash stays within its segment', async () => {
    expect(await raw('DELETE', '/beta/me/profile/phones/..%2F..')).toMatch(/^HTTP\/1\.1 404 /);
    expect(await raw('DELETE', '/beta/me/profile/phones/%252e%252e')).toMatch(/^HTTP\/1\.1 404 /);
    expect(emulator.phonesOf(INNOCENTY)).toHaveLength(3);
  });
});

describe('the recorded calls', () => {
  it('contain each request in the order of arrival, without its token', async () => {
    const path = `/beta/users/${FIXTURES.withNone}/profile/phones?$top=1`;
    await ask(emulator, 'GET', path, { as: 'admin', headers: { 'x-test': 'yes' } });
    await ask(emulator, 'POST', PHONES, { json: { number: '1' } });
    await ask(emulator, 'GET', PHONES, { as: 'made-up' });
    expect(emulator.calls).toMatchObject([
      {
        method: 'GET',
        path,
        status: 200,
        token: 'admin',
        body: undefined,
        items: [],
        headers: { 'x-test': 'yes' },
      },
      { method: 'POST', path: PHONES, status: 201, token: 'innocenty', body: { number: '1' } },
      { method: 'GET', path: PHONES, status: 401, token: null },
    ]);
    expect(JSON.stringify(emulator.calls)).not.toContain('demo-token');
    expect(emulator.calls[0]?.at).toBe(emulator.clock.now());
  });

  it('contain the body as text when it is not JSON', async () => {
    await ask(emulator, 'POST', PHONES, { text: '{', headers: { 'content-type': 'application/json' } });
    expect(emulator.calls[0]?.body).toBe('{');
  });

  it('are the last 10,000', () => {
    const calls: Call[] = [];
    for (let at = 0; at <= 10_000; at += 1) record(calls, { at } as OpenCall);
    expect([calls.length, calls[0]?.at, calls.at(-1)?.at]).toEqual([10_000, 1, 10_000]);
  });

  it('are removed by clearCalls, and by reset with everything else', async () => {
    await ask(emulator, 'DELETE', '/beta/me/profile');
    emulator.clearCalls();
    expect(emulator.calls).toEqual([]);
    emulator.faults.add({ on: {}, do: { status: 500 } });
    emulator.reset();
    expect([emulator.faults.pending, emulator.phonesOf(INNOCENTY).length]).toEqual([0, 3]);
  });
});
