// Flags of V8.
import { setFlagsFromString } from 'node:v8';

/** Must be called before any other work. */
export function setEngineFlags(): void {
  // Pretenuring: V8 records which allocation sites create long-lived objects and allocates their later objects in the old
  // space. It decides during the first operations, when the young space is only a megabyte and every object outlives it.
  // All later responses would then stay in memory until a full collection, with every object that they reference.
  setFlagsFromString('--no-allocation-site-pretenuring');
}
