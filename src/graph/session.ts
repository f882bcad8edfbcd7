// The access of one caller to Microsoft Graph during one GraphQL operation. Domain modules use this interface only.
//
// A session ends at its deadline or when its caller goes away. It then gives up its reads. It still waits for a write that
// was sent, until the deadline, since the caller needs to know the outcome.
import { Cancellation } from '../runtime/cancellation.ts';
import type { Clock } from '../runtime/clock.ts';
import type { UpstreamTrace } from '../runtime/errors.ts';
import type { JsonObject } from '../runtime/json.ts';
import type { AccessLevel, Principal } from '../runtime/principal.ts';
import type { Random } from '../runtime/random.ts';
import type { Span } from '../runtime/tracing.ts';
import { Acceptance, type TokenVerdict } from './acceptance.ts';
import type { BatchItem } from './batch.ts';
import type { GraphCall, GraphClient } from './client.ts';
import type { SourceForm } from './clouds.ts';
import { GraphFailure } from './failure.ts';
import type { Guard } from './guard.ts';
import type { GraphPath } from './paths.ts';
import { type End, notStarted, outOfTime, PendingRead } from './pending.ts';
import { userRequired, withToken } from './principal.ts';
import { ReadAllowance } from './read-allowance.ts';
import type { Reads } from './reads.ts';
import { RequestSpans } from './request-spans.ts';
import type { GraphResponse } from './response.ts';
import type { RetryPolicy } from './retry.ts';
import type { Use } from './throttle.ts';

export interface GraphSession {
  /** Identifies the caller across tokens. */
  readonly principal: string;
  readonly accessLevel: AccessLevel;
  /** Properties of itemFacet that this cloud lacks. A `$select` must not name them. */
  readonly lacks: readonly string[];
  /** The form of `source.type` in this cloud. */
  readonly sourceForm: SourceForm;
  /** The roots that a next link may point to. */
  readonly roots: readonly string[];
  /**
   * Reads a resource, possibly in a batch with other reads. Retries where that can help and time allows.
   *
   * @throws GraphFailure, or a GatewayError of TIMEOUT when the session ends first
   */
  read(path: GraphPath, headers?: Readonly<Record<string, string>>): Promise<JsonObject>;
  /**
   * Reads many resources. Results are in the order of `paths`; a read that fails has its error as result. Never rejects.
   *
   * @param map converts each result as soon as it is there, so that the work is spread out and the JSON can be freed early;
   *   must not throw
   */
  readAll(paths: readonly GraphPath[]): Promise<(JsonObject | Error)[]>;
  readAll<T>(paths: readonly GraphPath[], map: MapOutcome<T>): Promise<T[]>;
  /**
   * Sends a write once, and never in a batch: losing a batch response would lose the outcomes of several writes.
   *
   * @throws GraphFailure; `mayHaveHappened` says whether Graph may have carried out the write. Any other GatewayError, such
   *   as CallRejected, means that nothing was sent
   */
  write(write: GraphWrite): Promise<GraphResponse>;
  /**
   * A session of the same caller for one change and the reads that belong to it. Its reads share no earlier read, so they
   * show the state at the time of the call. They continue when the caller goes away, take at most half of the time left,
   * and are not retried. Its requests and writes count for this session too.
   */
  isolated(options?: IsolatedOptions): GraphSession;
  /** Increases with each session. Operations share the event loop in this order. */
  readonly order: number;
  /** Whether the caller has gone away or the deadline has passed. Nothing new may be started then. */
  readonly ended: boolean;
  /** Milliseconds until the deadline. 0 when it has passed. */
  readonly remainingMs: number;
  /**
   * Takes one retry from the budget of the process, for a write that was certainly not sent. False when the budget is empty.
   */
  mayTryAgain(): boolean;
  /** Number of upstream requests so far that carried reads or writes of this session. */
  readonly requests: number;
  /** The traces of the writes sent so far, in order. The status is null when no response came. */
  readonly writes: readonly SentWrite[];
  /** Whether Graph has accepted the token of this session so far. */
  readonly tokenVerdict: TokenVerdict;
}

