// What this program asks of V8.
import { setFlagsFromString } from 'node:v8';

/** To be called before anything else is done. */
export function setEngineFlags(): void {
  // V8 notes where objects are made that live on, and makes later ones from there straight in the old space. It judges
  // by the first operations, when the young space is a megabyte and everything outlives it; from then on the answers of
  // all operations are left for the full collection, and keep alive whatever they point at.
  setFlagsFromString('--no-allocation-site-pretenuring');
}
