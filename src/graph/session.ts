// One caller at Microsoft Graph for the length of one GraphQL operation: what a domain room sees of this folder.
//
// A session ends at its deadline or when its caller goes away. Reads then stop being waited for; a write that was sent
// is waited for until the deadline in any case, since its outcome has to be known.
import { Cancellation } from '../base/cancellation.ts';
import type { Clock } from '../base/clock.ts';
import { GatewayError, type UpstreamTrace } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import type { GraphAnswer, JsonObject } from './answer.ts';
import type { GraphClient } from './client.ts';
import { GraphFailure } from './failure.ts';
import type { Guard } from './guard.ts';
import type { GraphPath } from './paths.ts';
import { noSelf, type Principal, type Standing, underToken } from './principal.ts';
import type { Reads, Waiter } from './reads.ts';
import type { RetryPolicy } from './retry.ts';

export interface GraphSession {
  /** Whom this session reads and writes for, by a name that outlives the token. */
  readonly principal: string;
  readonly standing: Standing;
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
  /** Reads many resources; each has its answer or its failure in the place of its path. Never rejects. */
  readAll(paths: readonly GraphPath[]): Promise<(JsonObject | Error)[]>;
  /**
   * Sends a write, once, by itself: never in a batch, where a lost answer leaves the outcome open.
   *
   * @throws GraphFailure; its `mayHaveHappened` says whether the outcome is known. Another GatewayError when nothing was
   *   sent, HeldBack among them
   */
  write(write: GraphWrite): Promise<GraphAnswer>;
  /**
   * Whether something that was surely not sent may be sent once more: takes one out of the retries that all of the
   * process shares.
   */
  mayTryAgain(): boolean;
  /** Upstream requests that this session has taken part in so far. */
  readonly requests: number;
  /** What is known of each write that was sent so far, in order. A status of null: no answer came. */
  readonly writes: readonly UpstreamTrace[];
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
  /** A GUID; the first write is sent under it, as `client-request-id`. Later ones, and all without it, get their own. */
  readonly requestId?: string;
}

export interface Graph {
  open(options: SessionOptions): GraphSession;
}

export interface GraphOptions {
  readonly client: GraphClient;
  readonly reads: Reads;
  readonly guard: Guard;
  readonly retry: RetryPolicy;
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
  readonly #requestId: string | undefined;
  #writes: readonly UpstreamTrace[] = NO_WRITES;

  constructor(graph: GraphOptions, { principal, cancellation, deadline, requestId }: SessionOptions) {
    this.#requestId = requestId;
    this.#graph = graph;
    this.#principal = principal;
    this.#cancellation = cancellation;
    this.#deadline = deadline;
    cancellation.onCancel(() => {
      for (const read of this.#pending) read.giveUp();
    });
  }

  get principal(): string {
    return this.#principal.owner;
  }

  get standing(): Standing {
    return this.#principal.standing;
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

  get writes(): readonly UpstreamTrace[] {
    return this.#writes;
  }

  read(path: GraphPath, headers: Readonly<Record<string, string>> | null = null): Promise<JsonObject> {
    return new Promise((resolve, reject) => {
      this.#join(path, headers, (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)));
    });
  }

  readAll(paths: readonly GraphPath[]): Promise<(JsonObject | Error)[]> {
    return new Promise((resolve) => {
      const outcomes = new Array<JsonObject | Error>(paths.length);
      let missing = paths.length;
      for (let at = 0; at < paths.length; at += 1) {
        this.#join(paths[at] as GraphPath, null, (outcome) => {
          outcomes[at] = outcome;
          missing -= 1;
          if (missing === 0) resolve(outcomes);
        });
      }
    });
  }

  #join(path: GraphPath, headers: Readonly<Record<string, string>> | null, end: End): void {
    const obstacle = this.#cancellation.cancelled ? outOfTime() : this.#isNobodys(path) ? noSelf() : null;
    if (obstacle !== null) {
      end(obstacle);
      return;
    }
    const read = new PendingRead(this.#deadline, this.#pending, this.#requests, end);
    read.leave = this.#graph.reads.join(this.#principal, { path, headers }, read);
  }

  async write(write: GraphWrite): Promise<GraphAnswer> {
    if (this.#isNobodys(write.path) || this.standing === 'app-reads') throw noSelf();
    try {
      const [outcome] = await underToken(this.#principal, [write], async (token) => [
        await this.#send(token, write).catch((error: unknown) => error),
      ]);
      if (outcome instanceof Error) throw outcome;
      return outcome as GraphAnswer;
    } finally {
      this.#graph.reads.wrote(this.#principal.key);
    }
  }

  mayTryAgain(): boolean {
    return this.#graph.retry.take();
  }

  /** An application by itself is nobody, so nothing is its own. */
  #isNobodys(path: GraphPath): boolean {
    return this.standing !== 'person' && /^\/me(?![\w-])/.test(path);
  }

  async #send(token: string, write: GraphWrite): Promise<GraphAnswer> {
    const { client, clock, random } = this.#graph;
    const left = this.#deadline - clock.elapsed();
    if (this.#cancellation.cancelled || left <= 0) throw outOfTime();
    const held = this.#graph.guard.hold(this.#principal, 'writes', 1);
    if (held !== null) throw held;
    const cancellation = new Cancellation();
    const clientRequestId = (this.#writes.length === 0 ? this.#requestId : undefined) ?? random.uuid();
    let trace: UpstreamTrace = { status: null, requestId: null, clientRequestId };
    this.#requests.add(cancellation);
    const disarm = clock.schedule(left, () => cancellation.cancel());
    try {
      const answer = await client.send({
        method: write.method,
        path: write.path,
        body: write.body === undefined ? null : JSON.stringify(write.body),
        headers: write.ifMatch === undefined ? null : { 'if-match': write.ifMatch },
        token,
        principal: this.#principal,
        clientRequestId,
        cancellation,
      });
      trace = answer.trace;
      return answer;
    } catch (error) {
      const { status = null, requestId = null } = (error instanceof GraphFailure && error.graph) || {};
      trace = { status, requestId, clientRequestId };
      throw error;
    } finally {
      disarm();
      this.#writes = [...this.#writes, trace];
    }
  }
}

/** Most sessions write nothing. */
const NO_WRITES: readonly UpstreamTrace[] = [];

type End = (outcome: JsonObject | Error) => void;

/** A session's share in a read, which others may wait for too. */
class PendingRead implements Waiter {
  readonly deadline: number;
  leave: (() => void) | null = null;
  readonly #pending: Set<PendingRead>;
  readonly #requests: Set<object>;
  readonly #end: End;

  constructor(deadline: number, pending: Set<PendingRead>, requests: Set<object>, end: End) {
    this.deadline = deadline;
    this.#pending = pending;
    this.#requests = requests;
    this.#end = end;
    pending.add(this);
  }

  sent(request: object): void {
    this.#requests.add(request);
  }

  succeed({ body, trace }: GraphAnswer): void {
    this.#pending.delete(this);
    this.#end(body ?? new GraphFailure('bad-response', { trace }));
  }

  fail(failure: Error): void {
    this.#pending.delete(this);
    this.#end(failure);
  }

  giveUp(): void {
    this.#pending.delete(this);
    this.leave?.();
    this.#end(outOfTime());
  }
}

function outOfTime(): GatewayError {
  const message = 'The request ran out of time before Microsoft Graph answered.';
  return new GatewayError('TIMEOUT', message, { retryable: true });
}
