// Starts the gateway by any command, in a process group of its own, so that a test can find processes that are left behind.
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { until } from './emulator.ts';
import { startRedis } from './redis.ts';

export const ROOT = join(import.meta.dirname, '../..');
export const LAUNCHER = ['bin/run.js', 'src/main.ts'] as const;
/** A module that removes `process.execve`, as in Node before 22.15. */
export const WITHOUT_EXECVE = 'data:text/javascript,delete%20process.execve';

export interface Launched {
  readonly child: ChildProcess;
  readonly url: string;
  readonly adminUrl: string;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** Whether a process of the group is running. */
  isAnybodyThere(): boolean;
}

export interface LaunchOptions {
  readonly command: readonly [string, ...string[]];
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Whether stdout is a pipe, from which the URLs are read. Otherwise free ports are chosen. */
  readonly stdout?: 'pipe' | number;
  readonly stderr?: 'pipe' | number;
}

/** Resolves when it listens. Its processes end with the test, and so does the Redis of several workers. */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const { command, environment, stdout = 'pipe', stderr = 'pipe' } = options;
  const isRead = stdout === 'pipe';
  const [port, adminPort] = isRead ? [0, 0] : [await freePort(), await freePort()];
  const free = { PORT: String(port), ADMIN_PORT: String(adminPort), EMULATOR_PORT: '0' };
  const { PATH, HOME } = process.env;
  const [program, ...args] = command;
  const stdio: StdioOptions = ['ignore', stdout, stderr];
  const env = { PATH, HOME, ...free, ...(await redisFor(environment)), ...environment };
  const child = spawn(program, args, { cwd: ROOT, env, stdio, detached: true });
  const group = -(child.pid ?? 0);
  const isAnybodyThere = (): boolean => signalGroup(group, 0);
  onTestFinished(() => void signalGroup(group, 'SIGKILL'));
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  const addresses = await Promise.race([
    isRead ? readAddresses(child) : awaitReadiness(port, adminPort),
    ended.then(() => []),
  ]);
  const [url, health] = addresses;
  if (url === undefined || health === undefined) throw new Error('it did not start');
  child.stdout?.resume();
  return { child, url, adminUrl: new URL(health).origin, ended, isAnybodyThere };
}

async function redisFor(environment: LaunchOptions['environment']): Promise<{ REDIS_URL?: string }> {
  if ((environment?.['WORKERS'] ?? '1') === '1') return {};
  const redis = await startRedis();
  onTestFinished(() => redis[Symbol.asyncDispose]());
  return { REDIS_URL: redis.url };
}

function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(group, signal);
  } catch {
    return false;
  }
}

async function readAddresses({ stdout }: ChildProcess): Promise<string[]> {
  const found: string[] = [];
  if (stdout === null) return found;
  for await (const line of createInterface({ input: stdout })) {
    const [, address] = /^(?:GraphQL|Health) +(http:\S+)/.exec(line) ?? [];
    if (address !== undefined) found.push(address);
    if (found.length === 2) break;
  }
  return found;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function awaitReadiness(port: number, adminPort: number): Promise<string[]> {
  const health = `http://127.0.0.1:${adminPort}/readyz`;
  await until(() =>
    fetch(health).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  return [`http://127.0.0.1:${port}/graphql`, health];
}
