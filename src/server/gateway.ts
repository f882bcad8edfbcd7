// The gateway: connects admission, Apollo Server and the HTTP server, starts them, and shuts them down.
import type { GraphQLSchema } from 'graphql';
import { type ApolloOptions, createApollo, type Plugin } from '../graphql/apollo.ts';
import { type AuditOptions, auditMutations } from '../graphql/audit.ts';
import type { LimitGuard } from '../graphql/limits.ts';
import { createOperationCache } from '../graphql/operation-cache.ts';
import type { ResponseLimits } from '../graphql/response-size.ts';
import type { TrustedDocuments } from '../graphql/trusted-documents.ts';
import { createMetrics, type Metrics, type UpstreamFigures } from '../observability/metrics.ts';
import type { Clock } from '../runtime/clock.ts';
import type { EventLoop } from '../runtime/event-loop.ts';
import type { Logger } from '../runtime/log.ts';
import { createNextImmediate } from '../runtime/next-immediate.ts';
import type { Random } from '../runtime/random.ts';
import type { Tracing } from '../runtime/tracing.ts';
import { createAdmission, type LoadLimits } from './admission.ts';
import { createGraphiQL, type ExplorerKind, type ExplorerStart } from './explorer.ts';
import type { LifecycleOptions } from './request-lifecycle.ts';
import { createServer, type ServerOptions } from './server.ts';
import { closeListener, closeListenerGracefully } from './shutdown.ts';
import { createUnsentResponses, type UnsentResponseLimits } from './unsent-responses.ts';

export interface GatewayOptions {
  readonly host: string;
  readonly port: number;
  readonly schema: GraphQLSchema;
  readonly explorer: ExplorerKind;
  readonly explorerStart: ExplorerStart;
  readonly introspection: boolean;
  readonly limits: LimitGuard;
  readonly responseLimits: ResponseLimits;
  /** Maximum bytes of a request body. */
  readonly bodyBytes: number;
  /** The documents that may run. Null when every document may run. */
  readonly trusted: TrustedDocuments | null;
  readonly corsOrigins: readonly string[];
  readonly deadlineMs: number;
  readonly drainDelayMs: number;
  readonly load: LoadLimits & UnsentResponseLimits & { readonly connections: number };
  readonly trustedProxies: readonly string[];
  /** Null when there is no audit trail. */
  readonly audit: Pick<AuditOptions, 'stream' | 'failure' | 'secret'> | null;
  /** The state of the connection to Microsoft Graph, for the metrics. */
  readonly upstream: UpstreamFigures;
  /** The number of log lines that were lost so far. */
  readonly lostLogLines: () => number;
  readonly clock: Clock;
  readonly nextTurn: ApolloOptions['nextTurn'];
  readonly eventLoop: EventLoop;
  readonly logger: Logger;
  readonly random: Random;
  /** Null when tracing is off. */
  readonly tracing: Tracing | null;
  /** Plugins of Apollo Server. With a plugin that observes every request, the operation cache is off. */
  readonly plugins: readonly Plugin[];
  readonly ownerOf: ServerOptions['ownerOf'];
  readonly authenticate: LifecycleOptions['authenticate'];
}

export interface Gateway {
  /** The URL of the GraphQL endpoint, with the port that was selected. */
  readonly url: string;
  /** Why the gateway should get no traffic. Null when it is ready. */
  notReady(): string | null;
  readonly metrics: Pick<Metrics, 'text' | 'snapshot'>;
  /**
   * Shuts down without losing a request. It reports that it is not ready, waits `drainDelayMs` (and up to two seconds more
   * if that is not 0), closes the listener, and completes the requests in flight. A second call skips the waits of the
   * first.
   */
  close(): Promise<void>;
}

type Phase = 'ready' | 'draining' | 'closed';

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { schema, logger, random, clock, explorer, explorerStart } = options;
  const skipWaits = new AbortController();
  let phase: Phase = 'ready';
  let closesConnections = false;
  const unsent = createUnsentResponses({ ...options.load, clock });
  const metrics = createMetrics(logger, options.upstream, unsent.figures, options.lostLogLines);
  const sandbox = explorer === 'sandbox' ? explorerStart : null;
  if (options.audit !== null) auditMutations(schema, { ...options.audit, clock, random, logger });
  const apollo = createApollo({
    schema,
    logger,
    random,
    introspection: options.introspection,
    limits: options.limits,
    responseLimits: options.responseLimits,
    clock,
    nextTurn: options.nextTurn,
    sandbox,
    plugins: options.plugins,
  });
  await apollo.server.start();
  const admission = createAdmission({ ...options.load, clock, eventLoop: options.eventLoop });
  const server = await createServer({
    apollo,
    prepared: apollo.needsEveryRequest ? null : createOperationCache(),
    limits: options.limits,
    bodyBytes: options.bodyBytes,
    trusted: options.trusted,
    metrics,
    admission,
    clock,
    nextImmediate: createNextImmediate(clock),
    random,
    tracing: options.tracing,
    trustedProxies: options.trustedProxies,
    connections: options.load.connections,
    unsent,
    corsOrigins: options.corsOrigins,
    deadlineMs: options.deadlineMs,
    explorer,
    graphiql: createGraphiQL(explorer, explorerStart),
    closesConnections: () => closesConnections,
    ownerOf: options.ownerOf,
    authenticate: options.authenticate,
  });

  const shutdown = {
    server: server.server,
    clock,
    skipWaits: skipWaits.signal,
    setCloseConnections(close: boolean) {
      closesConnections = close;
    },
  };

  async function shutDown(): Promise<void> {
    phase = 'draining';
    closesConnections = true;
    logger.info({ drainDelayMs: options.drainDelayMs }, 'draining');
    await clock.sleep(options.drainDelayMs, skipWaits.signal).catch(() => undefined);
    // By the deadline every request has its response. Only connections with incomplete requests are left.
    const cutOff = clock.schedule(options.deadlineMs, () => server.server.closeAllConnections());
    if (options.drainDelayMs === 0 || skipWaits.signal.aborted) await closeListener(server.server, clock);
    else await closeListenerGracefully(shutdown);
    await server.close();
    cutOff();
    await apollo.server.stop();
    phase = 'closed';
  }

  const url = await server.listen({ host: options.host, port: options.port });
  let closing: Promise<void> | null = null;
  return {
    url: `${url}/graphql`,
    notReady: () => (phase === 'ready' ? admission.overload() : phase),
    metrics,
    close() {
      if (closing === null) closing = shutDown();
      else skipWaits.abort();
      return closing;
    },
  };
}
