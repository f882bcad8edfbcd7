// The composition root: reads the environment, picks the embedded or a remote Microsoft Graph, listens, handles
// signals. The only file that knows all the others, and the only one that reads process.env.
import { join } from 'node:path';
import { pino } from 'pino';
import { type Clock, systemClock } from './base/clock.ts';
import type { Logger } from './base/log.ts';
import { type Random, seededRandom, systemRandom } from './base/random.ts';
import { type Config, type EntraConfig, type Environment, type Registration, readConfig } from './config.ts';
import { createContext } from './context.ts';
import { type Emulator, startEmulator } from './emulator/server.ts';
import { type Callers, createPassThroughCallers } from './entra/callers.ts';
import { startGateway } from './gateway/gateway.ts';
import { createSchema } from './gateway/schema.ts';
import { createGraphClient } from './graph/client.ts';
import { clouds } from './graph/clouds.ts';
import { createReads } from './graph/reads.ts';
import { createRetryPolicy, DEFAULT_RETRY } from './graph/retry.ts';
import { createGraph, type Graph } from './graph/session.ts';
import { createTransport } from './graph/transport.ts';
import { createIdempotency, KEEP_MS } from './phones/idempotency.ts';

/** Requests of one principal at Microsoft Graph at a time. */
const CONCURRENCY = 16;
/** Connections to Microsoft Graph at most. */
const CONNECTIONS = 256;
/** Bytes of one answer of Microsoft Graph at most: a batch of 20 long lists is well below one megabyte. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
const IDEMPOTENCY_KEYS = 100_000;
/** Milliseconds for one request to Microsoft Entra ID, which as a rule takes a tenth of a second. */
const ENTRA_TIMEOUT_MS = 5_000;
/** The emulator's tenant is the same on every machine. */
const EMULATOR_SEED = 20_200_706;

/** What the outside is made of; tests bring their own. */
export interface Outside {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export interface Product {
  readonly url: string;
  readonly adminUrl: string;
  /** Null where Microsoft Graph is elsewhere. */
  readonly emulator: Emulator | null;
  close(): Promise<void>;
}

/** Starts all that the configuration asks for. Resolves once the gateway listens. */
export async function startProduct(config: Config, outside: Outside): Promise<Product> {
  const { clock, random, logger } = outside;
  const emulator =
    config.graph.kind === 'embedded'
      ? await startEmulator({ port: config.graph.port, clock, random: seededRandom(EMULATOR_SEED) })
      : null;
  const { graph, closeGraph } = connectGraph(config, emulator, outside);
  const callers = await createCallers(config, emulator, outside);
  const idempotency = createIdempotency({ clock, random, keepMs: KEEP_MS, capacity: IDEMPOTENCY_KEYS });
  const gateway = await startGateway({
    host: config.host,
    port: config.port,
    adminPort: config.adminPort,
    schema: createSchema(join(import.meta.dirname, '..', 'schema')),
    explorer: config.explorer,
    explorerStart: { document: EXAMPLE, headers: demoHeaders(emulator) },
    introspection: config.introspection,
    corsOrigins: config.corsOrigins,
    deadlineMs: config.requestDeadlineMs,
    drainDelayMs: config.drainDelayMs,
    clock,
    random,
    logger,
    async open({ authorization, cancellation, deadline }) {
      const principal = await callers.authenticate(authorization);
      const session = graph.open({ principal, cancellation, deadline });
      return createContext({ idempotency }, session, principal.identity);
    },
  });
  let closed: Promise<void> | null = null;
  async function closeRest(): Promise<void> {
    await closeGraph();
    await emulator?.close();
  }
  return {
    url: gateway.url,
    adminUrl: gateway.adminUrl,
    emulator,
    async close() {
      await gateway.close();
      closed ??= closeRest();
      await closed;
    },
  };
}

function connectGraph(config: Config, emulator: Emulator | null, { clock, random }: Outside) {
  const cloud =
    config.graph.kind === 'remote' && config.graph.cloud !== 'emulator' ? clouds[config.graph.cloud] : null;
  const root = config.graph.kind === 'remote' ? config.graph.root : (emulator?.url ?? '');
  const transport = createTransport({
    origin: new URL(root).origin,
    connections: CONNECTIONS,
    timeoutMs: config.requestDeadlineMs,
    maxAnswerBytes: MAX_ANSWER_BYTES,
  });
  const client = createGraphClient({ root, transport, clock });
  const retry = createRetryPolicy(DEFAULT_RETRY, random);
  const reads = createReads({ client, clock, random, concurrency: CONCURRENCY, retry });
  const roots = cloud === null ? [root] : [root, cloud.graph];
  const graph: Graph = createGraph({ client, reads, clock, random, lacks: cloud?.lacks ?? [], roots });
  return { graph, closeGraph: () => transport.close() };
}

async function createCallers(
  { auth, requestDeadlineMs }: Config,
  emulator: Emulator | null,
  { clock, random, logger }: Outside,
): Promise<Callers> {
  if (auth.mode === 'pass-through') return createPassThroughCallers(random);
  // Only here, for what it brings along takes a while to load.
  const { connectEntra } = await import('./entra/entra.ts');
  return connectEntra({
    ...auth,
    registration: registrationOf(auth, emulator),
    fetch: globalThis.fetch,
    clock,
    logger,
    timeoutMs: Math.min(ENTRA_TIMEOUT_MS, requestDeadlineMs),
  });
}

function registrationOf({ registration }: EntraConfig, emulator: Emulator | null): Registration {
  if (registration !== 'emulator') return registration;
  throw new TypeError(`the emulator at ${emulator?.url} does not play Entra ID`);
}

const EXAMPLE = `query MyPhones {
  me {
    displayName
    phones {
      id
      number
      type
      allowedAudiences
      parsed {
        international
        kind
      }
    }
  }
}
`;

function demoHeaders(emulator: Emulator | null): Readonly<Record<string, string>> {
  const token = emulator?.tokens[0]?.token;
  return token === undefined ? {} : { Authorization: `Bearer ${token}` };
}

/** What a person who has just typed `npm start` needs to know next. */
function greeting({ url, adminUrl, emulator }: Product): string {
  const lines = [`GraphQL  ${url}  (open it in a browser to explore)`, `Health   ${adminUrl}/readyz`];
  if (emulator === null) return `${lines.join('\n')}\n`;
  const [demo, ...others] = emulator.tokens;
  lines.push(
    `Graph    ${emulator.url}  (the embedded emulator: people and phones are made up)`,
    '',
    `Demo token: ${demo?.token}  (${demo?.description})`,
    ...others.map(({ token, description }) => `            ${token}  (${description})`),
    '',
    'Try:',
    `curl -s ${url} -H 'content-type: application/json' -H 'authorization: Bearer ${demo?.token}' \\`,
    `  -d '{"query":"{ me { displayName phones { number type } } }"}'`,
  );
  return `${lines.join('\n')}\n`;
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

async function run(): Promise<void> {
  const config = configOrExit(process.env);
  if (process.argv.includes('--check-config')) {
    process.stdout.write(describe(config));
    return;
  }
  // Logs go to stderr, so that what a person reads on stdout stays readable.
  const logger = pino({ level: config.logLevel, base: null }, pino.destination({ dest: 2, sync: false }));
  const product = await startProduct(config, { clock: systemClock, random: systemRandom, logger });
  process.stdout.write(greeting(product));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      void product.close().then(() => process.exit(0));
    });
  }
}

if (import.meta.main) await run();
