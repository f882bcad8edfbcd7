// Several gateways in this process, with one emulator, one store, and virtual time that the test can advance. The sleeps of
// the gateways are shortened; the emulator's delays are not. On a slow machine nothing takes longer in virtual time.
import { once } from 'node:events';
import { request } from 'node:http';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/emulator.ts';
import { type Environment, readConfig } from '../../src/config/config.ts';
import { GOOD_PROBES } from '../../src/graph/circuit-breaker.ts';
import { startStandalone } from '../../src/process/standalone.ts';
import type { Clock } from '../../src/runtime/clock.ts';
import { type Logger, silentLogger } from '../../src/runtime/log.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { createMemoryStore, type Store } from '../../src/store/store.ts';
import { ask, tokenOf } from './product.ts';
import { type TroubledStore, troubled } from './troubled-store.ts';
import { startVirtualClock } from './virtual-clock.ts';

const DAY_MS = 86_400_000;
/** Compression happens in threads, of which virtual time does not know. */
export const PLAIN = { 'accept-encoding': 'identity' };

export interface Replica {
  readonly url: string;
  /** Its connection to the store. */
  readonly store: TroubledStore;
}

export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: payloads of every selection
  readonly payload: any;
  // biome-ignore lint/suspicious/noExplicitAny: errors of every kind
  readonly errors: any;
}

export interface Asked {
  /** The index of the replica. The default is the first. */
  readonly at?: number;
  /** The name of a demo token, or a token. The default is `innocenty`. */
  readonly as?: string;
}

export interface Leaving extends Asked {
  leave(): Promise<void>;
}

export interface Replicas extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly replicas: readonly Replica[];
  /** Advances the time of all replicas. Timers do not fire. */
  pass(ms: number): void;
  /**
   * Resets the emulator to its initial state, and advances the time until throttling pauses and circuit breakers have
   * ended.
   */
  newDay(): Promise<void>;
  /** Runs a mutation of one field that takes an input. */
  run(query: string, input: Record<string, unknown>, asked?: Asked): Promise<Answer>;
  /** The same, by a caller that disconnects after the request is sent and `leave` has resolved. */
  runAndLeave(query: string, input: Record<string, unknown>, asked: Leaving): Promise<void>;
  /** Resolves when the gateways have completed all requests, including those of callers that disconnected. */
  idle(): Promise<void>;
  /** Methods and paths of the writes since the calls were cleared. */
  writes(): string[];
}

export interface ReplicasOptions {
  readonly count?: number;
  readonly environment?: Environment;
  /** The factor by which sleeps of the gateways are shortened. */
  readonly pace?: number;
  readonly seed?: number;
  /** Options of the emulator, besides its clock and its random generator. */
  readonly emulator?: Pick<EmulatorOptions, 'latency' | 'people' | 'randomFaults'>;
  /** The store that all replicas use. */
  readonly behind?: (store: Store) => Store;
}

export async function startReplicas(options: ReplicasOptions = {}): Promise<Replicas> {
  const { count = 2, environment = {}, pace = 25, seed = 7, behind = (store) => store } = options;
  const time = startVirtualClock();
  let passed = 0;
  const clock: Clock = {
    ...time,
    now: () => time.now() + passed,
    elapsed: () => time.elapsed() + passed,
  };
  const hasty: Clock = { ...clock, sleep: (ms, signal) => time.sleep(ms / pace, signal) };
  const emulator = await startEmulator({ clock, random: seededRandom(seed), ...options.emulator });
  const store = behind(createMemoryStore(clock, 100_000));
  const { config, problems } = readConfig({
    PORT: '0',
    ADMIN_PORT: '0',
    GRAPH_BASE_URL: emulator.url,
    AUTH_MODE: 'pass-through',
    LIMIT_EVENT_LOOP_DELAY_MS: '0',
    ...environment,
  });
  if (config === null) throw new Error(`the configuration is wrong: ${JSON.stringify(problems)}`);
  let asked = 0;
  let ended = 0;
  const logger: Logger = {
    ...silentLogger,
    info(_fields, message) {
      if (message === 'operation') ended += 1;
    },
  };
  const tokenFor = (as: string): string => (as.includes('.') ? as : tokenOf(emulator, as));
  const started = await Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const own = troubled(store);
      const random = seededRandom(seed + at + 1);
      const product = await startStandalone(config, { clock: hasty, random, logger, store: own });
      return { url: product.url, store: own, close: product.close };
    }),
  );
  return {
    emulator,
    replicas: started,
    pass(ms) {
      passed += ms;
    },
    async newDay() {
      emulator.reset();
      passed += DAY_MS;
      for (const { url } of started) {
        for (let look = 0; look < GOOD_PROBES; look += 1) {
          const { body } = await ask(url, tokenFor('innocenty'), '{ me { displayName } }', {}, PLAIN);
          if (body.errors !== undefined) throw new Error('the gateway still leaves Microsoft Graph alone');
          asked += 1;
        }
      }
      emulator.reset();
    },
    async run(query, input, { at = 0, as = 'innocenty' } = {}) {
      asked += 1;
      const { body } = await ask(started[at]?.url ?? '', tokenFor(as), query, { input }, PLAIN);
      return { payload: Object.values(body.data ?? {})[0] ?? null, errors: body.errors };
    },
    async runAndLeave(query, input, { at = 0, as = 'innocenty', leave }) {
      asked += 1;
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${tokenFor(as)}` };
      const call = request(started[at]?.url ?? '', { method: 'POST', headers, agent: false });
      call.on('error', () => undefined);
      call.end(JSON.stringify({ query, variables: { input } }));
      await once(call, 'finish');
      await leave();
      call.destroy();
    },
    async idle() {
      while (ended < asked) await nextTurn();
    },
    writes: () =>
      emulator.calls
        .filter(({ method, path }) => method !== 'GET' && !path.endsWith('$batch'))
        .map(({ method, path }) => `${method} ${path.replace('/beta', '')}`),
    async [Symbol.asyncDispose]() {
      await Promise.all(started.map(({ close }) => close()));
      await emulator.close();
      time[Symbol.dispose]();
    },
  };
}

/** The next turn of the event loop. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
