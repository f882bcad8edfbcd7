// A real Redis for a test, on a free port and in a temporary folder, by default without persistence. It can be killed,
// restarted, paused and resumed. `redis-server` is found by REDIS_SERVER_PATH or in PATH. Without it the tests are skipped,
// unless CI=true, which requires it.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { createClient } from '@redis/client';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { createRedisStore, type RedisStoreOptions } from '../../src/store/redis.ts';
import type { Store } from '../../src/store/store.ts';
import { endWithUs } from './guard.ts';

const folders = (process.env['PATH'] ?? '').split(delimiter);
const executable =
  process.env['REDIS_SERVER_PATH'] ??
  folders.map((folder) => join(folder, 'redis-server')).find((path) => existsSync(path));

export const isRedisMissing = executable === undefined && process.env['CI'] !== 'true';
/** A suffix for the names of skipped tests. */
export const redisSkipped = isRedisMissing
  ? ' (skipped: no redis-server; install it, or say where it is in REDIS_SERVER_PATH)'
  : '';

export interface TestRedis extends AsyncDisposable {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Kills it. All data that is not in its file is lost. */
  kill(): Promise<void>;
  /** Restarts it at the same address, with the data in its file. */
  restart(): Promise<void>;
  /** Pauses it: it keeps its connections and does not respond. */
  freeze(): void;
  thaw(): void;
  /** Sends a command to Redis directly. */
  command(...args: string[]): Promise<unknown>;
  /** All keys and their values. */
  dump(): Promise<Map<string, string>>;
}

/** @param args additional arguments of `redis-server` */
export async function startRedis(...args: string[]): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'redis-'));
  let [server, port] = await startAnywhere(folder, args);
  const redis = { host: '127.0.0.1', url: `redis://127.0.0.1:${port}`, port };

  async function kill(): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  }

  async function command(...words: string[]): Promise<unknown> {
    const client = createClient({ url: redis.url });
    client.on('error', () => {});
    await client.connect();
    try {
      return await client.sendCommand(words);
    } finally {
      client.destroy();
    }
  }

  return {
    ...redis,
    kill,
    async restart() {
      server = await start(folder, port, args);
    },
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    command,
    async dump() {
      const names = (await command('KEYS', '*')) as string[];
      const values = names.length === 0 ? [] : ((await command('MGET', ...names)) as string[]);
      return new Map(names.map((name, at) => [name, values[at] ?? '']));
    },
    async [Symbol.asyncDispose]() {
      await kill();
      await rm(folder, { recursive: true });
    },
  };
}

/** Below the range of ephemeral ports, so that no other process takes the port during a restart. */
async function startAnywhere(folder: string, args: readonly string[]): Promise<[ChildProcess, number]> {
  for (let tries = 1; ; tries += 1) {
    const port = randomInt(20_000, 32_000);
    try {
      return [await start(folder, port, args), port];
    } catch (error) {
      if (tries === 10) throw error;
    }
  }
}

async function start(folder: string, port: number, args: readonly string[]): Promise<ChildProcess> {
  const own = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--daemonize',
    'no',
  ];
  const server = spawn(executable ?? 'redis-server', [...own, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(server, 'spawn');
  endWithUs(server);
  const said: string[] = [];
  for await (const line of createInterface({ input: server.stdout })) {
    said.push(line);
    if (!line.includes('Ready to accept connections')) continue;
    server.stdout.resume();
    return server;
  }
  throw new Error(`redis-server did not start: ${said.at(-1)}`);
}

/** Extends timeouts twentyfold, so that a busy machine does not look like a slow Redis. */
export const patientClock: Clock = {
  ...systemClock,
  schedule: (ms, run) => systemClock.schedule(ms * 20, run),
};

/** Connects the store of a replica to a test Redis. */
export function connectTo(
  { host, port }: Pick<TestRedis, 'host' | 'port'>,
  options: Partial<RedisStoreOptions> = {},
): Promise<Store> {
  return createRedisStore({
    address: { tls: false, host, port, username: null, password: null, database: 0 },
    clock: patientClock,
    random: systemRandom,
    logger: silentLogger,
    ...options,
  });
}
