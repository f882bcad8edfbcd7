import { describe, expect, it } from 'vitest';
import { type Environment, readConfig } from '../src/config/config.ts';

function good(environment: Environment) {
  const { config, problems } = readConfig(environment);
  if (config === null) throw new Error(JSON.stringify(problems));
  return config;
}

const problemsOf = (environment: Environment) =>
  readConfig(environment).problems?.map(({ variable }) => variable);

describe('the configuration', () => {
  it('has defaults for all variables', () => {
    expect(good({})).toEqual({
      environment: 'development',
      host: '127.0.0.1',
      port: 4000,
      adminPort: 4001,
      workers: 1,
      graph: { kind: 'embedded', port: 4010 },
      upstream: { concurrency: 16, connections: 256 },
      auth: { mode: 'pass-through' },
      state: { kind: 'memory' },
      requestDeadlineMs: 10_000,
      load: {
        requestsPerMinute: 3_000,
        inFlight: 2_000,
        eventLoopDelayMs: 500,
        connections: 10_000,
        sendMs: 30_000,
        unsentBytes: 64 * 1024 * 1024,
      },
      trustedProxies: [],
      audit: null,
      explorer: 'sandbox',
      introspection: true,
      corsOrigins: ['https://studio.apollographql.com', 'https://sandbox.embed.apollographql.com'],
      drainDelayMs: 0,
      logLevel: 'info',
      tracing: null,
      limits: {
        bodyBytes: 262_144,
        tokens: 2_000,
        depth: 15,
        mutations: 5,
        listItems: 1_000,
        reads: 2_000,
        responseValues: 500_000,
        readBytes: 16_777_216,
        responseBytes: 16_777_216,
      },
      trustedDocuments: null,
    });
  });

  it('treats an empty variable as unset', () => {
    expect(good({ PORT: '', HOST: ' ', GRAPH_CLOUD: '' })).toEqual(good({}));
  });

  it('turns development features off in production', () => {
    expect(good({ NODE_ENV: 'production', GRAPH_CLOUD: 'global', AUTH_MODE: 'pass-through' })).toMatchObject({
      graph: { kind: 'remote', cloud: 'global', root: 'https://graph.microsoft.com' },
      explorer: 'off',
      introspection: false,
      corsOrigins: [],
      drainDelayMs: 5_000,
      audit: { to: { kind: 'stdout' }, failure: 'refuse', secret: null },
    });
  });

  it.each([
    ['us-gov-l4', 'https://graph.microsoft.us'],
    ['us-gov-l5', 'https://dod-graph.microsoft.us'],
    ['china', 'https://microsoftgraph.chinacloudapi.cn'],
  ])('has the root URL of %s', (cloud, root) => {
    expect(good({ GRAPH_CLOUD: cloud, AUTH_MODE: 'pass-through' }).graph).toEqual({
      kind: 'remote',
      cloud,
      root,
    });
  });

  it('turns introspection and the explorer off with trusted documents', () => {
    expect(good({ TRUSTED_DOCUMENTS: 'documents.json' })).toMatchObject({
      trustedDocuments: 'documents.json',
      explorer: 'off',
      introspection: false,
      corsOrigins: [],
    });
  });

  it('uses another server instead of the embedded emulator', () => {
    const { graph } = good({ GRAPH_BASE_URL: 'http://127.0.0.1:9999/' });
    expect(graph).toEqual({ kind: 'remote', cloud: 'emulator', root: 'http://127.0.0.1:9999' });
  });
});

const TENANT = '11111111-aaaa-4aaa-8aaa-111111111111';
const OTHER = '22222222-bbbb-4bbb-8bbb-222222222222';
const CLIENT = '33333333-cccc-4ccc-8ccc-333333333333';
const ENTRA = { AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: CLIENT, AZURE_CLIENT_SECRET: 'canary-secret' };

