// A server process: started on its core, ready when it listens, and stopped by its process id.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Start {
  /** Of node. */
  readonly args: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A core list for `taskset -c`. Null for any core. */
  readonly core: string | null;
}

export interface Child {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

/** Milliseconds in which a server must listen, and in which it must end. */
const START_MS = 60_000;
const STOP_MS = 3_000;

/**
 * The output of the server goes to /dev/null during a measurement, so that the disk does not affect it.
 *
 * @param telling whether the output is kept instead, for the error when it does not start
 * @throws Error when it ends before it listens, or does not listen in time
 */
export async function startChild(start: Start, telling = false): Promise<Child> {
  const port = await freePort();
  const node = [process.execPath, ...start.args];
  const [command, ...args] = start.core === null ? node : ['taskset', '-c', start.core, ...node];
  const child = spawn(command ?? process.execPath, args, {
    cwd: start.directory,
    // Only PATH of the environment, because servers read other variables.
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', PORT: String(port), ...start.environment },
    stdio: ['ignore', telling ? 'pipe' : 'ignore', telling ? 'pipe' : 'ignore'],
  });
  const said = collect(child);
  // The servers end with the benchmark, however it ends.
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  try {
    await listening(child, port);
  } catch (error) {
    await stop(child);
    throw new Error(`${start.args.join(' ')}: ${(error as Error).message}\n${said()}`, { cause: error });
  }
  return { pid: child.pid ?? 0, port, stop: () => stop(child) };
}

function collect(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      text = `${text}${chunk}`.slice(-4_000);
    });
  }
  return () => text;
}

/** A free port. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('there is no free port');
  return address.port;
}

async function listening(child: ChildProcess, port: number): Promise<void> {
  const end = performance.now() + START_MS;
  while (performance.now() < end) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('it ended before it listened');
    if (await accepts(port)) return;
    await sleep(25);
  }
  throw new Error('it does not listen');
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(timer);
}
