// Preloaded into the gateway. Measures how long its event loop is blocked, by the CPU time of the thread, because elapsed time
// includes other processes on a shared machine. The measurements since the last request are served as JSON on HOLDS_PORT.
import { createServer } from 'node:http';
import { isMainThread } from 'node:worker_threads';

export interface Holds {
  /** Milliseconds of CPU time in the longest hold. */
  readonly mostCpuMs: number;
  /** Holds of more than 50 ms of CPU time. */
  readonly over: number;
}

const EVERY_MS = 2;
const LIMIT_MS = 50;

function watch(port: number): void {
  let last = cpuMs();
  let holds = { mostCpuMs: 0, over: 0 };
  const tick = (): void => {
    const now = cpuMs();
    const spent = now - last;
    last = now;
    if (spent > holds.mostCpuMs) holds.mostCpuMs = spent;
    if (spent > LIMIT_MS) holds.over += 1;
    setTimeout(tick, EVERY_MS).unref();
  };
  tick();
  const server = createServer((_request, response) => {
    response.end(JSON.stringify(holds satisfies Holds));
    holds = { mostCpuMs: 0, over: 0 };
  });
  server.listen(port, '127.0.0.1').unref();
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

const port = Number(process.env['HOLDS_PORT']);
if (isMainThread && port > 0) watch(port);
