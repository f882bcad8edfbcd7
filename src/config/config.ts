// The configuration, as a pure function of the environment. Every problem is found at once; nothing here reads a file
// or touches the network. An integration is a union on its switch, so that what it needs is there exactly when it is on.
import { type Cloud, type CloudName, clouds } from '../graph/clouds.ts';
import type { RedisAddress } from '../runtime/redis-address.ts';
import type { TracingConfig } from '../runtime/tracing.ts';
import { readTracing } from './tracing.ts';
import { type Environment, type Problem, readValues, type Values } from './variables.ts';

export type { Environment, Problem };

export interface Config {
  readonly environment: 'development' | 'production';
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly adminPort: number;
  /** Processes that answer requests; `auto` for one for each core. */
  readonly workers: number | 'auto';
  readonly graph: GraphConfig;
  readonly upstream: UpstreamConfig;
  readonly auth: AuthConfig;
  readonly state: StateConfig;
  readonly requestDeadlineMs: number;
  readonly load: LoadConfig;
  /** Addresses and networks of proxies, whose word on where a request comes from is taken. */
  readonly trustedProxies: readonly string[];
  /** Null for no audit trail. */
  readonly audit: AuditConfig | null;
  readonly explorer: 'sandbox' | 'graphiql' | 'off';
  readonly introspection: boolean;
  /** Exact origins. */
  readonly corsOrigins: readonly string[];
  readonly drainDelayMs: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Null for no traces. */
  readonly tracing: TracingConfig | null;
  /** The most of each that one request may ask for. */
  readonly limits: LimitsConfig;
  /** The path of the file of documents that run, where no others do; null for whatever is asked. */
  readonly trustedDocuments: string | null;
}

export interface LimitsConfig {
  readonly bodyBytes: number;
  readonly tokens: number;
  readonly depth: number;
  readonly mutations: number;
  readonly listItems: number;
  readonly reads: number;
  /** Of what is read for one operation. */
  readonly readBytes: number;
  /** Of the response of one operation. */
  readonly responseValues: number;
  readonly responseBytes: number;
}

export interface LoadConfig {
  /** Requests of one principal in a minute; 0 for no limit. */
  readonly requestsPerMinute: number;
  /** Requests under way at a time. */
  readonly inFlight: number;
  /** Mean delay of the event loop; 0 for no limit. */
  readonly eventLoopDelayMs: number;
  /** Connections of clients at a time. */
  readonly connections: number;
  /** Milliseconds for a client to read a response. */
  readonly sendMs: number;
  /** Bytes of responses that wait for their clients to read them. */
  readonly unsentBytes: number;
}

/** How much of Microsoft Graph is asked for at a time. */
export interface UpstreamConfig {
  /** Requests of one principal, a batch being one. */
  readonly concurrency: number;
  /** Connections of all together. */
  readonly connections: number;
}

export interface AuditConfig {
  readonly to: { readonly kind: 'stdout' } | { readonly kind: 'file'; readonly path: string };
  /** What becomes of a write that cannot be recorded. */
  readonly failure: 'refuse' | 'continue';
  /** Makes the hashes in the records the same for ever; null for a key of the process's own. */
  readonly secret: string | null;
}

export type GraphConfig =
  /** The emulator that comes with this program, started beside it. */
  | { readonly kind: 'embedded'; readonly port: number }
  /** A server that is already there. */
  | { readonly kind: 'remote'; readonly cloud: CloudName | 'emulator'; readonly root: string };

export type AuthConfig =
  /** Callers bring a token for Microsoft Graph, which goes there. */
  { readonly mode: 'pass-through' } | EntraConfig;

/** Callers bring a token for this gateway; what goes upstream is another, got on their behalf. */
export interface EntraConfig {
  readonly mode: 'entra';
  /** This gateway as Microsoft Entra ID knows it; `emulator` for what the embedded emulator has ready. */
  readonly registration: Registration | 'emulator';
  /** Tenants that may call; null for the gateway's own. */
  readonly allowedTenants: readonly string[] | null;
  /** Applications that may call; null for any. */
  readonly allowedClients: readonly string[] | null;
  readonly requiredScope: string;
  /** Whether applications by themselves are served. */
  readonly appOnly: boolean;
}

