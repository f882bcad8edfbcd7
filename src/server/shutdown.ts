// Closing the listener without losing a request that the client may not send again.
//
// The system accepts a connection first, and this process takes it over in a later turn of its event loop. When a listener
// closes, the system resets the connections that the process has not taken over, with the requests on them. A load balancer
// that polls readiness stops sending new connections long before. nginx without active checks does not: it opens a
// connection for every request while responses say `Connection: close`, and would lose a request every few restarts.
//
// So the shutdown first keeps connections alive again for a moment. Clients that go on sending requests then have the
// connections that they need and open no others. The listener closes after a turn in which no connection arrived. From
// then on every response closes its connection. An unused connection stays open for a while, because its client may be
// about to use it. A client that is rejected on a new connection closes its unused ones itself.
import type { Server as HttpServer } from 'node:http';
import { Server } from 'node:net';
import type { Clock } from '../runtime/clock.ts';
import { createNextImmediate } from '../runtime/next-immediate.ts';

/** Milliseconds for which connections are kept alive before the listener closes. */
const SETTLE_MS = 300;
/** Milliseconds for which unused connections stay open afterwards. nginx is configured to keep them for 1000. */
const LINGER_MS = 1_500;
/** A turn of the event loop that takes less than these milliseconds had nothing to do. */
const QUIET_MS = 0.1;
/** Milliseconds after which the listener closes without a quiet turn. */
const LONGEST_MS = 500;

export interface ShutdownOptions {
  readonly server: HttpServer;
  readonly clock: Clock;
  /** Aborted to skip the waits. */
  readonly skipWaits: AbortSignal;
  /** Sets whether responses close their connections. */
  setCloseConnections(close: boolean): void;
}

/** Resolves when every open connection is either ended or busy with a request. */
export async function closeListenerGracefully(options: ShutdownOptions): Promise<void> {
  const { server, clock, skipWaits, setCloseConnections } = options;
  const wait = (ms: number): Promise<void> => clock.sleep(ms, skipWaits).catch(() => undefined);
  setCloseConnections(false);
  await wait(SETTLE_MS);
  const { allClosed } = await closeListener(server, clock);
  setCloseConnections(true);
  await Promise.race([allClosed, wait(LINGER_MS)]);
}

/**
 * Closes the listener. Open connections stay open, and what has arrived on them has been read.
 *
 * @returns `allClosed` resolves when all connections have closed
 */
export async function closeListener(
  server: HttpServer,
  clock: Clock,
): Promise<{ readonly allClosed: Promise<void> }> {
  let arrivals = 0;
  const count = (): void => {
    arrivals += 1;
  };
  const nextTurn = createNextImmediate(clock);
  server.on('connection', count);
  const end = clock.elapsed() + LONGEST_MS;
  for (let start = clock.elapsed(); start < end; start = clock.elapsed()) {
    const before = arrivals;
    await nextTurn();
    if (arrivals === before && clock.elapsed() - start < QUIET_MS) break;
  }
  // `close` of node:net. That of an HTTP server also closes the connections that are idle.
  const allClosed = new Promise<void>((resolve) => void Server.prototype.close.call(server, () => resolve()));
  server.off('connection', count);
  await nextTurn();
  return { allClosed };
}
