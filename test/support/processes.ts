// The program with several workers, on the test's emulator, with its output.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithUs } from './guard.ts';
import { startRedis } from './redis.ts';

export interface LogLine {
  readonly msg: string;
  /** The process that wrote the line. */
  readonly worker?: number | 'primary';
  readonly [field: string]: unknown;
}

export interface Processes extends AsyncDisposable {
  readonly url: string;
  readonly adminUrl: string;
  /** The process id of the program. */
  readonly pid: number;
  /** The log so far. */
  readonly log: readonly LogLine[];
  /** The output on stdout and on stderr. */
  readonly text: readonly string[];
  /** Resolves when the log has this many matching lines. */
  logged(isIt: (line: LogLine) => boolean, many?: number): Promise<void>;
  /** The process ids of the current workers, by number. */
  workers(): ReadonlyMap<number, number>;
  /** The process id of the worker of this number. */
  worker(number: number): number;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

const MAIN = join(import.meta.dirname, '../../src/main.ts');
/** Later starts are faster, because they use the compile cache. */
const COMPILED = join(import.meta.dirname, '../../node_modules/.cache/compiled');

export const isReady = ({ msg }: LogLine): boolean => msg === 'a worker is ready';

/**
 * Resolves when all workers are ready. Rejects when the program ends before that. Several workers get a new Redis, unless
 * the environment names one.
 *
 * @param before modules that each process preloads
 */
export async function startProcesses(
  environment: Readonly<Record<string, string>>,
  before: readonly string[] = [],
): Promise<Processes> {
  await using started = new AsyncDisposableStack();
  const free = { PORT: '0', ADMIN_PORT: '0', EMULATOR_PORT: '0', WORKERS: '2' };
  const own = { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: COMPILED, ...free, ...environment };
  const needsRedis = own.WORKERS !== '1' && !('REDIS_URL' in own);
  const env = needsRedis ? { ...own, REDIS_URL: started.use(await startRedis()).url } : own;
  const child = spawn(process.execPath, [...before.flatMap((file) => ['--import', file]), MAIN], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await once(child, 'spawn');
  endWithUs(child);
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  started.defer(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const heard = listenTo(child);
  const isUp = (): boolean => heard.text.some((line) => line.startsWith('Health '));
  await Promise.race([heard.when(isUp), ended]);
  if (!isUp() || child.pid === undefined) throw new Error(`it did not start: ${heard.text.join('\n')}`);
  const areReady = (): boolean => heard.log.some(({ msg }) => msg === 'all workers are ready');
  if (env.WORKERS !== '1') await Promise.race([heard.when(areReady), ended]);
  const workers = (): Map<number, number> =>
    new Map(heard.log.filter(isReady).map((line) => [Number(line['number']), Number(line['pid'])]));
  const address = (what: string): string =>
    heard.text
      .map((line) => new RegExp(`^${what} +(\\S+)`).exec(line)?.[1])
      .find((url) => url !== undefined) ?? '';
  const kept = started.move();
  return {
    url: address('GraphQL'),
    adminUrl: address('Health').replace('/readyz', ''),
    pid: child.pid,
    log: heard.log,
    text: heard.text,
    logged: (isIt, many = 1) => heard.when(() => heard.log.filter(isIt).length >= many),
    workers,
    worker(number) {
      const pid = workers().get(number);
      if (pid === undefined) throw new Error(`there is no worker ${number}`);
      return pid;
    },
    ended,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function listenTo(child: ChildProcess) {
  const log: LogLine[] = [];
  const text: string[] = [];
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      text.push(line);
      if (line.startsWith('{"level"')) log.push(JSON.parse(line));
      for (const look of [...waiting]) look();
    });
  }
  return {
    log,
    text,
    when: (condition: () => boolean) =>
      new Promise<void>((resolve) => {
        const look = (): void => {
          if (!condition()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

export interface Reply {
  readonly status: number;
  readonly body: string;
  /** Whether the response said `Connection: close`. */
  readonly isLast: boolean;
  /** The client's end of the connection. */
  readonly port: number | undefined;
}

export interface Client {
  /** Rejects when the connection breaks. @param token null sends no token */
  ask(query: string, variables?: Record<string, unknown>, token?: string | null): Promise<Reply>;
  close(): void;
}

/** A client that keeps one connection, and opens another when it has to. */
export function createClient(url: string): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    ask: (query, variables = {}, token = 'demo-token-innocenty') =>
      new Promise((resolve, reject) => {
        const headers = {
          'content-type': 'application/json',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        };
        const asked = request(url, { method: 'POST', agent, headers }, (response) => {
          let body = '';
          const port = response.socket.localPort;
          response.setEncoding('utf8');
          response.on('data', (piece: string) => {
            body += piece;
          });
          response.on('error', reject);
          response.on('end', () => {
            resolve({
              status: response.statusCode ?? 0,
              body,
              isLast: response.headers.connection === 'close',
              port,
            });
          });
        });
        asked.on('error', reject);
        asked.end(JSON.stringify({ query, variables }));
      }),
    close: () => agent.destroy(),
  };
}

export interface Load {
  /** The responses so far. */
  readonly answered: number;
  /** Sends requests until then. Rejects for a wrong response. */
  stop(): Promise<{ readonly answered: number; readonly broken: readonly Broken[] }>;
}

/** A request whose connection broke. */
export interface Broken {
  readonly client: number;
  readonly code: string;
}

/** Milliseconds between two requests of a client, so that workers that start get CPU time. */
const PAUSE_MS = 2;

/** Starts clients that send requests repeatedly. */
export function startLoad(url: string, clients: number, query: string, expected: string): Load {
  const broken: Broken[] = [];
  let answered = 0;
  let isOver = false;
  async function keepAsking(number: number): Promise<void> {
    const client = createClient(url);
    while (!isOver) {
      try {
        const { status, body } = await client.ask(query);
        if (status !== 200 || body.trim() !== expected)
          throw new TypeError(`not an answer: ${status} ${body}`);
        answered += 1;
        await sleep(PAUSE_MS);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error)) throw error;
        broken.push({ client: number, code: String(error.code) });
        if (error.code === 'ECONNREFUSED') break;
      }
    }
    client.close();
  }
  const all = Promise.all(Array.from({ length: clients }, (_, number) => keepAsking(number)));
  all.catch(() => {});
  return {
    get answered() {
      return answered;
    },
    async stop() {
      isOver = true;
      await all;
      return { answered, broken };
    },
  };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
