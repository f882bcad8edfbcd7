// Replicas as in production: several gateway processes with a shared Redis and one emulator. They can be stopped, killed,
// and restarted at the same addresses.
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/emulator.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { type Ending, type GatewayProcess, startGatewayProcess } from './gateway-process.ts';
import { LEAP_MS } from './leap.ts';
import { startRedis, type TestRedis } from './redis.ts';

const LEAP = join(import.meta.dirname, 'leap.ts');
const PATIENT_REDIS = join(import.meta.dirname, 'patient-redis.ts');
/** Milliseconds, more than a lease outlives a request of a few seconds. */
const LEASE_MS = 20_000;
/** Milliseconds between two checks of a process. */
const LOOK_MS = 5;

export interface Fleet extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly redis: TestRedis;
  /** The URLs of the gateways. A restarted gateway keeps its URL. */
  readonly urls: readonly string[];
  /** The current or last process at this index. */
  at(index: number): GatewayProcess;
  /** Starts a process in place of one that has ended. */
  restart(index: number): Promise<void>;
  /** Sends SIGTERM, waits for the exit, and starts another process. */
  roll(index: number): Promise<Ending>;
  /** Kills a process with SIGKILL. */
  kill(index: number): Promise<void>;
  /** Resolves when no delayed request is left at the emulator. */
  emulatorIdle(): Promise<void>;
  /** Expires the leases of ended processes in Redis. No request may be in flight. */
  endLeases(): Promise<void>;
  /**
   * Advances the time of all processes and of Redis, past the time after which a write that was sent is assumed lost. No
   * request may be in flight.
   */
  leap(): Promise<void>;
}

export interface FleetOptions {
  readonly count: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether the gateways have longer timeouts for Redis than in production. */
  readonly isPatient?: boolean;
  /** Of the emulator, beside its clock and its chance. */
  readonly emulator?: Pick<EmulatorOptions, 'latency' | 'randomFaults' | 'people'>;
}

/** Redis writes to its file before it acknowledges, so a crash of Redis loses nothing. */
const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'no'];

export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { count, environment = {}, isPatient = false } = options;
  const before = isPatient ? [LEAP, PATIENT_REDIS] : [LEAP];
  let leaps = 0;
  let delayed = 0;
  const clock: Clock = {
    ...systemClock,
    now: () => systemClock.now() + leaps * LEAP_MS,
    async sleep(ms, signal) {
      delayed += 1;
      await systemClock.sleep(ms, signal).finally(() => {
        delayed -= 1;
      });
    },
  };
  const emulator = await startEmulator({ clock, random: seededRandom(7), ...options.emulator });
  const redis = await startRedis(...DURABLE);
  const common = {
    NODE_ENV: 'production',
    GRAPH_CLOUD: 'emulator',
    GRAPH_BASE_URL: emulator.url,
    AUTH_MODE: 'pass-through',
    REDIS_URL: redis.url,
    ADMIN_PORT: '0',
    AUDIT_LOG: 'off',
    RATE_LIMIT: '0',
    LIMIT_EVENT_LOOP_DELAY_MS: '0',
    ...environment,
  };
  const start = (port: number): Promise<GatewayProcess> =>
    startGatewayProcess({ environment: { ...common, PORT: String(port) }, before });
  const gateways = await Promise.all(Array.from({ length: count }, () => startAnywhere(start)));
  const urls = gateways.map(({ url }) => url);

  function at(index: number): GatewayProcess {
    const gateway = gateways[index];
    if (gateway === undefined) throw new TypeError(`there is no replica ${index}`);
    return gateway;
  }

  async function leapTo(gateway: GatewayProcess, times: number): Promise<void> {
    while (gateway.leaps < times) {
      const before = gateway.leaps;
      gateway.signal('SIGUSR2');
      await looking(() => gateway.leaps > before || gateway.isGone);
      if (gateway.isGone) throw new Error(`a replica is gone: ${gateway.said()}`);
    }
  }

  /** Its clock is advanced with the others. */
  async function restart(index: number): Promise<void> {
    const gateway = await start(Number(new URL(at(index).url).port));
    gateways[index] = gateway;
    await leapTo(gateway, leaps);
  }

  return {
    emulator,
    redis,
    urls,
    at,
    restart,
    async roll(index) {
      at(index).signal('SIGTERM');
      const ending = await at(index).ended;
      await restart(index);
      return ending;
    },
    async kill(index) {
      at(index).signal('SIGKILL');
      await at(index).ended;
    },
    emulatorIdle: () => looking(() => delayed === 0),
    endLeases: () => age(redis, LEASE_MS),
    async leap() {
      leaps += 1;
      await age(redis, LEAP_MS);
      await Promise.all(gateways.map((gateway) => leapTo(gateway, leaps)));
    },
    async [Symbol.asyncDispose]() {
      for (const gateway of gateways) gateway.signal('SIGKILL');
      await Promise.all(gateways.map(({ ended }) => ended));
      await emulator.close();
      await redis[Symbol.asyncDispose]();
    },
  };
}

/** Resolves when the condition holds. */
export async function looking(condition: () => boolean): Promise<void> {
  while (!condition()) await systemClock.sleep(LOOK_MS);
}

/** Shortens the remaining time of every expiring key in Redis, and deletes the keys that expire. */
async function age(redis: TestRedis, ms: number): Promise<void> {
  const script = `
    for _, key in ipairs(redis.call('KEYS', '*')) do
      local left = redis.call('PTTL', key)
      if left >= 0 then redis.call('PEXPIRE', key, left - tonumber(ARGV[1])) end
    end`;
  await redis.command('EVAL', script, '0', String(ms));
}

/** Below the range of ephemeral ports, so that no other process takes the port during a restart. */
async function startAnywhere(start: (port: number) => Promise<GatewayProcess>): Promise<GatewayProcess> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start(randomInt(20_000, 32_000));
    } catch (error) {
      if (tries === 10) throw error;
    }
  }
}
