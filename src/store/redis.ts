// The store that replicas share: Redis, under names that all begin the same. Nothing outside this folder knows that it is
// Redis.
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import { withTimeout } from '../runtime/with-timeout.ts';
import type { RedisServer } from './client.ts';
import { createConnection } from './connection.ts';
import type { Store } from './store.ts';

export interface RedisStoreOptions {
  readonly server: RedisServer;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Milliseconds for one command, after which it has failed. */
  readonly deadlineMs?: number;
}

/** What all keys begin with, so that a Redis can be shared with others, and access to it cut to this. */
export const PREFIX = 'profile-phones:';
/** A command takes a millisecond as a rule, and a few from another zone of a data centre. */
export const DEADLINE_MS = 250;
/** Milliseconds that the start waits for Redis. */
export const START_MS = 3_500;

/**
 * Connects, or finds that it cannot for now and goes on trying: it never rejects. What is asked of the store until then
 * fails at once.
 */
export async function createRedisStore(options: RedisStoreOptions): Promise<Store> {
  const { server, clock, random, logger, deadlineMs = DEADLINE_MS } = options;
  const connection = createConnection({ server, clock, random, logger, deadlineMs });
  await withTimeout(clock, START_MS, connection.begun).catch(() => {});
  return {
    add: (name, value, ttlMs) =>
      connection.run((client) =>
        client.set(PREFIX + name, value, {
          condition: 'NX',
          GET: true,
          expiration: { type: 'PX', value: whole(ttlMs) },
        }),
      ),
    get: (name) => connection.run((client) => client.get(PREFIX + name)),
    async put(name, value, ttlMs) {
      const expiration = { type: 'PX', value: whole(ttlMs) } as const;
      await connection.run((client) => client.set(PREFIX + name, value, { expiration }));
    },
    replace: (name, expected, value, ttlMs) =>
      connection.run((client) => client.replace(PREFIX + name, expected, value, String(whole(ttlMs)))),
    remove: (name, expected) => connection.run((client) => client.removeIf(PREFIX + name, expected)),
    close: connection.close,
  };
}

/** Redis takes whole milliseconds, 1 or more. */
function whole(ttlMs: number): number {
  return Math.max(1, Math.ceil(ttlMs));
}
