// The composition root: reads the environment, picks the embedded or a remote Microsoft Graph, listens, handles
// signals. The only file that knows all the others, and the only one that reads process.env.
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { type Clock, systemClock } from './base/clock.ts';
import { type EventLoop, idleEventLoop, systemEventLoop } from './base/event-loop.ts';
import type { Logger } from './base/log.ts';
import { type Random, systemRandom } from './base/random.ts';
import { createMemoryStore, type Store } from './base/store.ts';
import { type Config, type Environment, readConfig } from './config.ts';
import { createContext } from './context.ts';
import type { Emulator } from './emulator/server.ts';
import { type Callers, createPassThroughCallers } from './entra/callers.ts';
import { proofOf } from './entra/credential.ts';
import { handleFaults } from './faults.ts';
import { type AdminOptions, startAdmin } from './gateway/admin.ts';
import { createAuditStream, fileSink, streamSink } from './gateway/audit-stream.ts';
import { createDocumentCheck } from './gateway/document-check.ts';
import { startGateway } from './gateway/gateway.ts';
import { createLimitGuard } from './gateway/limits.ts';
import type { MetricsSnapshot } from './gateway/operations.ts';
import { createSchema } from './gateway/schema.ts';
import { readTrustedDocuments } from './gateway/trusted-documents.ts';
import { createGraphClient } from './graph/client.ts';
import { clouds } from './graph/clouds.ts';
import { createReads } from './graph/reads.ts';
import { createRetryPolicy, DEFAULT_RETRY } from './graph/retry.ts';
import { createGraph, type Graph } from './graph/session.ts';
import { createTransport } from './graph/transport.ts';
import { EXAMPLE, greeting } from './greeting.ts';
import { createLogger } from './logging.ts';
import { createIdempotency, KEEP_MS } from './phones/idempotency.ts';
import { startProblems } from './start-problems.ts';
import { registrationOf, startSurroundings } from './surroundings.ts';
import { countWorkers } from './workers/shares.ts';

/** Bytes of one answer of Microsoft Graph at most: a batch of 20 long lists is well below one megabyte. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
const IDEMPOTENCY_KEYS = 100_000;
/** Names that the store holds, where it is the memory of this process. */
const NAMES = 100_000;
/** Milliseconds for one request to Microsoft Entra ID, which as a rule takes a tenth of a second. */
const ENTRA_TIMEOUT_MS = 5_000;
/** Milliseconds for one record of the audit trail, which as a rule takes a few. */
const AUDIT_TIMEOUT_MS = 2_000;

/** What the outside is made of; tests bring their own. */
export interface Outside {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Without one, the process passes for never too busy. */
  readonly eventLoop?: EventLoop;
  /** Where an audit trail goes that is to go there; without one, that of the process. */
  readonly stdout?: Writable;
}

export interface Product {
  readonly url: string;
  readonly adminUrl: string;
  /** Null where Microsoft Graph is elsewhere. */
  readonly emulator: Emulator | null;
  /** Goes on with the audit trail in what is now under its name, after the file was moved away. */
  reopenAudit(): void;
  close(): Promise<void>;
}

/** What processes have in common that answer requests together. */
export interface Shared {
  /** What is remembered from one request to the next, closed by whoever brings it; null for what the configuration says. */
  readonly store: Store | null;
  /** The key of the hashes by which callers are known whose tokens are not ours to read. */
  readonly principals: Uint8Array;
  /** The key of the hashes in the audit trail, where none is configured. */
  readonly audit: Uint8Array;
  /** What the explorer is filled in with. */
  readonly explorerHeaders: Readonly<Record<string, string>>;
}

/** Starts all that the configuration asks for, in this process. Resolves once the gateway listens. */
export async function startProduct(config: Config, outside: Outside): Promise<Product> {
  const { random } = outside;
  const { emulator, config: settled, explorerHeaders } = await startSurroundings(config, outside.clock);
  const secrets = { principals: random.bytes(32), audit: random.bytes(32) };
  const service = await startService(settled, outside, { store: null, ...secrets, explorerHeaders });
  const admin = await startAdmin({ host: config.host, port: config.adminPort, ...service });
  async function closeRest(): Promise<void> {
    await admin.close();
    await emulator?.close();
  }
  let closed: Promise<void> | null = null;
  return {
    url: service.url,
    adminUrl: admin.url,
    emulator,
    reopenAudit: service.reopenAudit,
    async close() {
      await service.close();
      closed ??= closeRest();
      await closed;
    },
  };
}

