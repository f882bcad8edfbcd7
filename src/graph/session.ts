// One caller at Microsoft Graph for the length of one GraphQL operation: what a domain room sees of this folder.
//
// A session ends at its deadline or when its caller goes away. Reads then stop being waited for; a write that was sent
// is waited for until the deadline in any case, since its outcome has to be known.
import { Cancellation } from '../base/cancellation.ts';
import type { Clock } from '../base/clock.ts';
import { GatewayError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import type { GraphAnswer, JsonObject } from './answer.ts';
import type { GraphClient } from './client.ts';
import { GraphFailure } from './failure.ts';
import type { GraphPath } from './paths.ts';
import type { Principal, Reads, Waiter } from './reads.ts';

export interface GraphSession {
  /** The key of whom this session reads and writes for. */
  readonly principal: string;
  /** What this cloud's itemFacet lacks: never to be named in a `$select`. */
  readonly lacks: readonly string[];
  /** The roots that a next link may name. */
  readonly roots: readonly string[];
  /**
   * Reads a resource, perhaps together with others. Tried again where that can help and the time allows.
   *
   * @throws GraphFailure, or a GatewayError of TIMEOUT when the session ended first
   */
  read(path: GraphPath, headers?: Readonly<Record<string, string>>): Promise<JsonObject>;
  /**
   * Sends a write, once, by itself: never in a batch, where a lost answer leaves the outcome open.
   *
   * @throws GraphFailure; its `mayHaveHappened` says whether the outcome is known
   */
  write(write: GraphWrite): Promise<GraphAnswer>;
  /** Upstream requests that this session has taken part in so far. */
  readonly requests: number;
}

export interface GraphWrite {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: GraphPath;
  /** The JSON to send; absent for a DELETE. */
  readonly body?: JsonObject;
  readonly ifMatch?: string;
}

export interface SessionOptions {
  readonly principal: Principal;
  /** Cancelled when the caller goes away or the deadline has passed. */
  readonly cancellation: Cancellation;
  /** In the clock's elapsed milliseconds. */
  readonly deadline: number;
}

export interface Graph {
  open(options: SessionOptions): GraphSession;
}

export interface GraphOptions {
  readonly client: GraphClient;
  readonly reads: Reads;
  readonly clock: Clock;
  readonly random: Random;
  readonly lacks: readonly string[];
  readonly roots: readonly string[];
}

export function createGraph(options: GraphOptions): Graph {
  return { open: (session) => new Session(options, session) };
}

class Session implements GraphSession {
  readonly #graph: GraphOptions;
  readonly #principal: Principal;
  readonly #cancellation: Cancellation;
  readonly #deadline: number;
  readonly #requests = new Set<object>();
  readonly #pending = new Set<PendingRead>();

  constructor(graph: GraphOptions, { principal, cancellation, deadline }: SessionOptions) {
    this.#graph = graph;
    this.#principal = principal;
    this.#cancellation = cancellation;
    this.#deadline = deadline;
    cancellation.onCancel(() => {
      for (const read of this.#pending) read.giveUp();
    });
  }

  get principal(): string {
    return this.#principal.key;
  }

  get lacks(): readonly string[] {
    return this.#graph.lacks;
  }

  get roots(): readonly string[] {
    return this.#graph.roots;
  }

  get requests(): number {
    return this.#requests.size;
  }

  read(path: GraphPath, headers: Readonly<Record<string, string>> | null = null): Promise<JsonObject> {
    if (this.#cancellation.cancelled) return Promise.reject(outOfTime());
    return new Promise((resolve, reject) => {
      const read = new PendingRead(this.#deadline, this.#pending, this.#requests, resolve, reject);
      read.leave = this.#graph.reads.join(this.#principal, { path, headers }, read);
    });
  }

  async write(write: GraphWrite): Promise<GraphAnswer> {
    const { client, clock, random, reads } = this.#graph;
    const token = await this.#principal.token();
    if (this.#cancellation.cancelled) throw outOfTime();
    this.#requests.add(write);
    const cancellation = new Cancellation();
    const disarm = clock.schedule(Math.max(0, this.#deadline - clock.elapsed()), () => cancellation.cancel());
    try {
      return await client.send({
        method: write.method,
        path: write.path,
        body: write.body === undefined ? null : JSON.stringify(write.body),
        headers: write.ifMatch === undefined ? null : { 'if-match': write.ifMatch },
        token,
        clientRequestId: random.uuid(),
        cancellation,
      });
    } finally {
      disarm();
      reads.wrote(this.#principal.key);
    }
  }
}

/** A session's share in a read, which others may wait for too. */
class PendingRead implements Waiter {
  readonly deadline: number;
  leave: (() => void) | null = null;
  readonly #pending: Set<PendingRead>;
  readonly #requests: Set<object>;
  readonly #resolve: (body: JsonObject) => void;
  readonly #reject: (failure: unknown) => void;

  constructor(
    deadline: number,
    pending: Set<PendingRead>,
    requests: Set<object>,
    resolve: (body: JsonObject) => void,
    reject: (failure: unknown) => void,
  ) {
    this.deadline = deadline;
    this.#pending = pending;
    this.#requests = requests;
    this.#resolve = resolve;
    this.#reject = reject;
    pending.add(this);
  }

  sent(request: object): void {
    this.#requests.add(request);
  }

  succeed({ body, trace }: GraphAnswer): void {
    this.#pending.delete(this);
    if (body === null) this.#reject(new GraphFailure('bad-response', { trace }));
    else this.#resolve(body);
  }

  fail(failure: unknown): void {
    this.#pending.delete(this);
    this.#reject(failure);
  }

  giveUp(): void {
    this.#pending.delete(this);
    this.leave?.();
    this.#reject(outOfTime());
  }
}

function outOfTime(): GatewayError {
  const message = 'The request ran out of time before Microsoft Graph answered.';
  return new GatewayError('TIMEOUT', message, { retryable: true });
}
