// The tests send a unique token and a secret through success and every failure, and search for them in the log lines,
// metrics and errors. They also search for the names that Entra ID writes into its error descriptions.
import { pino } from 'pino';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import { describe as describeConfig } from '../../src/main.ts';
import {
  GATEWAY,
  makeKey,
  refusal,
  SECRET,
  sign,
  startEntraProduct,
  TENANT,
  type TokenHandler,
  tokenAnswer,
  userClaims,
} from '../support/entra.ts';

const UPSTREAM_TOKEN = 'canary-upstream-5c1f0b7e';
const key = await makeKey('key-1');
const stolen = await makeKey('key-1');
const lines: string[] = [];
const product = await startEntraProduct({
  key,
  logger: pino({ level: 'debug' }, { write: (line) => void lines.push(line) }),
});
const { entra, emulator } = product;
const exchange = entra.onToken;
afterAll(() => product[Symbol.asyncDispose]());
beforeEach(() => {
  emulator.reset();
  entra.onToken = exchange;
  lines.length = 0;
});

const QUERY = 'query Canary { me { displayName } }';

async function nothingLeaked(token: string, body: { errors?: unknown }): Promise<void> {
  const metrics = await (await fetch(`${product.adminUrl}/metrics`)).text();
  const said = lines.join('') + metrics + JSON.stringify(body.errors ?? []);
  const canaries = [
    ...token.split('.'),
    token.slice(0, 24),
    UPSTREAM_TOKEN,
    SECRET,
    'canary',
    'AADSTS',
    'demo-token',
  ];
  for (const canary of canaries.filter((text) => text.length > 4)) expect(said).not.toContain(canary);
  expect(lines.length).toBeGreaterThan(0);
}

describe('no part of a token leaks', () => {
  it.each<[string, TokenHandler]>([
    ['success', exchange],
    ['a refusal', () => refusal('invalid_grant')],
    ['a demand for more', () => refusal('interaction_required', { claims: '{"access_token":{}}' })],
    ['a refusal of the gateway', () => refusal('invalid_client', {}, 401)],
    ['throttling', () => refusal('x', {}, 429)],
    ['an error that quotes the request', ({ form }) => ({ status: 500, body: JSON.stringify(form) })],
    ['a page that quotes the request', ({ form }) => ({ status: 200, body: `<p>${form['assertion']}</p>` })],
    ['ids that are the token', ({ form }) => refusal('invalid_client', { trace_id: form['assertion'] })],
    ['a broken connection', () => 'reset'],
    ['a token that nobody knows', () => tokenAnswer(UPSTREAM_TOKEN)],
    ['a token that cannot be sent', () => tokenAnswer(`${UPSTREAM_TOKEN}\n`)],
  ])('in an exchange that meets %s', async (_what, handler) => {
    entra.onToken = handler;
    const token = await product.userToken('innocenty', { aio: crypto.randomUUID(), name: 'canary-name' });
    const { body } = await product.ask(QUERY, token);
    await nothingLeaked(token, body);
  });

  it('when the gateway rejects it', async () => {
    const forged = { ...stolen, id: 'canary-key-id' };
    for (const token of [
      await product.userToken('innocenty', { aud: 'canary-audience' }),
      await product.userToken('innocenty', { iss: 'https://canary.example/' }),
      await product.userToken('innocenty', { tid: '9f9f9f9f-9f9f-4f9f-8f9f-9f9f9f9f9f9f' }),
      await product.userToken('innocenty', { scp: 'canary.scope' }),
      await product.userToken('innocenty', { exp: 1 }),
      await sign(forged, userClaims(entra, 'x')),
      `canary-${'x'.repeat(200)}`,
    ]) {
      const { status, body } = await product.ask(QUERY, token);
      expect([401, 403]).toContain(status);
      await nothingLeaked(token, body);
      lines.length = 0;
    }
  });

  it('when Microsoft Graph quotes it in a response', async () => {
    emulator.faults.add({
      on: {},
      times: 2,
      do: { status: 401, body: { error: { code: 'x', message: 'canary' } } },
    });
    const token = await product.userToken('innocenty', { aio: crypto.randomUUID() });
    const { body } = await product.ask(QUERY, token);
    await nothingLeaked(token, body);
  });
});

describe('the printed configuration', () => {
  it('contains no secret', () => {
    const { config } = readConfig({
      GRAPH_CLOUD: 'global',
      AZURE_TENANT_ID: TENANT,
      AZURE_CLIENT_ID: GATEWAY,
      AZURE_CLIENT_SECRET: SECRET,
    });
    if (config === null) throw new Error('the configuration is wrong');
    expect(describeConfig(config)).toContain('"secret": "***"');
    expect(describeConfig(config)).not.toContain(SECRET);
  });
});
