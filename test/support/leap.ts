// Loaded into the process of a gateway before its own code: with each SIGUSR2 its clocks leap ahead, so that a test need
// not wait until a phone that was sent is held to have come to nothing.
export const LEAP_MS = 6 * 60 * 1000;
/** What the process says on stderr once it has leapt, in a line of its own. */
export const LEAPT = 'leapt';

const wall = Date.now;
const elapsed = performance.now.bind(performance);
let ahead = 0;
Date.now = () => wall() + ahead;
performance.now = () => elapsed() + ahead;
process.on('SIGUSR2', () => {
  ahead += LEAP_MS;
  process.stderr.write(`${LEAPT}\n`);
});
