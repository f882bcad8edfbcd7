// A real nginx for a test, with the configuration of docs/deployment.md and other addresses. `nginx` is found by NGINX_PATH,
// in PATH, or in Debian's location. Without it the tests are skipped, unless CI=true, which requires it.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { endWithUs } from './guard.ts';

const PAGE = join(import.meta.dirname, '../../docs/deployment.md');

const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
const executable =
  process.env['NGINX_PATH'] ??
  folders.map((folder) => join(folder, 'nginx')).find((path) => existsSync(path));

export const isNginxMissing = executable === undefined && process.env['CI'] !== 'true';
/** A suffix for the names of skipped tests. */
export const nginxSkipped = isNginxMissing
  ? ' (skipped: no nginx; install it, or say where it is in NGINX_PATH)'
  : '';

export interface TestNginx extends AsyncDisposable {
  /** Its URL, without a slash at the end. */
  readonly url: string;
  /** Its error log so far. */
  complaints(): Promise<string>;
}

/** @param upstreams origins of three gateways */
export async function startNginx(upstreams: readonly string[]): Promise<TestNginx> {
  const folder = await mkdtemp(join(tmpdir(), 'nginx-'));
  // When root starts it, its workers run as `nobody`.
  await chmod(folder, 0o755);
  for (let tries = 1; ; tries += 1) {
    const port = randomInt(20_000, 32_000);
    const stop = await start(folder, port, upstreams);
    if (stop === null && tries === 10) throw new Error(await complaintsIn(folder));
    if (stop === null) continue;
    return {
      url: `http://127.0.0.1:${port}`,
      complaints: () => complaintsIn(folder),
      async [Symbol.asyncDispose]() {
        await stop();
        await rm(folder, { recursive: true });
      },
    };
  }
}

/** Returns a function that ends it. Null when it ended by itself. */
async function start(
  folder: string,
  port: number,
  upstreams: readonly string[],
): Promise<(() => Promise<void>) | null> {
  await writeFile(join(folder, 'nginx.conf'), configuration(port, upstreams));
  const child = spawn(executable ?? 'nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], {
    stdio: 'ignore',
  });
  await once(child, 'spawn');
  endWithUs(child, 'TERM');
  const ended = once(child, 'exit');
  while (child.exitCode === null && child.signalCode === null) {
    if (!(await answers(port))) continue;
    return async () => {
      child.kill('SIGTERM');
      await ended;
    };
  }
  return null;
}

async function answers(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/nowhere`).catch(() => null);
  await response?.arrayBuffer();
  return response?.status === 404;
}

function complaintsIn(folder: string): Promise<string> {
  return readFile(join(folder, 'error.log'), 'utf8');
}

/** The configuration of the page goes into the `http` block. The rest keeps its files in a folder and logs the upstream. */
function configuration(port: number, upstreams: readonly string[]): string {
  const [, shown = ''] = /^```nginx\n([\s\S]*?)^```$/m.exec(readFileSync(PAGE, 'utf8')) ?? [];
  const servers = shown.match(/10\.0\.0\.\d:4000/g) ?? [];
  if (servers.length !== upstreams.length) throw new TypeError(`there are to be ${servers.length} upstreams`);
  const here = servers.reduce(
    (text, server, at) => text.replace(server, new URL(upstreams[at] ?? '').host),
    shown.replace('listen 8080', `listen 127.0.0.1:${port}`),
  );
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
worker_processes 2;
pid nginx.pid;
error_log error.log warn;
events { worker_connections 1024; }
http {
  access_log off;
  add_header X-Served-By $upstream_addr always;
  ${temporary.map((kind) => `${kind}_temp_path ${kind};`).join('\n  ')}
${here}
}
`;
}
