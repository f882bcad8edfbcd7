// The end of listening, so that no request is lost that somebody may not send again.
//
// A connection is taken in by the system first, and by this process at its next look. When a listener is closed, the system
// resets those that it has taken in and the process has not, with the requests that are in them by then. A load balancer
// that looks at readiness has looked away long before. One that goes on until it is refused (nginx without active checks)
// opens a connection for every request while answers say `Connection: close`, and would lose one every few restarts.
//
// So before the end connections are kept again for a moment: those who go on asking have the ones that they need, and open
// no others. Then the listener is closed, right after a look that found nobody. From then on every answer ends its
// connection, and one that nobody uses is left alone for a while: who keeps it could be about to use it, and who is told
// to go elsewhere by a refusal gives it up.
import type { Server as HttpServer } from 'node:http';
import { Server } from 'node:net';
import type { Clock } from '../runtime/clock.ts';
import { createNextImmediate } from '../runtime/next-immediate.ts';

/** Milliseconds for which connections are kept before the end. */
const SETTLE_MS = 300;
/** Milliseconds for which unused connections are left alone after it; nginx is told to keep them for 1000. */
const LINGER_MS = 1_500;
/** Milliseconds that a look takes at which there was nothing to do. */
const QUIET_MS = 0.1;
/** After so many milliseconds of looking it is closed all the same. */
const LONGEST_MS = 500;

export interface Farewell {
  readonly server: HttpServer;
  readonly clock: Clock;
  /** Cuts short what is waited for. */
  readonly hurry: AbortSignal;
  /** Whether answers are to end their connections. */
  askToHangUp(really: boolean): void;
}

/** Returns when nobody is connected, or has not used it for a while, or is in the middle of a request. */
export async function leaveDoor({ server, clock, hurry, askToHangUp }: Farewell): Promise<void> {
  const wait = (ms: number): Promise<void> => clock.sleep(ms, hurry).catch(() => undefined);
  askToHangUp(false);
  await wait(SETTLE_MS);
  const { left } = await stopListening(server, clock);
  askToHangUp(true);
  await Promise.race([left, wait(LINGER_MS)]);
}

/**
 * Connections that are open stay, and what has arrived on them by now has been read. What the promise resolves with
 * resolves when all of them have ended.
 */
export async function stopListening(
  server: HttpServer,
  clock: Clock,
): Promise<{ readonly left: Promise<void> }> {
  let arrivals = 0;
  const count = (): void => {
    arrivals += 1;
  };
  const look = createNextImmediate(clock);
  server.on('connection', count);
  const end = clock.elapsed() + LONGEST_MS;
  for (let start = clock.elapsed(); start < end; start = clock.elapsed()) {
    const before = arrivals;
    await look();
    if (arrivals === before && clock.elapsed() - start < QUIET_MS) break;
  }
  // Of node:net, since that of an HTTP server also ends connections between whose requests there is a pause.
  const left = new Promise<void>((resolve) => void Server.prototype.close.call(server, () => resolve()));
  server.off('connection', count);
  await look();
  return { left };
}