/** What has to be remembered from one request to the next. */
export type StateConfig =
  /** By each process for itself, until it ends. */
  | { readonly kind: 'memory' }
  /** By all replicas together. */
  | {
      readonly kind: 'redis';
      readonly address: RedisAddress;
      /** Under which replicas hash what they remember, in base64; null for one that they leave in Redis. */
      readonly secret: string | null;
    };

export interface Registration {
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential:
    | { readonly kind: 'federated' | 'certificate'; readonly path: string }
    | { readonly kind: 'secret'; readonly secret: string };
  readonly authority: { readonly host: string; readonly issuers: Cloud['issuers'] };
  /** Of the tokens that go upstream. */
  readonly graphScope: string;
}

export type ReadConfig =
  | { readonly config: Config; readonly problems: null }
  | { readonly config: null; readonly problems: readonly Problem[] };

const SANDBOX_ORIGINS = ['https://studio.apollographql.com', 'https://sandbox.embed.apollographql.com'];

/** Reads the environment. An empty variable counts as unset. */
export function readConfig(environment: Environment): ReadConfig {
  const problems: Problem[] = [];
  const values = readValues(environment, problems);
  const config = assemble(values, problems);
  return problems.length > 0 ? { config: null, problems } : { config, problems: null };
}

function assemble(values: Values, problems: Problem[]): Config {
  const environment = values.NODE_ENV === 'production' ? 'production' : 'development';
  const production = environment === 'production';
  // With trusted documents an explorer could ask nothing, and not even read the schema.
  const closed = production || values.TRUSTED_DOCUMENTS !== undefined;
  const explorer = values.EXPLORER ?? (closed ? 'off' : 'sandbox');
  const graph = readGraph(values, production, problems);
  return {
    environment,
    host: values.HOST ?? '127.0.0.1',
    port: values.PORT ?? 4000,
    adminPort: values.ADMIN_PORT ?? 4001,
    workers: values.WORKERS ?? 1,
    graph,
    // Three queries of a hundred people are 15 batches, which one caller can then have under way together.
    upstream: {
      concurrency: values.GRAPH_CONCURRENCY ?? 16,
      connections: values.GRAPH_CONNECTIONS ?? 256,
    },
    auth: readAuth(values, graph, problems),
    state: readState(values, problems),
    requestDeadlineMs: values.REQUEST_DEADLINE_MS ?? 10_000,
    load: {
      requestsPerMinute: values.RATE_LIMIT ?? 3_000,
      inFlight: values.LIMIT_IN_FLIGHT ?? 2_000,
      eventLoopDelayMs: values.LIMIT_EVENT_LOOP_DELAY_MS ?? 500,
      connections: values.LIMIT_CONNECTIONS ?? 10_000,
      // Three times the deadline. 16 MB, which is as large as a response gets, then need 4 Mbit/s.
      sendMs: values.LIMIT_SEND_MS ?? 30_000,
      unsentBytes: values.LIMIT_UNSENT_BYTES ?? 64 * 1024 * 1024,
    },
    trustedProxies: values.TRUSTED_PROXIES ?? [],
    audit: readAudit(values, production),
    explorer,
    introspection: (values.INTROSPECTION ?? (closed ? 'off' : 'on')) === 'on',
    corsOrigins:
      readOrigins(values.CORS_ORIGINS, problems) ?? (explorer === 'sandbox' ? SANDBOX_ORIGINS : []),
    drainDelayMs: values.DRAIN_DELAY_MS ?? (production ? 5_000 : 0),
    logLevel: values.LOG_LEVEL ?? 'info',
    tracing: readTracing(values, problems),
    limits: readLimits(values),
    trustedDocuments: values.TRUSTED_DOCUMENTS ?? null,
  };
}

/**
 * Wide enough for whatever the schema is for: all fields of all types at once, a thousand people with names and phones
 * (two reads each, some 40 kB of ids), the query by which tools read the schema. Narrow enough that none of it takes long.
 */
