// Batches reads of Microsoft Graph: reads that one principal requests in the same turn of the event loop share a request.
//
// Each principal has a queue, which is flushed at the end of the current turn of the event loop. By then it holds all reads
// of a GraphQL operation that depend on no earlier response, and the reads of other operations that started in this turn.
// A flush sends batches of 20; a single read is sent without a batch. Queueing delays a read by the rest of one turn.
//
// A read joins an identical read in flight instead of being sent again. After a write by the same principal ends, earlier
// reads may be stale, so no new read joins them. Principals never share reads. A principal's key identifies everything
// that changes the response.
//
// While Microsoft Graph asks for a pause, reads whose deadline allows it wait for its end, and the others fail at once.
// While the circuit is open, all reads fail at once.
//
// A read can have several waiters. Each of them can leave. A read that all waiters leave before the flush is not sent. A
// request is aborted when all waiters have left all its reads.
import { Cancellation } from '../runtime/cancellation.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Principal } from '../runtime/principal.ts';
import type { Random } from '../runtime/random.ts';
import type { Span } from '../runtime/tracing.ts';
import { TransientMap } from '../runtime/transient-map.ts';
import { BATCH_SIZE, type BatchItem, batchBody, readBatch } from './batch.ts';
import { BATCH, type GraphClient } from './client.ts';
import { GraphFailure } from './failure.ts';
import type { Guard } from './guard.ts';
import { withToken } from './principal.ts';
import { type CallRejected, paused } from './rejected.ts';
import { RequestSpans } from './request-spans.ts';
import type { GraphResponse } from './response.ts';
import type { RetryPolicy } from './retry.ts';
import { createSemaphore, type Semaphore } from './semaphore.ts';

/** Waits for a read. */
export interface Waiter {
  /** Until when it waits, in the clock's elapsed milliseconds. */
  readonly deadline: number;
  /** The span of its operation. Null when that is not traced. */
  readonly span: Span | null;
  /** The order of its session. */
  readonly order: number;
  /** Called when the read becomes part of an upstream request. All reads of a batch pass the same object. */
  sent(request: object): void;
  succeed(response: GraphResponse): void;
  fail(failure: Error): void;
}

export interface Reads {
  /**
   * Joins the read of `item`, or queues it if there is none in flight.
   *
   * @param how default: `shared`
   * @returns a function that stops waiting
   */
  join(principal: Principal, item: BatchItem, waiter: Waiter, how?: Sharing): () => void;
  /** A write by the principal has ended. New reads no longer join earlier ones. */
  wrote(principalKey: string): void;
}

export type Sharing =
  /** Shared with identical reads, and retried where that can help. */
  | 'shared'
  /** Never shared with a read that started earlier, and not retried. It may still be part of a batch. */
  | 'own';

export interface ReadsOptions {
  readonly client: GraphClient;
  readonly guard: Guard;
  readonly clock: Clock;
  readonly random: Random;
  /** Most requests of one principal in flight at a time. */
  readonly concurrency: number;
  readonly retry: RetryPolicy;
}

/** One read and its waiters. */
interface Entry extends BatchItem {
  readonly key: string;
  readonly waiters: Waiter[];
  readonly how: Sharing;
  attempts: number;
  /** End of the last pause that it has waited for, in the clock's elapsed milliseconds. 0 for none. */
  pausedUntil: number;
  /** Whether the last try got a 503. The next one then uses a new connection. */
  isFresh: boolean;
  /** The request in flight that it is part of. */
  request: ReadRequest | null;
}

/** One upstream request, for one read or a batch. */
interface ReadRequest {
  readonly cancellation: Cancellation;
  /** Number of its reads that still have waiters. */
  activeReads: number;
  /** Null while no waiter is traced. */
  spans: RequestSpans | null;
}

interface Queue {
  readonly principal: Principal;
  readonly semaphore: Semaphore;
  /** Reads that can be joined: queued, or in flight and not stale. */
  readonly joinable: Map<string, Entry>;
  waiting: Entry[];
  isFlushing: boolean;
  /** Number of reads that are not settled. The queue is removed at 0. */
  unsettled: number;
}

