// One caller at Microsoft Graph for the length of one GraphQL operation: what a domain room sees of this folder.
//
// A session ends at its deadline or when its caller goes away. Reads then stop being waited for; a write that was sent
// is waited for until the deadline in any case, since its outcome has to be known.
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
import { type End, notBegun, outOfTime, PendingRead } from './pending.ts';
import { noSelf, underToken } from './principal.ts';
import { ReadAllowance } from './read-allowance.ts';
import type { Reads } from './reads.ts';
import { Origins } from './request-spans.ts';
import type { GraphAnswer } from './response.ts';
import type { RetryPolicy } from './retry.ts';
import type { Use } from './throttle.ts';

export interface GraphSession {
  /** Whom this session reads and writes for, by a name that outlives the token. */
  readonly principal: string;
  readonly accessLevel: AccessLevel;
  /** What this cloud's itemFacet lacks: never to be named in a `$select`. */
  readonly lacks: readonly string[];
  /** How this cloud takes `source.type`. */
  readonly sourceForm: SourceForm;
  /** The roots that a next link may name. */
  readonly roots: readonly string[];
  /**
   * Reads a resource, perhaps together with others. Tried again where that can help and the time allows.
   *
   * @throws GraphFailure, or a GatewayError of TIMEOUT when the session ended first
   */
  read(path: GraphPath, headers?: Readonly<Record<string, string>>): Promise<JsonObject>;
  /**
   * Reads many resources; each has its answer or its failure in the place of its path. Never rejects.
   *
   * @param look what to make of each as soon as it is there, so that neither the work nor the JSON of all of them comes
   *   together at the end; must not throw
   */
  readAll(paths: readonly GraphPath[]): Promise<(JsonObject | Error)[]>;
  readAll<T>(paths: readonly GraphPath[], look: Look<T>): Promise<T[]>;
  /**
   * Sends a write, once, by itself: never in a batch, where a lost answer leaves the outcome open.
   *
   * @throws GraphFailure; its `mayHaveHappened` says whether the outcome is known. Another GatewayError when nothing was
   *   sent, HeldBack among them
   */
  write(write: GraphWrite): Promise<GraphAnswer>;
  /**
   * The same caller, for one change and the reads about it. Its reads travel by themselves and begin when they are asked
   * for, so that they show what was there then; they are not given up when the caller goes away, and each takes at most
   * half of the time that is left. They are not tried again. What it writes counts for this session too.
   */
  apart(options?: ApartOptions): GraphSession;
  /** Grows from one session to the next: in this order operations take turns. */
  readonly order: number;
  /** Whether nothing new is to be begun: the caller has gone away, or the deadline has passed. */
  readonly ended: boolean;
  /** Milliseconds until the deadline; 0 when it has passed. */
  readonly remainingMs: number;
  /**
   * Whether something that was surely not sent may be sent once more: takes one out of the retries that all of the
   * process shares.
   */
  mayTryAgain(): boolean;
  /** Upstream requests that this session has taken part in so far. */
  readonly requests: number;
  /** What is known of each write that was sent so far, in order. A status of null: no answer came. */
  readonly writes: readonly SentWrite[];
  /** What Graph's answers to this session so far say about its token. */
  readonly tokenVerdict: TokenVerdict;
}

/** A write that was sent. */
export interface SentWrite extends UpstreamTrace {
  /** The `item` of the session that sent it; absent where it has none. */
  readonly item?: number;
}

export type Look<T> = (outcome: JsonObject | Error, at: number) => T;

export interface ApartOptions {
  /** Whether its reads travel together with those that others want at the same moment; false when absent. */
  readonly gathers?: boolean;
  /** Milliseconds before the deadline at which it is over; 0 when absent. */
  readonly spareMs?: number;
  /** The place, from 0, of the change in a list of changes that it is for; its writes are noted with it. */
  readonly item?: number;
}

export interface GraphWrite {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: GraphPath;
  /** The JSON to send; absent for a DELETE. */
  readonly body?: JsonObject;
  readonly ifMatch?: string;
  /** Of the time that is left when it is sent, what an answer is waited for; 1, all of it, when absent. */
  readonly patience?: number;
  /** Milliseconds that have to be left when it is sent: with less, nothing is. 0 when absent. */
  readonly leastMs?: number;
}

