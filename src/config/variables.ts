// The environment variables and the schema of each. config.ts checks the rules between variables.
import { z } from 'zod';
import { type CloudName, clouds } from '../graph/clouds.ts';
import type { RedisAddress } from '../runtime/redis-address.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A wrong variable. The message says what to do, and never contains a value that is secret. */
export interface Problem {
  readonly variable: string;
  readonly message: string;
}

/** A whole number with one message for every kind of error. */
const whole = (least: number, most: number, error: string) =>
  z.coerce.number({ error }).int(error).min(least, error).max(most, error);
const port = whole(0, 65_535, 'give a port, 0 to 65535');
const count = (least: number, most: number) =>
  whole(least, most, `give a whole number from ${least} to ${most}`);
const milliseconds = (least: number, most: number) =>
  whole(least, most, `give whole milliseconds from ${least} to ${most}`);
const onOff = z.enum(['on', 'off'], { error: 'give on or off' });
const guid = z.guid('give an id (a GUID)').toLowerCase();
const guids = z.string().transform((text) => text.split(',').map((id) => id.trim()));

/** The maximum number of workers. The primary process manages so many with little work. */
export const MOST_WORKERS = 64;
const WORKERS = `give 1 to ${MOST_WORKERS}, or auto for one for each core`;

const KEY = 'give 32 random bytes or more in base64, as `openssl rand -base64 32` prints them';

const protobuf = z.enum(['http/protobuf'], {
  error: 'give http/protobuf, the protocol of port 4318; gRPC and JSON are not supported',
});
const compression = z.enum(['gzip', 'none'], { error: 'give gzip or none' });
const SHARE = 'give the share of traces to export, 0 to 1';

