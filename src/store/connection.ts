// Sends commands to Redis, each with a timeout. While there is no connection, commands fail at once. No command is queued
// or sent twice. The start and the end of an outage are logged once each.
//
// The hard case is a server that accepts data and does not respond: a stopped process, or a firewall that dropped the
// connection state. TCP keeps trying for a quarter of an hour, and until then every command would run into its timeout. So when
// commands time out and nothing was received for SILENCE_MS, the connection is replaced. Commands fail at once again
// until the new connection is ready.
import { ErrorReply } from '@redis/client';
import type { Clock, ElapsedMs } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import type { RedisAddress } from '../runtime/redis-address.ts';
import { TimeoutError, withTimeout } from '../runtime/with-timeout.ts';
import { type Client, createRedisClient, reasonOf } from './client.ts';
import { StoreFailure } from './store.ts';

export interface ConnectionOptions {
  readonly address: RedisAddress;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Milliseconds for one command. */
  readonly timeoutMs: number;
}

export interface Connection {
  /** Resolves when the first connection is ready, or when the first attempt has failed. */
  readonly firstAttempt: Promise<void>;
  /** Sends one command. Rejects with a StoreFailure. */
  run<T>(command: (client: Client) => Promise<T>): Promise<T>;
  /** Waits for the pending commands, each until its timeout, and disconnects. */
  close(): Promise<void>;
}

/** Milliseconds without a reply to pending commands after which the connection is replaced. */
const SILENCE_MS = 1_000;

export function createConnection(options: ConnectionOptions): Connection {
  const { address, clock, random, logger, timeoutMs } = options;
  const redis = urlOf(address);
  const { promise: firstAttempt, resolve: endFirstAttempt } = Promise.withResolvers<void>();
  const pending = new Set<Promise<unknown>>();
  const loggedReasons = new Set<string>();
  let isDown = false;
  let isClosed = false;
  let replies = 0;
  let silentSince: ElapsedMs | null = null;
  let client = connect();

  function connect(): Client {
    const created = createRedisClient(address, random);
    // A replaced client keeps its error listener, because Node ends the process on an unhandled `error` event.
    created.on('error', (error: unknown) => {
      if (created === client && !created.isReady) onDown(reasonOf(error));
    });
    created.on('ready', () => {
      if (created === client) onReady();
    });
    // The client keeps reconnecting until it is closed. The events report the result.
    created.connect().catch(() => {});
    return created;
  }

  function onDown(reason: string): void {
    endFirstAttempt();
    if (isDown || isClosed) return;
    isDown = true;
    logger.error({ redis, reason }, 'Redis is not available');
  }

  function onReady(): void {
    endFirstAttempt();
    loggedReasons.clear();
    onReply();
    if (isDown) logger.info({ redis }, 'Redis is available again');
    isDown = false;
  }

  function onReply(): void {
    replies += 1;
    silentSince = null;
  }

  function onTimeout(sentAt: ElapsedMs): void {
    if (!client.isReady) return;
    silentSince ??= sentAt;
    if (clock.elapsed() - silentSince < SILENCE_MS) return;
    const silentClient = client;
    client = connect();
    silentSince = null;
    onDown('silent');
    silentClient.destroy();
  }

  function logErrorReply(reason: string): void {
    if (loggedReasons.has(reason)) return;
    loggedReasons.add(reason);
    logger.error({ redis, reason }, 'Redis rejected a command');
  }

  async function send<T>(command: (client: Client) => Promise<T>): Promise<T> {
    const sentAt = clock.elapsed();
    const repliesBefore = replies;
    try {
      const reply = await withTimeout(clock, timeoutMs, command(client));
      onReply();
      return reply;
    } catch (error) {
      if (error instanceof TimeoutError && replies === repliesBefore) onTimeout(sentAt);
      if (!(error instanceof ErrorReply)) throw new StoreFailure('unreachable', error);
      onReply();
      const reason = reasonOf(error);
      logErrorReply(reason);
      throw new StoreFailure(reason === 'OOM' ? 'full' : 'unreachable', error);
    }
  }

  return {
    firstAttempt,
    async run(command) {
      if (isClosed || !client.isReady) throw new StoreFailure('unreachable');
      const sent = send(command);
      pending.add(sent);
      return sent.finally(() => pending.delete(sent));
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(pending);
      client.destroy();
    },
  };
}

/** Returns the URL without user and password, for logs. */
function urlOf({ tls, host, port }: RedisAddress): string {
  return `${tls ? 'rediss' : 'redis'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
