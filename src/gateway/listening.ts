// The end of listening, at a moment when nobody is at the door.
//
// A connection is taken in by the system first, and by this process at its next look. When a listener is closed, the system
// resets those that it has taken in and the process has not, with the requests that are in them by then: the client sees a
// request that was sent and broke, and may not send a change again. A load balancer that looks at readiness has looked away
// long before. One that goes on until it is refused (nginx without active checks) opens a connection for every request while
// the gateway says `Connection: close`, and loses one every few restarts this way.
//
// So the listener is closed right after a look that found nobody. What is left is the time from there to the close, some
// ten microseconds.
import { Server } from 'node:net';
import type { Clock } from '../base/clock.ts';

/** Milliseconds that a look takes at which there was nothing to do. */
const QUIET_MS = 0.1;
/** After so many milliseconds it is closed all the same. */
const LONGEST_MS = 500;

/** Connections that are open stay, and what has arrived on them by now has been read. */
export async function stopListening(server: Server, clock: Clock): Promise<void> {
  let arrivals = 0;
  const count = (): void => {
    arrivals += 1;
  };
  const look = (): Promise<void> => new Promise((resolve) => clock.afterTurn(resolve));
  server.on('connection', count);
  const end = clock.elapsed() + LONGEST_MS;
  for (let start = clock.elapsed(); start < end; start = clock.elapsed()) {
    const before = arrivals;
    await look();
    if (arrivals === before && clock.elapsed() - start < QUIET_MS) break;
  }
  // Of node:net, since that of an HTTP server also ends connections between whose requests there is a pause.
  Server.prototype.close.call(server);
  server.off('connection', count);
  await look();
}