/** What each of them may be, as the environment has it; `reference.ts` says what it means. */
export const variables = {
  NODE_ENV: z.string(),
  HOST: z.string(),
  PORT: port,
  ADMIN_PORT: port,
  WORKERS: z.union([z.literal('auto'), whole(1, MOST_WORKERS, WORKERS)], { error: WORKERS }),
  EMULATOR_PORT: port,
  GRAPH_CLOUD: z.enum(['emulator', ...(Object.keys(clouds) as CloudName[])], {
    error: `give emulator, ${Object.keys(clouds).join(', ')}`,
  }),
  GRAPH_BASE_URL: z.string(),
  GRAPH_CONCURRENCY: count(1, 256),
  GRAPH_CONNECTIONS: count(1, 4_096),
  AUTH_MODE: z.enum(['pass-through', 'entra'], { error: 'give pass-through or entra' }),
  AZURE_TENANT_ID: guid,
  AZURE_CLIENT_ID: guid,
  AZURE_CLIENT_SECRET: z.string(),
  AZURE_CLIENT_CERTIFICATE_PATH: z.string(),
  AZURE_FEDERATED_TOKEN_FILE: z.string(),
  AZURE_AUTHORITY_HOST: z.string(),
  ALLOWED_TENANTS: guids.pipe(z.array(guid)),
  ALLOWED_CLIENTS: guids.pipe(z.array(guid)),
  REQUIRED_SCOPE: z
    .string()
    .regex(/^[\w.:-]{1,120}$/, 'give the name of one scope, such as Phones.ReadWrite'),
  APP_ONLY: onOff,
  REDIS_URL: z.string().transform(readRedisUrl),
  STATE_KEY: z.base64(KEY).refine((text) => Buffer.from(text, 'base64').length >= 32, KEY),
  REQUEST_DEADLINE_MS: milliseconds(100, 300_000),
  RATE_LIMIT: count(0, 10_000_000),
  LIMIT_IN_FLIGHT: count(1, 1_000_000),
  LIMIT_EVENT_LOOP_DELAY_MS: milliseconds(0, 60_000),
  LIMIT_CONNECTIONS: count(1, 1_000_000),
  LIMIT_SEND_MS: milliseconds(100, 600_000),
  LIMIT_UNSENT_BYTES: count(100_000, 16 * 1024 * 1024 * 1024),
  TRUSTED_PROXIES: z
    .string()
    .transform((text) => text.split(',').map((address) => address.trim()))
    .pipe(
      z.array(
        z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], { error: 'give IP addresses or networks' }),
      ),
    ),
  AUDIT_LOG: z
    .string()
    .regex(/^(off|stdout|.*[/\\].*)$/, 'give off, stdout, or the path of a file, with a slash in it'),
  AUDIT_FAILURE: z.enum(['refuse', 'continue'], { error: 'give refuse or continue' }),
  AUDIT_KEY: z.string().min(32, 'give at least 32 characters'),
  EXPLORER: z.enum(['sandbox', 'graphiql', 'off'], { error: 'give sandbox, graphiql or off' }),
  INTROSPECTION: onOff,
  CORS_ORIGINS: z.string(),
  DRAIN_DELAY_MS: milliseconds(0, 300_000),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent'], {
    error: 'give debug, info, warn, error or silent',
  }),
  OTEL_SDK_DISABLED: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['true', 'false'], { error: 'give true or false' })),
  OTEL_TRACES_EXPORTER: z.enum(['otlp', 'console', 'none'], { error: 'give otlp, console or none' }),
  OTEL_METRICS_EXPORTER: z.enum(['prometheus', 'none'], {
    error: 'give none: Prometheus scrapes metrics from /metrics on the admin port',
  }),
  OTEL_LOGS_EXPORTER: z.enum(['none'], {
    error: 'give none: the gateway writes logs to stderr, as JSON lines',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.string(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: z.string(),
  OTEL_EXPORTER_OTLP_PROTOCOL: protobuf,
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protobuf,
  OTEL_EXPORTER_OTLP_TIMEOUT: milliseconds(1, 600_000),
  OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: milliseconds(1, 600_000),
  OTEL_EXPORTER_OTLP_COMPRESSION: compression,
  OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: compression,
  OTEL_PROPAGATORS: z
    .string()
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(
      z.array(
        z.enum(['tracecontext', 'baggage', 'none'], {
          error: 'give tracecontext, baggage (which is ignored) or none',
        }),
      ),
    ),
  OTEL_TRACES_SAMPLER: z.enum(
    [
      'always_on',
      'always_off',
      'traceidratio',
      'parentbased_always_on',
      'parentbased_always_off',
      'parentbased_traceidratio',
    ],
    { error: 'give always_on, always_off or traceidratio, with or without the prefix parentbased_' },
  ),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number({ error: SHARE }).min(0, SHARE).max(1, SHARE),
  OTEL_SERVICE_NAME: z.string(),
  OTEL_RESOURCE_ATTRIBUTES: z.string().transform(readAttributes),
  OTEL_BSP_SCHEDULE_DELAY: milliseconds(0, 600_000),
  OTEL_BSP_EXPORT_TIMEOUT: milliseconds(1, 600_000),
  OTEL_BSP_MAX_QUEUE_SIZE: count(1, 1_000_000),
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: count(1, 1_000_000),
  LIMIT_BODY_BYTES: count(1_000, 16 * 1024 * 1024),
  LIMIT_TOKENS: count(10, 10_000),
  LIMIT_DEPTH: count(1, 100),
  LIMIT_MUTATIONS: count(0, 1_000),
  LIMIT_LIST_ITEMS: count(1, 100_000),
  LIMIT_READS: count(1, 1_000_000),
  LIMIT_READ_BYTES: count(10_000, 1024 * 1024 * 1024),
  LIMIT_RESPONSE_VALUES: count(1_000, 100_000_000),
  LIMIT_RESPONSE_BYTES: count(10_000, 1024 * 1024 * 1024),
  TRUSTED_DOCUMENTS: z.string(),
};

const REDIS_FORM =
  'give rediss://user:password@host:port/database, or redis:// without TLS; only the host is required; percent-encode special characters in the user and password';

function readRedisUrl(text: string, { addIssue }: z.RefinementCtx): RedisAddress {
  try {
    const url = new URL(text);
    const [, brackets, name] = /^(?:(\[[\da-f:.]+\])|([\w.-]+))$/i.exec(url.hostname) ?? [];
    const host = brackets?.slice(1, -1) ?? name;
    const [, database] = /^\/?(\d{0,4})$/.exec(url.pathname) ?? [];
    const isPlain = /^rediss?:$/.test(url.protocol) && url.search === '' && url.hash === '';
    if (!isPlain || host === undefined || database === undefined) throw new TypeError('not of this form');
    return {
      tls: url.protocol === 'rediss:',
      host,
      port: url.port === '' ? 6379 : Number(url.port),
      username: url.username === '' ? null : decodeURIComponent(url.username),
      password: url.password === '' ? null : decodeURIComponent(url.password),
      database: Number(database),
    };
  } catch {
    addIssue({ code: 'custom', message: REDIS_FORM });
    return z.NEVER;
  }
}

/** Reads `name=value` pairs, separated by commas and percent-encoded, like the OpenTelemetry SDK. */
function readAttributes(text: string, { addIssue }: z.RefinementCtx): Readonly<Record<string, string>> {
  try {
    const pairs = text.split(',').filter((pair) => pair.trim() !== '');
    return Object.fromEntries(pairs.map(readAttribute));
  } catch {
    const message =
      'give name=value pairs, separated by commas; percent-encode a comma, = or % in a name or value';
    addIssue({ code: 'custom', message });
    return z.NEVER;
  }
}

function readAttribute(pair: string): [string, string] {
  const [, name, value] = /^\s*([^=]*[^=\s])\s*=\s*([^=]*?)\s*$/.exec(pair) ?? [];
  if (name === undefined || value === undefined) throw new TypeError('not of this form');
  return [decodeURIComponent(name), decodeURIComponent(value)];
}

/** The values of the variables that are set and valid. */
export type Values = { [Name in keyof typeof variables]?: z.output<(typeof variables)[Name]> };

/** An empty variable counts as unset. */
export function given(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === '' ? undefined : value;
}

/** Reads all variables. Adds a problem for each invalid one. */
export function readValues(environment: Environment, problems: Problem[]): Values {
  const values: Record<string, unknown> = {};
  // OTEL_SDK_DISABLED=true disables all other OpenTelemetry variables.
  const isOff = given(environment, 'OTEL_SDK_DISABLED')?.toLowerCase() === 'true';
  for (const [variable, schema] of Object.entries(variables)) {
    const value = given(environment, variable);
    if (value === undefined || (isOff && variable.startsWith('OTEL_'))) continue;
    const result = schema.safeParse(value);
    if (result.success) values[variable] = result.data;
    else problems.push({ variable, message: result.error.issues.map(({ message }) => message).join('; ') });
  }
  return values as Values;
}