describe('authentication', () => {
  it('uses Entra ID outside of the emulator', () => {
    expect(good({ GRAPH_CLOUD: 'global', ...ENTRA }).auth).toEqual({
      mode: 'entra',
      registration: {
        tenantId: TENANT,
        clientId: CLIENT,
        credential: { kind: 'secret', secret: 'canary-secret' },
        authority: {
          host: 'https://login.microsoftonline.com',
          issuers: { v1: 'https://sts.windows.net', v2: 'https://login.microsoftonline.com' },
        },
        graphScope: 'https://graph.microsoft.com/.default',
      },
      allowedTenants: null,
      allowedClients: null,
      requiredScope: 'Phones.ReadWrite',
      appOnly: false,
    });
  });

  it('defaults to pass-through with the emulator, and can use the emulator’s Entra ID', () => {
    expect(good({ ...ENTRA }).auth).toEqual({ mode: 'pass-through' });
    expect(good({ AUTH_MODE: 'entra', APP_ONLY: 'on' }).auth).toMatchObject({
      registration: 'emulator',
      appOnly: true,
    });
  });

  it('reads lists of ids, in any case and with spaces', () => {
    const lists = { ALLOWED_TENANTS: ` ${TENANT.toUpperCase()} , ${OTHER}`, ALLOWED_CLIENTS: CLIENT };
    expect(good({ GRAPH_CLOUD: 'global', ...ENTRA, ...lists }).auth).toMatchObject({
      allowedTenants: [TENANT, OTHER],
      allowedClients: [CLIENT],
    });
  });

  it.each<[Environment, object]>([
    [{ AZURE_FEDERATED_TOKEN_FILE: '/t' }, { kind: 'federated', path: '/t' }],
    [{ AZURE_CLIENT_CERTIFICATE_PATH: '/c' }, { kind: 'certificate', path: '/c' }],
    [
      { AZURE_FEDERATED_TOKEN_FILE: '/t', AZURE_CLIENT_CERTIFICATE_PATH: '/c' },
      { kind: 'federated', path: '/t' },
    ],
  ])('rest on the credential that is hardest to lose: %j', (environment, credential) => {
    const { auth } = good({ GRAPH_CLOUD: 'global', ...ENTRA, ...environment });
    expect(auth).toMatchObject({ registration: { credential } });
  });

  it('accepts another authority host, with the issuers of the cloud', () => {
    const environment = {
      GRAPH_CLOUD: 'china',
      ...ENTRA,
      AZURE_AUTHORITY_HOST: 'https://Entra.contoso.com/',
    };
    expect(good(environment).auth).toMatchObject({
      registration: {
        authority: {
          host: 'https://entra.contoso.com',
          issuers: { v1: 'https://sts.chinacloudapi.cn', v2: 'https://login.partner.microsoftonline.cn' },
        },
        graphScope: 'https://microsoftgraph.chinacloudapi.cn/.default',
      },
    });
  });

  it('accepts an emulator that runs elsewhere', () => {
    const [graph, entra] = ['http://127.0.0.1:4010', 'http://127.0.0.1:4010/'];
    const environment = { GRAPH_BASE_URL: graph, AUTH_MODE: 'entra', AZURE_AUTHORITY_HOST: entra, ...ENTRA };
    expect(good(environment).auth).toMatchObject({
      registration: {
        authority: { host: graph, issuers: { v2: graph } },
        graphScope: `${graph}/.default`,
      },
    });
  });
});

describe('load limits and the audit trail', () => {
  it('are read from their variables', () => {
    const environment = {
      RATE_LIMIT: '0',
      LIMIT_IN_FLIGHT: '10',
      LIMIT_EVENT_LOOP_DELAY_MS: '0',
      LIMIT_CONNECTIONS: '20',
      LIMIT_SEND_MS: '5000',
      LIMIT_UNSENT_BYTES: '1000000',
      GRAPH_CONCURRENCY: '4',
      GRAPH_CONNECTIONS: '8',
      TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::/32,192.0.2.1',
      AUDIT_LOG: '/var/log/audit.jsonl',
      AUDIT_FAILURE: 'continue',
      AUDIT_KEY: 'k'.repeat(32),
    };
    expect(good(environment)).toMatchObject({
      load: {
        requestsPerMinute: 0,
        inFlight: 10,
        eventLoopDelayMs: 0,
        connections: 20,
        sendMs: 5_000,
        unsentBytes: 1_000_000,
      },
      upstream: { concurrency: 4, connections: 8 },
      trustedProxies: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.1'],
      audit: {
        to: { kind: 'file', path: '/var/log/audit.jsonl' },
        failure: 'continue',
        secret: 'k'.repeat(32),
      },
    });
  });

  it.each([
    { RATE_LIMIT: '-1' },
    { RATE_LIMIT: 'many' },
    { LIMIT_IN_FLIGHT: '0' },
    { LIMIT_CONNECTIONS: '1.5' },
    { LIMIT_SEND_MS: '0' },
    { LIMIT_SEND_MS: '600001' },
    { LIMIT_UNSENT_BYTES: '0' },
    { LIMIT_UNSENT_BYTES: '64MiB' },
    { GRAPH_CONCURRENCY: '0' },
    { GRAPH_CONCURRENCY: '257' },
    { GRAPH_CONNECTIONS: '4097' },
    { WORKERS: '0' },
    { WORKERS: '65' },
    { WORKERS: '1.5' },
    { WORKERS: 'all' },
    { TRUSTED_PROXIES: 'proxy.example' },
    { TRUSTED_PROXIES: '10.0.0.0/33' },
    { AUDIT_LOG: 'stderr' },
    { AUDIT_LOG: 'on' },
    { AUDIT_FAILURE: 'ignore' },
    { AUDIT_KEY: 'short' },
  ])('rejects %j', (environment) => {
    expect(problemsOf(environment)).toEqual(Object.keys(environment));
  });
});