function readLimits(values: Values): LimitsConfig {
  return {
    bodyBytes: values.LIMIT_BODY_BYTES ?? 256 * 1024,
    tokens: values.LIMIT_TOKENS ?? 2_000,
    depth: values.LIMIT_DEPTH ?? 15,
    mutations: values.LIMIT_MUTATIONS ?? 5,
    listItems: values.LIMIT_LIST_ITEMS ?? 1_000,
    reads: values.LIMIT_READS ?? 2_000,
    readBytes: values.LIMIT_READ_BYTES ?? 16 * 1024 * 1024,
    responseValues: values.LIMIT_RESPONSE_VALUES ?? 500_000,
    responseBytes: values.LIMIT_RESPONSE_BYTES ?? 16 * 1024 * 1024,
  };
}

function readGraph(values: Values, production: boolean, problems: Problem[]): GraphConfig {
  if (values.GRAPH_CLOUD === undefined && production) {
    problems.push({ variable: 'GRAPH_CLOUD', message: 'in production, say which Microsoft Graph is meant' });
  }
  const cloud = values.GRAPH_CLOUD ?? 'emulator';
  const root = values.GRAPH_BASE_URL === undefined ? undefined : readRoot(values.GRAPH_BASE_URL, problems);
  if (cloud !== 'emulator') return { kind: 'remote', cloud, root: root ?? clouds[cloud].graph };
  if (root !== undefined) return { kind: 'remote', cloud, root };
  return { kind: 'embedded', port: values.EMULATOR_PORT ?? 4010 };
}

function readAudit(values: Values, production: boolean): AuditConfig | null {
  const to = values.AUDIT_LOG ?? (production ? 'stdout' : 'off');
  if (to === 'off') return null;
  return {
    to: to === 'stdout' ? { kind: 'stdout' } : { kind: 'file', path: to },
    failure: values.AUDIT_FAILURE ?? 'refuse',
    secret: values.AUDIT_KEY ?? null,
  };
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Without its trailing slash. Tokens travel there, so plain http only to this machine. */
function readRoot(text: string, problems: Problem[]): string {
  checkUrl('GRAPH_BASE_URL', text, problems);
  return text.replace(/\/+$/, '');
}

function checkUrl(variable: string, text: string, problems: Problem[]): void {
  const url = URL.parse(text);
  const problem = (message: string) => problems.push({ variable, message });
  if (url === null || !/^https?:$/.test(url.protocol)) problem('give an http or https URL');
  else if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname))
    problem('plain http only to 127.0.0.1 or localhost');
  else if (url.search !== '' || url.hash !== '' || url.username !== '')
    problem('give no query, fragment or user in it');
}

/** They say who is let in, which with pass-through nobody asks: one that is set must not pass for being asked. */
const ENTRA_ONLY = ['ALLOWED_TENANTS', 'ALLOWED_CLIENTS', 'REQUIRED_SCOPE', 'APP_ONLY'] as const;

function readAuth(values: Values, graph: GraphConfig, problems: Problem[]): AuthConfig {
  const cloud = graph.kind === 'embedded' ? 'emulator' : graph.cloud;
  if ((values.AUTH_MODE ?? (cloud === 'emulator' ? 'pass-through' : 'entra')) === 'pass-through') {
    for (const variable of ENTRA_ONLY.filter((name) => values[name] !== undefined))
      problems.push({ variable, message: 'it only has a meaning with AUTH_MODE=entra' });
    return { mode: 'pass-through' };
  }
  return {
    mode: 'entra',
    registration: graph.kind === 'embedded' ? 'emulator' : readRegistration(values, graph, problems),
    allowedTenants: values.ALLOWED_TENANTS ?? null,
    allowedClients: values.ALLOWED_CLIENTS ?? null,
    requiredScope: values.REQUIRED_SCOPE ?? 'Phones.ReadWrite',
    appOnly: values.APP_ONLY === 'on',
  };
}

type RemoteGraph = Extract<GraphConfig, { kind: 'remote' }>;

