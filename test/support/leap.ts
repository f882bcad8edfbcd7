// Preloaded into a gateway process. On SIGUSR2 its clocks jump ahead, so that a test need not wait for the time after which a
// write that was sent is assumed lost.
export const LEAP_MS = 6 * 60 * 1000;
/** The line on stderr after a jump. */
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
