// Reads the configuration from the environment variables. It is a pure function: it reads no file and sends nothing over the
// network. It reports all problems at once. An optional feature is a union type, so its settings exist only when it is on.
import { type Cloud, type CloudName, clouds } from '../graph/clouds.ts';
import type { RedisAddress } from '../runtime/redis-address.ts';
import type { TracingConfig } from '../runtime/tracing.ts';
import { readTracing } from './tracing.ts';
import { type Environment, type Problem, readValues, type Values } from './variables.ts';

export type { Environment, Problem };

export interface Config {
  readonly environment: 'development' | 'production';
  readonly host: string;
  /** 0 selects a free port. */
  readonly port: number;
  readonly adminPort: number;
  /** The number of worker processes; `auto` for one for each core. */
  readonly workers: number | 'auto';
  readonly graph: GraphConfig;
  readonly upstream: UpstreamConfig;
  readonly auth: AuthConfig;
  readonly state: StateConfig;
  /** Milliseconds for one request. */
  readonly requestDeadlineMs: number;
  readonly load: LoadConfig;
  /** Addresses and networks of proxies whose `X-Forwarded-For` header is trusted. */
  readonly trustedProxies: readonly string[];
  /** Null without an audit trail. */
  readonly audit: AuditConfig | null;
  readonly explorer: 'sandbox' | 'graphiql' | 'off';
  readonly introspection: boolean;
  /** Origins that browsers may call from. */
  readonly corsOrigins: readonly string[];
  /** Milliseconds between the signal to shut down and the close of the port. */
  readonly drainDelayMs: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Null without tracing. */
  readonly tracing: TracingConfig | null;
  /** The limits for one request. */
  readonly limits: LimitsConfig;
  /** The path of the manifest of trusted documents. Null allows any document. */
  readonly trustedDocuments: string | null;
}

export interface LimitsConfig {
  /** Bytes of a request body. */
  readonly bodyBytes: number;
  /** Tokens of a GraphQL document. */
  readonly tokens: number;
  /** Nesting of a document or its variables. */
  readonly depth: number;
  /** Root fields of a mutation. */
  readonly mutations: number;
  /** Items of a list in a document or its variables. */
  readonly listItems: number;
  /** Microsoft Graph reads of an operation, as its cost estimates them. */
  readonly reads: number;
  /** Bytes of Microsoft Graph responses for an operation. */
  readonly readBytes: number;
  /** Values in the response of an operation. */
  readonly responseValues: number;
  /** Bytes of the response of an operation. */
  readonly responseBytes: number;
}

export interface LoadConfig {
  /** Requests of one caller per minute; 0 for no limit. */
  readonly requestsPerMinute: number;
  /** Concurrent requests. */
  readonly inFlight: number;
  /** Mean delay of the event loop in milliseconds; 0 for no limit. */
  readonly eventLoopDelayMs: number;
  /** Open client connections. */
  readonly connections: number;
  /** Milliseconds for a client to read a whole response. */
  readonly sendMs: number;
  /** Bytes of responses that clients have not read yet. */
  readonly unsentBytes: number;
}

/** Concurrency towards Microsoft Graph. */
export interface UpstreamConfig {
  /** Concurrent requests of one caller. A batch counts as one request. */
  readonly concurrency: number;
  /** Open connections for all callers together. */
  readonly connections: number;
}

export interface AuditConfig {
  readonly to: { readonly kind: 'stdout' } | { readonly kind: 'file'; readonly path: string };
  /** Whether a write that cannot be recorded is refused or carried out. */
  readonly failure: 'refuse' | 'continue';
  /** The key of the hashes in the records, which makes them stable. Null for a random key of the process. */
  readonly secret: string | null;
}

export type GraphConfig =
  /** The emulator of this program, started with it. */
  | { readonly kind: 'embedded'; readonly port: number }
  /** A running server. `root` is its URL without a trailing slash. */
  | { readonly kind: 'remote'; readonly cloud: CloudName | 'emulator'; readonly root: string };

