// Loaded into the process of a gateway before its own code: with each SIGUSR2 its wall clock leaps ahead, so that a test
// need not wait until a phone that was sent is held to have come to nothing.
export const LEAP_MS = 6 * 60 * 1000;
/** What the process says on stderr once it has leapt. */
export const LEAPT = 'leapt';

const { now } = Date;
let ahead = 0;
Date.now = () => now() + ahead;
process.on('SIGUSR2', () => {
  ahead += LEAP_MS;
  process.stderr.write(`${LEAPT}\n`);
});