describe('workers', () => {
  it.each([
    ['1', 1],
    ['64', 64],
    ['auto', 'auto'],
  ])('can be %s', (text, workers) => {
    expect(good({ WORKERS: text, REDIS_URL: 'redis://127.0.0.1' }).workers).toBe(workers);
  });

  it.each(['2', '64', 'auto'])(
    'a number of %s needs REDIS_URL, because workers share state there',
    (WORKERS) => {
      expect(problemsOf({ WORKERS })).toEqual(['WORKERS']);
    },
  );

  it('a single worker needs no Redis', () => {
    expect(good({ WORKERS: '1' }).state).toEqual({ kind: 'memory' });
  });

  it('with an invalid REDIS_URL report that problem only', () => {
    expect(problemsOf({ WORKERS: '2', REDIS_URL: 'cache.contoso.com' })).toEqual(['REDIS_URL']);
  });
});

describe('shared state', () => {
  const address = { tls: false, host: '127.0.0.1', port: 6379, username: null, password: null, database: 0 };
  const KEY = Buffer.alloc(32, 0xff).toString('base64');

  it.each<[string, object]>([
    ['redis://127.0.0.1', {}],
    ['redis://127.0.0.1:6380/', { port: 6380 }],
    ['redis://127.0.0.1/15', { database: 15 }],
    ['redis://[2001:db8::1]:6380', { host: '2001:db8::1', port: 6380 }],
    ['rediss://Cache_1.contoso.com', { tls: true, host: 'Cache_1.contoso.com' }],
    ['redis://:p%40s%2Fs%3A%25@127.0.0.1', { password: 'p@s/s:%' }],
    ['redis://me:pass@127.0.0.1', { username: 'me', password: 'pass' }],
    ['redis://:a=+b@127.0.0.1', { password: 'a=+b' }],
  ])('is in Redis at %s', (url, parts) => {
    const expected = { kind: 'redis', address: { ...address, ...parts }, secret: null };
    expect(good({ REDIS_URL: url }).state).toEqual(expected);
  });

  it('takes a configured hash key', () => {
    expect(good({ REDIS_URL: 'redis://127.0.0.1', STATE_KEY: KEY }).state).toMatchObject({ secret: KEY });
  });

  it.each([
    'http://canary@127.0.0.1',
    '127.0.0.1:6379',
    'canary',
    'redis://',
    'redis:///0',
    'redis://:canary@/0',
    'redis://:canary@127.0.0.1/zero',
    'redis://:canary@127.0.0.1/0/1',
    'redis://:canary@127.0.0.1?db=1',
    'redis://:canary#x@127.0.0.1',
    'redis://:canary%@127.0.0.1',
    'redis://:canary@127.0.0.1:99999',
    'redis://:canary@a b',
    'unix:///var/run/redis.sock',
  ])('rejects the URL %s without repeating it', (url) => {
    expect(problemsOf({ REDIS_URL: url })).toEqual(['REDIS_URL']);
    expect(JSON.stringify(readConfig({ REDIS_URL: url }))).not.toContain('canary');
  });

  it.each([
    'canary',
    Buffer.alloc(31).toString('base64'),
    '_'.repeat(44),
    'canary canary canary canary canary',
  ])('rejects the hash key %s', (key) => {
    expect(problemsOf({ REDIS_URL: 'redis://127.0.0.1', STATE_KEY: key })).toEqual(['STATE_KEY']);
    expect(JSON.stringify(readConfig({ STATE_KEY: key }))).not.toContain('canary');
  });

  it('rejects a hash key without Redis', () => {
    expect(problemsOf({ STATE_KEY: KEY })).toEqual(['STATE_KEY']);
  });
});