export type AuthConfig =
  /** Callers send Microsoft Graph tokens, which the gateway forwards. */
  { readonly mode: 'pass-through' } | EntraConfig;

/** Callers send tokens for this gateway, which it validates and exchanges for Microsoft Graph tokens. */
export interface EntraConfig {
  readonly mode: 'entra';
  /** The app registration of this gateway; `emulator` for the one in the embedded emulator. */
  readonly registration: Registration | 'emulator';
  /** Ids of the tenants that may call. Null allows only the gateway's own tenant. */
  readonly allowedTenants: readonly string[] | null;
  /** Client ids of the applications that may call. Null allows any application. */
  readonly allowedClients: readonly string[] | null;
  /** The delegated permission that a user's token needs. */
  readonly requiredScope: string;
  /** Whether app-only tokens are accepted. */
  readonly appOnly: boolean;
}

/** Where the gateway keeps state between requests, such as idempotency records. */
export type StateConfig =
  /** In the memory of the process. */
  | { readonly kind: 'memory' }
  /** In Redis, shared by all replicas. */
  | {
      readonly kind: 'redis';
      readonly address: RedisAddress;
      /** The key of the hashes in stored records, in base64. Null for a random key that is kept in Redis. */
      readonly secret: string | null;
    };

export interface Registration {
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential:
    | { readonly kind: 'federated' | 'certificate'; readonly path: string }
    | { readonly kind: 'secret'; readonly secret: string };
  readonly authority: { readonly host: string; readonly issuers: Cloud['issuers'] };
  /** The scope of the Microsoft Graph tokens. */
  readonly graphScope: string;
}

export type ReadConfig =
  | { readonly config: Config; readonly problems: null }
  | { readonly config: null; readonly problems: readonly Problem[] };

const SANDBOX_ORIGINS = ['https://studio.apollographql.com', 'https://sandbox.embed.apollographql.com'];

/** Reads the environment variables. An empty variable counts as unset. */
export function readConfig(environment: Environment): ReadConfig {
  const problems: Problem[] = [];
  const values = readValues(environment, problems);
  const config = assemble(values, problems);
  return problems.length > 0 ? { config: null, problems } : { config, problems: null };
}

function assemble(values: Values, problems: Problem[]): Config {
  const environment = values.NODE_ENV === 'production' ? 'production' : 'development';
  const production = environment === 'production';
  // With trusted documents, an explorer could run no operation and not even read the schema.
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
    // Three queries for a hundred users take 15 batches, which one caller can then send at the same time.
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
      // Three times the request deadline. The largest response, 16 MB, then needs 4 Mbit/s.
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
 * The defaults allow all intended uses: all fields of all types at once, a thousand users with names and phones (two reads
 * each, about 40 kB of ids), and the introspection query of tools. They are low enough that no request takes long.
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
    problems.push({
      variable: 'GRAPH_CLOUD',
      message: 'set it in production, to one of the clouds of Microsoft Graph',
    });
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

/** Removes the trailing slash. The gateway sends tokens to this URL, so plain http is allowed for this machine only. */
function readRoot(text: string, problems: Problem[]): string {
  checkUrl('GRAPH_BASE_URL', text, problems);
  return text.replace(/\/+$/, '');
}

function checkUrl(variable: string, text: string, problems: Problem[]): void {
  const url = URL.parse(text);
  const problem = (message: string) => problems.push({ variable, message });
  if (url === null || !/^https?:$/.test(url.protocol)) problem('give an http or https URL');
  else if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname))
    problem('give an https URL; http is allowed for 127.0.0.1 and localhost only');
  else if (url.search !== '' || url.hash !== '' || url.username !== '')
    problem('give a URL without a query, fragment and user');
}

/** The access policy. Pass-through ignores it, so setting one of these variables is a mistake that has to be reported. */
const ENTRA_ONLY = ['ALLOWED_TENANTS', 'ALLOWED_CLIENTS', 'REQUIRED_SCOPE', 'APP_ONLY'] as const;

