// Loaded into the process of a gateway before its own code: it waits longer for Redis than it does in earnest, so that a
// busy machine does not pass for a slow Redis.
import { DEADLINE_MS } from '../../src/store/redis.ts';

const PATIENCE = 20;
const schedule = globalThis.setTimeout;

function patient(run: () => void, ms?: number): NodeJS.Timeout {
  return schedule(run, ms === DEADLINE_MS ? ms * PATIENCE : ms);
}
globalThis.setTimeout = Object.assign(patient, schedule) as typeof setTimeout;
