import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../emulator/emulator.ts';

const MAIN = new URL('../../emulator/main.ts', import.meta.url).pathname;
const run = promisify(execFile);

/** Starts the emulator and waits for the end of its startup message. */
async function start(args: string[], env = {}): Promise<{ child: ChildProcess; output: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...env } });
  let output = '';
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (/curl .*\n/.test(output)) break;
  }
  return { child, output };
}

async function failure(args: string[], env = {}): Promise<{ code: number; stderr: string }> {
  const options = { env: { ...process.env, ...env } };
  return run(process.execPath, [MAIN, ...args], options).then(
    () => ({ code: 0, stderr: '' }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
  );
}

describe('npm run start:emulator', () => {
  it('prints its address, the tokens, and a curl command that works', async () => {
    const { child, output } = await start(['--port', '0', '--people', '12']);
    const [, header = '', url = ''] = /curl -H "([^"]+)" (http\S+)/.exec(output) ?? [];
    const response = await fetch(url, { headers: { authorization: header.replace('Authorization: ', '') } });
    expect(await response.json()).toMatchObject({ value: [{ displayName: 'Car Phone' }, {}, {}] });
    expect(output).toMatch(/demo-token-reader +Lukas Brandt/);
    expect(output).toMatch(
      /Entra ID at http:\/\/127\.0\.0\.1:\d+\/7e000000-0000-4000-8000-000000000001\/v2\.0/,
    );
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('uses the port of EMULATOR_PORT, and stops on SIGINT with an open connection', async () => {
    const { child, output } = await start(['--drafts'], { EMULATOR_PORT: '0' });
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
    expect((await fetch(`${url}/beta/me`)).status).toBe(401);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('listens on the address of --host', async () => {
    const { child, output } = await start(['--port', '0', '--people', '12', '--host', 'localhost']);
    const url = /http:\/\/localhost:\d+/.exec(output)?.[0];
    expect((await fetch(`${url}/beta/me`)).status).toBe(401);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('injects the faults in --faults', async () => {
    const { child, output } = await start([
      '--port',
      '0',
      '--people',
      '12',
      '--faults',
      'throttled,status-502',
    ]);
    expect(output).toContain('Faults in 100% of matching requests: throttled, status-502\n');
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
    expect((await fetch(`${url}/beta/me`)).status).toBeOneOf([429, 502]);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('delays requests by --latency', async () => {
    const { child, output } = await start(['--port', '0', '--people', '12', '--latency', '60-70']);
    expect(output).toContain('Latency of every request: 60 to 70 ms\n');
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
    expect((await fetch(`${url}/beta/me`)).status).toBe(401);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('prints the names of the faults for --faults list', async () => {
    const { stdout } = await run(process.execPath, [MAIN, '--faults', 'list']);
    for (const { name } of SCENARIOS) expect(stdout).toContain(`  ${name} `);
    expect(stdout).toContain('  mixed ');
  });

  it('prints its options for --help', async () => {
    const { stdout } = await run(process.execPath, [MAIN, '--help']);
    for (const option of [
      '--port',
      '--host',
      '--drafts',
      '--file',
      '--people',
      '--shared-ids',
      '--faults',
      '--latency',
      '--help',
    ])
      expect(stdout).toContain(option);
  });

  it.each([
    [['--port', 'x'], {}, '--port must be a whole number from 0 to 65535, not x'],
    [['--port', '70000'], {}, '--port must be a whole number'],
    [[], { EMULATOR_PORT: 'x' }, 'EMULATOR_PORT must be a whole number'],
    [['--people', '3'], {}, 'people must be a whole number from 12 to 100000, not 3'],
    [['--faults', 'nonsense'], {}, "unknown fault 'nonsense'; known faults:\nError responses\n"],
    [['--faults', 'hang', '--fault-percent', '101'], {}, '--fault-percent must be a number from 0 to 100'],
    [
      ['--faults', 'hang', '--fault-percent', 'x'],
      {},
      '--fault-percent must be a number from 0 to 100, not x',
    ],
    [['--fault-seed', 'x'], {}, '--fault-seed must be a whole number, not x'],
    [['--latency', '300-200'], {}, '--latency must be 0 to 60000 milliseconds'],
    [['--latency', 'slow'], {}, 'or a range such as 200-300, not slow'],
    [['--nonsense'], {}, "Unknown option '--nonsense'"],
  ])('prints an error for %j %j, and exits with 1', async (args, env, message) => {
    const { code, stderr } = await failure(args, env);
    expect([code, stderr.includes(message)]).toEqual([1, true]);
    expect(stderr).not.toContain('    at ');
  });

  it('prints an error when the port is in use', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { code, stderr } = await failure(['--port', String(port)]);
    taken.close();
    expect([code, stderr.includes('EADDRINUSE')]).toEqual([1, true]);
  });
});
