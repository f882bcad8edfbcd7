// The ready message names only pages that exist.
import { describe, expect, it } from 'vitest';
import { type Environment, readConfig } from '../../src/config/config.ts';
import { readyMessage } from '../../src/process/ready-message.ts';

const STARTED = { url: 'http://127.0.0.1:4000/graphql', adminUrl: 'http://127.0.0.1:4001', emulator: null };
const PRODUCTION = {
  NODE_ENV: 'production',
  GRAPH_CLOUD: 'global',
  AZURE_TENANT_ID: '7e000000-0000-4000-8000-000000000001',
  AZURE_CLIENT_ID: '7e000000-0000-4000-8000-000000000002',
  AZURE_CLIENT_SECRET: 'secret',
};

function told(environment: Environment): string {
  const { config, problems } = readConfig(environment);
  if (config === null) throw new Error(`the configuration is wrong: ${JSON.stringify(problems)}`);
  return readyMessage(config, STARTED);
}

describe('the ready message', () => {
  it.each<[string, Environment]>([
    ['on a machine of one’s own', {}],
    ['in production, where an explorer is asked for', { ...PRODUCTION, EXPLORER: 'graphiql' }],
  ])('names the explorer page %s', (_where, environment) => {
    expect(told(environment)).toContain(`${STARTED.url}  (open it in a browser to explore)`);
  });

  it.each<[string, Environment]>([
    ['in production', PRODUCTION],
    ['with EXPLORER=off', { EXPLORER: 'off' }],
  ])('names no explorer page %s', (_where, environment) => {
    expect(told(environment)).toBe(`GraphQL  ${STARTED.url}\nHealth   ${STARTED.adminUrl}/readyz\n`);
  });
});
