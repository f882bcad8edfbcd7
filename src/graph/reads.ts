// Reads of Microsoft Graph, gathered: what one principal wants at the same moment travels together.
//
// A principal has a lane. A read that is wanted joins the lane's next departure, at the end of the current turn of the
// event loop; by then every read of the same GraphQL operation that needs no earlier answer has joined, and so have
// the reads of other operations whose requests were waiting to be handled. The departure is cut into batches of 20; a
// single read goes as itself. The wait that this adds to a lone read is the rest of one turn: nothing, on an idle
// process.
//
// A read that is already under way is joined instead of sent again, until a write by the same principal ends: from
// then on it may be stale, and is joined no more. Never is anything shared between principals; the key of a principal
// names everything that changes the answer.
//
// While Microsoft Graph has asked for a pause, reads wait for its end, those whose deadline allows it; the others fail at
// once. While Graph is left alone because it fails, all of them do.
//
// Nobody owns a read that several wait for. Each who stops waiting leaves it; when the last has left before departure,
// it is not sent, and when all reads of a request have been left, the request is aborted.
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
import { underToken } from './principal.ts';
import { type HeldBack, paused } from './rejected.ts';
import { Origins } from './request-spans.ts';
import type { GraphAnswer } from './response.ts';
import type { RetryPolicy } from './retry.ts';
import { createGate, type Gate } from './semaphore.ts';

/** One who waits for a read. */
export interface Waiter {
  /** In the clock's elapsed milliseconds: how long the read may go on for this one. */
  readonly deadline: number;
  /** Of whoever waits, where that is traced; else null. */
  readonly span: Span | null;
  /** As of its session. */
  readonly order: number;
  /** The read has become part of an upstream request; reads of one batch name the same. */
  sent(request: object): void;
  succeed(answer: GraphAnswer): void;
  fail(failure: Error): void;
}

export interface Reads {
  /**
   * Joins the read of `item`, sending it if nobody has. The result stops the waiting.
   *
   * @param how `shared` when absent
   */
  join(principal: Principal, item: BatchItem, waiter: Waiter, how?: Sharing): () => void;
  /** A write by the principal has ended: reads that began before are joined no more. */
  wrote(principalKey: string): void;
}

export type Sharing =
  /** One read for all who want the same, tried again where that can help. */
  | 'shared'
  /** A read that begins after it is asked for, and is not tried again. It travels with others all the same. */
  | 'own';

export interface ReadsOptions {
  readonly client: GraphClient;
  readonly guard: Guard;
  readonly clock: Clock;
  readonly random: Random;
  /** Requests of one principal that are under way at a time. */
  readonly concurrency: number;
  readonly retry: RetryPolicy;
}

/** One read and those who wait for it. */
interface Entry extends BatchItem {
  readonly key: string;
  readonly waiters: Waiter[];
  readonly how: Sharing;
  attempts: number;
  /** The end of the pause that it waits for, or has waited for, in the clock's elapsed milliseconds; 0 for none. */
  pausedUntil: number;
  /** Whether the last try met a 503, so that the next goes over a new connection. */
  isFresh: boolean;
  /** The request that it is part of just now. */
  request: WireRequest | null;
}

/** One upstream request for one or more reads. */
interface WireRequest {
  readonly cancellation: Cancellation;
  /** Its reads that somebody still waits for. */
  wanted: number;
  /** Null as long as nobody who waits is traced. */
  origins: Origins | null;
}

interface Lane {
  readonly principal: Principal;
  readonly gate: Gate;
  /** Reads that can be joined: waiting, or under way and still fresh. */
  readonly joinable: Map<string, Entry>;
  waiting: Entry[];
  departing: boolean;
  /** Reads not yet settled; the lane goes when there are none. */
  unsettled: number;
}

