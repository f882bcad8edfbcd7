// Commands to Redis, each with a deadline. While there is no connection they fail at once; nothing is queued and nothing
// is sent twice. An outage is told to the operator once, and its end.
//
// The hard case is a server that is there and says nothing: stopped, or behind a firewall that has forgotten the
// connection. Every command would wait until its deadline, for as long as TCP goes on trying, which is a quarter of an
// hour. So a connection on which commands pass their deadlines and nothing at all is heard is thrown away for a new one;
// until that one has been greeted by Redis, commands fail at once again.
import { ErrorReply } from '@redis/client';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import { TimeoutError, withTimeout } from '../runtime/with-timeout.ts';
import { type Client, createRedisClient, type RedisServer, reasonOf } from './client.ts';
import { StoreFailure } from './store.ts';

export interface ConnectionOptions {
  readonly server: RedisServer;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Milliseconds for one command. */
  readonly deadlineMs: number;
}

export interface Connection {
  /** Resolves with the first connection, or when the first attempt has failed. */
  readonly begun: Promise<void>;
  /** Sends one command. @throws StoreFailure */
  run<T>(command: (client: Client) => Promise<T>): Promise<T>;
  /** Waits for the commands that are under way, each until its deadline. */
  close(): Promise<void>;
}

/** Milliseconds of silence, while answers are due, after which a connection is given up. */
const SILENCE_MS = 1_000;

export function createConnection(options: ConnectionOptions): Connection {
  const { server, clock, random, logger, deadlineMs } = options;
  const redis = addressOf(server);
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const pending = new Set<Promise<unknown>>();
  const told = new Set<string>();
  let isDown = false;
  let isClosed = false;
  /** How often something was heard. */
  let heard = 0;
  let silentSince: number | null = null;
  let client = open();

  function open(): Client {
    const opened = createRedisClient(server, random);
    // Of one that was given up, nothing is of interest but that its errors are heard.
    opened.on('error', (error: unknown) => {
      if (opened === client && !opened.isReady) down(reasonOf(error));
    });
    opened.on('ready', () => {
      if (opened === client) up();
    });
    // It goes on trying until it is closed, and what comes of it is told by the events.
    opened.connect().catch(() => {});
    return opened;
  }

  function down(reason: string): void {
    begin();
    if (isDown || isClosed) return;
    isDown = true;
    logger.error({ redis, reason }, 'Redis cannot be reached; what replicas share has to wait');
  }

  function up(): void {
    begin();
    told.clear();
    listened();
    if (isDown) logger.info({ redis }, 'Redis can be reached again');
    isDown = false;
  }

  function listened(): void {
    heard += 1;
    silentSince = null;
  }

  function late(asked: number): void {
    if (!client.isReady) return;
    silentSince ??= asked;
    if (clock.elapsed() - silentSince < SILENCE_MS) return;
    const silent = client;
    client = open();
    silentSince = null;
    down('silent');
    silent.destroy();
  }

  function refused(reason: string): void {
    if (told.has(reason)) return;
    told.add(reason);
    logger.error({ redis, reason }, 'Redis refuses a command');
  }

  async function send<T>(command: (client: Client) => Promise<T>): Promise<T> {
    const asked = clock.elapsed();
    const before = heard;
    try {
      const answer = await withTimeout(clock, deadlineMs, command(client));
      listened();
      return answer;
    } catch (error) {
      if (error instanceof TimeoutError && heard === before) late(asked);
      if (!(error instanceof ErrorReply)) throw new StoreFailure('unreachable', error);
      listened();
      const reason = reasonOf(error);
      refused(reason);
      throw new StoreFailure(reason === 'OOM' ? 'full' : 'unreachable', error);
    }
  }

  return {
    begun,
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

/** For the operator: without the user and the password. */
function addressOf({ tls, host, port }: RedisServer): string {
  return `${tls ? 'rediss' : 'redis'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
