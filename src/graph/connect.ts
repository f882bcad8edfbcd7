// Assembles the connection to Microsoft Graph: transport, guard, client, reads and sessions.
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import { createGraphClient } from './client.ts';
import { type CloudName, clouds } from './clouds.ts';
import { createGuard, type GuardFigures } from './guard.ts';
import { createReads } from './reads.ts';
import { createRetryPolicy, DEFAULT_RETRY } from './retry.ts';
import { createGraph, type Graph } from './session.ts';
import { createTransport } from './transport.ts';

/** Milliseconds to establish a connection. It usually takes a few hundredths of a second. */
const CONNECT_MS = 2_000;
/** Most milliseconds of one try of a read. A try also takes at most TRY_SHARE of the deadline, which leaves time for a retry. */
const TRY_MS = 4_000;
const TRY_SHARE = 0.6;
/** Most bytes of one response of Microsoft Graph. A batch of 20 long lists is well below one megabyte. */
const MAX_RESPONSE_BYTES = 8 * 1024 * 1024;

export interface Upstream {
  readonly graph: Graph;
  readonly figures: GuardFigures;
  close(): Promise<void>;
}

export interface UpstreamOptions {
  /** The root URL of Microsoft Graph, without a version and without a trailing slash. */
  readonly root: string;
  readonly cloud: CloudName | 'emulator';
  /** The maximum number of connections, for all callers together. */
  readonly connections: number;
  /** The maximum number of concurrent requests of one caller. A batch counts as one request. */
  readonly concurrency: number;
  /** The maximum number of bytes of Graph responses that one operation may read. */
  readonly readBytes: number;
  /** Milliseconds for one operation of the gateway, 100 or more. */
  readonly requestDeadlineMs: number;
  /** See TransportOptions. */
  nextTurn(order: number): Promise<void>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export function connectGraph(options: UpstreamOptions): Upstream {
  const { root, connections, concurrency, readBytes, requestDeadlineMs, nextTurn, clock, random } = options;
  const cloud = options.cloud === 'emulator' ? null : clouds[options.cloud];
  const tryMs = Math.min(TRY_MS, requestDeadlineMs * TRY_SHARE);
  const transport = createTransport({
    origin: new URL(root).origin,
    connections,
    clock,
    connectMs: Math.min(CONNECT_MS, tryMs),
    tryMs,
    timeoutMs: requestDeadlineMs,
    maxResponseBytes: MAX_RESPONSE_BYTES,
    nextTurn,
  });
  const guard = createGuard(options);
  const client = createGraphClient({ root, transport, guard, clock, tryMs });
  const retry = createRetryPolicy(DEFAULT_RETRY, random);
  const reads = createReads({ client, guard, clock, random, concurrency, retry });
  const roots = cloud === null ? [root] : [root, cloud.graph];
  const { lacks, sourceForm } = cloud ?? clouds.global;
  const common = { client, reads, guard, retry, clock, random };
  const graph = createGraph({ ...common, lacks, sourceForm, roots, readBytes });
  return { graph, figures: guard.figures, close: () => transport.close() };
}
