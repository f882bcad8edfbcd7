// What the operations of the client share: how to run one, once or as often as its budget allows.
import { type TypedDocument, textOf } from './document.ts';
import type { Exchange, Outcome, TraceContext } from './exchange.ts';
import { type Again, persist, whileRetryable } from './persist.ts';
import type { Runtime } from './runtime.ts';

export interface CallOptions {
  /** Ends the call; it rejects with the signal's reason. What was sent may have been done all the same. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the call, all tries and pauses included. */
  readonly budgetMs?: number | undefined;
  /** The caller's place in a trace; without, `traceContext` of the client is asked. */
  readonly trace?: TraceContext | undefined;
}

export interface Session {
  readonly runtime: Runtime;
  readonly url: string;
  /** Milliseconds of the budget of a read, and of a change. */
  readonly readBudgetMs: number;
  readonly changeBudgetMs: number;
  /** Runs an operation once. @param leftMs that the caller has for it at most */
  once(operation: Operation, options: CallOptions, leftMs: number): Promise<Outcome>;
}

export interface Operation {
  readonly document: TypedDocument<unknown, never>;
  readonly variables: object;
  readonly isRepeatable: boolean;
}

export interface SessionOptions {
  readonly url: string;
  readonly runtime: Runtime;
  readonly exchange: Exchange;
  readonly timeoutMs: number;
  readonly readBudgetMs: number;
  readonly changeBudgetMs: number;
  readonly traceContext?: (() => TraceContext | null) | undefined;
}

export function createSession(options: SessionOptions): Session {
  const { runtime, url, exchange, timeoutMs, readBudgetMs, changeBudgetMs, traceContext } = options;
  return {
    runtime,
    url,
    readBudgetMs,
    changeBudgetMs,
    once: ({ document, variables, isRepeatable }, { signal, trace }, leftMs) =>
      exchange({
        query: textOf(document),
        variables,
        isRepeatable,
        timeoutMs: Math.min(timeoutMs, leftMs),
        signal,
        trace: trace ?? traceContext?.(),
      }),
  };
}

/** Runs a query as often as it takes. */
export function read<R, V extends object>(
  session: Session,
  document: TypedDocument<R, V>,
  variables: V,
  options: CallOptions,
): Promise<Outcome> {
  return run(session, { document, variables, isRepeatable: true }, options, whileRetryable);
}

export function run(
  session: Session,
  operation: Operation,
  options: CallOptions,
  again: Again<Outcome>,
): Promise<Outcome> {
  const budgetMs = options.budgetMs ?? session.readBudgetMs;
  const attempt = (leftMs: number): Promise<Outcome> => session.once(operation, options, leftMs);
  return persist(session.runtime, { budgetMs, signal: options.signal }, attempt, again);
}
