// When a write may begin: as many at a time as one caller may have under way at Microsoft Graph, and only with enough time
// left to wait for its response and, if that is lost, to look for what was sent. A write that begins too late has an
// unknown outcome for no reason.
//
// How long a response takes is measured with the reads and writes of the same request.

import { notStarted } from '../../graph/pending.ts';
import { createSemaphore } from '../../graph/semaphore.ts';
import type { GraphSession } from '../../graph/session.ts';
import type { Clock } from '../../runtime/clock.ts';

export interface WriteLimit {
  /**
   * Begins a write once fewer than the limit are under way.
   *
   * @throws GatewayError of TIMEOUT when too little time was left: the write was not begun
   */
  begin<T>(session: GraphSession, write: (turn: Turn) => Promise<T>): Promise<T>;
  /** Carries out reads that a write waits for, and measures how long they take. */
  timed<T>(reads: () => Promise<T>): Promise<T>;
  /** Throws as `begin` does, before work that would be lost if the write came too late. */
  check(session: GraphSession): void;
}

export interface Turn {
  /** Whether the write had to wait for others: what was read before may be out of date. */
  readonly waited: boolean;
  /** Milliseconds that have to be left when it is sent. */
  readonly leastMs: number;
}

/** Milliseconds that have to be left where responses are fast; less where the whole request has little time. */
const LEAST_MS = 1_000;
const LEAST_SHARE = 1 / 5;
/** How many responses there has to be time for: that of the write within its share of the time, and that of a read. */
const RESPONSES = 3;
/** Of the time of the whole request: where responses are slower than this allows, a repeat finds what was sent. */
const MOST_SHARE = 1 / 3;

export interface WriteLimitOptions {
  readonly clock: Clock;
  /** Writes at a time. */
  readonly concurrency: number;
  /** Milliseconds that the whole request has. */
  readonly totalMs: number;
}

export function createWriteLimit({ clock, concurrency, totalMs }: WriteLimitOptions): WriteLimit {
  const semaphore = createSemaphore(concurrency);
  const quickMs = Math.min(LEAST_MS, totalMs * LEAST_SHARE);
  let responseMs = 0;

  const leastMs = (): number => Math.min(totalMs * MOST_SHARE, Math.max(quickMs, responseMs * RESPONSES));

  function check(session: GraphSession): void {
    if (session.ended || session.remainingMs < leastMs()) throw notStarted();
  }

  async function timed<T>(work: () => Promise<T>): Promise<T> {
    const began = clock.elapsed();
    const result = await work();
    responseMs = clock.elapsed() - began;
    return result;
  }

  return {
    timed,
    check,
    async begin(session, write) {
      const waited = !semaphore.tryAcquire();
      if (waited) await semaphore.acquire();
      try {
        check(session);
        return await timed(() => write({ waited, leastMs: leastMs() }));
      } finally {
        semaphore.release();
      }
    },
  };
}