export function createReads(options: ReadsOptions): Reads {
  const { client, guard, clock, random, retry } = options;
  const lanes = new TransientMap<Lane>();

  function laneOf(principal: Principal): Lane {
    const known = lanes.get(principal.key);
    if (known !== undefined) return known;
    const gate = createGate(options.concurrency);
    const lane = { principal, gate, joinable: new Map(), waiting: [], departing: false, unsettled: 0 };
    lanes.set(principal.key, lane);
    return lane;
  }

  function admit(lane: Lane, { path, headers }: BatchItem, key: string, waiter: Waiter, how: Sharing): Entry {
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
    if (how === 'shared') lane.joinable.set(key, entry);
    lane.unsettled += 1;
    enqueue(lane, entry);
    return entry;
  }

  function enqueue(lane: Lane, entry: Entry): void {
    lane.waiting.push(entry);
    if (lane.departing) return;
    lane.departing = true;
    clock.afterTurn(() => depart(lane));
  }

  function depart(lane: Lane): void {
    const { waiting } = lane;
    lane.departing = false;
    lane.waiting = [];
    const wanted = waiting.filter((entry) => isWanted(lane, entry));
    if (wanted.length <= BATCH_SIZE) void send(lane, wanted);
    else
      for (let at = 0; at < wanted.length; at += BATCH_SIZE)
        void send(lane, wanted.slice(at, at + BATCH_SIZE));
  }

  async function send(lane: Lane, departing: readonly Entry[]): Promise<void> {
    if (departing.length === 0) return;
    const isHeldUp = !lane.gate.tryEnter();
    if (isHeldUp) await lane.gate.enter();
    const entries = isHeldUp ? departing.filter((entry) => isWanted(lane, entry)) : departing;
    if (entries.length === 0) {
      lane.gate.leave();
      return;
    }
    const held = guard.hold(lane.principal, 'reads', entries.length);
    if (held !== null) {
      lane.gate.leave();
      holdBack(lane, entries, held);
      return;
    }
    const request = begin(entries);
    try {
      const outcomes = await underToken(lane.principal, entries, (token, wanted) =>
        exchange(lane.principal, token, wanted, request),
      );
      for (let at = 0; at < entries.length; at += 1) settle(lane, entries[at] as Entry, outcomes[at]);
    } catch (error) {
      const failure = error instanceof Error ? error : new GraphFailure('lost', { cause: error });
      for (const entry of entries) settle(lane, entry, failure);
    } finally {
      lane.gate.leave();
    }
  }

  /** Puts reads off to the end of a pause, for those who can wait so long; the others are told at once. */
  function holdBack(lane: Lane, entries: readonly Entry[], held: HeldBack): void {
    const until = clock.elapsed() + held.waitMs;
    for (const entry of entries) {
      const staying = entry.waiters.filter(({ deadline }) => held.canWait && deadline > until);
      const leaving = entry.waiters.filter((waiter) => !staying.includes(waiter));
      entry.waiters.splice(0, Number.POSITIVE_INFINITY, ...staying);
      entry.pausedUntil = until;
      if (staying.length === 0) forget(lane, entry);
      for (const waiter of leaving) waiter.fail(held);
    }
    const waiting = entries.filter(({ waiters }) => waiters.length > 0);
    if (waiting.length === 0) return;
    clock.schedule(held.waitMs, () => {
      for (const entry of waiting) enqueue(lane, entry);
    });
  }

  /** One request, and what came of each read: an answer, or what went wrong. */
  async function exchange(
    principal: Principal,
    token: string,
    entries: readonly Entry[],
    { cancellation, origins }: WireRequest,
  ): Promise<readonly unknown[]> {
    const only = entries.length === 1 ? entries[0] : undefined;
    const isFresh = entries.some((entry) => entry.isFresh);
    const order = entries[0]?.waiters[0]?.order ?? 0;
    const ids = { token, principal, clientRequestId: random.uuid(), cancellation, isFresh, order, origins };
    try {
      if (only !== undefined) {
        const { path, headers } = only;
        return [await client.send({ method: 'GET', path, headers, body: null, ...ids })];
      }
      const body = batchBody(entries);
      if (origins !== null) origins.reads = entries.length;
      const envelope = await client.send({ method: 'POST', path: BATCH, headers: null, body, ...ids });
      const outcomes = readBatch(envelope, entries.length, clock);
      for (const outcome of outcomes)
        if (outcome instanceof GraphFailure) guard.noteFailure(principal, outcome);
      return outcomes;
    } catch (error) {
      return entries.map(() => error);
    }
  }

  function settle(lane: Lane, entry: Entry, outcome: unknown): void {
    entry.request = null;
    if (!(outcome instanceof Error)) {
      if (entry.attempts === 1) retry.succeeded();
      for (const waiter of entry.waiters) waiter.succeed(outcome as GraphAnswer);
    } else {
      if (outcome instanceof GraphFailure && tryAgain(lane, entry, outcome)) return;
      for (const waiter of entry.waiters) waiter.fail(outcome);
    }
    forget(lane, entry);
  }

  function tryAgain(lane: Lane, entry: Entry, failure: GraphFailure): boolean {
    if (entry.waiters.length === 0 || entry.how === 'own') return false;
    let deadline = 0;
    for (const waiter of entry.waiters) deadline = Math.max(deadline, waiter.deadline);
    const delay = retry.delay(failure, entry.attempts, deadline - clock.elapsed());
    if (delay === null) return false;
    entry.isFresh = failure.graph?.status === 503;
    // Graph has asked for a pause, which is then known, and who cannot wait for its end should not wait for this either.
    if (guard.throttle.isPaused(lane.principal, 'reads')) enqueue(lane, entry);
    else clock.schedule(delay, () => enqueue(lane, entry));
    return true;
  }

  /** Whether somebody waits for it still. What nobody waits for is over. */
  function isWanted(lane: Lane, entry: Entry): boolean {
    if (entry.waiters.length > 0) return true;
    forget(lane, entry);
    return false;
  }

  function forget(lane: Lane, entry: Entry): void {
    if (lane.joinable.get(entry.key) === entry) lane.joinable.delete(entry.key);
    lane.unsettled -= 1;
    if (lane.unsettled === 0) lanes.delete(lane.principal.key);
  }

  return {
    join(principal, item, waiter, how = 'shared') {
      const lane = laneOf(principal);
      const key = item.headers === null ? item.path : `${item.path} ${JSON.stringify(item.headers)}`;
      const known = how === 'shared' ? lane.joinable.get(key) : undefined;
      if (known === undefined) {
        const entry = admit(lane, item, key, waiter, how);
        return () => leave(lane, entry, waiter);
      }
      if (known.pausedUntil >= waiter.deadline) {
        waiter.fail(paused(known.pausedUntil - clock.elapsed()));
        return () => {};
      }
      known.waiters.push(waiter);
      if (known.request !== null) tell(waiter, known.request);
      return () => leave(lane, known, waiter);
    },
    wrote(principalKey) {
      lanes.get(principalKey)?.joinable.clear();
    },
  };
}

/** Nobody who comes later may join a read that is about to be aborted. */
function leave(lane: Lane, entry: Entry, waiter: Waiter): void {
  const at = entry.waiters.indexOf(waiter);
  if (at === -1) return;
  entry.waiters.splice(at, 1);
  if (entry.waiters.length > 0) return;
  if (lane.joinable.get(entry.key) === entry) lane.joinable.delete(entry.key);
  if (entry.request === null) return;
  entry.request.wanted -= 1;
  if (entry.request.wanted === 0) entry.request.cancellation.cancel();
}

/** Marks the reads as under way in one request. */
function begin(entries: readonly Entry[]): WireRequest {
  const cancellation = new Cancellation();
  const request: WireRequest = { cancellation, wanted: entries.length, origins: null };
  for (const entry of entries) {
    entry.attempts += 1;
    entry.request = request;
    for (const waiter of entry.waiters) tell(waiter, request);
  }
  return request;
}

/** Tells one who waits of the request, and the request of one who is traced. */
function tell(waiter: Waiter, request: WireRequest): void {
  waiter.sent(request);
  if (waiter.span === null) return;
  if (request.origins === null) request.origins = new Origins(waiter.span);
  else request.origins.add(waiter.span);
}
