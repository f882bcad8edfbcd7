// One connection to Redis, by the client that Redis itself maintains, with what is the same for all of them here: it comes
// back by itself, queues nothing while it is down, and notices a server that has gone silent.
import { createClient, defineScript, ErrorReply } from '@redis/client';
import type { Random } from '../runtime/random.ts';

export interface RedisServer {
  readonly tls: boolean;
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Null for the default user. */
  readonly username: string | null;
  /** Its password; null for none. */
  readonly secret: string | null;
  readonly database: number;
}

/** Milliseconds for a connection, TLS included. */
const CONNECT_MS = 3_000;
/** Milliseconds between looks at whether a connection on which nothing happens is alive. */
const PING_MS = 2_000;
/** Milliseconds without a byte in either direction after which a connection passes for broken. */
const IDLE_MS = 5_000;
/** Milliseconds until the first attempt to come back, which double with every further one. */
const FIRST_BACK_OFF_MS = 50;
const LONGEST_BACK_OFF_MS = 2_000;
/** Commands that may wait for their answers. More of them than a healthy server ever has mean that it is not healthy. */
const MOST_WAITING = 10_000;

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

/** Does not connect yet. Whoever calls has to listen to `error`, which Node takes for fatal otherwise. */
export function createRedisClient(server: RedisServer, random: Random) {
  const { tls, host, port, username, secret, database } = server;
  const place = { host, port, connectTimeout: CONNECT_MS, socketTimeout: IDLE_MS };
  const reconnectStrategy = (retries: number): number => backOff(retries, random);
  return createClient({
    socket: tls
      ? { ...place, reconnectStrategy, tls: true, ...serverName(host) }
      : { ...place, reconnectStrategy },
    ...(username === null ? {} : { username }),
    ...(secret === null ? {} : { password: secret }),
    database,
    name: 'profile-phones',
    scripts: { replace: replaceScript, removeIf: removeScript },
    disableOfflineQueue: true,
    commandsQueueMaxLength: MOST_WAITING,
    pingInterval: PING_MS,
    // The deadlines of commands are ours: the client's own end with the sending.
    commandOptions: { timeout: 0 },
    disableClientInfo: true,
    maintNotifications: 'disabled',
  });
}

/** Node sends no server name unless told, and none may be an address (RFC 6066, section 3). */
function serverName(host: string): { readonly servername?: string } {
  return /^[\d.]+$|:/.test(host) ? {} : { servername: host };
}

/** Half of it by chance, so that replicas that have lost Redis together do not come back together. */
function backOff(retries: number, random: Random): number {
  const most = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** Math.min(retries, 10));
  return Math.round(most * (0.5 + random.fraction() / 2));
}

/** What went wrong, as a code that holds nothing of what was sent: of Node, of Redis, or the name of the error. */
export function reasonOf(error: unknown): string {
  if (error instanceof ErrorReply) return /^[A-Z]+/.exec(error.message)?.[0] ?? 'ERR';
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.constructor.name;
}