function readRegistration(values: Values, graph: RemoteGraph, problems: Problem[]): Registration {
  const need = (variable: 'AZURE_TENANT_ID' | 'AZURE_CLIENT_ID', what: string): string => {
    const message = `AUTH_MODE=entra needs ${what}; with AUTH_MODE=pass-through callers bring a Microsoft Graph token`;
    if (values[variable] === undefined && !isReported(variable, problems))
      problems.push({ variable, message });
    return values[variable] ?? '';
  };
  return {
    tenantId: need('AZURE_TENANT_ID', 'the tenant of this gateway'),
    clientId: need('AZURE_CLIENT_ID', 'the client id of this gateway'),
    credential: readCredential(values, problems),
    authority: readAuthority(values.AZURE_AUTHORITY_HOST, graph, problems),
    graphScope: graph.cloud === 'emulator' ? `${graph.root}/.default` : clouds[graph.cloud].scope,
  };
}

function isReported(variable: string, problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.variable === variable);
}

/** The one that cannot leak comes first, the one that can be copied and mailed last. */
function readCredential(values: Values, problems: Problem[]): Registration['credential'] {
  const { AZURE_FEDERATED_TOKEN_FILE: token, AZURE_CLIENT_CERTIFICATE_PATH: certificate } = values;
  if (token !== undefined) return { kind: 'federated', path: token };
  if (certificate !== undefined) return { kind: 'certificate', path: certificate };
  const secret = values.AZURE_CLIENT_SECRET;
  if (secret === undefined) {
    const message =
      'AUTH_MODE=entra needs this, or rather AZURE_FEDERATED_TOKEN_FILE or AZURE_CLIENT_CERTIFICATE_PATH';
    problems.push({ variable: 'AZURE_CLIENT_SECRET', message });
  }
  return { kind: 'secret', secret: secret ?? '' };
}

/** What stands in for an authority of Microsoft's signs in that one's name; an emulator's, in its own as of version 2. */
function readAuthority(text: string | undefined, { cloud }: RemoteGraph, problems: Problem[]) {
  const variable = 'AZURE_AUTHORITY_HOST';
  const own = cloud === 'emulator' ? null : clouds[cloud];
  if (text === undefined) {
    if (own !== null) return { host: own.authority, issuers: own.issuers };
    problems.push({ variable, message: 'say who gives out tokens for the server at GRAPH_BASE_URL' });
    return { host: '', issuers: { v1: '', v2: '' } };
  }
  const host = text.replace(/\/+$/, '').toLowerCase();
  checkUrl(variable, host, problems);
  const issuers = own?.issuers ?? { v1: clouds.global.issuers.v1, v2: host };
  if (isReported(variable, problems)) return { host, issuers };
  if (new URL(host).origin !== host) problems.push({ variable, message: 'give no path in it' });
  const others = Object.values(clouds).filter(({ authority }) => authority !== own?.authority);
  if (others.some(({ authority }) => authority === host))
    problems.push({ variable, message: 'this is the authority of another cloud than GRAPH_CLOUD' });
  return { host, issuers };
}

function readState(
  { REDIS_URL: address, STATE_KEY: secret, WORKERS: workers }: Values,
  problems: Problem[],
): StateConfig {
  if (address !== undefined) return { kind: 'redis', address, secret: secret ?? null };
  if (workers !== undefined && workers !== 1 && !isReported('REDIS_URL', problems))
    problems.push({
      variable: 'WORKERS',
      message: 'more than one, and auto, needs REDIS_URL: workers share state there',
    });
  if (secret !== undefined && !isReported('REDIS_URL', problems))
    problems.push({ variable: 'STATE_KEY', message: 'it only has a meaning with REDIS_URL' });
  return { kind: 'memory' };
}

function readOrigins(text: string | undefined, problems: Problem[]): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const origins = text.split(',').map((origin) => origin.trim());
  for (const origin of origins) {
    if (URL.parse(origin)?.origin === origin && origin !== 'null') continue;
    problems.push({
      variable: 'CORS_ORIGINS',
      message: 'give exact origins, such as https://app.contoso.com',
    });
  }
  return origins;
}