/** A write that was sent. */
export interface SentWrite extends UpstreamTrace {
  /** The `item` of the session that sent it; absent where it has none. */
  readonly item?: number;
}

export type MapOutcome<T> = (outcome: JsonObject | Error, at: number) => T;

export interface IsolatedOptions {
  /** Whether its reads may be batched with other reads of the same turn. Default: false. */
  readonly gathers?: boolean;
  /** Milliseconds by which it ends before the deadline. Default: 0. */
  readonly spareMs?: number;
  /** The place, from 0, of the change in a list of changes that it is for; its writes are noted with it. */
  readonly item?: number;
}

export interface GraphWrite {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: GraphPath;
  /** The JSON to send. Absent for a DELETE. */
  readonly body?: JsonObject;
  readonly ifMatch?: string;
  /** Share of the time left to wait for the response, 0 to 1. Default: 1. */
  readonly patience?: number;
  /** Milliseconds that must be left for the write to be sent. Default: 0. */
  readonly leastMs?: number;
}

export interface SessionOptions {
  readonly principal: Principal;
  /** Cancelled when the caller goes away or the deadline has passed. */
  readonly cancellation: Cancellation;
  /** In the clock's elapsed milliseconds. */
  readonly deadline: number;
  /** A GUID. The first write uses it as `client-request-id`. Later writes get random ones. */
  readonly requestId?: string;
  /** The span of the operation. Null or absent when it is not traced. */
  readonly span?: Span | null;
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
  readonly sourceForm: SourceForm;
  readonly roots: readonly string[];
  /** Most bytes that the reads of one session may bring. */
  readonly readBytes: number;
}

export function createGraph(options: GraphOptions): Graph {
  let opened = 0;
  return {
    open(session) {
      opened += 1;
      return new Session(options, session, opened);
    },
  };
}

class Session implements GraphSession {
  readonly order: number;
  readonly #graph: GraphOptions;
  readonly #options: SessionOptions;
  /** The session that an isolated one was created from. Null for any other. */
  readonly #parent: Session | null;
  readonly #gathers: boolean;
  readonly #item: number | undefined;
  readonly #principal: Principal;
  readonly #cancellation: Cancellation;
  readonly #deadline: number;
  readonly #span: Span | null;
  readonly #requests = new Set<object>();
  readonly #pending = new Set<PendingRead>();
  readonly #acceptance: Acceptance;
  /** Applies to reads for the response. The reads of a change are not limited. */
  readonly #allowance: ReadAllowance;
  #writes: readonly SentWrite[] = NO_WRITES;
  /** Whether a write has used the id of the request. */
  #idTaken = false;

