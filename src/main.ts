// The composition root: reads the environment, picks the embedded or a remote Microsoft Graph, listens, handles
// signals. The only file that knows all the others, and the only one that reads process.env.
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { pino } from 'pino';
import { type Clock, systemClock } from './base/clock.ts';
import { type EventLoop, idleEventLoop, systemEventLoop } from './base/event-loop.ts';
import type { Logger } from './base/log.ts';
import { type Random, seededRandom, systemRandom } from './base/random.ts';
import { createMemoryStore, type Store } from './base/store.ts';
import { type Config, type EntraConfig, type Environment, type Registration, readConfig } from './config.ts';
import { createContext } from './context.ts';
import { type Emulator, startEmulator } from './emulator/server.ts';
import { type Callers, createPassThroughCallers } from './entra/callers.ts';
import { CredentialProblem, proofOf } from './entra/credential.ts';
import { handleFaults } from './faults.ts';
import { createAuditStream, fileSink, streamSink } from './gateway/audit-stream.ts';
import { createDocumentCheck } from './gateway/document-check.ts';
import { startGateway } from './gateway/gateway.ts';
import { createLimitGuard } from './gateway/limits.ts';
import { createSchema } from './gateway/schema.ts';
import { ManifestError, readTrustedDocuments } from './gateway/trusted-documents.ts';
import { createGraphClient } from './graph/client.ts';
import { clouds } from './graph/clouds.ts';
import { createGuard, type Guard } from './graph/guard.ts';
import { createReads } from './graph/reads.ts';
import { createRetryPolicy, DEFAULT_RETRY } from './graph/retry.ts';
import { createGraph, type Graph } from './graph/session.ts';
import { createSharing } from './graph/sharing.ts';
import { createTransport } from './graph/transport.ts';
import { demoHeaders, EXAMPLE, greeting } from './greeting.ts';
import { createIdempotency, QUIET_MS } from './phones/idempotency.ts';
import { createWhose } from './phones/whose.ts';
import type { WriteDeps } from './phones/writes.ts';
import { sharedSecret } from './state/secret.ts';

/** Requests of one principal at Microsoft Graph at a time. */
const CONCURRENCY = 16;
/** Connections to Microsoft Graph at most. */
const CONNECTIONS = 256;
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
/** Names that the store holds, where it is the memory of this process; an idempotency key takes two for a day. */
const NAMES = 200_000;
/** Milliseconds for one request to Microsoft Entra ID, which as a rule takes a tenth of a second. */
const ENTRA_TIMEOUT_MS = 5_000;
/** Milliseconds for one record of the audit trail, which as a rule takes a few. */
const AUDIT_TIMEOUT_MS = 2_000;
/** The emulator's tenant is the same on every machine. */
const EMULATOR_SEED = 20_200_706;

