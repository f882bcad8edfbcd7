// The meaning and default of every variable, for the pages that people read: docs/configuration.md and .env.example are
// generated from it (`npm run docs:configuration`). A variable without an entry is a type error; those of OpenTelemetry
// are in tracing-reference.ts. Ranges and lists of values come from the schemas in variables.ts. A test sets each default
// and expects the same configuration as without it.
import type { Environment, variables } from './variables.ts';

export type Section = 'Listeners' | 'Microsoft Graph' | 'Callers' | 'Load' | 'Requests' | 'Audit' | 'Tracing';

export interface Reference {
  readonly section: Section;
  /** One or two sentences for the operator. */
  readonly meaning: string;
  /** The form of the value, where the schema does not say it. */
  readonly values?: string;
  /** The value that an unset variable stands for, as an operator would write it. Absent where there is none. */
  readonly default?: string;
  /** The default with `NODE_ENV=production`, where it is another one. */
  readonly production?: string;
  /** What applies without the variable, where that is no single value. */
  readonly unset?: string;
  /** What has to be set for the variable to have a meaning. */
  readonly needs?: Environment;
}

const ENTRA = { AUTH_MODE: 'entra' };
const IDS = 'ids, comma-separated';

/** All but OpenTelemetry's. */
type GatewayVariable = Exclude<keyof typeof variables, `OTEL_${string}`>;