  constructor(
    graph: GraphOptions,
    options: SessionOptions,
    order: number,
    parent: Session | null = null,
    { gathers = false, item }: IsolatedOptions = {},
  ) {
    this.order = order;
    const { principal, cancellation, deadline } = options;
    this.#options = options;
    this.#parent = parent;
    this.#gathers = gathers;
    this.#item = item;
    this.#graph = graph;
    this.#principal = principal;
    this.#cancellation = cancellation;
    this.#deadline = deadline;
    this.#span = options.span ?? null;
    this.#allowance = parent === null ? new ReadAllowance(graph.readBytes) : parent.#allowance;
    this.#acceptance = parent === null ? new Acceptance() : parent.#acceptance;
    if (parent !== null) return;
    cancellation.onCancel(() => {
      for (const read of this.#pending) read.giveUp();
    });
  }

  isolated(isolation: IsolatedOptions = {}): GraphSession {
    const { spareMs = 0 } = isolation;
    const options = spareMs === 0 ? this.#options : { ...this.#options, deadline: this.#deadline - spareMs };
    return new Session(this.#graph, options, this.order, this.#parent ?? this, isolation);
  }

  get ended(): boolean {
    return this.#cancellation.cancelled || this.remainingMs === 0;
  }

  get remainingMs(): number {
    return Math.max(0, this.#deadline - this.#graph.clock.elapsed());
  }

  get principal(): string {
    return this.#principal.owner;
  }

  get accessLevel(): AccessLevel {
    return this.#principal.accessLevel;
  }

  get lacks(): readonly string[] {
    return this.#graph.lacks;
  }

  get sourceForm(): SourceForm {
    return this.#graph.sourceForm;
  }

  get roots(): readonly string[] {
    return this.#graph.roots;
  }

  get requests(): number {
    return this.#requests.size;
  }

  get writes(): readonly SentWrite[] {
    return this.#writes;
  }

  get tokenVerdict(): TokenVerdict {
    return this.#acceptance.verdict;
  }

  read(path: GraphPath, headers: Readonly<Record<string, string>> | null = null): Promise<JsonObject> {
    return new Promise((resolve, reject) => {
      this.#join(path, headers, (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)));
    });
  }

  readAll<T>(paths: readonly GraphPath[], map: MapOutcome<T> = (outcome) => outcome as T): Promise<T[]> {
    if (paths.length === 0) return Promise.resolve([]);
    return new Promise((resolve) => {
      const outcomes = new Array<T>(paths.length);
      let missing = paths.length;
      for (let at = 0; at < paths.length; at += 1) {
        this.#join(paths[at] as GraphPath, null, (outcome) => {
          outcomes[at] = map(outcome, at);
          missing -= 1;
          if (missing === 0) resolve(outcomes);
        });
      }
    });
  }

  #join(path: GraphPath, headers: Readonly<Record<string, string>> | null, end: End): void {
    if (this.#parent !== null && this.#gathers) {
      this.#readGathered(this.#parent, { path, headers }, end);
      return;
    }
    if (this.#parent !== null) {
      this.#readIsolated(path, headers).then(end, (error: Error) => end(error));
      return;
    }
    const obstacle = this.#obstacleTo(path);
    if (obstacle !== null) {
      end(obstacle);
      return;
    }
    const read = new PendingRead(
      this.#deadline,
      this.#span,
      this.#pending,
      this.#requests,
      this.#acceptance,
      end,
    );
    read.allowance = this.#allowance;
    read.order = this.order;
    read.leave = this.#graph.reads.join(this.#principal, { path, headers }, read);
  }

  /** The error for a read that must not start. Null when it may start. */
  #obstacleTo(path: GraphPath): Error | null {
    if (this.#cancellation.cancelled) return outOfTime();
    return this.#needsUser(path) ? userRequired() : this.#allowance.exceeded;
  }

