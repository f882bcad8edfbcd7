import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURES } from '../../emulator/emulator.ts';
import type { AskOptions, Reply, TestEmulator } from '../support/emulator.ts';
import { ask, startTestEmulator } from '../support/emulator.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const CAR_PHONE = '/me/profile/phones/0fb4c1e3-c1e3-0fb4-e3c1-b40fe3c1b40f';

let emulator: TestEmulator;
beforeEach(async () => {
  emulator = await startTestEmulator();
});
afterEach(() => emulator.close());

interface Item {
  id: string;
  status: number;
  headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: responses have many forms
  body: any;
}

const post = (json: unknown, options: AskOptions = {}): Promise<Reply> =>
  ask(emulator, 'POST', '/beta/$batch', { json, ...options });

async function batch(requests: readonly object[], options: AskOptions = {}): Promise<Record<string, Item>> {
  const { status, body } = await post({ requests }, options);
  expect(status).toBe(200);
  return Object.fromEntries(body.responses.map((item: Item) => [item.id, item]));
}

const gets = (count: number, url = '/me'): object[] =>
  Array.from({ length: count }, (_, at) => ({ id: String(at + 1), method: 'GET', url }));

describe('json-batching: the requests of a batch', () => {
  it('are all executed, up to 20, with responses in another order', async () => {
    const { status, body } = await post({ requests: gets(20) });
    const ids = body.responses.map(({ id }: Item) => id);
    const requested = gets(20).map((item) => (item as Item).id);
    expect(status).toBe(200);
    expect(ids).not.toEqual(requested);
    expect(ids.toSorted()).toEqual(requested.toSorted());
  });

  it('have URLs relative to the version, with or without a leading slash', async () => {
    const items = await batch([
      { id: 'with', method: 'GET', url: '/users?$top=1' },
      { id: 'without', method: 'get', url: 'users?$top=1' },
    ]);
    expect(items['with']?.body).toEqual(items['without']?.body);
    expect(items['with']?.status).toBe(200);
  });

  it('use the token of the batch', async () => {
    const write = { method: 'PATCH', url: CAR_PHONE, headers: JSON_TYPE, body: { type: 'home' } };
    const items = await batch([{ id: 'patch', ...write }], { as: 'innocenty' });
    const rejected = await batch([{ id: 'patch', ...write, url: '/me/profile/phones/x' }], { as: 'reader' });
    expect([items['patch']?.status, items['patch']?.body.type]).toEqual([200, 'home']);
    expect([rejected['patch']?.status, rejected['patch']?.body.error.code]).toEqual([
      403,
      'Authorization_RequestDenied',
    ]);
  });

  it('have headers of their own, and not those of the batch', async () => {
    const show = { prefer: 'include-unknown-enum-members' };
    const url = `/users/${FIXTURES.withOddShapes}/profile/phones`;
    const requests = [
      { id: 'plain', method: 'GET', url },
      { id: 'show', method: 'GET', url, headers: { Prefer: 'include-unknown-enum-members' } },
      {
        id: 'search',
        method: 'GET',
        url: '/users?$search="displayName:a"',
        headers: { ConsistencyLevel: 'eventual' },
      },
      { id: 'nosearch', method: 'GET', url: '/users?$search="displayName:a"' },
    ];
    const items = await batch(requests, { headers: { ...show, ConsistencyLevel: 'eventual' } });
    expect(JSON.stringify(items['plain']?.body)).not.toContain('trustedPartners');
    expect(JSON.stringify(items['show']?.body)).toContain('trustedPartners');
    expect(items['show']?.headers).toMatchObject({ 'Preference-Applied': 'include-unknown-enum-members' });
    expect([items['search']?.status, items['nosearch']?.status]).toEqual([200, 400]);
  });

  it('have responses with headers of their own', async () => {
    const items = await batch(gets(2), {
      headers: { 'client-request-id': 'c0ffee00-0000-4000-8000-00000000abcd' },
    });
    expect(items['1']?.headers).toMatchObject({
      'Content-Type':
        'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
      'Cache-Control': 'no-store',
      'OData-Version': '4.0',
      'x-ms-resource-unit': '1',
      'client-request-id': 'c0ffee00-0000-4000-8000-00000000abcd',
    });
    expect(items['1']?.headers['request-id']).not.toBe(items['2']?.headers['request-id']);
  });

  it('fail independently, in a batch with the status 200', async () => {
    const items = await batch([
      { id: 'good', method: 'GET', url: '/me' },
      { id: 'unknown', method: 'GET', url: '/nonsense' },
      { id: 'nobody', method: 'GET', url: '/users/nobody@contoso.com' },
      { id: 'method', method: 'DELETE', url: '/me' },
    ]);
    const statuses = Object.fromEntries(Object.values(items).map(({ id, status }) => [id, status]));
    expect(statuses).toEqual({ good: 200, unknown: 501, nobody: 404, method: 405 });
    expect(items['nobody']?.body.error.innerError['request-id']).toBe(items['nobody']?.headers['request-id']);
  });

  it('have the status 204 and a null body when there is no content', async () => {
    const items = await batch([{ id: 'gone', method: 'DELETE', url: CAR_PHONE }]);
    expect(items['gone']).toMatchObject({ status: 204, body: null });
    expect(items['gone']?.headers).not.toHaveProperty('Content-Type');
  });

  it('return next links that work outside of a batch', async () => {
    const items = await batch([
      { id: '1', method: 'GET', url: `/users/${FIXTURES.withThirty}/profile/phones` },
    ]);
    const next: string = items['1']?.body['@odata.nextLink'];
    const { body } = await ask(emulator, 'GET', next.slice(emulator.url.length));
    expect(body.value).toHaveLength(5);
  });

  it.each([
    'https://graph.microsoft.com/beta/me',
    'http://127.0.0.1/beta/me',
    '//host/me',
    '/$batch',
    '$batch?x',
  ])('are rejected individually with 400 for the URL %s', async (url) => {
    const requests = [{ id: '1', method: 'POST', url, headers: JSON_TYPE, body: {} }];
    expect((await batch(requests))['1']?.status).toBe(400);
  });

  it('have their dot segments resolved, as outside of a batch', async () => {
    const items = await batch([{ id: '1', method: 'GET', url: '/me/profile/phones/../../' }]);
    expect(items['1']?.body).toMatchObject({ displayName: 'Innocenty Popov' });
  });
});

