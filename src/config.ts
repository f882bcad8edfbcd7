// The configuration, as a pure function of the environment. Every problem is found at once; nothing here reads a file
// or touches the network. An integration is a union on its switch, so that what it needs is there exactly when it is on.
import { z } from 'zod';
import { type CloudName, clouds } from './graph/clouds.ts';

export interface Config {
  readonly environment: 'development' | 'production';
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly adminPort: number;
  readonly graph: GraphConfig;
  readonly authMode: 'pass-through';
  readonly requestDeadlineMs: number;
  readonly explorer: 'sandbox' | 'graphiql' | 'off';
  readonly introspection: boolean;
  /** Exact origins. */
  readonly corsOrigins: readonly string[];
  readonly drainDelayMs: number;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

export type GraphConfig =
  /** The emulator that comes with this program, started beside it. */
  | { readonly kind: 'embedded'; readonly port: number }
  /** A server that is already there. */
  | { readonly kind: 'remote'; readonly cloud: CloudName | 'emulator'; readonly root: string };

/** One variable that is wrong, in words that say what to do. Never holds the value of a secret. */
export interface Problem {
  readonly variable: string;
  readonly message: string;
}

export type ReadConfig =
  | { readonly config: Config; readonly problems: null }
  | { readonly config: null; readonly problems: readonly Problem[] };

export type Environment = Readonly<Record<string, string | undefined>>;

const SANDBOX_ORIGINS = ['https://studio.apollographql.com', 'https://sandbox.embed.apollographql.com'];

const port = z.coerce
  .number({ error: 'give a port, 0 to 65535' })
  .int('give a whole number')
  .min(0)
  .max(65_535);
const onOff = z.enum(['on', 'off'], { error: 'give on or off' });
const milliseconds = (least: number, most: number) =>
  z.coerce.number({ error: 'give milliseconds' }).int('give whole milliseconds').min(least).max(most);

const variables = {
  NODE_ENV: z.string(),
  HOST: z.string(),
  PORT: port,
  ADMIN_PORT: port,
  EMULATOR_PORT: port,
  GRAPH_CLOUD: z.enum(['emulator', ...(Object.keys(clouds) as CloudName[])], {
    error: `give emulator, ${Object.keys(clouds).join(', ')}`,
  }),
  GRAPH_BASE_URL: z.string(),
  AUTH_MODE: z.enum(['pass-through', 'entra'], { error: 'give pass-through or entra' }),
  REQUEST_DEADLINE_MS: milliseconds(100, 300_000),
  EXPLORER: z.enum(['sandbox', 'graphiql', 'off'], { error: 'give sandbox, graphiql or off' }),
  INTROSPECTION: onOff,
  CORS_ORIGINS: z.string(),
  DRAIN_DELAY_MS: milliseconds(0, 300_000),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent'], {
    error: 'give debug, info, warn, error or silent',
  }),
};

type Values = { [Name in keyof typeof variables]?: z.output<(typeof variables)[Name]> };

/** Named by the contract and not built yet: setting one must not pass for having switched something on. */
const NOT_BUILT = [
  'ALLOWED_TENANTS',
  'ALLOWED_CLIENTS',
  'REQUIRED_SCOPE',
  'APP_ONLY',
  'REDIS_URL',
  'TRUSTED_DOCUMENTS',
  'RATE_LIMIT',
];

/** Reads the environment. An empty variable counts as unset. */
export function readConfig(environment: Environment): ReadConfig {
  const problems: Problem[] = NOT_BUILT.filter((name) => given(environment, name) !== undefined).map(
    (variable) => ({
      variable,
      message: 'this version does not know it yet; unset it',
    }),
  );
  const values = readValues(environment, problems);
  const config = assemble(values, problems);
  return problems.length > 0 ? { config: null, problems } : { config, problems: null };
}

function given(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === '' ? undefined : value;
}

function readValues(environment: Environment, problems: Problem[]): Values {
  const values: Record<string, unknown> = {};
  for (const [variable, schema] of Object.entries(variables)) {
    const value = given(environment, variable);
    if (value === undefined) continue;
    const result = schema.safeParse(value);
    if (result.success) values[variable] = result.data;
    else problems.push({ variable, message: result.error.issues.map(({ message }) => message).join('; ') });
  }
  return values as Values;
}

function assemble(values: Values, problems: Problem[]): Config {
  const environment = values.NODE_ENV === 'production' ? 'production' : 'development';
  const production = environment === 'production';
  const explorer = values.EXPLORER ?? (production ? 'off' : 'sandbox');
  return {
    environment,
    host: values.HOST ?? '127.0.0.1',
    port: values.PORT ?? 4000,
    adminPort: values.ADMIN_PORT ?? 4001,
    graph: readGraph(values, production, problems),
    authMode: readAuthMode(values, problems),
    requestDeadlineMs: values.REQUEST_DEADLINE_MS ?? 10_000,
    explorer,
    introspection: (values.INTROSPECTION ?? (production ? 'off' : 'on')) === 'on',
    corsOrigins:
      readOrigins(values.CORS_ORIGINS, problems) ?? (explorer === 'sandbox' ? SANDBOX_ORIGINS : []),
    drainDelayMs: values.DRAIN_DELAY_MS ?? (production ? 5_000 : 0),
    logLevel: values.LOG_LEVEL ?? 'info',
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

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Without its trailing slash. Tokens travel there, so plain http only to this machine. */
function readRoot(text: string, problems: Problem[]): string {
  const url = URL.parse(text);
  const problem = (message: string) => problems.push({ variable: 'GRAPH_BASE_URL', message });
  if (url === null || !/^https?:$/.test(url.protocol)) problem('give an http or https URL');
  else if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname))
    problem('plain http only to 127.0.0.1 or localhost');
  else if (url.search !== '' || url.hash !== '' || url.username !== '')
    problem('give no query, fragment or user in it');
  return text.replace(/\/+$/, '');
}

function readAuthMode(values: Values, problems: Problem[]): 'pass-through' {
  const isCloud = values.GRAPH_CLOUD !== undefined && values.GRAPH_CLOUD !== 'emulator';
  const mode = values.AUTH_MODE ?? (isCloud ? 'entra' : 'pass-through');
  if (mode === 'entra') {
    const message =
      'entra is not built in this version; set pass-through, and callers bring a Microsoft Graph token';
    problems.push({ variable: 'AUTH_MODE', message });
  }
  return 'pass-through';
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
