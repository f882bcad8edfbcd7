// One caller at Microsoft Graph for the length of one GraphQL operation: what a domain room sees of this folder.
//
// A session ends at its deadline or when its caller goes away. Reads then stop being waited for; a write that was sent
// is waited for until the deadline in any case, since its outcome has to be known.
import type { Clock } from '../base/clock.ts';
import { GatewayError } from '../base/errors.ts';
import type { Random } from '../base/random.ts';
import type { GraphAnswer, JsonObject } from './answer.ts';
import type { GraphClient } from './client.ts';
import { GraphFailure } from './failure.ts';
import type { Gate } from './gate.ts';
import type { GraphPath } from './paths.ts';
import type { Principal, Read, Reads } from './reads.ts';

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
  /** Aborted when the caller goes away or the deadline has passed. */
  readonly signal: AbortSignal;
  /** In the clock's elapsed milliseconds. */
  readonly deadline: number;
}

export interface Graph {
  open(options: SessionOptions): GraphSession;
}

export interface GraphOptions {
  readonly client: GraphClient;
  readonly reads: Reads;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly random: Random;
  readonly lacks: readonly string[];
  readonly roots: readonly string[];
}

export function createGraph(options: GraphOptions): Graph {
  return { open: (session) => openSession(options, session) };
}

function openSession(graph: GraphOptions, { principal, signal, deadline }: SessionOptions): GraphSession {
  const requests = new Set<object>();
  const waiting = new Set<() => void>();
  signal.addEventListener('abort', () => {
    for (const stop of waiting) stop();
  });
  return {
    principal: principal.key,
    lacks: graph.lacks,
    roots: graph.roots,
    get requests() {
      return requests.size;
    },
    async read(path, headers) {
      if (signal.aborted) throw outOfTime();
      const read = graph.reads.join(principal, { path, headers: headers ?? null }, deadline);
      const answer = await waitFor(read, waiting).finally(() => {
        for (const request of read.requests) requests.add(request);
      });
      if (answer.body === null) throw new GraphFailure('bad-response', { trace: answer.trace });
      return answer.body;
    },
    async write(write) {
      if (signal.aborted) throw outOfTime();
      requests.add(write);
      return sendWrite(graph, principal, deadline, write);
    },
  };
}

function waitFor(read: Read, waiting: Set<() => void>): Promise<GraphAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<GraphAnswer>();
  const stop = (): void => {
    waiting.delete(stop);
    read.leave();
    reject(outOfTime());
  };
  waiting.add(stop);
  read.answer.then(
    (answer) => {
      waiting.delete(stop);
      resolve(answer);
    },
    (failure: unknown) => {
      waiting.delete(stop);
      reject(failure);
    },
  );
  return promise;
}

function outOfTime(): GatewayError {
  return new GatewayError('TIMEOUT', 'The request ran out of time before Microsoft Graph answered.', {
    retryable: true,
  });
}

async function sendWrite(
  graph: GraphOptions,
  principal: Principal,
  deadline: number,
  write: GraphWrite,
): Promise<GraphAnswer> {
  const token = await principal.token();
  const leave = await graph.gate.enter();
  const abort = new AbortController();
  const disarm = graph.clock.schedule(Math.max(0, deadline - graph.clock.elapsed()), () => abort.abort());
  try {
    if (abort.signal.aborted) throw outOfTime();
    return await graph.client.send({
      method: write.method,
      path: write.path,
      body: write.body === undefined ? null : JSON.stringify(write.body),
      headers: write.ifMatch === undefined ? {} : { 'if-match': write.ifMatch },
      token,
      clientRequestId: graph.random.uuid(),
      signal: abort.signal,
    });
  } finally {
    disarm();
    leave();
    graph.reads.wrote(principal.key);
  }
}
