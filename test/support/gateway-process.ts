// A gateway as it runs in earnest: a process of its own, told by its environment and by signals.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { endWithUs } from './ending.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface GatewayProcess {
  readonly url: string;
  readonly adminUrl: string;
  readonly ended: Promise<Ending>;
  readonly isGone: boolean;
  signal(name: NodeJS.Signals): void;
  /** What it has said on stderr so far: its log. */
  said(): string;
  /** Resolves when it has said this on stderr so many times. */
  hears(word: string, times: number): Promise<void>;
}

export interface ProcessOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** Modules that are loaded before its own code. */
  readonly before?: readonly string[];
}

/** Resolves when it says that it listens; rejects with what it said when it ends before that. */
export async function startGatewayProcess(options: ProcessOptions): Promise<GatewayProcess> {
  const { environment, before = [] } = options;
  const child = spawn(process.execPath, [...before.flatMap((file) => ['--import', file]), MAIN], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }) as Ending);
  endWithUs(child);
  let text = '';
  const listeners = new Set<() => void>();
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    for (const look of listeners) look();
  });
  const addresses: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const [, address] = /^(?:GraphQL|Health) +(http:\S+)/.exec(line) ?? [];
    if (address !== undefined) addresses.push(address);
    if (addresses.length === 2) break;
  }
  const [url, health] = addresses;
  if (url === undefined || health === undefined) throw new Error(`the gateway did not start: ${text}`);
  child.stdout.resume();
  return {
    url,
    adminUrl: new URL(health).origin,
    ended,
    get isGone() {
      return child.exitCode !== null || child.signalCode !== null;
    },
    signal: (name) => void child.kill(name),
    said: () => text,
    hears(word, times) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const look = (): void => {
        if (text.split(word).length > times) resolve();
      };
      listeners.add(look);
      look();
      return promise.finally(() => listeners.delete(look));
    },
  };
}
