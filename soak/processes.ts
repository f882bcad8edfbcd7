// The processes of the soak test: the emulator, a Redis if installed, and one gateway. They listen on this machine only, and
// end with this process.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Depth, Sample } from './inside.ts';
import type { Facts } from './upstream.ts';

const HERE = import.meta.dirname;
const MAIN = join(HERE, '../src/main.ts');

export interface Processes {
  readonly url: string;
  readonly facts: Facts;
  /** Whether the gateway uses Redis. */
  readonly hasRedis: boolean;
  /** Whether the gateway is still running. */
  readonly isAlive: boolean;
  tokenOf(person: string): Promise<string>;
  /** Starts or stops the faults. */
  trouble(on: boolean): Promise<void>;
  /** The numbers of all phones that exist. */
  numbers(): Promise<readonly string[]>;
  sample(depth: Depth): Promise<Sample>;
  close(): Promise<void>;
}

export async function startProcesses(faultPercent: number): Promise<Processes> {
  const upstream = fork(join(HERE, 'upstream.ts'), [String(faultPercent)]);
  const ask = questions(upstream);
  await once(upstream, 'message');
  const facts = (await ask({ kind: 'facts' })) as Facts;
  const redis = await startRedis();
  const gateway = fork(MAIN, [], {
    execArgv: ['--expose-gc', '--import', join(HERE, 'inside.ts')],
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
    env: environment(facts, redis),
  });
  const url = await addressOf(gateway);
  return {
    url,
    facts,
    hasRedis: redis !== null,
    get isAlive() {
      return gateway.exitCode === null && gateway.signalCode === null;
    },
    tokenOf: (person) => ask({ kind: 'token', person }) as Promise<string>,
    async trouble(on) {
      await ask({ kind: 'faults', on });
    },
    numbers: () => ask({ kind: 'numbers' }) as Promise<readonly string[]>,
    async sample(depth) {
      const answer = once(gateway, 'message');
      gateway.send(depth);
      return ((await answer) as [Sample])[0];
    },
    async close() {
      await end(gateway);
      await end(upstream);
      await redis?.close();
    },
  };
}

function environment(facts: Facts, redis: Redis | null): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    NODE_ENV: 'production',
    PORT: '0',
    ADMIN_PORT: '0',
    GRAPH_CLOUD: 'emulator',
    GRAPH_BASE_URL: facts.url,
    AUTH_MODE: 'entra',
    AZURE_AUTHORITY_HOST: facts.authority,
    AZURE_TENANT_ID: facts.tenantId,
    AZURE_CLIENT_ID: facts.clientId,
    AZURE_CLIENT_SECRET: facts.clientSecret,
    RATE_LIMIT: '0',
    DRAIN_DELAY_MS: '0',
    ...(redis === null ? {} : { REDIS_URL: redis.url }),
  };
}

type Ask = (question: Record<string, unknown>) => Promise<unknown>;

/** Replies may arrive in another order than the requests. */
function questions(child: ChildProcess): Ask {
  const waiting = new Map<number, (value: unknown) => void>();
  let last = 0;
  child.on('message', (message: unknown) => {
    if (typeof message !== 'object' || message === null) return;
    const { id, value } = message as { readonly id: number; readonly value: unknown };
    waiting.get(id)?.(value);
    waiting.delete(id);
  });
  return (question) => {
    last += 1;
    const id = last;
    child.send({ id, ...question });
    return new Promise((resolve) => waiting.set(id, resolve));
  };
}

/** The rest of its stdout is the audit trail. */
async function addressOf({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new TypeError('nobody listens to the gateway');
  for await (const line of createInterface({ input: stdout })) {
    const [, url] = /^GraphQL +(http:\S+)/.exec(line) ?? [];
    if (url === undefined) continue;
    stdout.resume();
    return url;
  }
  throw new Error('the gateway did not start');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

interface Redis {
  readonly url: string;
  close(): Promise<void>;
}

/** Null when Redis is not installed. */
async function startRedis(): Promise<Redis | null> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = folders.map((folder) => join(folder, 'redis-server')).find((path) => existsSync(path));
  const program = process.env['REDIS_SERVER_PATH'] ?? found;
  if (program === undefined) return null;
  const folder = mkdtempSync(join(tmpdir(), 'soak-'));
  const port = randomInt(20_000, 32_000);
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const server = spawn(program, place, { stdio: 'ignore' });
  process.once('exit', () => {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  while (!(await listens(port))) {
    if (server.exitCode !== null) throw new Error(`redis-server could not listen on ${port}`);
  }
  return { url: `redis://127.0.0.1:${port}`, close: () => end(server) };
}

function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}
