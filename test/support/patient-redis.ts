// Preloaded into a gateway process: it extends the timeout of Redis commands, so that a busy machine does not look like a
// slow Redis.
import { COMMAND_TIMEOUT_MS } from '../../src/store/redis.ts';

const PATIENCE = 20;
const schedule = globalThis.setTimeout;

function patient(run: () => void, ms?: number): NodeJS.Timeout {
  return schedule(run, ms === COMMAND_TIMEOUT_MS ? ms * PATIENCE : ms);
}
globalThis.setTimeout = Object.assign(patient, schedule) as typeof setTimeout;