/** What the outside is made of; tests bring their own. */
export interface Outside {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Without one, the process passes for never too busy. */
  readonly eventLoop?: EventLoop;
  /** Where an audit trail goes that is to go there; without one, that of the process. */
  readonly stdout?: Writable;
  /** What replicas share, closed by whoever brings it; without one, the product makes its own. */
  readonly store?: Store;
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

/** Starts all that the configuration asks for. Resolves once the gateway listens. */
export async function startProduct(config: Config, outside: Outside): Promise<Product> {
  const { clock, random, logger } = outside;
  const documents = readDocuments(config);
  const emulator =
    config.graph.kind === 'embedded'
      ? await startEmulator({ port: config.graph.port, clock, random: seededRandom(EMULATOR_SEED) })
      : null;
  const store = outside.store ?? (await connectState(config, outside));
  const { graph, guard, closeGraph } = await connectGraph(config, emulator, store, outside);
  const callers = await createCallers(config, emulator, store, outside);
  const writing = createWriting(config, emulator, store, outside);
  const audit = createAudit(config, outside);
  const gateway = await startGateway({
    host: config.host,
    port: config.port,
    adminPort: config.adminPort,
    ...documents,
    bodyBytes: config.limits.bodyBytes,
    explorer: config.explorer,
    explorerStart: { document: EXAMPLE, headers: await demoHeaders(config, emulator) },
    introspection: config.introspection,
    corsOrigins: config.corsOrigins,
    deadlineMs: config.requestDeadlineMs,
    drainDelayMs: config.drainDelayMs,
    load: config.load,
    trustedProxies: config.trustedProxies,
    audit,
    upstream: guard.figures,
    clock,
    eventLoop: outside.eventLoop ?? idleEventLoop,
    random,
    logger,
    async open({ authorization, visit, requestId, cancellation, deadline }) {
      const principal = await callers.authenticate(authorization);
      visit.admit(principal);
      const session = graph.open({ principal, cancellation, deadline, requestId });
      return createContext({ writing }, { session, caller: principal.identity, requestId });
    },
  });
  let closed: Promise<void> | null = null;
  async function closeRest(): Promise<void> {
    await closeGraph();
    await emulator?.close();
    await audit?.stream.close();
    if (outside.store === undefined) await store.close();
  }
  return {
    url: gateway.url,
    adminUrl: gateway.adminUrl,
    emulator,
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

/** What changes need beyond the request. */
function createWriting(
  { auth, state, requestDeadlineMs }: Config,
  emulator: Emulator | null,
  store: Store,
  { clock, random }: Outside,
): WriteDeps {
  const configured =
    state.kind === 'redis' && state.secret !== null ? Buffer.from(state.secret, 'base64') : null;
  const secret = (): Promise<Uint8Array> => sharedSecret(store, configured, random);
  const clientId = auth.mode === 'entra' ? registrationOf(auth, emulator).clientId : null;
  const quietMs = QUIET_MS + requestDeadlineMs;
  const idempotency = createIdempotency({ store, secret, random, quietMs });
  return { idempotency, whose: createWhose(clock), clientId, clock, random };
}

function createAudit({ audit }: Config, { clock, random, stdout = process.stdout }: Outside) {
  if (audit === null) return null;
  const sink = audit.to.kind === 'file' ? fileSink(audit.to.path) : streamSink(stdout);
  const stream = createAuditStream({ sink, clock, timeoutMs: AUDIT_TIMEOUT_MS });
  return { stream, failure: audit.failure, secret: audit.secret ?? random.bytes(32) };
}

async function connectGraph(config: Config, emulator: Emulator | null, store: Store, outside: Outside) {
  const { clock, random } = outside;
  const cloud =
    config.graph.kind === 'remote' && config.graph.cloud !== 'emulator' ? clouds[config.graph.cloud] : null;
  const root = config.graph.kind === 'remote' ? config.graph.root : (emulator?.url ?? '');
  const tryMs = Math.min(TRY_MS, config.requestDeadlineMs * TRY_SHARE);
  const transport = createTransport({
    origin: new URL(root).origin,
    connections: CONNECTIONS,
    clock,
    connectMs: Math.min(CONNECT_MS, tryMs),
    tryMs,
    timeoutMs: config.requestDeadlineMs,
    maxAnswerBytes: MAX_ANSWER_BYTES,
  });
  const guard = await createSharedGuard(config, store, outside);
  const client = createGraphClient({ root, transport, guard, clock });
  const retry = createRetryPolicy(DEFAULT_RETRY, random);
  const reads = createReads({ client, guard, clock, random, concurrency: CONCURRENCY, retry });
  const roots = cloud === null ? [root] : [root, cloud.graph];
  const lacks = cloud?.lacks ?? [];
  const graph: Graph = createGraph({ client, reads, guard, retry, clock, random, lacks, roots });
  return { graph, guard, closeGraph: () => transport.close() };
}

/** In the memory of one process there is nobody to tell, and with pass-through nobody knows the others' callers. */
async function createSharedGuard({ state, auth }: Config, store: Store, outside: Outside): Promise<Guard> {
  if (state.kind === 'memory' || auth.mode === 'pass-through') return createGuard(outside);
  const { clock, random } = outside;
  const configured = state.secret === null ? null : Buffer.from(state.secret, 'base64');
  const secret = () => sharedSecret(store, configured, random);
  const sharing = createSharing({ store, secret, clock, random });
  const guard = createGuard({ ...outside, nameOf: sharing.nameOf, tell: sharing.tell });
  await sharing.join(guard.throttle);
  return guard;
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
  emulator: Emulator | null,
  store: Store,
  { clock, random, logger }: Outside,
): Promise<Callers> {
  if (auth.mode === 'pass-through') return createPassThroughCallers(random);
  // Only here, for what it brings along takes a while to load.
  const { connectEntra } = await import('./entra/entra.ts');
  return connectEntra({
    ...auth,
    registration: registrationOf(auth, emulator),
    fetch: globalThis.fetch,
    // In the memory of one process there is nothing to share.
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

function registrationOf({ registration }: EntraConfig, emulator: Emulator | null): Registration {
  if (registration !== 'emulator') return registration;
  if (emulator === null) throw new TypeError('there is no emulator to be registered with');
  const { url, entra } = emulator;
  return {
    tenantId: entra.tenantId,
    clientId: entra.gateway.clientId,
    credential: { kind: 'secret', secret: entra.gateway.clientSecret },
    authority: { host: entra.authority, issuers: entra.issuers },
    graphScope: `${url}/.default`,
  };
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
  const lines =
    error instanceof ManifestError ? error.problems.map((problem) => `TRUSTED_DOCUMENTS: ${problem}`) : [];
  if (error instanceof CredentialProblem) lines.push(error.message);
  const taken = addressProblem(error);
  if (taken !== null) lines.push(taken);
  if (lines.length === 0) throw error;
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
}

/** Why an address cannot be listened on, and what to do; null for an error of another kind. */
function addressProblem(error: unknown): string | null {
  if (!(error instanceof Error && 'syscall' in error && error.syscall === 'listen')) return null;
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  const place = `${address}:${port}`;
  if (code === 'EADDRINUSE') {
    return `${place} is in use. Stop what listens there, or set PORT, ADMIN_PORT or EMULATOR_PORT; 0 takes a free one.`;
  }
  return `${place} cannot be listened on (${code}). Set HOST, PORT, ADMIN_PORT or EMULATOR_PORT.`;
}

async function run(): Promise<void> {
  // V8 notes where objects are made that live on, and makes later ones from there straight in the old space. It judges
  // by the first operations, when the young space is a megabyte and everything outlives it; from then on the answers of
  // all operations are left for the full collection, and keep alive whatever they point at.
  setFlagsFromString('--no-allocation-site-pretenuring');
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
  // Logs go to stderr, so that what a person reads on stdout stays readable; in pieces, so that a line costs no system
  // call of its own.
  const stderr = pino.destination({ dest: 2, sync: false, minLength: 12_288, periodicFlush: 200 });
  const logger = pino({ level: config.logLevel, base: null }, stderr);
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
