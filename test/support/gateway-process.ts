// A gateway process as in production, controlled by its environment and by signals.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { endWithUs } from './guard.ts';
import { LEAPT } from './leap.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
/** Maximum characters of the log that are kept. */
const MOST_SAID = 20_000;

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface GatewayProcess {
  readonly url: string;
  readonly adminUrl: string;
  readonly ended: Promise<Ending>;
  readonly isGone: boolean;
  /** The number of completed requests in its log, including those of callers that disconnected. */
  readonly operations: number;
  /** How often its clocks have jumped. */
  readonly leaps: number;
  signal(name: NodeJS.Signals): void;
  /** The last lines of its stderr. */
  said(): string;
}

export interface ProcessOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** Modules to preload. */
  readonly before?: readonly string[];
}

/** Resolves when it listens. Rejects with its output when it ends before that. */
export async function startGatewayProcess(options: ProcessOptions): Promise<GatewayProcess> {
  const { environment, before = [] } = options;
  const child = spawn(process.execPath, [...before.flatMap((file) => ['--import', file]), MAIN], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }) as Ending);
  endWithUs(child);
  let text = '';
  let operations = 0;
  let leaps = 0;
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.endsWith('"msg":"operation"}')) operations += 1;
    if (line === LEAPT) leaps += 1;
    text = `${text}${line}\n`.slice(-MOST_SAID);
  });
  const addresses: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const [, address] = /^(?:GraphQL|Health) +(http:\S+)/.exec(line) ?? [];
    if (address !== undefined) addresses.push(address);
    if (addresses.length === 2) break;
  }
  const [url, health] = addresses;
  if (url === undefined || health === undefined) {
    await ended;
    throw new Error(`the gateway did not start: ${text}`);
  }
  child.stdout.resume();
  return {
    url,
    adminUrl: new URL(health).origin,
    ended,
    get isGone() {
      return child.exitCode !== null || child.signalCode !== null;
    },
    get operations() {
      return operations;
    },
    get leaps() {
      return leaps;
    },
    signal: (name) => void child.kill(name),
    said: () => text,
  };
}
