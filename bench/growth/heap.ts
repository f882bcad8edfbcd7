// Preloaded into the server. Records the size of V8's heap before and after each garbage collection, and writes the maximum of
// both to a file when the process ends.
import { writeFileSync } from 'node:fs';
import { GCProfiler } from 'node:v8';

export interface Heap {
  /** MB of 1,048,576 bytes, garbage included. */
  readonly peak: number;
  /** MB left after a collection of the whole heap, at the most; null when there was none. */
  readonly live: number | null;
}

const path = process.env['HEAP_FILE'];
if (path !== undefined) {
  const profiler = new GCProfiler();
  profiler.start();
  process.once('exit', () => writeFileSync(path, JSON.stringify(summarize(profiler.stop()))));
}

function summarize(result: ReturnType<GCProfiler['stop']>): Heap {
  const collections = result?.statistics ?? [];
  const whole = collections.filter(({ gcType }) => gcType.startsWith('MarkSweep'));
  return {
    peak: largest(collections.map(({ beforeGC }) => beforeGC.heapStatistics.usedHeapSize)) ?? 0,
    live: largest(whole.map(({ afterGC }) => afterGC.heapStatistics.usedHeapSize)),
  };
}

function largest(bytes: readonly number[]): number | null {
  return bytes.length === 0 ? null : Math.max(...bytes) / 2 ** 20;
}
