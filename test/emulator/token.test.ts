import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reply, TestEmulator } from '../support/emulator.ts';
import { ask, claimsOf, startTestEmulator } from '../support/emulator.ts';

const TOKEN = new URL('../../emulator/token.ts', import.meta.url).pathname;

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator();
});
afterAll(() => emulator.close());

interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: string[], env: Record<string, string> = {}): Promise<CommandResult> {
  const port = new URL(emulator.url).port;
  return promisify(execFile)(process.execPath, [TOKEN, ...args], {
    env: { ...process.env, EMULATOR_PORT: port, ...env },
  }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: CommandResult) => ({ code, stdout, stderr }),
  );
}

const post = (json: unknown): Promise<Reply> => ask(emulator, 'POST', '/emulator/token', { as: null, json });

describe('npm run token', () => {
  it('prints a token for the gateway, and nothing else', async () => {
    const { code, stdout, stderr } = await run(['innocenty']);
    expect([code, stderr, stdout.split('.').length]).toEqual([0, '', 3]);
    expect(claimsOf(stdout)).toMatchObject({
      aud: emulator.entra.gateway.clientId,
      preferred_username: 'innocenty@contoso.com',
    });
  });

  it('prints a token for Microsoft Graph, from an emulator on another port', async () => {
    const port = new URL(emulator.url).port;
    const { stdout } = await run(['admin', '--for', 'graph', '--port', port], { EMULATOR_PORT: '1' });
    const headers = { authorization: `Bearer ${stdout.trim()}` };
    const me = await ask(emulator, 'GET', '/beta/me', { as: null, headers });
    expect(me.body.displayName).toBe('Grace Okafor');
  });

  it('lists the names when the name is missing or unknown', async () => {
    const none = await run([]);
    const unknown = await run(['nobody']);
    expect([none.code, none.stdout, unknown.code, unknown.stdout]).toEqual([2, '', 1, '']);
    for (const { stderr } of [none, unknown]) expect(stderr).toMatch(/reader +Lukas Brandt/);
    expect(unknown.stderr).toContain('there is no user named nobody');
  });

  it.each([
    [['a', 'b'], 'expected one name, not a b'],
    [['admin', '--for', 'x'], '--for must be gateway or graph, not x'],
    [['admin', '--port', 'x'], '--port must be a whole number from 0 to 65535, not x'],
    [['admin', '--nonsense'], "Unknown option '--nonsense'"],
  ])('prints an error for %j, and exits with 2', async (args, message) => {
    const { code, stderr } = await run(args);
    expect([code, stderr.includes(message), stderr.includes('    at ')]).toEqual([2, true, false]);
  });

  it('prints an error when the port has no server, or another one', async () => {
    const other = createServer((_, response) => response.end('<html>')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const port = String((other.address() as AddressInfo).port);
    const wrong = await run(['admin', '--port', port]);
    other.close();
    await once(other, 'close');
    const none = await run(['admin', '--port', port]);
    expect([wrong.code, none.code]).toEqual([1, 1]);
    expect(wrong.stderr).toBe(`the server on port ${port} is not an emulator\n`);
    expect(none.stderr).toContain(`no emulator is running on port ${port}`);
  });

  it('prints its options for --help', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    for (const option of ['--for', '--port', '--help']) expect(stdout).toContain(option);
  });
});

describe('POST /emulator/token', () => {
  it.each([
    ['service', 'gateway', { roles: ['Phones.Read.All'], ver: '2.0' }],
    ['service-writer', 'gateway', { roles: ['Phones.ReadWrite.All'], ver: '2.0' }],
    ['service', 'graph', { roles: ['User.Read.All'], aud: 'https://graph.microsoft.com' }],
    ['reader', 'graph', { scp: 'User.Read', aud: 'https://graph.microsoft.com' }],
    ['expired', 'gateway', { exp: 1_594_209_540 }],
    ['yuki.tanaka@contoso.com', 'gateway', { scp: 'Phones.ReadWrite' }],
  ])('%s for %s', async (name, target, expected) => {
    const { status, body } = await post({ name, for: target });
    expect([status, body.name, body.for]).toEqual([200, name, target]);
    expect(claimsOf(body.token)).toMatchObject(expected);
  });

  it('records the requested name', async () => {
    emulator.clearCalls();
    await post({ name: 'admin', other: 'x' });
    expect(emulator.calls[0]).toMatchObject({ path: '/emulator/token', body: { name: 'admin' } });
  });

  it.each([
    [{ name: 'admin', for: 'x' }, 400],
    [{}, 400],
    [[], 400],
    [{ name: 'nobody' }, 404],
  ])('%j returns %i', async (json, status) => {
    expect((await post(json)).status).toBe(status);
  });

  it('accepts POST only', async () => {
    const { status, headers } = await ask(emulator, 'GET', '/emulator/token', { as: null });
    expect([status, headers.get('allow')]).toEqual([405, 'POST']);
  });
});
