// Creates Redis clients (`@redis/client`) with the settings of this program: a client reconnects by itself, rejects commands
// while it is disconnected, and detects a server that stopped responding.
import { createClient, defineScript, ErrorReply } from '@redis/client';
import type { Random } from '../runtime/random.ts';
import type { RedisAddress } from '../runtime/redis-address.ts';

/** Milliseconds to connect, including the TLS handshake. */
const CONNECT_TIMEOUT_MS = 3_000;
/** Milliseconds between pings on an idle connection. */
const PING_INTERVAL_MS = 2_000;
/** Milliseconds without traffic after which a connection counts as broken. */
const SOCKET_TIMEOUT_MS = 5_000;
/** The delay before the first reconnection attempt, in milliseconds. It doubles with every attempt. */
const FIRST_BACKOFF_MS = 50;
const MAX_BACKOFF_MS = 2_000;
/** The maximum number of commands without a reply. A healthy server never has as many. */
const MAX_PENDING_COMMANDS = 10_000;

const replaceScript = defineScript({
  SCRIPT: `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`,
  NUMBER_OF_KEYS: 1,
  parseCommand(parser, name: string, expected: string, value: string, ttl: string) {
    parser.pushKey(name);
    parser.push(expected, value, ttl);
  },
  transformReply: (reply: unknown) => reply === 1,
});

const removeScript = defineScript({
  SCRIPT: `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`,
  NUMBER_OF_KEYS: 1,
  parseCommand(parser, name: string, expected: string) {
    parser.pushKey(name);
    parser.push(expected);
  },
  transformReply: (reply: unknown) => reply === 1,
});

export type Client = ReturnType<typeof createRedisClient>;

/** Does not connect yet. The caller has to add an `error` listener: without one, Node ends the process on an error. */
export function createRedisClient(address: RedisAddress, random: Random) {
  const { tls, host, port, username, password, database } = address;
  const socket = { host, port, connectTimeout: CONNECT_TIMEOUT_MS, socketTimeout: SOCKET_TIMEOUT_MS };
  const reconnectStrategy = (retries: number): number => backoff(retries, random);
  return createClient({
    socket: tls
      ? { ...socket, reconnectStrategy, tls: true, ...serverName(host) }
      : { ...socket, reconnectStrategy },
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password }),
    database,
    name: 'profile-phones',
    scripts: { replace: replaceScript, removeIf: removeScript },
    disableOfflineQueue: true,
    commandsQueueMaxLength: MAX_PENDING_COMMANDS,
    pingInterval: PING_INTERVAL_MS,
    // connection.ts limits the time of a command. The client's own timeout ends when the command has been sent.
    commandOptions: { timeout: 0 },
    disableClientInfo: true,
    maintNotifications: 'disabled',
  });
}

/** Node sends no server name by default. It must not be an IP address (RFC 6066, section 3). */
function serverName(host: string): { readonly servername?: string } {
  return /^[\d.]+$|:/.test(host) ? {} : { servername: host };
}

/** Half of the delay is random, so that replicas that lost Redis together do not reconnect together. */
function backoff(retries: number, random: Random): number {
  const max = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(retries, 10));
  return Math.round(max * (0.5 + random.fraction() / 2));
}

/** Returns a code that contains nothing of the command: the error code of Redis or Node, or the class of the error. */
export function reasonOf(error: unknown): string {
  if (error instanceof ErrorReply) return /^[A-Z]+/.exec(error.message)?.[0] ?? 'ERR';
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.constructor.name;
}
