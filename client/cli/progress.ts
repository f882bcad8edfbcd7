// How far an import is: a bar that is drawn over itself where a person looks on, lines now and then where a file does.

export interface Terminal {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface Progress {
  readonly total: number;
  readonly added: number;
  readonly failed: number;
}

export interface Meter {
  show(progress: Progress): void;
  /** Leaves what was shown last, and begins a new line. */
  end(): void;
}

const WIDTH = 30;
/** Lines in all, where there is no bar. */
const LINES = 10;

/** @param elapsed milliseconds, by a clock that never goes back */
export function createMeter(terminal: Terminal, elapsed: () => number): Meter {
  const start = elapsed();
  let told = -1;
  let first: number | null = null;
  let isShown = false;
  return {
    show(progress) {
      const done = progress.added + progress.failed;
      first ??= done;
      const seconds = (elapsed() - start) / 1_000;
      const text = `${summary(progress)}${pace(done - first, progress.total - done, seconds)}`;
      if (terminal.isTTY) {
        terminal.write(`\r\x1b[K${fitting(`${bar(done, progress.total)} ${text}`, terminal.columns)}`);
        isShown = true;
        return;
      }
      const step = progress.total === 0 ? LINES : Math.floor((done * LINES) / progress.total);
      if (step > told) terminal.write(`${text}\n`);
      told = Math.max(told, step);
    },
    end() {
      if (isShown) terminal.write('\n');
      isShown = false;
    },
  };
}

function summary({ total, added, failed }: Progress): string {
  return `${added + failed} of ${total}${failed === 0 ? '' : `, ${failed} not added`}`;
}

function bar(done: number, total: number): string {
  const filled = total === 0 ? WIDTH : Math.floor((done * WIDTH) / total);
  return `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}]`;
}

/** @param done since the start of this run */
function pace(done: number, left: number, seconds: number): string {
  if (done <= 0 || seconds < 1) return '';
  const rest = Math.ceil((left * seconds) / done);
  return `, ${(done / seconds).toFixed(1)} a second, ${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, '0')} left`;
}

/** A line that is longer than the window cannot be drawn over. */
function fitting(text: string, columns = 80): string {
  return text.slice(0, Math.max(1, columns - 1));
}
