import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SCENARIOS } from '../../emulator/emulator.ts';

const MAIN = new URL('../../emulator/main.ts', import.meta.url).pathname;
const run = promisify(execFile);

/** Starts it, and waits until it has said all that it says at the start. */
async function start(args: string[], env = {}): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...env } });
  let said = '';
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (/curl .*\n/.test(said)) break;
  }
  return { child, said };
}

async function failure(args: string[], env = {}): Promise<{ code: number; stderr: string }> {
  const options = { env: { ...process.env, ...env } };
  return run(process.execPath, [MAIN, ...args], options).then(
    () => ({ code: 0, stderr: '' }),
    ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
  );
}

describe('npm run start:emulator', () => {
  it('says where it is, names the tokens, and gives a curl line that works', async () => {
    const { child, said } = await start(['--port', '0', '--people', '12']);
    const [, header = '', url = ''] = /curl -H "([^"]+)" (http\S+)/.exec(said) ?? [];
    const response = await fetch(url, { headers: { authorization: header.replace('Authorization: ', '') } });
    expect(await response.json()).toMatchObject({ value: [{ displayName: 'Car Phone' }, {}, {}] });
    expect(said).toMatch(/demo-token-reader +Lukas Brandt/);
    expect(said).toMatch(
      /Entra ID at http:\/\/127\.0\.0\.1:\d+\/7e000000-0000-4000-8000-000000000001\/v2\.0/,
    );
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('takes the port from EMULATOR_PORT, and stops on SIGINT with a connection open', async () => {
    const { child, said } = await start(['--drafts'], { EMULATOR_PORT: '0' });
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
    expect((await fetch(`${url}/beta/me`)).status).toBe(401);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('brings the faults that are named', async () => {
    const { child, said } = await start([
      '--port',
      '0',
      '--people',
      '12',
      '--faults',
      'throttled,status-502',
    ]);
    expect(said).toContain('Of a hundred requests, 100 that can be are struck by: throttled, status-502\n');
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
    expect((await fetch(`${url}/beta/me`)).status).toBeOneOf([429, 502]);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('takes the time that it is told to', async () => {
    const { child, said } = await start(['--port', '0', '--people', '12', '--latency', '60-70']);
    expect(said).toContain('Every request takes 60 to 70 ms\n');
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
    expect((await fetch(`${url}/beta/me`)).status).toBe(401);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('prints the names of the faults', async () => {
    const { stdout } = await run(process.execPath, [MAIN, '--faults', 'list']);
    for (const { name } of SCENARIOS) expect(stdout).toContain(`  ${name} `);
    expect(stdout).toContain('  mixed ');
  });

  it('explains itself', async () => {
    const { stdout } = await run(process.execPath, [MAIN, '--help']);
    for (const option of ['--port', '--drafts', '--file', '--people', '--shared-ids', '--faults', '--latency', '--help'])
      expect(stdout).toContain(option);
  });

  it.each([
    [['--port', 'x'], {}, '--port must be a whole number from 0 to 65535, not x'],
    [['--port', '70000'], {}, '--port must be a whole number'],
    [[], { EMULATOR_PORT: 'x' }, 'EMULATOR_PORT must be a whole number'],
    [['--people', '3'], {}, 'people must be a whole number from 12 to 100000, not 3'],
    [['--faults', 'nonsense'], {}, 'there is no fault named nonsense; there are:\nAnswers that say no\n'],
    [['--faults', 'hang', '--fault-percent', '101'], {}, '--fault-percent must be a number from 0 to 100'],
    [
      ['--faults', 'hang', '--fault-percent', 'x'],
      {},
      '--fault-percent must be a number from 0 to 100, not x',
    ],
    [['--fault-seed', 'x'], {}, '--fault-seed must be a whole number, not x'],
    [['--latency', '300-200'], {}, '--latency must be milliseconds from 0 to 60000'],
    [['--latency', 'slow'], {}, 'or two with a hyphen, not slow'],
    [['--nonsense'], {}, "Unknown option '--nonsense'"],
  ])('says what is wrong with %j %j, and exits with 1', async (args, env, message) => {
    const { code, stderr } = await failure(args, env);
    expect([code, stderr.includes(message)]).toEqual([1, true]);
    expect(stderr).not.toContain('    at ');
  });

  it('says that a port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const { code, stderr } = await failure(['--port', String(port)]);
    taken.close();
    expect([code, stderr.includes('EADDRINUSE')]).toEqual([1, true]);
  });
});
