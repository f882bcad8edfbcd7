// The wait of one session for a read. Other sessions may wait for the same read. Giving up one wait does not affect them.
import { GatewayError } from '../runtime/errors.ts';
import type { JsonObject } from '../runtime/json.ts';
import type { Span } from '../runtime/tracing.ts';
import type { Acceptance } from './acceptance.ts';
import { GraphFailure } from './failure.ts';
import type { ReadAllowance } from './read-allowance.ts';
import type { Waiter } from './reads.ts';
import type { GraphResponse } from './response.ts';

export type End = (outcome: JsonObject | Error) => void;

export class PendingRead implements Waiter {
  readonly deadline: number;
  readonly span: Span | null;
  leave: (() => void) | null = null;
  /** Called each time the read becomes part of a request. */
  onSent: (() => void) | null = null;
  order = 0;
  /** The bytes that the operation may still read. Null for no limit. */
  allowance: ReadAllowance | null = null;
  readonly #pending: Set<PendingRead>;
  readonly #requests: Set<object>;
  readonly #acceptance: Acceptance;
  readonly #end: End;

  constructor(
    deadline: number,
    span: Span | null,
    pending: Set<PendingRead>,
    requests: Set<object>,
    acceptance: Acceptance,
    end: End,
  ) {
    this.deadline = deadline;
    this.span = span;
    this.#pending = pending;
    this.#requests = requests;
    this.#acceptance = acceptance;
    this.#end = end;
    pending.add(this);
  }

  sent(request: object): void {
    this.#requests.add(request);
    this.onSent?.();
  }

  succeed({ body, bytes, trace }: GraphResponse): void {
    this.#acceptance.succeeded();
    this.#pending.delete(this);
    const tooLarge = this.allowance?.take(bytes) ?? null;
    this.#end(tooLarge ?? body ?? new GraphFailure('bad-response', { trace }));
    if (tooLarge !== null) for (const other of this.#pending) other.giveUp(tooLarge);
  }

  fail(failure: Error): void {
    this.#acceptance.failed(failure);
    this.#pending.delete(this);
    this.#end(failure);
  }

  giveUp(why: GatewayError = outOfTime()): void {
    this.#pending.delete(this);
    this.leave?.();
    this.#end(why);
  }
}

/** The error for a change that was not started because too little time was left. */
export function notStarted(): GatewayError {
  const message =
    'The request ran out of time before this change was started. Nothing was sent for it. Repeat the call.';
  return new GatewayError('TIMEOUT', message, { retryable: true });
}

export function outOfTime(): GatewayError {
  const message = 'The request ran out of time before Microsoft Graph responded.';
  return new GatewayError('TIMEOUT', message, { retryable: true });
}