describe('json-batching: an invalid batch is rejected as a whole with 400', () => {
  const GET = { id: '1', method: 'GET', url: '/me' };

  it.each([
    ['no requests', {}, 'Invalid batch payload format.'],
    ['an empty list', { requests: [] }, 'Invalid batch payload format.'],
    ['requests that are no list', { requests: GET }, 'Invalid batch payload format.'],
    ['a request that is no object', { requests: ['GET /me'] }, 'Invalid batch payload format.'],
    ['no id', { requests: [{ ...GET, id: undefined }] }, 'Invalid batch payload format.'],
    ['an id that is no text', { requests: [{ ...GET, id: 1 }] }, 'Invalid batch payload format.'],
    ['no method', { requests: [{ ...GET, method: undefined }] }, 'Invalid batch payload format.'],
    ['an unknown method', { requests: [{ ...GET, method: 'FETCH' }] }, 'Invalid batch payload format.'],
    ['no url', { requests: [{ ...GET, url: undefined }] }, 'Invalid batch payload format.'],
    [
      'headers that are no texts',
      { requests: [{ ...GET, headers: { a: 1 } }] },
      'Invalid batch payload format.',
    ],
    ['21 requests', { requests: gets(21) }, 'A batch holds at most 20 requests; this one has 21.'],
    ['an id twice', { requests: [GET, GET] }, 'Request Id 1 has to be unique in a batch.'],
    [
      'an id twice, in another case',
      {
        requests: [
          { ...GET, id: 'a' },
          { ...GET, id: 'A' },
        ],
      },
      'Request Id A has to be unique in a batch.',
    ],
    [
      'a body without a Content-Type',
      { requests: [{ ...GET, method: 'POST', body: {} }] },
      'Write request id : 1 does not contain Content-Type header or body.',
    ],
    [
      'a POST without a body',
      { requests: [{ ...GET, method: 'POST', headers: JSON_TYPE }] },
      'Write request id : 1 does not contain Content-Type header or body.',
    ],
  ])('%s', async (_, json, message) => {
    const { status, body } = await post(json);
    expect([status, body.error.code, body.error.message]).toEqual([400, 'BadRequest', message]);
  });

  it('and none of its requests is executed', async () => {
    const remove = { id: '1', method: 'DELETE', url: CAR_PHONE };
    expect((await post({ requests: [remove, GET] })).status).toBe(400);
    expect((await ask(emulator, 'GET', `/beta${CAR_PHONE}`)).status).toBe(200);
  });

  it('also one with any query option', async () => {
    expect((await ask(emulator, 'POST', '/beta/$batch?$top=1', { json: { requests: [GET] } })).status).toBe(
      400,
    );
  });

  it('but not one with a percent-encoded dollar sign', async () => {
    expect((await ask(emulator, 'POST', '/beta/%24batch', { json: { requests: [GET] } })).status).toBe(200);
  });

  it('also one without a token, with 401', async () => {
    expect((await post({ requests: [GET] }, { as: null })).status).toBe(401);
  });
});