function readAuth(values: Values, graph: GraphConfig, problems: Problem[]): AuthConfig {
  const cloud = graph.kind === 'embedded' ? 'emulator' : graph.cloud;
  if ((values.AUTH_MODE ?? (cloud === 'emulator' ? 'pass-through' : 'entra')) === 'pass-through') {
    for (const variable of ENTRA_ONLY.filter((name) => values[name] !== undefined))
      problems.push({ variable, message: 'unset it, or set AUTH_MODE=entra' });
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
    const message = `AUTH_MODE=entra needs ${what}; with AUTH_MODE=pass-through, callers send Microsoft Graph tokens instead`;
    if (values[variable] === undefined && !isReported(variable, problems))
      problems.push({ variable, message });
    return values[variable] ?? '';
  };
  return {
    tenantId: need('AZURE_TENANT_ID', 'the tenant id of this gateway'),
    clientId: need('AZURE_CLIENT_ID', 'the client id of this gateway'),
    credential: readCredential(values, problems),
    authority: readAuthority(values.AZURE_AUTHORITY_HOST, graph, problems),
    graphScope: graph.cloud === 'emulator' ? `${graph.root}/.default` : clouds[graph.cloud].scope,
  };
}

function isReported(variable: string, problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.variable === variable);
}

/** The safest credential comes first: a federated token, then a certificate, then a client secret. */
function readCredential(values: Values, problems: Problem[]): Registration['credential'] {
  const { AZURE_FEDERATED_TOKEN_FILE: token, AZURE_CLIENT_CERTIFICATE_PATH: certificate } = values;
  if (token !== undefined) return { kind: 'federated', path: token };
  if (certificate !== undefined) return { kind: 'certificate', path: certificate };
  const secret = values.AZURE_CLIENT_SECRET;
  if (secret === undefined) {
    const message =
      'AUTH_MODE=entra needs a credential: AZURE_FEDERATED_TOKEN_FILE, AZURE_CLIENT_CERTIFICATE_PATH or AZURE_CLIENT_SECRET';
    problems.push({ variable: 'AZURE_CLIENT_SECRET', message });
  }
  return { kind: 'secret', secret: secret ?? '' };
}

/**
 * For a Microsoft cloud, AZURE_AUTHORITY_HOST changes the endpoints only, and the issuers stay those of the cloud. For an
 * emulator, it is also the issuer of version 2 tokens.
 */
function readAuthority(text: string | undefined, { cloud }: RemoteGraph, problems: Problem[]) {
  const variable = 'AZURE_AUTHORITY_HOST';
  const own = cloud === 'emulator' ? null : clouds[cloud];
  if (text === undefined) {
    if (own !== null) return { host: own.authority, issuers: own.issuers };
    problems.push({
      variable,
      message: 'give the authority that issues tokens for the server at GRAPH_BASE_URL',
    });
    return { host: '', issuers: { v1: '', v2: '' } };
  }
  const host = text.replace(/\/+$/, '').toLowerCase();
  checkUrl(variable, host, problems);
  const issuers = own?.issuers ?? { v1: clouds.global.issuers.v1, v2: host };
  if (isReported(variable, problems)) return { host, issuers };
  if (new URL(host).origin !== host) problems.push({ variable, message: 'give a URL without a path' });
  const others = Object.values(clouds).filter(({ authority }) => authority !== own?.authority);
  if (others.some(({ authority }) => authority === host))
    problems.push({
      variable,
      message: 'give the authority of the cloud in GRAPH_CLOUD; this is the one of another cloud',
    });
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
      message: 'set REDIS_URL for more than one worker, or for auto: workers share state in Redis',
    });
  if (secret !== undefined && !isReported('REDIS_URL', problems))
    problems.push({ variable: 'STATE_KEY', message: 'unset it, or set REDIS_URL' });
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

/** This gateway's registration. Throws a TypeError for that of an embedded emulator that has not been started. */
export function registrationOf({ registration }: EntraConfig): Registration {
  if (registration === 'emulator') throw new TypeError('the embedded emulator has not been started');
  return registration;
}
