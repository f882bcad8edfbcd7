// A process that plays a worker by a script, which is its first argument: it says what workers say, and does no work.
import type { Order, Report } from '../../src/workers/messages.ts';

/**
 * `late`: is ready when it is told to reopen. `silent`: never says more than hello. `failing`: cannot start, and says why.
 * `stubborn`: does not go when it is told to. `fleeting`: is going when it is ready, and stays for a while.
 */
export type Script = 'well' | 'late' | 'silent' | 'failing' | 'stubborn' | 'fleeting';

const script = process.argv[2] as Script;
const tell = (report: Report, then = (): void => {}): void => void process.send?.(report, then);
const ready = (): void => tell({ kind: 'ready', url: `http://127.0.0.1/${process.pid}` });

process.on('message', ({ kind }: Order) => {
  if (kind === 'start' && script === 'failing') {
    tell({ kind: 'failed', lines: ['There is nothing to start with.'] }, () => process.exit(1));
  } else if (kind === 'start' && script !== 'late' && script !== 'silent') {
    if (script === 'fleeting') tell({ kind: 'leaving' });
    ready();
  }
  if (kind === 'reopen' && script === 'late') ready();
  if (kind === 'drain' && script !== 'stubborn') {
    tell({ kind: 'leaving' });
    tell({ kind: 'farewell', metrics: [] }, () => process.exit());
  }
});
// The end of a test is the end of it, however the test ends.
process.on('disconnect', () => process.exit());
tell({ kind: 'hello' });
