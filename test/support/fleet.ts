// Replicas as they run in earnest: gateways in processes of their own, a Redis between them, and one emulator before
// which they stand. They can be asked to go, killed, and started again where they were.
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
/** Milliseconds, more than what a lease outlasts a request of a few seconds by. */
const LEASE_MS = 20_000;
/** Milliseconds between one look at a process and the next. */
const LOOK_MS = 5;

export interface Fleet extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly redis: TestRedis;
  /** Where the gateways listen, whichever process that is at the time. */
  readonly urls: readonly string[];
  /** The process that is, or last was, in this place. */
  at(index: number): GatewayProcess;
  /** Starts another process in the place of one that is gone. */
  restart(index: number): Promise<void>;
  /** Sends SIGTERM, waits until the process is gone, and starts another. */
  roll(index: number): Promise<Ending>;
  /** Ends a process as a crash does. */
  kill(index: number): Promise<void>;
  /** Resolves when nothing is late any more at the emulator. */
  emulatorIdle(): Promise<void>;
  /** Takes Redis's time ahead, past the end of the leases of whoever is no more. Nobody should be at work. */
  endLeases(): Promise<void>;
  /**
   * Takes everybody's time ahead, Redis's too, past the moment at which what was sent is held to have come to nothing.
   * Nobody should be at work.
   */
  leap(): Promise<void>;
}

export interface FleetOptions {
  readonly count: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether the gateways wait longer for Redis than they do in earnest. */
  readonly isPatient?: boolean;
  /** Of the emulator, beside its clock and its chance. */
  readonly emulator?: Pick<EmulatorOptions, 'latency' | 'randomFaults' | 'people'>;
}

/** Redis hands what it acknowledges to the system before it does: a crash of Redis, not of the machine, loses nothing. */
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

  /** Its clock goes as the others' do. */
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

/** Resolves once the condition holds. */
export async function looking(condition: () => boolean): Promise<void> {
  while (!condition()) await systemClock.sleep(LOOK_MS);
}

/** Whatever is kept in Redis for a time is kept for so much less, and gone if that was all. */
async function age(redis: TestRedis, ms: number): Promise<void> {
  const script = `
    for _, key in ipairs(redis.call('KEYS', '*')) do
      local left = redis.call('PTTL', key)
      if left >= 0 then redis.call('PEXPIRE', key, left - tonumber(ARGV[1])) end
    end`;
  await redis.command('EVAL', script, '0', String(ms));
}

/** Below the ports that the system hands out by itself, so that nobody takes one between an end and a start. */
async function startAnywhere(start: (port: number) => Promise<GatewayProcess>): Promise<GatewayProcess> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start(randomInt(20_000, 32_000));
    } catch (error) {
      if (tries === 10) throw error;
    }
  }
}
