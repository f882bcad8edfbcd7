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
// Nobody owns a read that several wait for. Each who stops waiting leaves it; when the last has left before departure,
// it is not sent, and when all reads of a request have been left, the request is aborted.
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { GraphAnswer } from './answer.ts';
import { BATCH_SIZE, type BatchItem, batchBody, readBatch } from './batch.ts';
import type { GraphClient } from './client.ts';
import { GraphFailure } from './failure.ts';
import type { Gate } from './gate.ts';
import type { RetryPolicy } from './retry.ts';

/** Who is reading: everything that changes an answer, as a key, and how to get the token for it. */
export interface Principal {
  readonly key: string;
  token(): Promise<string>;
}

export interface Reads {
  /** Joins the read of `item`, sending it if nobody has. `deadline` is in the clock's elapsed milliseconds. */
  join(principal: Principal, item: BatchItem, deadline: number): Read;
  /** A write by the principal has ended: reads that began before are joined no more. */
  wrote(principalKey: string): void;
}

export interface Read {
  readonly answer: Promise<GraphAnswer>;
  /** How many upstream requests this read has taken part in. */
  readonly requests: ReadonlySet<object>;
  leave(): void;
}

export interface ReadsOptions {
  readonly client: GraphClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly gate: Gate;
  readonly retry: RetryPolicy;
}

/** One read and those who wait for it. */
interface Entry extends BatchItem {
  readonly key: string;
  readonly answer: Promise<GraphAnswer>;
  readonly resolve: (answer: GraphAnswer) => void;
  readonly reject: (failure: unknown) => void;
  readonly requests: Set<object>;
  waiters: number;
  attempts: number;
  deadline: number;
  /** What to tell when the last waiter leaves a request under way. */
  left: (() => void) | null;
}

interface Lane {
  readonly principal: Principal;
  /** Reads that can be joined: waiting, or under way and still fresh. */
  readonly joinable: Map<string, Entry>;
  waiting: Entry[];
  departing: boolean;
  /** Reads not yet settled; the lane goes when there are none. */
  unsettled: number;
}

export function createReads(options: ReadsOptions): Reads {
  const { client, clock, random, gate, retry } = options;
  const lanes = new Map<string, Lane>();

  function laneOf(principal: Principal): Lane {
    const known = lanes.get(principal.key);
    if (known !== undefined) return known;
    const lane: Lane = { principal, joinable: new Map(), waiting: [], departing: false, unsettled: 0 };
    lanes.set(principal.key, lane);
    return lane;
  }

  function admit(lane: Lane, item: BatchItem, key: string): Entry {
    const { promise, resolve, reject } = Promise.withResolvers<GraphAnswer>();
    const entry: Entry = {
      ...item,
      key,
      answer: promise,
      resolve,
      reject,
      requests: new Set(),
      waiters: 0,
      attempts: 0,
      deadline: 0,
      left: null,
    };
    promise.catch(() => undefined);
    lane.joinable.set(key, entry);
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
    lane.departing = false;
    const wanted = lane.waiting.filter((entry) => entry.waiters > 0);
    for (const entry of lane.waiting) if (entry.waiters === 0) forget(lane, entry);
    lane.waiting = [];
    for (let at = 0; at < wanted.length; at += BATCH_SIZE) void send(lane, wanted.slice(at, at + BATCH_SIZE));
  }

  async function send(lane: Lane, entries: readonly Entry[]): Promise<void> {
    const leave = await gate.enter();
    const request = trackWaiters(entries);
    try {
      const outcomes = await exchange(lane, entries, request.signal);
      for (const [at, entry] of entries.entries()) settle(lane, entry, outcomes[at]);
    } catch (error) {
      for (const entry of entries) settle(lane, entry, error);
    } finally {
      leave();
    }
  }

  async function exchange(
    lane: Lane,
    entries: readonly Entry[],
    signal: AbortSignal,
  ): Promise<readonly unknown[]> {
    const token = await lane.principal.token();
    const call = { token, clientRequestId: random.uuid(), signal };
    const [only] = entries;
    if (entries.length === 1 && only !== undefined) {
      const headers = only.headers ?? {};
      return [await client.send({ ...call, method: 'GET', path: only.path, body: null, headers })];
    }
    const envelope = await client.send({
      ...call,
      method: 'POST',
      path: '/$batch',
      body: batchBody(entries),
    });
    return readBatch(envelope, entries.length, clock);
  }

  function settle(lane: Lane, entry: Entry, outcome: unknown): void {
    entry.left = null;
    if (outcome instanceof GraphFailure) {
      const delay = retry.delay(outcome, entry.attempts, entry.deadline - clock.elapsed());
      if (delay !== null && entry.waiters > 0) {
        clock.schedule(delay, () => enqueue(lane, entry));
        return;
      }
      entry.reject(outcome);
    } else if (outcome instanceof Error) {
      entry.reject(outcome);
    } else {
      if (entry.attempts === 1) retry.succeeded();
      entry.resolve(outcome as GraphAnswer);
    }
    forget(lane, entry);
  }

  function forget(lane: Lane, entry: Entry): void {
    if (lane.joinable.get(entry.key) === entry) lane.joinable.delete(entry.key);
    lane.unsettled -= 1;
    if (lane.unsettled === 0) lanes.delete(lane.principal.key);
  }

  return {
    join(principal, item, deadline) {
      const lane = laneOf(principal);
      const key = item.headers === null ? item.path : `${item.path} ${JSON.stringify(item.headers)}`;
      const entry = lane.joinable.get(key) ?? admit(lane, item, key);
      entry.waiters += 1;
      entry.deadline = Math.max(entry.deadline, deadline);
      return { answer: entry.answer, requests: entry.requests, leave: () => leaveEntry(lane, entry) };
    },
    wrote(principalKey) {
      lanes.get(principalKey)?.joinable.clear();
    },
  };
}

/** Nobody who comes later may join a read that is about to be aborted. */
function leaveEntry(lane: Lane, entry: Entry): void {
  entry.waiters -= 1;
  if (entry.waiters > 0) return;
  if (lane.joinable.get(entry.key) === entry) lane.joinable.delete(entry.key);
  entry.left?.();
}

/** Marks the reads as under way in one request, which is aborted once all of them have been left. */
function trackWaiters(entries: readonly Entry[]): { readonly signal: AbortSignal } {
  const request = new AbortController();
  let wanted = entries.length;
  for (const entry of entries) {
    entry.attempts += 1;
    entry.requests.add(request);
    entry.left = () => {
      wanted -= 1;
      if (wanted === 0) request.abort();
    };
  }
  return request;
}