describe('json-batching: dependsOn', () => {
  const remove = (id: string, dependsOn?: string[]): object => ({
    id,
    method: 'DELETE',
    url: CAR_PHONE,
    dependsOn,
  });
  const look = (id: string, dependsOn?: string[]): object => ({
    id,
    method: 'GET',
    url: CAR_PHONE,
    dependsOn,
  });

  it('executes requests one after the other', async () => {
    const items = await batch([look('1'), remove('2', ['1']), look('3', ['2'])]);
    expect(
      Object.values(items)
        .map(({ id, status }) => `${id}:${status}`)
        .toSorted(),
    ).toEqual(['1:200', '2:204', '3:404']);
  });

  it('fails with 424 for each request that depends on a failed one, also indirectly', async () => {
    const items = await batch([remove('1'), remove('2', ['1']), look('3', ['2']), look('4', ['3'])]);
    expect(['1', '2', '3', '4'].map((id) => items[id]?.status)).toEqual([204, 404, 424, 424]);
    expect(items['3']?.body.error.code).toBe('FailedDependency');
  });

  it('allows several requests to depend on the same one, also on a later one', async () => {
    const items = await batch([
      look('1', ['B']),
      look('2', ['b']),
      remove('b'),
      { id: 'free', method: 'GET', url: '/me' },
    ]);
    expect(['1', '2', 'b', 'free'].map((id) => items[id]?.status)).toEqual([404, 404, 204, 200]);
  });

  it.each([
    ['an unknown id', [look('1', ['x'])]],
    ['itself', [look('1', ['1'])]],
    ['each other', [look('1', ['2']), look('2', ['1'])]],
    ['two requests', [look('1'), look('2'), look('3', ['1', '2'])]],
    ['a mixture of orders', [look('1'), look('2', ['1']), look('3'), look('4', ['3'])]],
    ['what is no list', [{ ...look('1'), dependsOn: '1' }]],
  ])('is rejected with 400 when it names %s', async (_, requests) => {
    expect((await post({ requests })).status).toBe(400);
  });
});

describe('the recorded call of a batch', () => {
  it('has the body, headers and status of each request', async () => {
    const body = { type: 'home' };
    await batch([
      { id: 'a', method: 'PATCH', url: CAR_PHONE, headers: JSON_TYPE, body },
      { id: 'b', method: 'GET', url: '/nonsense' },
    ]);
    expect(emulator.calls).toHaveLength(1);
    expect(emulator.calls[0]).toMatchObject({
      method: 'POST',
      path: '/beta/$batch',
      status: 200,
      token: 'innocenty',
      items: [
        {
          id: 'a',
          method: 'PATCH',
          url: CAR_PHONE,
          status: 200,
          body,
          headers: { 'content-type': 'application/json' },
        },
        { id: 'b', method: 'GET', url: '/nonsense', status: 501, headers: {} },
      ],
    });
  });
});