/** What answers requests. */
export interface Service extends Pick<AdminOptions, 'metrics'> {
  readonly url: string;
  /** Why it should get no traffic now; null when it should. */
  notReady(): string | null;
  snapshot(): Promise<MetricsSnapshot>;
  reopenAudit(): void;
  /** As of a gateway: a second call hurries the first. */
  close(): Promise<void>;
}

/** @param config in which the emulator, if any, is a server like any other */
export async function startService(config: Config, outside: Outside, shared: Shared): Promise<Service> {
  const { clock, random, logger } = outside;
  const documents = readDocuments(config);
  const { graph, closeGraph } = connectGraph(config, outside);
  const store = shared.store ?? (await connectState(config, outside));
  const callers = await createCallers(config, store, outside, shared);
  const idempotency = createIdempotency({ clock, random, keepMs: KEEP_MS, capacity: IDEMPOTENCY_KEYS });
  const audit = createAudit(config, outside, shared);
  const gateway = await startGateway({
    host: config.host,
    port: config.port,
    ...documents,
    bodyBytes: config.limits.bodyBytes,
    explorer: config.explorer,
    explorerStart: { document: EXAMPLE, headers: shared.explorerHeaders },
    introspection: config.introspection,
    corsOrigins: config.corsOrigins,
    deadlineMs: config.requestDeadlineMs,
    drainDelayMs: config.drainDelayMs,
    load: config.load,
    trustedProxies: config.trustedProxies,
    audit,
    clock,
    eventLoop: outside.eventLoop ?? idleEventLoop,
    random,
    logger,
    async open({ authorization, visit, requestId, cancellation, deadline }) {
      const principal = await callers.authenticate(authorization);
      visit.admit(principal);
      const session = graph.open({ principal, cancellation, deadline, requestId });
      return createContext({ idempotency }, { session, caller: principal.identity, requestId });
    },
  });
  let closed: Promise<void> | null = null;
  async function closeRest(): Promise<void> {
    await closeGraph();
    await audit?.stream.close();
    if (shared.store === null) await store.close();
  }
  return {
    url: gateway.url,
    notReady: gateway.notReady,
    ...gateway.operations,
    reopenAudit: () => audit?.stream.reopen(),
    async close() {
      await gateway.close();
      closed ??= closeRest();
      await closed;
    },
  };
}

/** What may be asked: the schema, the limits, and the trusted documents. Throws a ManifestError. */
function readDocuments({ limits: most, introspection, trustedDocuments }: Config) {
  const schema = createSchema(join(import.meta.dirname, '..', 'schema'));
  const limits = createLimitGuard(schema, most);
  const check = createDocumentCheck({ schema, limits, introspection });
  const trusted = trustedDocuments === null ? null : readTrustedDocuments(trustedDocuments, check);
  return { schema, limits, trusted };
}

function createAudit({ audit }: Config, { clock, stdout = process.stdout }: Outside, shared: Shared) {
  if (audit === null) return null;
  const sink = audit.to.kind === 'file' ? fileSink(audit.to.path) : streamSink(stdout);
  const stream = createAuditStream({ sink, clock, timeoutMs: AUDIT_TIMEOUT_MS });
  return { stream, failure: audit.failure, secret: audit.secret ?? shared.audit };
}

function connectGraph(config: Config, { clock, random }: Outside) {
  if (config.graph.kind === 'embedded') throw new TypeError('the emulator has to be started first');
  const { cloud: name, root } = config.graph;
  const cloud = name === 'emulator' ? null : clouds[name];
  const transport = createTransport({
    origin: new URL(root).origin,
    connections: config.upstream.connections,
    timeoutMs: config.requestDeadlineMs,
    maxAnswerBytes: MAX_ANSWER_BYTES,
  });
  const client = createGraphClient({ root, transport, clock });
  const retry = createRetryPolicy(DEFAULT_RETRY, random);
  const reads = createReads({ client, clock, random, concurrency: config.upstream.concurrency, retry });
  const roots = cloud === null ? [root] : [root, cloud.graph];
  const graph: Graph = createGraph({ client, reads, clock, random, lacks: cloud?.lacks ?? [], roots });
  return { graph, closeGraph: () => transport.close() };
}