export interface SessionOptions {
  readonly principal: Principal;
  /** Cancelled when the caller goes away or the deadline has passed. */
  readonly cancellation: Cancellation;
  /** In the clock's elapsed milliseconds. */
  readonly deadline: number;
  /** A GUID; the first write is sent under it, as `client-request-id`. Later ones, and all without it, get their own. */
  readonly requestId?: string;
  /** Of the operation, where that is traced; null or absent where it is not. */
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
  /** Bytes that the reads of one session may bring. */
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
  /** Of a session apart: the one that it was taken from. */
  readonly #whole: Session | null;
  readonly #gathers: boolean;
  readonly #item: number | undefined;
  readonly #principal: Principal;
  readonly #cancellation: Cancellation;
  readonly #deadline: number;
  readonly #span: Span | null;
  readonly #requests = new Set<object>();
  readonly #pending = new Set<PendingRead>();
  readonly #acceptance: Acceptance;
  /** Of what is read to be told. What a change looks at it has to see in any case. */
  readonly #allowance: ReadAllowance;
  #writes: readonly SentWrite[] = NO_WRITES;
  /** Whether a write has gone out under the id of the request. */
  #idTaken = false;

  constructor(
    graph: GraphOptions,
    options: SessionOptions,
    order: number,
    whole: Session | null = null,
    { gathers = false, item }: ApartOptions = {},
  ) {
    this.order = order;
    const { principal, cancellation, deadline } = options;
    this.#options = options;
    this.#whole = whole;
    this.#gathers = gathers;
    this.#item = item;
    this.#graph = graph;
    this.#principal = principal;
    this.#cancellation = cancellation;
    this.#deadline = deadline;
    this.#span = options.span ?? null;
    this.#allowance = whole === null ? new ReadAllowance(graph.readBytes) : whole.#allowance;
    this.#acceptance = whole === null ? new Acceptance() : whole.#acceptance;
    if (whole !== null) return;
    cancellation.onCancel(() => {
      for (const read of this.#pending) read.giveUp();
    });
  }

  apart(apart: ApartOptions = {}): GraphSession {
    const { spareMs = 0 } = apart;
    const options = spareMs === 0 ? this.#options : { ...this.#options, deadline: this.#deadline - spareMs };
    return new Session(this.#graph, options, this.order, this.#whole ?? this, apart);
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

  readAll<T>(paths: readonly GraphPath[], look: Look<T> = (outcome) => outcome as T): Promise<T[]> {
    if (paths.length === 0) return Promise.resolve([]);
    return new Promise((resolve) => {
      const outcomes = new Array<T>(paths.length);
      let missing = paths.length;
      for (let at = 0; at < paths.length; at += 1) {
        this.#join(paths[at] as GraphPath, null, (outcome) => {
          outcomes[at] = look(outcome, at);
          missing -= 1;
          if (missing === 0) resolve(outcomes);
        });
      }
    });
  }

  #join(path: GraphPath, headers: Readonly<Record<string, string>> | null, end: End): void {
    if (this.#whole !== null && this.#gathers) {
      this.#readGathered(this.#whole, { path, headers }, end);
      return;
    }
    if (this.#whole !== null) {
      this.#readApart(path, headers).then(end, (error: Error) => end(error));
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

  /** Why a read is not to be begun; null for no reason. */
  #obstacleTo(path: GraphPath): Error | null {
    if (this.#cancellation.cancelled) return outOfTime();
    return this.#isNobodys(path) ? noSelf() : this.#allowance.exceeded;
  }

  /** Waits for its turn as long as the session goes on, and for the answer half of what is left then. */
  #readGathered(whole: Session, item: BatchItem, end: End): void {
    if (this.#isNobodys(item.path) || this.remainingMs === 0) {
      end(this.#isNobodys(item.path) ? noSelf() : outOfTime());
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
      whole.#requests,
      this.#acceptance,
      settle,
    );
    read.onSent = () => {
      disarm();
      disarm = clock.schedule(this.remainingMs / 2, giveUp);
    };
    read.leave = reads.join(this.#principal, item, read, 'own');
  }

  async write(write: GraphWrite): Promise<GraphAnswer> {
    if (this.#isNobodys(write.path) || this.accessLevel === 'app-read') throw noSelf();
    try {
      return await this.#underToken((token) => this.#send(token, write));
    } finally {
      this.#graph.reads.wrote(this.#principal.key);
    }
  }

  async #readApart(path: GraphPath, headers: Readonly<Record<string, string>> | null): Promise<JsonObject> {
    if (this.#isNobodys(path)) throw noSelf();
    await this.#pausesOver('reads');
    const { body, trace } = await this.#underToken((token) =>
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

  /** An application by itself is nobody, so nothing is its own. */
  #isNobodys(path: GraphPath): boolean {
    return this.accessLevel !== 'user' && /^\/me(?![\w-])/.test(path);
  }

  async #underToken(send: (token: string) => Promise<GraphAnswer>): Promise<GraphAnswer> {
    const [outcome] = await underToken(this.#principal, [send], async (token) => [
      await send(token).catch((error: unknown) => error),
    ]);
    if (outcome instanceof Error) throw outcome;
    return outcome as GraphAnswer;
  }

  /** Waits out the pauses that Graph asks for. Throws HeldBack when one is longer than the time left, or Graph is left alone. */
  async #pausesOver(use: Use): Promise<void> {
    const { guard, clock } = this.#graph;
    for (;;) {
      const held = guard.hold(this.#principal, use, 1);
      if (held === null) return;
      if (!held.canWait || held.waitMs >= this.remainingMs) throw held;
      await clock.sleep(held.waitMs);
    }
  }

  /** A write is begun only for a caller who is still there. */
  async #send(
    token: string,
    { method, path, body, ifMatch, patience = 1, leastMs = 0 }: GraphWrite,
  ): Promise<GraphAnswer> {
    await this.#pausesOver('writes');
    if (this.ended) throw outOfTime();
    if (this.remainingMs < leastMs) throw notBegun();
    const clientRequestId = this.#idOfWrite();
    let trace: UpstreamTrace = { status: null, requestId: null, clientRequestId };
    try {
      const answer = await this.#exchange(token, {
        method,
        path,
        body: body === undefined ? null : JSON.stringify(body),
        headers: ifMatch === undefined ? null : { 'if-match': ifMatch },
        clientRequestId,
        timeoutMs: this.remainingMs * patience,
      });
      trace = answer.trace;
      return answer;
    } catch (error) {
      const { status = null, requestId = null } = (error instanceof GraphFailure && error.graph) || {};
      trace = { status, requestId, clientRequestId };
      throw error;
    } finally {
      const sent = this.#item === undefined ? trace : { ...trace, item: this.#item };
      this.#wrote(sent);
      if (this.#whole !== null) this.#whole.#wrote(sent);
    }
  }

  /** The id of the request goes to one write, the first. */
  #idOfWrite(): string {
    const whole = this.#whole ?? this;
    const id = whole.#idTaken ? undefined : this.#options.requestId;
    whole.#idTaken = true;
    return id ?? this.#graph.random.uuid();
  }

  #wrote(write: SentWrite): void {
    this.#writes = [...this.#writes, write];
  }

  /** One request by itself, which nobody but the clock can end. */
  async #exchange(token: string, { timeoutMs, ...call }: Call): Promise<GraphAnswer> {
    const left = Math.min(this.remainingMs, timeoutMs);
    if (left <= 0) throw outOfTime();
    const cancellation = new Cancellation();
    this.#requests.add(cancellation);
    if (this.#whole !== null) this.#whole.#requests.add(cancellation);
    const disarm = this.#graph.clock.schedule(left, () => cancellation.cancel());
    const origins = this.#span === null ? null : new Origins(this.#span);
    const principal = this.#principal;
    try {
      const answer = await this.#graph.client.send({ ...call, token, principal, cancellation, origins });
      this.#acceptance.succeeded();
      return answer;
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
