// Starting the program from the command line: its exit code and its output.
import { execFile } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, '../src/main.ts');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(environment: Record<string, string>, ...args: string[]): Promise<Ended> {
  const free = { PORT: '0', ADMIN_PORT: '0', EMULATOR_PORT: '0' };
  const env = { PATH: process.env['PATH'] ?? '', ...free, ...environment };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], { env }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
  });
}

describe('a program that cannot start prints the reason and exits with 1', () => {
  it.each(['PORT', 'ADMIN_PORT', 'EMULATOR_PORT'])('when something else listens on %s', async (variable) => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const port = String((other.address() as AddressInfo).port);
    const { code, stdout, stderr } = await start({ [variable]: port, LOG_LEVEL: 'silent' });
    await new Promise((resolve) => other.close(resolve));
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      `127.0.0.1:${port} is in use. Stop the program that listens there, or set PORT, ADMIN_PORT or EMULATOR_PORT. 0 takes a free port.\n`,
    );
  });

  it('when variables are invalid, all of them at once', async () => {
    const { code, stderr } = await start({ GRAPH_CLOUD: 'mars', EXPLORER: 'yes', PORT: 'http' });
    expect(code).toBe(1);
    expect(
      stderr.split('\n').filter((line) => /^(GRAPH_CLOUD|EXPLORER|PORT): give /.test(line)),
    ).toHaveLength(3);
  });
});

describe('npm run config', () => {
  it('prints the configuration without its secrets', async () => {
    const environment = {
      GRAPH_CLOUD: 'global',
      AZURE_TENANT_ID: '7e000000-0000-4000-8000-000000000001',
      AZURE_CLIENT_ID: '7e000000-0000-4000-8000-000000000002',
      AZURE_CLIENT_SECRET: 'canary-secret',
      REDIS_URL: 'rediss://gateway:canary-pass%77ord@cache.contoso.com/2',
      STATE_KEY: Buffer.from('canary'.repeat(6)).toString('base64'),
    };
    const { code, stdout, stderr } = await start(environment, '--check-config');
    expect(code).toBe(0);
    expect(stdout).toContain('"cloud": "global"');
    expect(JSON.parse(stdout).state).toEqual({
      kind: 'redis',
      address: {
        tls: true,
        host: 'cache.contoso.com',
        port: 6379,
        username: 'gateway',
        password: '***',
        database: 2,
      },
      secret: '***',
    });
    expect(stdout + stderr).not.toMatch(new RegExp(`canary|${environment.STATE_KEY}`));
  });
});
