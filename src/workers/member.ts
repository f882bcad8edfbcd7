// One worker, as the primary sees it: a process with a number, from its start to its end.
import type { ChildProcess } from 'node:child_process';
import type { MetricsSnapshot } from '../observability/metrics.ts';
import type { Clock } from '../runtime/clock.ts';
import { within } from '../runtime/with-timeout.ts';
import { lineTo } from './line.ts';
import { isReport, type Order, type Question, type Report, type Terms } from './messages.ts';

/** What became of the start of a worker. */
export type Start =
  | { readonly kind: 'ready'; readonly url: string }
  /** For these reasons, if it said any. */
  | { readonly kind: 'failed'; readonly lines: readonly string[] };

/** How a process ended. */
export interface End {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface Member {
  readonly number: number;
  readonly pid: number | undefined;
  readonly start: Promise<Start>;
  /** Resolves once it is going or gone. */
  readonly leaves: Promise<void>;
  readonly end: Promise<End>;
  /** Whether it answers requests and is to go on with that. */
  isReady(): boolean;
  /** The numbers that it gave last. */
  metrics(): MetricsSnapshot;
  tell(order: Order): void;
  /** Has it give its numbers. Resolves when it has, or after a while. */
  measure(): Promise<void>;
  /** Why it should get no traffic; null when it should. One that does not say is busy. */
  readiness(): Promise<string | null>;
  kill(): void;
}

export interface MemberOptions {
  readonly child: ChildProcess;
  readonly terms: Terms;
  readonly clock: Clock;
}

/** Milliseconds for an answer. Whoever asks for readiness does not wait for much longer than that. */
const ANSWER_MS = 1_000;

export function createMember({ child, terms, clock }: MemberOptions): Member {
  const line = lineTo(child);
  const start = Promise.withResolvers<Start>();
  const leaves = Promise.withResolvers<void>();
  const end = Promise.withResolvers<End>();
  const asked = new Map<number, (report: Report) => void>();
  let phase: 'starting' | 'ready' | 'leaving' = 'starting';
  let metrics: MetricsSnapshot = [];
  let questions = 0;

  function leave(): void {
    phase = 'leaving';
    leaves.resolve();
  }

  line.listen((message) => {
    if (!isReport(message)) return;
    switch (message.kind) {
      case 'hello':
        return line.send({ kind: 'start', terms } satisfies Order);
      case 'ready':
        if (phase === 'starting') phase = 'ready';
        return start.resolve(message);
      case 'failed':
        return start.resolve(message);
      case 'leaving':
        return leave();
      case 'farewell':
        metrics = message.metrics;
        return;
      case 'metrics':
        metrics = message.metrics;
        asked.get(message.id)?.(message);
        return;
      case 'readiness':
        asked.get(message.id)?.(message);
    }
  });
  child.once('exit', (code, signal) => {
    leave();
    start.resolve({ kind: 'failed', lines: [] });
    end.resolve({ code, signal });
  });
  // It could not be started, or not be signalled: its end, if there is one, is told as such.
  child.on('error', () => {
    if (child.pid === undefined) child.emit('exit', null, null);
  });

  /** Null when there is no answer in time. */
  async function ask(what: Question): Promise<Report | null> {
    questions += 1;
    const id = questions;
    const { promise, resolve } = Promise.withResolvers<Report>();
    asked.set(id, resolve);
    line.send({ kind: 'ask', id, what } satisfies Order);
    try {
      return await within(clock, ANSWER_MS, promise);
    } catch {
      return null;
    } finally {
      asked.delete(id);
    }
  }

  return {
    number: terms.number,
    pid: child.pid,
    start: start.promise,
    leaves: leaves.promise,
    end: end.promise,
    isReady: () => phase === 'ready',
    metrics: () => metrics,
    tell: line.send,
    async measure() {
      await ask('metrics');
    },
    async readiness() {
      const report = await ask('readiness');
      return report?.kind === 'readiness' ? report.reason : 'the event loop lags';
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
