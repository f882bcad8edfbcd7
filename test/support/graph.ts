// The modules of src/graph, connected as in the product, with an upstream of the test.

import { createGraphClient } from '../../src/graph/client.ts';
import { createGuard, type Guard } from '../../src/graph/guard.ts';
import { createReads } from '../../src/graph/reads.ts';
import { createRetryPolicy, DEFAULT_RETRY } from '../../src/graph/retry.ts';
import { createGraph, type Graph, type GraphSession } from '../../src/graph/session.ts';
import { createTransport, type Transport } from '../../src/graph/transport.ts';
import { Cancellation } from '../../src/runtime/cancellation.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { type Logger, silentLogger } from '../../src/runtime/log.ts';
import { type Random, seededRandom } from '../../src/runtime/random.ts';
import type { Span } from '../../src/runtime/tracing.ts';
import { createTurnQueue } from '../../src/runtime/turn-queue.ts';

export interface ConnectOptions {
  readonly clock?: Clock;
  readonly random?: Random;
  readonly logger?: Logger;
  /** Maximum concurrent requests of one principal. */
  readonly concurrency?: number;
  readonly connectMs?: number;
  readonly tryMs?: number;
  /** Limit of one session. */
  readonly readBytes?: number;
}

export interface Connected extends AsyncDisposable {
  readonly graph: Graph;
  readonly guard: Guard;
  readonly transport: Transport;
  /** Opens a session. The default deadline is five seconds. */
  open(name: string, options?: OpenOptions): GraphSession;
}

export interface OpenOptions {
  readonly cancellation?: Cancellation;
  readonly ms?: number;
  /** Null for a caller without a known identity. */
  readonly tenantId?: string | null;
  readonly span?: Span | null;
}

export function connectGraph(root: string, options: ConnectOptions = {}): Connected {
  const { clock = systemClock, random = seededRandom(7), logger = silentLogger } = options;
  const { concurrency = 16, connectMs = 1_000, tryMs = 4_000, readBytes = 1_000_000 } = options;
  const transport = createTransport({
    origin: root,
    connections: concurrency,
    clock,
    connectMs,
    tryMs,
    timeoutMs: 5_000,
    maxResponseBytes: 1_000_000,
    nextTurn: createTurnQueue(clock),
  });
  const guard = createGuard({ clock, random, logger });
  const client = createGraphClient({ root, transport, guard, clock, tryMs });
  const retry = createRetryPolicy(DEFAULT_RETRY, random);
  const reads = createReads({ client, guard, clock, random, concurrency, retry });
  const cloud = { lacks: [], sourceForm: 'list', roots: [root], readBytes } as const;
  const graph = createGraph({ client, reads, guard, retry, clock, random, ...cloud });
  return {
    graph,
    guard,
    transport,
    open(name, { cancellation = new Cancellation(), ms = 5_000, tenantId = null, span = null } = {}) {
      const token = async () => `token-of-${name}`;
      const identity = tenantId === null ? null : { tenantId, userId: null, clientId: 'client' };
      const key = { key: name, owner: name, accessLevel: 'user', identity } as const;
      const principal = { ...key, token, renew: async () => null };
      return graph.open({ principal, cancellation, deadline: clock.elapsed() + ms, span });
    },
    [Symbol.asyncDispose]: () => transport.close(),
  };
}