describe('problems', () => {
  it('are reported all at once', () => {
    const environment = {
      PORT: 'http',
      ADMIN_PORT: '70000',
      GRAPH_CLOUD: 'mars',
      EXPLORER: 'yes',
      REQUEST_DEADLINE_MS: '-1',
      CORS_ORIGINS: 'https://a.example/,null',
      LOG_LEVEL: 'loud',
      REDIS_URL: '127.0.0.1:6379',
      STATE_KEY: 'short',
    };
    expect(new Set(problemsOf(environment))).toEqual(new Set(Object.keys(environment)));
  });

  it.each([
    ['PORT', '0 to 65535'],
    ['WORKERS', '1 to 64'],
    ['GRAPH_CONCURRENCY', '1 to 256'],
    ['DRAIN_DELAY_MS', '0 to 300000'],
  ])('is told of %s together with what may be given, once, whatever it is', (variable, range) => {
    for (const text of ['-1.5', '1000000', 'many', '1e400']) {
      const told = readConfig({ [variable]: text }).problems?.map(({ message }) => message);
      expect(told).toEqual([expect.stringContaining(range)]);
    }
  });

  it.each([
    [{ NODE_ENV: 'production' }, 'GRAPH_CLOUD'],
    [{ GRAPH_BASE_URL: 'http://graph.example' }, 'GRAPH_BASE_URL'],
    [{ GRAPH_BASE_URL: 'ftp://127.0.0.1' }, 'GRAPH_BASE_URL'],
    [{ GRAPH_BASE_URL: 'https://user@graph.example' }, 'GRAPH_BASE_URL'],
    [{ GRAPH_BASE_URL: 'https://graph.example?x=1' }, 'GRAPH_BASE_URL'],
    [{ GRAPH_BASE_URL: 'nonsense' }, 'GRAPH_BASE_URL'],
    [{ GRAPH_CLOUD: 'global', ...ENTRA, AZURE_TENANT_ID: 'contoso.onmicrosoft.com' }, 'AZURE_TENANT_ID'],
    [{ GRAPH_CLOUD: 'global', ...ENTRA, AZURE_TENANT_ID: '' }, 'AZURE_TENANT_ID'],
    [{ GRAPH_CLOUD: 'global', ...ENTRA, AZURE_CLIENT_ID: '1' }, 'AZURE_CLIENT_ID'],
    [{ GRAPH_CLOUD: 'global', ...ENTRA, AZURE_CLIENT_SECRET: '' }, 'AZURE_CLIENT_SECRET'],
    [{ GRAPH_CLOUD: 'global', ...ENTRA, ALLOWED_TENANTS: 'common' }, 'ALLOWED_TENANTS'],
    [{ GRAPH_CLOUD: 'global', ...ENTRA, ALLOWED_TENANTS: `${TENANT},` }, 'ALLOWED_TENANTS'],
    [{ GRAPH_CLOUD: 'global', ...ENTRA, ALLOWED_CLIENTS: '*' }, 'ALLOWED_CLIENTS'],
    [{ GRAPH_CLOUD: 'global', ...ENTRA, REQUIRED_SCOPE: 'api://x/Phones.ReadWrite' }, 'REQUIRED_SCOPE'],
    [{ GRAPH_CLOUD: 'global', ...ENTRA, REQUIRED_SCOPE: 'User.Read Phones.Read' }, 'REQUIRED_SCOPE'],
    [{ GRAPH_CLOUD: 'global', ...ENTRA, APP_ONLY: 'yes' }, 'APP_ONLY'],
    [
      { GRAPH_CLOUD: 'global', ...ENTRA, AZURE_AUTHORITY_HOST: 'http://entra.example' },
      'AZURE_AUTHORITY_HOST',
    ],
    [
      { GRAPH_CLOUD: 'global', ...ENTRA, AZURE_AUTHORITY_HOST: 'https://entra.example/x' },
      'AZURE_AUTHORITY_HOST',
    ],
    [{ GRAPH_CLOUD: 'global', ...ENTRA, AZURE_AUTHORITY_HOST: 'login' }, 'AZURE_AUTHORITY_HOST'],
    [
      { GRAPH_CLOUD: 'global', ...ENTRA, AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.us' },
      'AZURE_AUTHORITY_HOST',
    ],
    [{ GRAPH_BASE_URL: 'http://127.0.0.1:1', AUTH_MODE: 'entra', ...ENTRA }, 'AZURE_AUTHORITY_HOST'],
    [{ ALLOWED_TENANTS: TENANT }, 'ALLOWED_TENANTS'],
    [{ ALLOWED_CLIENTS: TENANT }, 'ALLOWED_CLIENTS'],
    [{ REQUIRED_SCOPE: 'x' }, 'REQUIRED_SCOPE'],
    [{ APP_ONLY: 'off' }, 'APP_ONLY'],
    [{ PORT: '1.5' }, 'PORT'],
    [{ CORS_ORIGINS: '*' }, 'CORS_ORIGINS'],
  ] as [Environment, string][])('%j', (environment, variable) => {
    expect(problemsOf(environment)).toEqual([variable]);
    expect(JSON.stringify(readConfig(environment))).not.toContain('canary');
  });

  it('of a registration are reported all at once', () => {
    expect(problemsOf({ GRAPH_CLOUD: 'us-gov-l5' })).toEqual([
      'AZURE_TENANT_ID',
      'AZURE_CLIENT_ID',
      'AZURE_CLIENT_SECRET',
    ]);
  });
});
