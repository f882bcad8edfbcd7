import { describe, expect, it } from 'vitest';
import { type Environment, readConfig } from '../src/config.ts';

function good(environment: Environment) {
  const { config, problems } = readConfig(environment);
  if (config === null) throw new Error(JSON.stringify(problems));
  return config;
}

const problemsOf = (environment: Environment) =>
  readConfig(environment).problems?.map(({ variable }) => variable);

describe('the configuration', () => {
  it('is complete without any variable', () => {
    expect(good({})).toEqual({
      environment: 'development',
      host: '127.0.0.1',
      port: 4000,
      adminPort: 4001,
      graph: { kind: 'embedded', port: 4010 },
      authMode: 'pass-through',
      requestDeadlineMs: 10_000,
      explorer: 'sandbox',
      introspection: true,
      corsOrigins: ['https://studio.apollographql.com', 'https://sandbox.embed.apollographql.com'],
      drainDelayMs: 0,
      logLevel: 'info',
    });
  });

  it('takes an empty variable for an unset one', () => {
    expect(good({ PORT: '', HOST: ' ', GRAPH_CLOUD: '' })).toEqual(good({}));
  });

  it('closes what is meant for development in production', () => {
    expect(good({ NODE_ENV: 'production', GRAPH_CLOUD: 'global', AUTH_MODE: 'pass-through' })).toMatchObject({
      graph: { kind: 'remote', cloud: 'global', root: 'https://graph.microsoft.com' },
      explorer: 'off',
      introspection: false,
      corsOrigins: [],
      drainDelayMs: 5_000,
    });
  });

  it.each([
    ['us-gov-l4', 'https://graph.microsoft.us'],
    ['us-gov-l5', 'https://dod-graph.microsoft.us'],
    ['china', 'https://microsoftgraph.chinacloudapi.cn'],
  ])('knows the root of %s', (cloud, root) => {
    expect(good({ GRAPH_CLOUD: cloud, AUTH_MODE: 'pass-through' }).graph).toEqual({
      kind: 'remote',
      cloud,
      root,
    });
  });

  it('takes another server for the emulator, and starts none then', () => {
    const { graph } = good({ GRAPH_BASE_URL: 'http://127.0.0.1:9999/' });
    expect(graph).toEqual({ kind: 'remote', cloud: 'emulator', root: 'http://127.0.0.1:9999' });
  });
});

describe('what is wrong', () => {
  it('is told all at once', () => {
    const environment = {
      PORT: 'http',
      ADMIN_PORT: '70000',
      GRAPH_CLOUD: 'mars',
      EXPLORER: 'yes',
      REQUEST_DEADLINE_MS: '-1',
      CORS_ORIGINS: 'https://a.example/,null',
      LOG_LEVEL: 'loud',
      REDIS_URL: 'redis://127.0.0.1',
    };
    expect(new Set(problemsOf(environment))).toEqual(new Set(Object.keys(environment)));
  });

  it.each([
    [{ NODE_ENV: 'production' }, 'GRAPH_CLOUD'],
    [{ GRAPH_BASE_URL: 'http://graph.example' }, 'GRAPH_BASE_URL'],
    [{ GRAPH_BASE_URL: 'ftp://127.0.0.1' }, 'GRAPH_BASE_URL'],
    [{ GRAPH_BASE_URL: 'https://user@graph.example' }, 'GRAPH_BASE_URL'],
    [{ GRAPH_BASE_URL: 'https://graph.example?x=1' }, 'GRAPH_BASE_URL'],
    [{ GRAPH_BASE_URL: 'nonsense' }, 'GRAPH_BASE_URL'],
    [{ GRAPH_CLOUD: 'global' }, 'AUTH_MODE'],
    [{ AUTH_MODE: 'entra' }, 'AUTH_MODE'],
    [{ PORT: '1.5' }, 'PORT'],
    [{ CORS_ORIGINS: '*' }, 'CORS_ORIGINS'],
  ] as [Environment, string][])('%j', (environment, variable) => {
    expect(problemsOf(environment)).toEqual([variable]);
  });
});
