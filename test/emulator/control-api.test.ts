// The control of the emulator over HTTP: each path has the effect of its member in code, and invalid bodies are rejected.
import { networkInterfaces } from 'node:os';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { startEmulator } from '../../emulator/emulator.ts';
import { ask, claimsOf, NOON, type Reply, startTestEmulator, until } from '../support/emulator.ts';

const emulator = await startTestEmulator({ people: 12 });
afterAll(() => emulator.close());
beforeEach(() => emulator.reset());

const PHONES = '/beta/me/profile/phones';
const INNOCENTY = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';

const send = (method: string, path: string, json?: unknown): Promise<Reply> =>
  ask(emulator, method, `/emulator/${path}`, { as: null, ...(json === undefined ? {} : { json }) });
const read = async (): Promise<number> => (await ask(emulator, 'GET', PHONES)).status;

describe('POST /emulator/reset', () => {
  it('restores the tenant, and removes calls and faults', async () => {
    await ask(emulator, 'POST', PHONES, { json: { number: '1' } });
    await send('POST', 'faults', { do: { status: 503 } });
    expect((await send('POST', 'reset')).status).toBe(204);
    expect(emulator.phonesOf(INNOCENTY)).toHaveLength(3);
    expect([emulator.calls, emulator.faults.pending]).toEqual([[], 0]);
  });
});

describe('/emulator/faults', () => {
  it('adds a rule, which applies after skip and as often as times', async () => {
    const rule = { on: { path: '/phones' }, do: { status: 429 }, skip: 1, times: 2 };
    expect(await send('POST', 'faults', rule)).toMatchObject({ status: 201, body: { pending: 1 } });
    expect([await read(), await read(), await read(), await read()]).toEqual([200, 429, 429, 200]);
    expect((await send('GET', 'faults')).body).toEqual({ pending: 0 });
  });

  it('adds a rule without an end, and removes all rules', async () => {
    await send('POST', 'faults', { do: { status: 500 }, times: 'unlimited' });
    for (let at = 0; at < 5; at += 1) expect(await read()).toBe(500);
    expect((await send('DELETE', 'faults')).status).toBe(204);
    expect(await read()).toBe(200);
  });

  it.each([
    [{ path: { pattern: 'phones$' } }, 503],
    [{ path: { pattern: '^/v1' } }, 200],
    [{ method: ['GET', 'PATCH'] }, 503],
    [{ method: 'POST' }, 200],
    [{ token: 'innocenty' }, 503],
    [{ token: 'admin' }, 200],
    [{ item: 'envelope' }, 200],
  ])('matches requests by %j', async (on, status) => {
    await send('POST', 'faults', { on, do: { status: 503 } });
    expect(await read()).toBe(status);
  });

  it('adds the rule of a scenario by its name', async () => {
    await send('POST', 'faults', { scenario: 'throttled-seconds' });
    const { status, headers } = await ask(emulator, 'GET', PHONES);
    expect([status, headers.get('retry-after')]).toEqual([429, '1']);
  });

  it('has every action that is not a function', async () => {
    const headers = { 'X-Test': 'yes' };
    await send('POST', 'faults', { do: { status: 418, headers, body: { a: 1 }, contentType: 'text/x' } });
    const response = await ask(emulator, 'GET', PHONES);
    expect([response.status, response.headers.get('x-test')]).toEqual([418, 'yes']);
    expect([response.headers.get('content-type'), response.body]).toEqual(['text/x', '{"a":1}']);
    await send('POST', 'faults', { do: { html: 502 } });
    expect((await ask(emulator, 'GET', PHONES)).body).toContain('<html>');
    await send('POST', 'faults', { do: { reset: 'after' } });
    await expect(read()).rejects.toThrow(TypeError);
    await send('POST', 'faults', { on: { method: 'POST' }, do: { commitThen: 504 } });
    expect((await ask(emulator, 'POST', PHONES, { json: { number: '2' } })).status).toBe(504);
    expect(emulator.phonesOf(INNOCENTY)).toHaveLength(4);
  });

  it.each([
    [[], 'the body must be a JSON object'],
    [{}, 'do must be a fault action'],
    [{ do: { nonsense: true } }, 'do must be a fault action'],
    [{ do: { status: 42 } }, 'do must be a fault action'],
    [{ do: { status: 500, other: 1 } }, 'do must be a fault action'],
    [{ do: { hang: true, html: 500 } }, 'do must be a fault action'],
    [{ do: { constructor: true } }, 'do must be a fault action'],
    [{ do: { hang: true }, times: 0 }, 'the rule has an invalid value for times'],
    [{ do: { hang: true }, skip: -1 }, 'the rule has an invalid value for skip'],
    [{ do: { hang: true }, when: 1 }, 'the rule has an unknown member when'],
    [{ on: { paths: 'x' }, do: { hang: true } }, 'on has an unknown member paths'],
    [{ on: { item: 'x' }, do: { hang: true } }, 'on has an invalid value for item'],
    [{ on: { path: { pattern: '(' } }, do: { hang: true } }, 'on.path.pattern must be a regular expression'],
    [{ scenario: 'nonsense' }, 'there is no scenario named nonsense'],
    [{ scenario: 'throttled', do: { hang: true } }, 'a scenario has no on and no do'],
  ])('rejects %j with 400', async (rule, error) => {
    expect(await send('POST', 'faults', rule)).toMatchObject({ status: 400, body: { error } });
    expect(emulator.faults.pending).toBe(0);
  });
});

