// Preloaded into the gateway's process. On request it sends measurements of the process to the parent over the IPC channel.
// It ends the process when the parent has ended.
import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface Sample {
  /** Bytes of live objects, after a full garbage collection. */
  readonly heap: number;
  /** Bytes outside the heap, such as buffers. */
  readonly external: number;
  readonly rss: number;
  /** Open files and sockets. NaN when the system does not report them. */
  readonly descriptors: number;
  readonly sockets: number;
  readonly timers: number;
  /** Resources that keep the event loop alive, such as sockets and timers. */
  readonly resources: number;
  /** The 99th percentile in milliseconds since the last sample. */
  readonly delayP99: number;
}

/**
 * The garbage collection before the measurement. `thorough` also collects what V8 keeps for a while, such as compiled
 * code. That needs several collections, which would delay requests.
 */
export type Depth = 'quick' | 'thorough';

const RESOLUTION_MS = 10;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

function descriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return Number.NaN;
  }
}

function collect(depth: Depth): void {
  if (depth === 'thorough') globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  // Objects that finalizers release need another collection.
  else for (let times = 0; times < 2; times += 1) globalThis.gc?.();
}

function sample(depth: Depth): Sample {
  const delayP99 = Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS);
  collect(depth);
  // The delay of the collections is not the gateway's.
  delay.reset();
  const { heapUsed, external, rss } = process.memoryUsage();
  const resources = process.getActiveResourcesInfo();
  return {
    heap: heapUsed,
    external,
    rss,
    descriptors: descriptors(),
    sockets: resources.filter((kind) => kind === 'TCPSocketWrap').length,
    timers: resources.filter((kind) => kind === 'Timeout').length,
    resources: resources.length,
    delayP99,
  };
}

process.on('message', (depth: Depth) => process.send?.(sample(depth)));
process.on('disconnect', () => process.exit(1));
// The channel must not keep the process alive.
process.channel?.unref();