export function createReads(options: ReadsOptions): Reads {
  const { client, guard, clock, random, retry } = options;
  const queues = new TransientMap<Queue>();

  function queueOf(principal: Principal): Queue {
    const known = queues.get(principal.key);
    if (known !== undefined) return known;
    const semaphore = createSemaphore(options.concurrency);
    const queue = { principal, semaphore, joinable: new Map(), waiting: [], isFlushing: false, unsettled: 0 };
    queues.set(principal.key, queue);
    return queue;
  }

  function admit(
    queue: Queue,
    { path, headers }: BatchItem,
    key: string,
    waiter: Waiter,
    how: Sharing,
  ): Entry {
    const entry: Entry = {
      path,
      headers,
      key,
      waiters: [waiter],
      how,
      attempts: 0,
      pausedUntil: 0,
      isFresh: false,
      request: null,
    };
    if (how === 'shared') queue.joinable.set(key, entry);
    queue.unsettled += 1;
    enqueue(queue, entry);
    return entry;
  }

  function enqueue(queue: Queue, entry: Entry): void {
    queue.waiting.push(entry);
    if (queue.isFlushing) return;
    queue.isFlushing = true;
    clock.afterTurn(() => flush(queue));
  }

  function flush(queue: Queue): void {
    const { waiting } = queue;
    queue.isFlushing = false;
    queue.waiting = [];
    const pending = waiting.filter((entry) => hasWaiters(queue, entry));
    if (pending.length <= BATCH_SIZE) void send(queue, pending);
    else
      for (let at = 0; at < pending.length; at += BATCH_SIZE)
        void send(queue, pending.slice(at, at + BATCH_SIZE));
  }

  async function send(queue: Queue, flushed: readonly Entry[]): Promise<void> {
    if (flushed.length === 0) return;
    const isFull = !queue.semaphore.tryAcquire();
    if (isFull) await queue.semaphore.acquire();
    const entries = isFull ? flushed.filter((entry) => hasWaiters(queue, entry)) : flushed;
    if (entries.length === 0) {
      queue.semaphore.release();
      return;
    }
    const rejection = guard.check(queue.principal, 'reads', entries.length);
    if (rejection !== null) {
      queue.semaphore.release();
      postpone(queue, entries, rejection);
      return;
    }
    const request = begin(entries);
    try {
      const outcomes = await withToken(queue.principal, entries, (token, some) =>
        exchange(queue.principal, token, some, request),
      );
      for (let at = 0; at < entries.length; at += 1) settle(queue, entries[at] as Entry, outcomes[at]);
    } catch (error) {
      const failure = error instanceof Error ? error : new GraphFailure('lost', { cause: error });
      for (const entry of entries) settle(queue, entry, failure);
    } finally {
      queue.semaphore.release();
    }
  }

  /** Postpones reads to the end of a pause. Waiters whose deadline is earlier fail at once. */
  function postpone(queue: Queue, entries: readonly Entry[], rejection: CallRejected): void {
    const until = clock.elapsed() + rejection.waitMs;
    for (const entry of entries) {
      const staying = entry.waiters.filter(({ deadline }) => rejection.canWait && deadline > until);
      const leaving = entry.waiters.filter((waiter) => !staying.includes(waiter));
      entry.waiters.splice(0, Number.POSITIVE_INFINITY, ...staying);
      entry.pausedUntil = until;
      if (staying.length === 0) forget(queue, entry);
      for (const waiter of leaving) waiter.fail(rejection);
    }
    const waiting = entries.filter(({ waiters }) => waiters.length > 0);
    if (waiting.length === 0) return;
    clock.schedule(rejection.waitMs, () => {
      for (const entry of waiting) enqueue(queue, entry);
    });
  }

  /** Sends one request. Returns the response or the error of each read. */
  async function exchange(
    principal: Principal,
    token: string,
    entries: readonly Entry[],
    { cancellation, spans }: ReadRequest,
  ): Promise<readonly unknown[]> {
    const only = entries.length === 1 ? entries[0] : undefined;
    const isFresh = entries.some((entry) => entry.isFresh);
    const order = entries[0]?.waiters[0]?.order ?? 0;
    const ids = { token, principal, clientRequestId: random.uuid(), cancellation, isFresh, order, spans };
    try {
      if (only !== undefined) {
        const { path, headers } = only;
        return [await client.send({ method: 'GET', path, headers, body: null, ...ids })];
      }
      const body = batchBody(entries);
      if (spans !== null) spans.reads = entries.length;
      const envelope = await client.send({ method: 'POST', path: BATCH, headers: null, body, ...ids });
      const outcomes = readBatch(envelope, entries.length, clock);
      for (const outcome of outcomes)
        if (outcome instanceof GraphFailure) guard.noteFailure(principal, outcome);
      return outcomes;
    } catch (error) {
      return entries.map(() => error);
    }
  }

  function settle(queue: Queue, entry: Entry, outcome: unknown): void {
    entry.request = null;
    if (!(outcome instanceof Error)) {
      if (entry.attempts === 1) retry.succeeded();
      for (const waiter of entry.waiters) waiter.succeed(outcome as GraphResponse);
    } else {
      if (outcome instanceof GraphFailure && tryAgain(queue, entry, outcome)) return;
      for (const waiter of entry.waiters) waiter.fail(outcome);
    }
    forget(queue, entry);
  }

  function tryAgain(queue: Queue, entry: Entry, failure: GraphFailure): boolean {
    if (entry.waiters.length === 0 || entry.how === 'own') return false;
    let deadline = 0;
    for (const waiter of entry.waiters) deadline = Math.max(deadline, waiter.deadline);
    const delay = retry.delay(failure, entry.attempts, deadline - clock.elapsed());
    if (delay === null) return false;
    entry.isFresh = failure.graph?.status === 503;
    // Graph has asked for a pause. The queue postpones the read, or fails the waiters that cannot wait so long.
    if (guard.throttle.isPaused(queue.principal, 'reads')) enqueue(queue, entry);
    else clock.schedule(delay, () => enqueue(queue, entry));
    return true;
  }

  /** Whether the read has waiters. Drops it if not. */
  function hasWaiters(queue: Queue, entry: Entry): boolean {
    if (entry.waiters.length > 0) return true;
    forget(queue, entry);
    return false;
  }

  function forget(queue: Queue, entry: Entry): void {
    if (queue.joinable.get(entry.key) === entry) queue.joinable.delete(entry.key);
    queue.unsettled -= 1;
    if (queue.unsettled === 0) queues.delete(queue.principal.key);
  }

  return {
    join(principal, item, waiter, how = 'shared') {
      const queue = queueOf(principal);
      const key = item.headers === null ? item.path : `${item.path} ${JSON.stringify(item.headers)}`;
      const known = how === 'shared' ? queue.joinable.get(key) : undefined;
      if (known === undefined) {
        const entry = admit(queue, item, key, waiter, how);
        return () => leave(queue, entry, waiter);
      }
      if (known.pausedUntil >= waiter.deadline) {
        waiter.fail(paused(known.pausedUntil - clock.elapsed()));
        return () => {};
      }
      known.waiters.push(waiter);
      if (known.request !== null) notifySent(waiter, known.request);
      return () => leave(queue, known, waiter);
    },
    wrote(principalKey) {
      queues.get(principalKey)?.joinable.clear();
    },
  };
}

/** A read without waiters cannot be joined any more, since its request may be aborted. */
function leave(queue: Queue, entry: Entry, waiter: Waiter): void {
  const at = entry.waiters.indexOf(waiter);
  if (at === -1) return;
  entry.waiters.splice(at, 1);
  if (entry.waiters.length > 0) return;
  if (queue.joinable.get(entry.key) === entry) queue.joinable.delete(entry.key);
  if (entry.request === null) return;
  entry.request.activeReads -= 1;
  if (entry.request.activeReads === 0) entry.request.cancellation.cancel();
}

/** Marks the reads as in flight in one request. */
function begin(entries: readonly Entry[]): ReadRequest {
  const cancellation = new Cancellation();
  const request: ReadRequest = { cancellation, activeReads: entries.length, spans: null };
  for (const entry of entries) {
    entry.attempts += 1;
    entry.request = request;
    for (const waiter of entry.waiters) notifySent(waiter, request);
  }
  return request;
}

/** Notifies a waiter of the request, and adds its span to the request. */
function notifySent(waiter: Waiter, request: ReadRequest): void {
  waiter.sent(request);
  if (waiter.span === null) return;
  if (request.spans === null) request.spans = new RequestSpans(waiter.span);
  else request.spans.add(waiter.span);
}
