// The composition root: turns a configuration into a running application, which serves requests. A standalone process has one
// application, and each worker of a pool has one.
import { fstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { type Authenticator, createPassThroughAuthenticator } from './auth/authenticator.ts';
import { type Config, registrationOf } from './config/config.ts';
import { connectGraph } from './graph/connect.ts';
import type { Plugin } from './graphql/apollo.ts';
import { type Context, createContext } from './graphql/context.ts';
import { createDocumentCheck } from './graphql/document-check.ts';
import { type FacetModule, facets as registered } from './graphql/facets.ts';
import { createLimitGuard } from './graphql/limits.ts';
import { createSchema } from './graphql/schema.ts';
import { readTrustedDocuments } from './graphql/trusted-documents.ts';
import {
  type AuditSink,
  createAuditStream,
  descriptorSink,
  fileSink,
  streamSink,
} from './observability/audit-stream.ts';
import type { MetricsSnapshot } from './observability/metrics.ts';
import { createKeyScope } from './profile/key-scope.ts';
import type { WriteDeps } from './profile/mutations/add.ts';
import { createIdempotency, QUIET_MS } from './profile/mutations/idempotency.ts';
import type { Clock } from './runtime/clock.ts';
import { type EventLoop, idleEventLoop } from './runtime/event-loop.ts';
import type { Logger } from './runtime/log.ts';
import type { Principal } from './runtime/principal.ts';
import type { Random } from './runtime/random.ts';
import type { Tracing } from './runtime/tracing.ts';
import { createTurnQueue } from './runtime/turn-queue.ts';
import type { AdminOptions } from './server/admin.ts';
import { EXAMPLE_OPERATION } from './server/explorer.ts';
import { startGateway } from './server/gateway.ts';
import { sharedSecret } from './store/secret.ts';
import { createMemoryStore, type Store } from './store/store.ts';

/** Maximum names in the memory store. An idempotency key takes two of them for a day. */
const NAMES = 200_000;
/** Timeout of a request to Microsoft Entra ID. It usually takes a tenth of a second. */
const ENTRA_TIMEOUT_MS = 5_000;
/** Timeout of writing an audit record. It usually takes a few milliseconds. */
const AUDIT_TIMEOUT_MS = 2_000;

/** Dependencies that tests replace. */
export interface AppDependencies {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** The number of log lines that were lost so far. The default is 0. */
  readonly lostLogLines?: () => number;
  /** The default never reports a delay. */
  readonly eventLoop?: EventLoop;
  /** The stream of an audit trail that goes to stdout. The default is the stdout of the process. */
  readonly stdout?: Writable;
  /** Plugins of Apollo Server, in addition to the gateway's own. */
  readonly plugins?: readonly Plugin[];
  /** Facets of a profile, in addition to the gateway's own. */
  readonly facets?: readonly FacetModule[];
}

/** State that all processes of one gateway share. */
export interface Shared {
  /** Replaces the configured store. Whoever passes it closes it. Null uses the configured store. */
  readonly store: Store | null;
  /** The key for hashing pass-through tokens, by which their callers are identified. */
  readonly principals: Uint8Array;
  /** The key of the hashes in the audit trail, when none is configured. */
  readonly audit: Uint8Array;
  /** Headers that the explorer is filled in with. */
  readonly explorerHeaders: Readonly<Record<string, string>>;
}

export interface App extends Pick<AdminOptions, 'metrics'> {
  readonly url: string;
  /** Why the application should get no traffic. Null when it is ready. */
  notReady(): string | null;
  snapshot(): Promise<MetricsSnapshot>;
  reopenAudit(): void;
  /** Shuts down without losing a request. A second call skips the waits of the first. */
  close(): Promise<void>;
}

/** @param config must have a remote Graph: see `startEmbeddedEmulator` */
export async function startApp(config: Config, dependencies: AppDependencies, shared: Shared): Promise<App> {
  const { clock, random, logger } = dependencies;
  const facets = [...registered, ...(dependencies.facets ?? [])];
  const documents = readDocuments(config, facets);
  const store = shared.store ?? (await connectStore(config, dependencies));
  const secret = secretOf(config, store, random);
  const nextTurn = createTurnQueue(clock);
  const upstream = connectGraph({ ...graphOptions(config), nextTurn, clock, random, logger });
  const authenticator = await createAuthenticator(config, store, dependencies, shared);
  const writing = createWriting(config, store, secret, dependencies);
  const deps = { writing, facets: facets.map(({ facet }) => facet) };
  const audit = createAudit(config, dependencies, shared);
  const tracing = await createTracing(config, dependencies);
  const gateway = await startGateway({
    host: config.host,
    port: config.port,
    ...documents,
    bodyBytes: config.limits.bodyBytes,
    responseLimits: config.limits,
    explorer: config.explorer,
    explorerStart: { document: EXAMPLE_OPERATION, headers: shared.explorerHeaders },
    introspection: config.introspection,
    corsOrigins: config.corsOrigins,
    deadlineMs: config.requestDeadlineMs,
    drainDelayMs: config.drainDelayMs,
    load: config.load,
    trustedProxies: config.trustedProxies,
    audit,
    upstream: upstream.figures,
    lostLogLines: dependencies.lostLogLines ?? (() => 0),
    clock,
    nextTurn,
    eventLoop: dependencies.eventLoop ?? idleEventLoop,
    random,
    logger,
    tracing,
    plugins: dependencies.plugins ?? [],
    ownerOf: authenticator.ownerOf ?? null,
    authenticate({ authorization, connection, slot, requestId, cancellation, deadline, span }) {
      const authenticated = authenticator.authenticate(authorization, connection, span);
      return authenticated instanceof Promise ? authenticated.then(admit) : admit(authenticated);

      function admit(principal: Principal): Context {
        slot.admit(principal);
        const recorded = span === null ? null : span.recorded;
        const session = upstream.graph.open({ principal, cancellation, deadline, requestId, span: recorded });
        return createContext(deps, { session, caller: principal.identity, requestId, span });
      }
    },
  });
  let closed: Promise<void> | null = null;
  async function closeRest(): Promise<void> {
    await upstream.close();
    await audit?.stream.close();
    await tracing?.close();
    if (shared.store === null) await store.close();
  }
  return {
    url: gateway.url,
    notReady: gateway.notReady,
    metrics: gateway.metrics.text,
    snapshot: gateway.metrics.snapshot,
    reopenAudit: () => audit?.stream.reopen(),
    async close() {
      await gateway.close();
      closed ??= closeRest();
      await closed;
    },
  };
}

function graphOptions({ graph, upstream, limits, requestDeadlineMs }: Config) {
  if (graph.kind === 'embedded') throw new TypeError('Start the embedded emulator before the gateway');
  const { root, cloud } = graph;
  return { root, cloud, ...upstream, readBytes: limits.readBytes, requestDeadlineMs };
}

/** Reads the schema, the limits and the trusted documents. Throws a ManifestError. */
export function readDocuments(
  { limits: most, introspection, trustedDocuments }: Config,
  facets: readonly FacetModule[] = registered,
) {
  const schema = createSchema(join(import.meta.dirname, '..', 'schema'), facets);
  const limits = createLimitGuard(schema, most);
  const check = createDocumentCheck({ schema, limits, introspection });
  const trusted = trustedDocuments === null ? null : readTrustedDocuments(trustedDocuments, check);
  return { schema, limits, trusted };
}

/** The store of this process in memory, or of all replicas in Redis. */
async function connectStore({ state }: Config, { clock, random, logger }: AppDependencies): Promise<Store> {
  if (state.kind === 'memory') return createMemoryStore(clock, NAMES);
  // Loaded on demand, because it takes a while to load.
  const { createRedisStore } = await import('./store/redis.ts');
  return createRedisStore({ address: state.address, clock, random, logger });
}

/** The key of the hashes in the store. All processes that share the store have the same key. */
function secretOf({ state }: Config, store: Store, random: Random): () => Promise<Uint8Array> {
  const configured =
    state.kind === 'redis' && state.secret !== null ? Buffer.from(state.secret, 'base64') : null;
  return () => sharedSecret(store, configured, random);
}

async function createAuthenticator(
  { auth, state, requestDeadlineMs }: Config,
  store: Store,
  { clock, random, logger }: AppDependencies,
  { principals }: Shared,
): Promise<Authenticator> {
  if (auth.mode === 'pass-through') return createPassThroughAuthenticator(principals);
  // Loaded on demand, because it takes a while to load.
  const { connectEntra } = await import('./auth/entra.ts');
  return connectEntra({
    ...auth,
    registration: registrationOf(auth),
    fetch: globalThis.fetch,
    // A memory store is not shared, so storing tokens in it would only use memory.
    store: state.kind === 'memory' ? null : store,
    clock,
    random,
    logger,
    timeoutMs: Math.min(ENTRA_TIMEOUT_MS, requestDeadlineMs),
  });
}

/** The dependencies of mutations. */
function createWriting(
  { auth, requestDeadlineMs, upstream }: Config,
  store: Store,
  secret: () => Promise<Uint8Array>,
  { clock, random, logger }: AppDependencies,
): WriteDeps {
  const clientId = auth.mode === 'entra' ? registrationOf(auth).clientId : null;
  const quietMs = QUIET_MS + requestDeadlineMs;
  const idempotency = createIdempotency({ store, secret, random, logger, quietMs });
  const { concurrency } = upstream;
  return { idempotency, keyScope: createKeyScope(clock), clientId, concurrency, clock, random };
}

async function createTracing(
  { tracing, workers }: Config,
  dependencies: AppDependencies,
): Promise<Tracing | null> {
  if (tracing === null) return null;
  // Loaded on demand, because it takes a while to load.
  const { startTracing } = await import('./observability/tracing.ts');
  const { clock, random, logger } = dependencies;
  // A configured instance id is the same for all workers, and each worker needs its own.
  const given = workers === 1 ? tracing.instance : null;
  return startTracing({ config: tracing, instance: given ?? random.uuid(), clock, logger });
}

function createAudit({ audit }: Config, { clock, stdout }: AppDependencies, shared: Shared) {
  if (audit === null) return null;
  const sink = audit.to.kind === 'file' ? fileSink(audit.to.path) : stdoutSink(stdout ?? process.stdout);
  const stream = createAuditStream({ sink, clock, timeoutMs: AUDIT_TIMEOUT_MS });
  return { stream, failure: audit.failure, secret: audit.secret ?? shared.audit };
}

function stdoutSink(stdout: Writable): AuditSink {
  const isFile = stdout === process.stdout && fstatSync(process.stdout.fd).isFile();
  return isFile ? descriptorSink(process.stdout.fd) : streamSink(stdout);
}
