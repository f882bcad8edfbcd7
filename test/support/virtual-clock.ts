// Time that passes only while nothing is left to do: simulated delays have the length that they say, however slow the
// machine is. For tests whose gateway, emulator and clients all run in the process of the test.
//
// Once the event loop has been idle for some turns, every connection has been read to its end and everybody waits for a
// timer; then time moves to the end of the first one. Timers end in order, those of the same moment in the order in which
// they were set.
import { type Clock, systemClock } from '../../src/runtime/clock.ts';

/** Turns of the event loop in which nothing has asked for the time, before time moves. */
const IDLE_TURNS = 50;

/** Handles that wait for others. Anything else is work that goes on outside the event loop, such as compression. */
const WAITING: ReadonlySet<string> = new Set([
  'TCPSocketWrap',
  'TCPServerWrap',
  'PipeWrap',
  'Timeout',
  'Immediate',
]);

function isWorking(): boolean {
  return process.getActiveResourcesInfo().some((kind) => !WAITING.has(kind));
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** Runs until it is disposed of. */
export function startVirtualClock(): Clock & Disposable {
  const start = systemClock.now();
  const timers = new Set<Timer>();
  let elapsed = 0;
  let idle = 0;
  let isOver = false;

  function set(ms: number, run: () => void): () => void {
    const timer = { at: elapsed + Math.max(0, ms), run };
    timers.add(timer);
    idle = 0;
    return () => void timers.delete(timer);
  }

  function turn(): void {
    if (isOver) return;
    idle += 1;
    if (idle > IDLE_TURNS && !isWorking()) endFirst();
    setImmediate(turn);
  }

  function endFirst(): void {
    idle = 0;
    const [first] = [...timers].toSorted((one, other) => one.at - other.at);
    if (first === undefined) return;
    timers.delete(first);
    elapsed = first.at;
    first.run();
  }

  setImmediate(turn);
  return {
    now: () => start + elapsed,
    elapsed() {
      idle = 0;
      return elapsed;
    },
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason);
        const cancel = set(ms, () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        });
        const abort = (): void => {
          cancel();
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', abort, { once: true });
      });
    },
    schedule: set,
    afterTurn: systemClock.afterTurn,
    [Symbol.dispose]() {
      isOver = true;
    },
  };
}
