// Responses that their clients have not read yet. A client may send many requests and read no response. Its requests have
// ended, so no other limit applies, but each response stays in memory while its connection is open.
//
// Two limits apply. A response must be sent completely within a time, because a client that reads one byte a second always
// makes progress. And the bytes of all unsent responses have a maximum. Above it the responses that have waited longest
// are dropped: a client that reads receives its response long before it is among these. Dropping a response closes its
// connection, because a part of a response is useless and later responses on the connection wait for the same client.
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { LargeResponse } from '../graphql/large-response.ts';
import type { Clock } from '../runtime/clock.ts';
import { Expirable, TimeLimit } from '../runtime/time-limit.ts';

export interface UnsentResponseLimits {
  /** Milliseconds in which a client must read a response, 1 or more. */
  readonly sendMs: number;
  /** Maximum bytes of all unsent responses. The newest response may exceed it. */
  readonly unsentBytes: number;
}

export interface UnsentResponseOptions extends UnsentResponseLimits {
  readonly clock: Clock;
}

export interface UnsentResponseFigures {
  /** Bytes of all unsent responses. */
  readonly bytes: number;
  /** Connections that were closed because a response was not read, by reason. */
  readonly dropped: Readonly<Record<DropReason, number>>;
}

export type DropReason =
  /** The response was not read in time. */
  | 'time'
  /** The unsent bytes exceeded their maximum, and the response had waited longest. */
  | 'bytes';

export interface UnsentResponses {
  /** Must be called just before the last part of a response, usually its whole `body`, is written to its connection. */
  watch(response: ServerResponse, body: unknown): void;
  readonly figures: UnsentResponseFigures;
}

export function createUnsentResponses(options: UnsentResponseOptions): UnsentResponses {
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

  /** Runs at the end of the turn. By then the system has taken over most responses completely. */
  function check({ response, body }: Written): void {
    const { socket } = response.req;
    if (response.writableFinished || response.destroyed || socket.destroyed) return;
    const one = new Waiting(socket, sizeOf(response, body), () => drop(one, 'time'));
    ofConnection(socket).add(one);
    times.begin(one);
    figures.bytes += one.bytes;
    response.once('finish', () => release(one));
    while (figures.bytes > unsentBytes && times.first !== one) drop(times.first as Waiting, 'bytes');
  }

  /** Listens on the socket: a pipelined response has no socket yet and gets no event when the connection closes. */
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

  let unchecked: Written[] = [];

  function checkAll(): void {
    const all = unchecked;
    unchecked = [];
    for (const written of all) check(written);
  }

  return {
    figures,
    watch(response, body) {
      if (unchecked.push({ response, body }) === 1) clock.afterTurn(checkAll);
    },
  };
}

interface Written {
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

/** Size in bytes. For a stream, the bytes that are buffered so far. */
function sizeOf(response: ServerResponse, body: unknown): number {
  if (body instanceof LargeResponse) return body.bytes;
  return typeof body === 'string' || Buffer.isBuffer(body)
    ? Buffer.byteLength(body)
    : response.writableLength;
}
