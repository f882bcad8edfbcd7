// Loaded into the gateway's process before its own code: says over the channel to its parent, when asked, what only the
// process itself can know. It ends the process when the parent is gone.
import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

export interface Sample {
  /** Bytes of live objects, after a full collection. */
  readonly heap: number;
  /** Bytes outside the heap that objects hold: buffers. */
  readonly external: number;
  readonly rss: number;
  /** Files and sockets; NaN where the system does not tell. */
  readonly descriptors: number;
  readonly sockets: number;
  readonly timers: number;
  /** Anything that keeps an event loop alive, sockets and timers among it. */
  readonly resources: number;
  /** Milliseconds, 99th percentile since the last sample. */
  readonly delayP99: number;
}

/**
 * How much is collected before. Thoroughly: also what V8 keeps for a while in case it is wanted again, such as compiled
 * code; that takes several collections, which would hold up requests.
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
  // What finalizers let go of is only gone after another collection.
  else for (let times = 0; times < 2; times += 1) globalThis.gc?.();
}

function sample(depth: Depth): Sample {
  const delayP99 = Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS);
  collect(depth);
  // The collections are not the gateway's own delay.
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
// It is no reason for the process to stay.
process.channel?.unref();
