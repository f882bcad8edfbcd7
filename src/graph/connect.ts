// The way to Microsoft Graph, put together: transport, guard, client, reads, sessions.

import type { Config } from '../config/config.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import { createGraphClient } from './client.ts';
import { clouds } from './clouds.ts';
import { createGuard, type GuardFigures } from './guard.ts';
import { createReads } from './reads.ts';
import { createRetryPolicy, DEFAULT_RETRY } from './retry.ts';
import { createGraph, type Graph } from './session.ts';
import { createTransport } from './transport.ts';

/** Milliseconds for a connection to it, which as a rule takes a few hundredths of a second. */
const CONNECT_MS = 2_000;
/**
 * One try of a read: so many milliseconds at most, and no more than this share of the deadline, so that one that nothing
 * comes of leaves time for another.
 */
const TRY_MS = 4_000;
const TRY_SHARE = 0.6;
/** Bytes of one answer of Microsoft Graph at most: a batch of 20 long lists is well below one megabyte. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

export interface Upstream {
  readonly graph: Graph;
  readonly figures: GuardFigures;
  close(): Promise<void>;
}

export interface UpstreamOptions {
  /** As of a transport. */
  nextTurn(order: number): Promise<void>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** @param config in which the emulator, if any, is a server like any other */
export function connectGraph(config: Config, options: UpstreamOptions): Upstream {
  if (config.graph.kind === 'embedded') throw new TypeError('the emulator has to be started first');
  const { clock, random } = options;
  const { cloud: name, root } = config.graph;
  const cloud = name === 'emulator' ? null : clouds[name];
  const tryMs = Math.min(TRY_MS, config.requestDeadlineMs * TRY_SHARE);
  const transport = createTransport({
    origin: new URL(root).origin,
    connections: config.upstream.connections,
    clock,
    connectMs: Math.min(CONNECT_MS, tryMs),
    tryMs,
    timeoutMs: config.requestDeadlineMs,
    maxAnswerBytes: MAX_ANSWER_BYTES,
    nextTurn: options.nextTurn,
  });
  const guard = createGuard(options);
  const client = createGraphClient({ root, transport, guard, clock, tryMs });
  const retry = createRetryPolicy(DEFAULT_RETRY, random);
  const { concurrency } = config.upstream;
  const reads = createReads({ client, guard, clock, random, concurrency, retry });
  const roots = cloud === null ? [root] : [root, cloud.graph];
  const { lacks, sourceForm } = cloud ?? clouds.global;
  const { readBytes } = config.limits;
  const common = { client, reads, guard, retry, clock, random };
  const graph = createGraph({ ...common, lacks, sourceForm, roots, readBytes });
  return { graph, figures: guard.figures, close: () => transport.close() };
}
