// The store that replicas share, in Redis. All its keys have the same prefix. Nothing outside this folder depends on Redis.
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import type { RedisAddress } from '../runtime/redis-address.ts';
import { withTimeout } from '../runtime/with-timeout.ts';
import { createConnection } from './connection.ts';
import type { Store } from './store.ts';

export interface RedisStoreOptions {
  readonly address: RedisAddress;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Milliseconds for one command. Default: COMMAND_TIMEOUT_MS. */
  readonly timeoutMs?: number;
}

/** The prefix of all keys. A Redis can be shared with other programs, and an ACL can limit access to this prefix. */
export const PREFIX = 'profile-phones:';
/** As a rule, a command takes one millisecond, or a few from another zone of a data center. */
export const COMMAND_TIMEOUT_MS = 250;
/** Milliseconds that the start of the program waits for Redis. */
export const CONNECT_TIMEOUT_MS = 3_500;

/**
 * Waits for the first connection attempt. It never rejects: when Redis is not available, every command fails with a
 * StoreFailure until a later attempt succeeds.
 */
export async function createRedisStore(options: RedisStoreOptions): Promise<Store> {
  const { address, clock, random, logger, timeoutMs = COMMAND_TIMEOUT_MS } = options;
  const connection = createConnection({ address, clock, random, logger, timeoutMs });
  await withTimeout(clock, CONNECT_TIMEOUT_MS, connection.firstAttempt).catch(() => {});
  return {
    add: (name, value, ttlMs) =>
      connection.run((client) =>
        client.set(PREFIX + name, value, {
          condition: 'NX',
          GET: true,
          expiration: { type: 'PX', value: toWholeMs(ttlMs) },
        }),
      ),
    get: (name) => connection.run((client) => client.get(PREFIX + name)),
    async put(name, value, ttlMs) {
      const expiration = { type: 'PX', value: toWholeMs(ttlMs) } as const;
      await connection.run((client) => client.set(PREFIX + name, value, { expiration }));
    },
    replace: (name, expected, value, ttlMs) =>
      connection.run((client) => client.replace(PREFIX + name, expected, value, String(toWholeMs(ttlMs)))),
    remove: (name, expected) => connection.run((client) => client.removeIf(PREFIX + name, expected)),
    close: connection.close,
  };
}

/** Redis accepts whole milliseconds from 1 up. */
function toWholeMs(ttlMs: number): number {
  return Math.max(1, Math.ceil(ttlMs));
}