/** What is remembered from one request to the next: by this process, or by all replicas. */
async function connectState({ state }: Config, { clock, random, logger }: Outside): Promise<Store> {
  if (state.kind === 'memory') return createMemoryStore(clock, NAMES);
  // Only here, for what it brings along takes a while to load.
  const { createRedisStore } = await import('./state/redis.ts');
  return createRedisStore({ server: state.server, clock, random, logger });
}

async function createCallers(
  { auth, state, requestDeadlineMs }: Config,
  store: Store,
  { clock, random, logger }: Outside,
  { principals }: Shared,
): Promise<Callers> {
  if (auth.mode === 'pass-through') return createPassThroughCallers(principals);
  // Only here, for what it brings along takes a while to load.
  const { connectEntra } = await import('./entra/entra.ts');
  return connectEntra({
    ...auth,
    registration: registrationOf(auth),
    fetch: globalThis.fetch,
    // In the memory of one machine there is nothing to share that is worth the room.
    store: state.kind === 'memory' ? null : store,
    clock,
    random,
    logger,
    timeoutMs: Math.min(ENTRA_TIMEOUT_MS, requestDeadlineMs),
  });
}

/** Rejects with a CredentialProblem when the file that the configuration names is none. */
async function readCredential({ auth }: Config): Promise<void> {
  if (auth.mode === 'entra' && auth.registration !== 'emulator') await proofOf(auth.registration.credential);
}

/** The configuration as it was understood, without its secrets. */
export function describe(config: Config): string {
  return `${JSON.stringify(config, (name, value) => (name === 'secret' ? '***' : value), 2)}\n`;
}

function configOrExit(environment: Environment): Config {
  const { config, problems } = readConfig(environment);
  if (config !== null) return config;
  for (const { variable, message } of problems) process.stderr.write(`${variable}: ${message}\n`);
  process.exit(1);
}

/** What the person who starts the program can mend is told in words; anything else is a fault of the program. */
function exitFor(error: unknown): never {
  const lines = startProblems(error);
  if (lines === null) throw error;
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
}

/** To be called before anything else is done. */
export function tuneEngine(): void {
  // V8 notes where objects are made that live on, and makes later ones from there straight in the old space. It judges
  // by the first operations, when the young space is a megabyte and everything outlives it; from then on the answers of
  // all operations are left for the full collection, and keep alive whatever they point at.
  setFlagsFromString('--no-allocation-site-pretenuring');
}

async function run(): Promise<void> {
  tuneEngine();
  const config = configOrExit(process.env);
  if (process.argv.includes('--check-config')) {
    try {
      readDocuments(config);
      await readCredential(config);
    } catch (error) {
      exitFor(error);
    }
    process.stdout.write(describe(config));
    return;
  }
  const workers = countWorkers(config);
  if (workers > 1) {
    // Only here, for one process alone needs nothing of it.
    const { runPrimary } = await import('./primary.ts');
    await runPrimary(config, workers, NAMES).catch(exitFor);
    return;
  }
  const logger = createLogger(config.logLevel, null);
  const outside = { clock: systemClock, random: systemRandom, logger, eventLoop: systemEventLoop() };
  const product = await startProduct(config, outside).catch(exitFor);
  // Longer than it takes to drain; a process that is not well may not get that far.
  const patience = config.drainDelayMs + config.requestDeadlineMs + 5_000;
  handleFaults(process, {
    logger,
    drain() {
      // Whoever hurries it by a signal does not make it a success.
      process.exitCode = 1;
      return Promise.race([product.close(), systemClock.sleep(patience)]);
    },
    exit: (code) => process.exit(code),
  });
  if (config.audit?.to.kind === 'file') process.on('SIGHUP', () => product.reopenAudit());
  process.stdout.write(greeting(config, product));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      void product.close().then(() => process.exit());
    });
  }
}

if (import.meta.main) await run();
