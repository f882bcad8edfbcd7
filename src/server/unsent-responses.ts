// Responses that wait for clients to read them. Nothing else holds back a client that asks for much and reads nothing: its
// requests have ended, and each response stays in memory for as long as its connection is open.
//
// So every response has a time to be sent in, the whole of it: a client that reads a byte a second makes progress and
// never ends. And all that waits together has a bound. Over it, the responses that have waited longest are dropped, since
// whoever reads is gone long before it is one of these. To drop a response is to close its connection: half a response is
// no response, and whatever follows on that connection waits for the same client.
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { LargeResponse } from '../graphql/large-response.ts';
import type { Clock } from '../runtime/clock.ts';
import { Expirable, TimeLimit } from '../runtime/time-limit.ts';

export interface UnsentLimits {
  /** Milliseconds for a client to read a response, 1 or more. */
  readonly sendMs: number;
  /** Bytes that may wait. The newest response may wait even when it alone is larger. */
  readonly unsentBytes: number;
}

export interface UnsentOptions extends UnsentLimits {
  readonly clock: Clock;
}

export interface UnsentFigures {
  /** Bytes that wait now. */
  readonly bytes: number;
  /** Connections that were closed for a response that was not read, by the reason for it. */
  readonly dropped: Readonly<Record<DropReason, number>>;
}

export type DropReason =
  /** It was not read in time. */
  | 'time'
  /** It had waited longest when there was too much. */
  | 'bytes';

export interface Unsent {
  /** To be called when the last part of a response, its `body` as a rule, is about to be handed to its connection. */
  watch(response: ServerResponse, body: unknown): void;
  readonly figures: UnsentFigures;
}

export function createUnsent(options: UnsentOptions): Unsent {
  const { clock, unsentBytes } = options;
  const times = new TimeLimit(clock, options.sendMs);
  const waiting = new WeakMap<Socket, Set<Waiting>>();
  const figures = { bytes: 0, dropped: { time: 0, bytes: 0 } };

  function release(one: Waiting): void {
    if (!waiting.get(one.socket)?.delete(one)) return;
    times.end(one);
    figures.bytes -= one.bytes;
  }

  function drop(one: Waiting, reason: DropReason): void {
    figures.dropped[reason] += 1;
    for (const other of waiting.get(one.socket) ?? []) release(other);
    one.socket.destroy();
  }

  /** Most responses are gone by the end of the turn: the system takes them in whole. */
  function look({ response, body }: Handed): void {
    const { socket } = response.req;
    if (response.writableFinished || response.destroyed || socket.destroyed) return;
    const one = new Waiting(socket, sizeOf(response, body), () => drop(one, 'time'));
    ofConnection(socket).add(one);
    times.begin(one);
    figures.bytes += one.bytes;
    response.once('finish', () => release(one));
    while (figures.bytes > unsentBytes && times.first !== one) drop(times.first as Waiting, 'bytes');
  }

  /** A response behind another one on its connection has no socket yet, and does not hear that it closes. */
  function ofConnection(socket: Socket): Set<Waiting> {
    const known = waiting.get(socket);
    if (known !== undefined) return known;
    const all = new Set<Waiting>();
    waiting.set(socket, all);
    socket.once('close', () => {
      for (const one of all) release(one);
    });
    return all;
  }

  let fresh: Handed[] = [];

  function lookAtFresh(): void {
    const all = fresh;
    fresh = [];
    for (const handed of all) look(handed);
  }

  return {
    figures,
    watch(response, body) {
      if (fresh.push({ response, body }) === 1) clock.afterTurn(lookAtFresh);
    },
  };
}

interface Handed {
  readonly response: ServerResponse;
  readonly body: unknown;
}

class Waiting extends Expirable {
  readonly socket: Socket;
  readonly bytes: number;
  readonly #expired: () => void;

  constructor(socket: Socket, bytes: number, expired: () => void) {
    super();
    this.socket = socket;
    this.bytes = bytes;
    this.#expired = expired;
  }

  expire(): void {
    this.#expired();
  }
}

/** In bytes. Of a stream, what it has handed over so far. */
function sizeOf(response: ServerResponse, body: unknown): number {
  if (body instanceof LargeResponse) return body.bytes;
  return typeof body === 'string' || Buffer.isBuffer(body)
    ? Buffer.byteLength(body)
    : response.writableLength;
}