describe('/emulator/calls', () => {
  it('returns the recorded calls, without the requests of the control API, and removes them', async () => {
    await read();
    const { body } = await send('GET', 'calls');
    expect(body.calls).toMatchObject([{ method: 'GET', path: PHONES, status: 200, token: 'innocenty' }]);
    expect(JSON.stringify(body)).not.toContain('demo-token');
    expect((await send('DELETE', 'calls')).status).toBe(204);
    expect((await send('GET', 'calls')).body).toEqual({ calls: [] });
  });
});

describe('/emulator/clock', () => {
  it('advances the clock, so that tokens expire', async () => {
    await using other = await startTestEmulator({ people: 12 });
    const headers = { authorization: `Bearer ${await other.entra.graphToken('innocenty')}` };
    const status = async () => (await ask(other, 'GET', PHONES, { as: null, headers })).status;
    expect(await status()).toBe(200);
    const json = { advanceMs: 2 * 3_600_000 };
    const { body } = await ask(other, 'POST', '/emulator/clock', { as: null, json });
    expect(body).toEqual({ now: new Date(NOON + json.advanceMs).toISOString() });
    expect(await status()).toBe(401);
    expect(claimsOf(await other.entra.userToken('admin')).iat).toBe((NOON + json.advanceMs) / 1_000);
  });

  it('ends a delay as soon as its time has passed, and not before', async () => {
    await using other = await startTestEmulator({ people: 12 });
    const advance = (advanceMs: number) =>
      ask(other, 'POST', '/emulator/clock', { as: null, json: { advanceMs } });
    other.faults.add({ on: {}, do: { delayMs: 1_000 } });
    let isDone = false;
    const response = ask(other, 'GET', PHONES).finally(() => {
      isDone = true;
    });
    await until(() => other.clock.waiting === 1);
    await advance(400);
    other.clock.advance(599);
    await ask(other, 'GET', '/emulator/clock', { as: null });
    expect(isDone).toBe(false);
    await advance(1);
    expect((await response).status).toBe(200);
  });

  it.each([{}, { advanceMs: -1 }, { advanceMs: '5' }, { advanceMs: 1e300 }, []])(
    'rejects %j with 400',
    async (json) => {
      expect((await send('POST', 'clock', json)).status).toBe(400);
    },
  );
});

describe('the control API', () => {
  it.each([
    ['GET', 'reset', 'POST'],
    ['PUT', 'faults', 'GET, POST, DELETE'],
    ['POST', 'calls', 'GET, DELETE'],
    ['DELETE', 'clock', 'GET, POST'],
  ])('rejects %s /emulator/%s with 405', async (method, path, allow) => {
    const { status, headers } = await send(method, path);
    expect([status, headers.get('allow')]).toEqual([405, allow]);
  });

  it('rejects invalid JSON with 400, and a large body with 413', async () => {
    const post = (text: string) => ask(emulator, 'POST', '/emulator/faults', { as: null, text });
    expect((await post('{')).status).toBe(400);
    expect((await post(' '.repeat(4 * 1024 * 1024 + 1))).status).toBe(413);
  });

  it('is not affected by faults', async () => {
    await send('POST', 'faults', { do: { hang: true }, times: 'unlimited' });
    expect((await send('DELETE', 'faults')).status).toBe(204);
  });
});

/** The IPv6 address only where the machine has it. */
const ADDRESSES = Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address));
const HOSTS = ['localhost', '0.0.0.0', '::1'].filter((host) => host !== '::1' || ADDRESSES.includes(host));

describe('startEmulator', () => {
  it('needs no options, and produces the same tenant each time', async () => {
    const [first, second] = await Promise.all([startEmulator(), startEmulator()]);
    expect(first.people).toEqual(second.people);
    await Promise.all([first.close(), second.close()]);
  });

  it.each(HOSTS)('listens on the host %s', async (host) => {
    const other = await startEmulator({ people: 12, host });
    const { status } = await ask(other, 'GET', PHONES);
    await other.close();
    expect(status).toBe(200);
  });
});
