import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaultAction } from '../../emulator/emulator.ts';
import type { Reply, TestEmulator } from '../support/emulator.ts';
import { ask, askToken, onBehalfOf, startTestEmulator, until } from '../support/emulator.ts';

let emulator: TestEmulator;
let form: Record<string, string>;
beforeAll(async () => {
  emulator = await startTestEmulator();
  form = onBehalfOf(emulator, await emulator.entra.userToken('innocenty'));
});
afterEach(() => emulator.reset());
afterAll(() => emulator.close());

const inject = (action: FaultAction, path = '/oauth2/v2.0/token'): (() => void) =>
  emulator.faults.add({ on: { path }, do: action });
const exchange = (): Promise<Reply> => askToken(emulator, form);

describe('faults of the token endpoint', () => {
  it('429 has a plain text body and Retry-After', async () => {
    inject({ status: 429, headers: { 'Retry-After': '7' } });
    const { status, headers, body } = await exchange();
    expect([status, headers.get('retry-after'), headers.get('content-type'), body]).toEqual([
      429,
      '7',
      'text/plain',
      'Too Many Requests',
    ]);
    expect((await exchange()).status).toBe(200);
  });

  it.each([500, 503, 504])('%i is a temporarily_unavailable error', async (status) => {
    inject({ status });
    const reply = await exchange();
    expect([reply.status, reply.body.error, reply.body.error_codes]).toEqual([
      status,
      'temporarily_unavailable',
      [90033],
    ]);
    expect(reply.body.trace_id).toBe(reply.headers.get('x-ms-request-id'));
    expect(reply.headers.has('odata-version')).toBe(false);
  });

  it('can be any other response', async () => {
    const body = { error: 'invalid_grant', error_codes: [50173] };
    inject({ status: 400, body });
    expect(await exchange()).toMatchObject({ status: 400, body });
  });

  it('can be an HTML page', async () => {
    inject({ html: 502 });
    const { status, headers, body } = await exchange();
    expect([status, headers.get('content-type')]).toEqual([502, 'text/html']);
    expect(body).toContain('<html>');
  });

  it('can be a delay by the clock', async () => {
    inject({ delayMs: 5000 });
    const reply = exchange();
    await until(() => emulator.clock.waiting === 1);
    emulator.clock.advance(5000);
    expect((await reply).status).toBe(200);
  });

  it('can be a missing response', async () => {
    inject({ hang: true });
    const giveUp = new AbortController();
    const url = `${emulator.url}/${emulator.entra.tenantId}/oauth2/v2.0/token`;
    const reply = fetch(url, { method: 'POST', body: new URLSearchParams(form), signal: giveUp.signal });
    await until(() => emulator.calls.length === 1);
    giveUp.abort();
    await expect(reply).rejects.toThrow('aborted');
    expect(emulator.calls[0]?.status).toBe(0);
  });

  it('can be a connection reset', async () => {
    inject({ reset: 'after' });
    await expect(exchange()).rejects.toThrow('fetch failed');
  });

  it('can be truncated JSON', async () => {
    inject({ truncate: true });
    await expect(exchange()).rejects.toThrow(SyntaxError);
  });

  it('can rewrite the response', async () => {
    inject({
      rewrite: (response) => ({ ...response, body: { ...(response.body as object), expires_in: 'soon' } }),
    });
    expect((await exchange()).body.expires_in).toBe('soon');
  });

  it('an oversized form is rejected', async () => {
    const reply = await askToken(emulator, { ...form, assertion: 'x'.repeat(4 * 1024 * 1024) });
    expect([reply.status, reply.body.error]).toEqual([413, 'invalid_request']);
  });
});

describe('faults of discovery', () => {
  it('can affect the keys only', async () => {
    inject({ status: 503 }, '/discovery/v2.0/keys');
    const keys = (): Promise<Reply> => ask(emulator, 'GET', '/common/discovery/v2.0/keys', { as: null });
    expect((await exchange()).status).toBe(200);
    expect([(await keys()).status, (await keys()).status]).toEqual([503, 200]);
  });
});