  /** Waits for its request until the session ends, and then for the response at most half of the time left. */
  #readGathered(parent: Session, item: BatchItem, end: End): void {
    if (this.#needsUser(item.path) || this.remainingMs === 0) {
      end(this.#needsUser(item.path) ? userRequired() : outOfTime());
      return;
    }
    const { clock, reads } = this.#graph;
    const giveUp = (): void => read.giveUp();
    let disarm = clock.schedule(this.remainingMs, giveUp);
    const settle: End = (outcome) => {
      disarm();
      end(outcome);
    };
    const read = new PendingRead(
      this.#deadline,
      this.#span,
      this.#pending,
      parent.#requests,
      this.#acceptance,
      settle,
    );
    read.onSent = () => {
      disarm();
      disarm = clock.schedule(this.remainingMs / 2, giveUp);
    };
    read.leave = reads.join(this.#principal, item, read, 'own');
  }

  async write(write: GraphWrite): Promise<GraphResponse> {
    if (this.#needsUser(write.path) || this.accessLevel === 'app-read') throw userRequired();
    try {
      return await this.#withToken((token) => this.#send(token, write));
    } finally {
      this.#graph.reads.wrote(this.#principal.key);
    }
  }

  async #readIsolated(
    path: GraphPath,
    headers: Readonly<Record<string, string>> | null,
  ): Promise<JsonObject> {
    if (this.#needsUser(path)) throw userRequired();
    await this.#waitForPauses('reads');
    const { body, trace } = await this.#withToken((token) =>
      this.#exchange(token, {
        method: 'GET',
        path,
        body: null,
        headers,
        clientRequestId: this.#graph.random.uuid(),
        timeoutMs: this.remainingMs / 2,
      }),
    );
    if (body === null) throw new GraphFailure('bad-response', { trace });
    return body;
  }

  mayTryAgain(): boolean {
    return this.#graph.retry.take();
  }

  /** Whether the path is below `/me` and the caller is an application without a user. */
  #needsUser(path: GraphPath): boolean {
    return this.accessLevel !== 'user' && /^\/me(?![\w-])/.test(path);
  }

  async #withToken(send: (token: string) => Promise<GraphResponse>): Promise<GraphResponse> {
    const [outcome] = await withToken(this.#principal, [send], async (token) => [
      await send(token).catch((error: unknown) => error),
    ]);
    if (outcome instanceof Error) throw outcome;
    return outcome as GraphResponse;
  }

  /** @throws CallRejected when a pause is longer than the time left, or when the circuit is open */
  async #waitForPauses(use: Use): Promise<void> {
    const { guard, clock } = this.#graph;
    for (;;) {
      const rejection = guard.check(this.#principal, use, 1);
      if (rejection === null) return;
      if (!rejection.canWait || rejection.waitMs >= this.remainingMs) throw rejection;
      await clock.sleep(rejection.waitMs);
    }
  }

  /** Sends a write unless the caller has gone away. */
  async #send(
    token: string,
    { method, path, body, ifMatch, patience = 1, leastMs = 0 }: GraphWrite,
  ): Promise<GraphResponse> {
    await this.#waitForPauses('writes');
    if (this.ended) throw outOfTime();
    if (this.remainingMs < leastMs) throw notStarted();
    const clientRequestId = this.#idOfWrite();
    let trace: UpstreamTrace = { status: null, requestId: null, clientRequestId };
    try {
      const response = await this.#exchange(token, {
        method,
        path,
        body: body === undefined ? null : JSON.stringify(body),
        headers: ifMatch === undefined ? null : { 'if-match': ifMatch },
        clientRequestId,
        timeoutMs: this.remainingMs * patience,
      });
      trace = response.trace;
      return response;
    } catch (error) {
      const { status = null, requestId = null } = (error instanceof GraphFailure && error.graph) || {};
      trace = { status, requestId, clientRequestId };
      throw error;
    } finally {
      const sent = this.#item === undefined ? trace : { ...trace, item: this.#item };
      this.#wrote(sent);
      if (this.#parent !== null) this.#parent.#wrote(sent);
    }
  }

  /** The first write gets the id of the request. */
  #idOfWrite(): string {
    const parent = this.#parent ?? this;
    const id = parent.#idTaken ? undefined : this.#options.requestId;
    parent.#idTaken = true;
    return id ?? this.#graph.random.uuid();
  }

  #wrote(write: SentWrite): void {
    this.#writes = [...this.#writes, write];
  }

  /** Sends one request. Only its timeout aborts it. */
  async #exchange(token: string, { timeoutMs, ...call }: Call): Promise<GraphResponse> {
    const left = Math.min(this.remainingMs, timeoutMs);
    if (left <= 0) throw outOfTime();
    const cancellation = new Cancellation();
    this.#requests.add(cancellation);
    if (this.#parent !== null) this.#parent.#requests.add(cancellation);
    const disarm = this.#graph.clock.schedule(left, () => cancellation.cancel());
    const spans = this.#span === null ? null : new RequestSpans(this.#span);
    const principal = this.#principal;
    try {
      const response = await this.#graph.client.send({ ...call, token, principal, cancellation, spans });
      this.#acceptance.succeeded();
      return response;
    } catch (error) {
      this.#acceptance.failed(error);
      throw error;
    } finally {
      disarm();
    }
  }
}

type Call = Omit<GraphCall, 'token' | 'principal' | 'cancellation'> & { readonly timeoutMs: number };

/** Most sessions write nothing. */
const NO_WRITES: readonly SentWrite[] = [];
