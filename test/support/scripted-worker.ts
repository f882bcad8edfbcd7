// A process that sends the messages of a worker, as the script in its first argument says. It serves no requests.
import type { Order, Report } from '../../src/process/worker-messages.ts';

/**
 * `silent`: never becomes ready. `failing`: cannot start, and reports why. `stubborn`: does not end when told to.
 * `fleeting`: drains as soon as it is ready, and does not end.
 */
export type Script = 'well' | 'silent' | 'failing' | 'stubborn' | 'fleeting';

const script = process.argv[2] as Script;
const send = (report: Report, then = (): void => {}): void => void process.send?.(report, then);

process.on('message', ({ kind }: Order) => {
  if (kind === 'start' && script === 'failing') {
    send({ kind: 'failed', lines: ['There is nothing to start with.'] }, () => process.exit(1));
  } else if (kind === 'start' && script !== 'silent') {
    send({ kind: 'ready', url: `http://127.0.0.1/${process.pid}` });
    if (script === 'fleeting') send({ kind: 'draining' });
  }
  if (kind === 'drain' && script !== 'stubborn') {
    send({ kind: 'draining' });
    send({ kind: 'ended', metrics: [] }, () => process.exit());
  }
});
// Ends with the test, however the test ends.
process.on('disconnect', () => process.exit());
