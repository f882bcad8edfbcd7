// The gateway as a whole: its listener and its life, from starting to gone.
import type { GraphQLSchema } from 'graphql';
import { type ApolloOptions, createApollo, type Plugin } from '../graphql/apollo.ts';
import { type AuditOptions, auditMutations } from '../graphql/audit.ts';
import type { Context } from '../graphql/context.ts';
import type { LimitGuard } from '../graphql/limits.ts';
import { createOperationCache } from '../graphql/operation-cache.ts';
import type { ResponseLimits } from '../graphql/response-size.ts';
import type { TrustedDocuments } from '../graphql/trusted-documents.ts';
import { createOperations, type Operations, type UpstreamFigures } from '../observability/metrics.ts';
import type { Clock } from '../runtime/clock.ts';
import type { EventLoop } from '../runtime/event-loop.ts';
import type { Logger } from '../runtime/log.ts';
import { createNextImmediate } from '../runtime/next-immediate.ts';
import type { Random } from '../runtime/random.ts';
import type { Tracing } from '../runtime/tracing.ts';
import { createDoor, type LoadLimits } from './admission.ts';
import { createGraphiQL, type ExplorerKind, type ExplorerStart } from './explorer.ts';
import { createServer, type Incoming, type ServerOptions } from './server.ts';
import { leaveDoor, stopListening } from './shutdown.ts';
import { createUnsent, type UnsentLimits } from './unsent-responses.ts';

export interface GatewayOptions {
  readonly host: string;
  readonly port: number;
  readonly schema: GraphQLSchema;
  readonly explorer: ExplorerKind;
  readonly explorerStart: ExplorerStart;
  readonly introspection: boolean;
  readonly limits: LimitGuard;
  readonly responseLimits: ResponseLimits;
  /** Bytes of a request body at most. */
  readonly bodyBytes: number;
  /** The documents that run; null where any does. */
  readonly trusted: TrustedDocuments | null;
  readonly corsOrigins: readonly string[];
  readonly deadlineMs: number;
  readonly drainDelayMs: number;
  readonly load: LoadLimits & UnsentLimits & { readonly connections: number };
  readonly trustedProxies: readonly string[];
  /** Null for no audit trail. */
  readonly audit: Pick<AuditOptions, 'stream' | 'failure' | 'secret'> | null;
  /** Of Microsoft Graph, for the metrics. */
  readonly upstream: UpstreamFigures;
  /** Lines of the log that were lost so far. */
  readonly lostLogLines: () => number;
  readonly clock: Clock;
  readonly nextTurn: ApolloOptions['nextTurn'];
  readonly eventLoop: EventLoop;
  readonly logger: Logger;
  readonly random: Random;
  /** Null for no traces. */
  readonly tracing: Tracing | null;
  /** Of Apollo Server. One that wants every request makes each go through Apollo Server, also those that are known. */
  readonly plugins: readonly Plugin[];
  /** As of a server. */
  readonly ownerOf: ServerOptions['ownerOf'];
  open(incoming: Incoming): Context | Promise<Context>;
}

export interface Gateway {
  /** Of the GraphQL endpoint, with the port really in use. */
  readonly url: string;
  /** Why it should get no traffic now; null when it should. */
  notReady(): string | null;
  readonly operations: Pick<Operations, 'metrics' | 'snapshot'>;
  /**
   * Goes away without losing a request: says so to load balancers, waits `drainDelayMs` and, if that is not 0, up
   * to two seconds more, takes no more connections, finishes what is under way. A second call hurries the first: it skips
   * the waits.
   */
  close(): Promise<void>;
}

/** In the order they are gone through. */
type Phase = 'ready' | 'draining' | 'closed';

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { schema, logger, random, clock, explorer, explorerStart } = options;
  const hurry = new AbortController();
  let phase: Phase = 'ready';
  let asksToHangUp = false;
  const unsent = createUnsent({ ...options.load, clock });
  const operations = createOperations(logger, options.upstream, unsent.figures, options.lostLogLines);
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
  const door = createDoor({ ...options.load, clock, eventLoop: options.eventLoop });
  const server = await createServer({
    apollo,
    prepared: apollo.needsEveryRequest ? null : createOperationCache(),
    limits: options.limits,
    bodyBytes: options.bodyBytes,
    trusted: options.trusted,
    operations,
    door,
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
    asksToHangUp: () => asksToHangUp,
    ownerOf: options.ownerOf,
    open: options.open,
  });

  const farewell = {
    server: server.server,
    clock,
    hurry: hurry.signal,
    askToHangUp(really: boolean) {
      asksToHangUp = really;
    },
  };

  async function leave(): Promise<void> {
    phase = 'draining';
    asksToHangUp = true;
    logger.info({ drainDelayMs: options.drainDelayMs }, 'draining');
    await clock.sleep(options.drainDelayMs, hurry.signal).catch(() => undefined);
    // By then every request has its answer; what is left are connections whose requests never came to their end.
    const cutOff = clock.schedule(options.deadlineMs, () => server.server.closeAllConnections());
    if (options.drainDelayMs === 0 || hurry.signal.aborted) await stopListening(server.server, clock);
    else await leaveDoor(farewell);
    await server.close();
    cutOff();
    await apollo.server.stop();
    phase = 'closed';
  }

  // Fastify names the address it listens on, with the port that was free.
  const url = await server.listen({ host: options.host, port: options.port });
  let leaving: Promise<void> | null = null;
  return {
    url: `${url}/graphql`,
    notReady: () => (phase === 'ready' ? door.overload() : phase),
    operations,
    close() {
      if (leaving === null) leaving = leave();
      else hurry.abort();
      return leaving;
    },
  };
}
