// What replicas tell each other. One subscription to all channels, on a connection of its own and from the start: whoever
// begins to listen hears what is told from then on, without a round trip during which something would be missed. It is
// little that is told, and all of it comes to every replica.
import { createListeners } from '../runtime/listeners.ts';
import type { Logger } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import { createRedisClient, type RedisServer, reasonOf } from './client.ts';

export interface Hearing {
  /** Resolves with the first subscription, or when the first attempt has failed. */
  readonly begun: Promise<void>;
  /** What is told while Redis cannot be reached is missed. */
  listen(channel: string, hear: (message: string) => void): () => void;
  close(): void;
}

export interface HearingOptions {
  readonly server: RedisServer;
  readonly random: Random;
  readonly logger: Logger;
  /** What all channels begin with. */
  readonly prefix: string;
}

export function createHearing({ server, random, logger, prefix }: HearingOptions): Hearing {
  const listeners = createListeners();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const client = createRedisClient(server, random);
  let isRefused = false;

  function pass(message: string, channel: string): void {
    for (const hear of listeners.of(channel.slice(prefix.length))) queueMicrotask(() => hear(message));
  }

  /** The client subscribes again by itself when it comes back, if it got so far before; saying it twice does no harm. */
  function subscribe(): void {
    client
      .pSubscribe(`${prefix}*`, pass)
      .catch((error: unknown) => {
        if (isRefused || !client.isReady) return;
        isRefused = true;
        logger.error(
          { reason: reasonOf(error) },
          'Redis lets nobody listen to what replicas tell each other',
        );
      })
      .finally(begin);
  }

  // The connection for commands tells the operator of outages; it goes to the same server.
  client.on('error', () => begin());
  client.on('ready', subscribe);
  client.connect().catch(() => {});

  return {
    begun,
    listen: listeners.listen,
    close: () => client.destroy(),
  };
}