export const REFERENCE: Readonly<Record<GatewayVariable, Reference>> = {
  NODE_ENV: {
    section: 'Listeners',
    meaning: '`production` turns off what is meant for development, and changes the defaults that say so.',
    values: '`production`, or anything else',
  },
  HOST: {
    section: 'Listeners',
    meaning: 'The address that all ports listen on.',
    values: 'an address or a name',
    default: '127.0.0.1',
  },
  PORT: { section: 'Listeners', meaning: 'The port for GraphQL. `0` takes a free port.', default: '4000' },
  ADMIN_PORT: {
    section: 'Listeners',
    meaning: 'The port for `/livez`, `/readyz` and `/metrics`. `0` takes a free port.',
    default: '4001',
  },
  WORKERS: {
    section: 'Listeners',
    meaning:
      'Processes that answer requests. `auto` starts one for each core. More than 1, and `auto`, need `REDIS_URL`.',
    default: '1',
  },
  DRAIN_DELAY_MS: {
    section: 'Listeners',
    meaning: 'Milliseconds between SIGTERM, which turns `/readyz` off, and the close of the listener.',
    default: '0',
    production: '5000',
  },
  LOG_LEVEL: {
    section: 'Listeners',
    meaning: 'The least severe lines that are logged. The log is JSON lines on stderr.',
    default: 'info',
  },
  GRAPH_CLOUD: {
    section: 'Microsoft Graph',
    meaning: 'The Microsoft Graph that the gateway calls. Production needs it.',
    default: 'emulator',
    production: '',
  },
  GRAPH_BASE_URL: {
    section: 'Microsoft Graph',
    meaning: 'Replaces the root of Microsoft Graph, for a test server or an egress proxy.',
    values: 'a URL; plain http only to this machine',
    unset: "the cloud's",
  },
  GRAPH_CONCURRENCY: {
    section: 'Microsoft Graph',
    meaning: 'Requests to Graph that one caller can have in flight. A batch counts as one.',
    default: '16',
  },
  GRAPH_CONNECTIONS: {
    section: 'Microsoft Graph',
    meaning: 'Connections to Graph, for all callers together.',
    default: '256',
  },
  EMULATOR_PORT: {
    section: 'Microsoft Graph',
    meaning: 'The port of the embedded emulator. `0` takes a free port.',
    default: '4010',
  },
  REQUEST_DEADLINE_MS: {
    section: 'Microsoft Graph',
    meaning: 'Milliseconds for one whole request, retries included.',
    default: '10000',
  },
  AUTH_MODE: {
    section: 'Callers',
    meaning:
      '`entra`: callers bring a token for the gateway, which exchanges it. `pass-through`: callers bring a token for Microsoft Graph.',
    default: 'pass-through',
    unset: '`pass-through` on the emulator, else `entra`',
  },
  AZURE_TENANT_ID: {
    section: 'Callers',
    meaning:
      "The tenant of the gateway's app registration. `entra` needs it, except on the embedded emulator.",
    values: 'an id (GUID)',
  },
  AZURE_CLIENT_ID: {
    section: 'Callers',
    meaning: 'The client id of that registration.',
    values: 'an id (GUID)',
  },
  AZURE_FEDERATED_TOKEN_FILE: {
    section: 'Callers',
    meaning:
      'Its credential, first choice: a federated token. The gateway reads the file for every exchange.',
    values: 'a path',
  },
  AZURE_CLIENT_CERTIFICATE_PATH: {
    section: 'Callers',
    meaning: 'Its credential, second choice: a certificate and its key in one PEM file.',
    values: 'a path',
  },
  AZURE_CLIENT_SECRET: {
    section: 'Callers',
    meaning: 'Its credential, third choice: a secret.',
    values: 'text',
  },
  AZURE_AUTHORITY_HOST: {
    section: 'Callers',
    meaning: 'Replaces the host of Entra ID, for a test server or an egress proxy.',
    values: 'an origin; plain http only to this machine',
    unset: "the cloud's",
  },
  ALLOWED_TENANTS: {
    section: 'Callers',
    meaning: 'Tenants whose people and applications may call.',
    values: IDS,
    unset: '`AZURE_TENANT_ID`',
    needs: ENTRA,
  },
  ALLOWED_CLIENTS: {
    section: 'Callers',
    meaning: 'Applications that may call.',
    values: IDS,
    unset: 'any',
    needs: ENTRA,
  },
  REQUIRED_SCOPE: {
    section: 'Callers',
    meaning: "The scope that a person's token must have.",
    values: 'one scope',
    default: 'Phones.ReadWrite',
    needs: ENTRA,
  },
  APP_ONLY: {
    section: 'Callers',
    meaning: '`on` serves applications without a person, within their app roles.',
    default: 'off',
    needs: ENTRA,
  },
  RATE_LIMIT: {
    section: 'Load',
    meaning: 'Requests of one caller in a minute. `0` switches the limit off.',
    default: '3000',
  },
  TRUSTED_PROXIES: {
    section: 'Load',
    meaning: 'Proxies whose `X-Forwarded-For` the gateway believes.',
    values: 'addresses and networks, comma-separated',
    unset: 'none',
  },
  LIMIT_CONNECTIONS: { section: 'Load', meaning: 'Connections of clients.', default: '10000' },
  LIMIT_IN_FLIGHT: { section: 'Load', meaning: 'Requests in flight.', default: '2000' },
  LIMIT_EVENT_LOOP_DELAY_MS: {
    section: 'Load',
    meaning:
      'Mean delay of the event loop. From an eighth of it the gateway admits as many requests as it answers in twice this time. From all of it each caller has one request in flight. From twice as much no request is admitted. `0` switches the limit off.',
    default: '500',
  },
  LIMIT_SEND_MS: {
    section: 'Load',
    meaning: 'Milliseconds for a client to read one whole response. The gateway then closes the connection.',
    default: '30000',
  },
  LIMIT_UNSENT_BYTES: {
    section: 'Load',
    meaning:
      'Bytes of responses, before compression, that wait for clients to read them. Above it the gateway drops the response that has waited longest.',
    default: '67108864',
  },
  REDIS_URL: {
    section: 'Load',
    meaning: 'Redis 7 or later, for the state that replicas share.',
    values: '`rediss://user:password@host:port/database`, or `redis://` without TLS',
    unset: 'each process keeps its own state',
  },
  STATE_KEY: {
    section: 'Load',
    meaning: 'Secret key of the hashes in Redis, the same for all replicas.',
    values: '32 random bytes or more in base64',
    unset: 'a key that the first replica stores in Redis',
    needs: { REDIS_URL: 'redis://127.0.0.1' },
  },
  LIMIT_BODY_BYTES: {
    section: 'Requests',
    meaning: 'Bytes of a request body. More is HTTP 413.',
    default: '262144',
  },
  LIMIT_TOKENS: {
    section: 'Requests',
    meaning:
      'Tokens of a document: names, values, punctuation. [Other limits](limits.md#of-one-request) follow from it.',
    default: '2000',
  },
  LIMIT_DEPTH: {
    section: 'Requests',
    meaning: 'Levels of fields, of fragments, and of lists and objects in values.',
    default: '15',
  },
  LIMIT_MUTATIONS: { section: 'Requests', meaning: 'Root fields of a mutation.', default: '5' },
  LIMIT_LIST_ITEMS: {
    section: 'Requests',
    meaning: 'Items of one list in a document or in variables, and variables of a request.',
    default: '1000',
  },
  LIMIT_READS: {
    section: 'Requests',
    meaning: 'Reads of Microsoft Graph that one operation can cost.',
    default: '2000',
  },
  LIMIT_READ_BYTES: {
    section: 'Requests',
    meaning: 'Bytes of JSON that the reads of one query can bring from Microsoft Graph.',
    default: '16777216',
  },
  LIMIT_RESPONSE_VALUES: {
    section: 'Requests',
    meaning: 'Values of one response: fields and list items. An error counts as 50.',
    default: '500000',
  },
  LIMIT_RESPONSE_BYTES: {
    section: 'Requests',
    meaning: 'Characters of the JSON of one response.',
    default: '16777216',
  },
  TRUSTED_DOCUMENTS: {
    section: 'Requests',
    meaning: 'A file of documents. Only these run.',
    values: 'a path',
    unset: 'every document runs',
  },
  INTROSPECTION: {
    section: 'Requests',
    meaning: 'Whether clients can read the schema. Off with trusted documents.',
    default: 'on',
    production: 'off',
  },
  EXPLORER: {
    section: 'Requests',
    meaning: 'The page for browsers at `/graphql`. Off with trusted documents.',
    default: 'sandbox',
    production: 'off',
  },
  CORS_ORIGINS: {
    section: 'Requests',
    meaning: 'Origins whose pages may call.',
    values: 'exact origins, comma-separated',
    unset: "Sandbox's with Sandbox, else none",
  },
  AUDIT_LOG: {
    section: 'Audit',
    meaning: 'Where the audit trail goes.',
    values: '`off`, `stdout`, or a path with a slash in it',
    default: 'off',
    production: 'stdout',
  },
  AUDIT_FAILURE: {
    section: 'Audit',
    meaning: '`refuse`: a change that cannot be recorded is not made. `continue`: it is made.',
    default: 'refuse',
  },
  AUDIT_KEY: {
    section: 'Audit',
    meaning: 'Secret key of the hashes in the audit trail.',
    values: '32 characters or more',
    unset: 'a random key of the process',
  },
};
