// A real Redis for a test: a process of its own on a free port, in a folder of its own, that writes nothing down unless
// told. It can be killed, started again, stopped in its tracks and woken. `redis-server` is looked for in REDIS_SERVER_PATH
// and in PATH; without one these tests are skipped, except where CI=true says that it must be there.
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
/** For the name of what is skipped. */
export const redisSkipped = isRedisMissing
  ? ' (skipped: no redis-server; install it, or say where it is in REDIS_SERVER_PATH)'
  : '';

export interface TestRedis extends AsyncDisposable {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Ends it as a crash does; all that it held and has not written down is gone. */
  kill(): Promise<void>;
  /** Starts it again, with what it has written down, at the same address. */
  restart(): Promise<void>;
  /** It keeps its connections and answers nothing. */
  freeze(): void;
  thaw(): void;
  /** Any command, past the store. */
  command(...args: string[]): Promise<unknown>;
  /** All keys and what they hold. */
  dump(): Promise<Map<string, string>>;
}

/** @param args of `redis-server`, beyond the usual */
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

/** Below the ports that the system hands out by itself, so that nobody takes one between a kill and a restart. */
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

/** Deadlines are twenty times as long as they say, so that a busy machine does not pass for a slow Redis. */
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
