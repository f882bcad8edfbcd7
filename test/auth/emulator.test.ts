// End-to-end tests with the emulator's Entra ID, which checks requests as the real one does: credentials, assertions,
// scopes, consent. They cover the settings of every cloud, every credential, and claims challenges.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../emulator/emulator.ts';
import { type Environment, readConfig } from '../../src/config/config.ts';
import { type CloudName, clouds } from '../../src/graph/clouds.ts';
import { startStandalone } from '../../src/process/standalone.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { seededRandom } from '../../src/runtime/random.ts';
import { temporaryFolder } from '../support/certificate.ts';
import { ask, startTestProduct } from '../support/product.ts';

const QUERY = '{ me { displayName } }';
const INNOCENTY = { data: { me: { displayName: 'Innocenty Popov' } } };

const product = await startTestProduct({ environment: { AUTH_MODE: 'entra', APP_ONLY: 'on' } });
const { url, emulator } = product;
const { entra } = emulator;
afterAll(() => product.close());
beforeEach(() => emulator.reset());

const askAs = async (token: string) => ask(url, token, QUERY);

describe('the embedded emulator without any settings', () => {
  it('exchanges a user’s token for the gateway for a Microsoft Graph token', async () => {
    expect((await askAs(await entra.userToken('innocenty'))).body).toEqual(INNOCENTY);
    expect(tokenCalls(emulator)).toEqual([200]);
    expect(graphCalls(emulator)).toEqual([200]);
  });

  it('rejects demo tokens, Microsoft Graph tokens and tokens of another tenant', async () => {
    const status = async (token: string) => (await askAs(token)).status;
    expect(await status('demo-token-innocenty')).toBe(401);
    expect(await status(await entra.graphToken('innocenty'))).toBe(401);
    expect(await status(await entra.userToken('innocenty', { expiresInSeconds: -120 }))).toBe(401);
    expect(await status(await entra.userToken('innocenty', { tenant: entra.foreignTenantId }))).toBe(403);
    expect(graphCalls(emulator)).toEqual([]);
  });

  it('accepts app-only tokens with a role', async () => {
    const id = emulator.people[1]?.id;
    const query = 'query ($id: ID!) { user(id: $id) { displayName } }';
    const { body } = await ask(url, await entra.appToken(['Phones.Read.All']), query, { id });
    expect(body.data.user.displayName).toBe(emulator.people[1]?.displayName);
    expect((await ask(url, await entra.appToken([]), query, { id })).status).toBe(403);
  });

  it('fills the explorer with a valid token', async () => {
    const page = await (await product.request('/graphql', { headers: { accept: 'text/html' } })).text();
    const token = /Bearer ([\w-]+\.[\w-]+\.[\w-]+)/.exec(page.replaceAll('%20', ' '))?.[1] ?? '';
    expect((await askAs(token)).body).toEqual(INNOCENTY);
  });

  it('returns UNAUTHENTICATED to a user without consent', async () => {
    entra.consent('innocenty', []);
    const { status, body } = await askAs(await entra.userToken('innocenty'));
    expect([status, body.errors[0].extensions]).toEqual([401, { code: 'UNAUTHENTICATED' }]);
    expect((await askAs(await entra.userToken('admin'))).status).toBe(200);
  });

  it('accepts a new key after a rotation and rejects the old one', async () => {
    const before = await entra.userToken('innocenty');
    expect((await askAs(before)).status).toBe(200);
    await entra.rotateKeys();
    expect((await askAs(await entra.userToken('admin'))).status).toBe(200);
    expect((await askAs(before)).status).toBe(401);
  });
});

const CLAIMS = { access_token: { acrs: { essential: true, value: 'c1' } } };

/** Behaves like an MSAL client: after a challenge, it signs its user in again for a token with the claims. */
async function playClient(): Promise<unknown[]> {
  const seen: unknown[] = [];
  let claims: Record<string, unknown> = { xms_cc: ['cp1'] };
  for (let tries = 0; tries < 3; tries += 1) {
    const { status, headers, body } = await askAs(await entra.userToken('innocenty', { claims }));
    seen.push(status);
    if (status !== 401) return [...seen, body];
    const header = headers.get('www-authenticate') ?? '';
    expect(header).toMatch(
      /^Bearer realm="", authorization_uri="[^"]+", error="insufficient_claims", claims="/,
    );
    const challenge = Buffer.from(/claims="([^"]+)"/.exec(header)?.[1] ?? '', 'base64').toString();
    claims = { ...claims, acrs: [JSON.parse(challenge).access_token.acrs.value] };
  }
  return seen;
}

describe('a claims challenge', () => {
  it.each(['interaction_required', 'invalid_grant'] as const)(
    'of Entra ID during the exchange, sent as %s, is handled by the client',
    async (form) => {
      entra.challenge('innocenty', CLAIMS, form);
      expect(await playClient()).toEqual([401, 200, INNOCENTY]);
      expect(graphCalls(emulator)).toEqual([200]);
    },
  );

  it('of Microsoft Graph is answered by the gateway when an exchange with the claims succeeds', async () => {
    entra.caeChallenge('innocenty', CLAIMS);
    expect(await playClient()).toEqual([200, INNOCENTY]);
    expect(tokenCalls(emulator)).toEqual([200, 200]);
    expect(graphCalls(emulator)).toEqual([401, 200]);
  });

  it('of Microsoft Graph goes to the client when Entra ID answers with a challenge of its own', async () => {
    const token = await entra.userToken('innocenty', { claims: { xms_cc: ['cp1'] } });
    expect((await askAs(token)).status).toBe(200);
    emulator.clearCalls();
    entra.caeChallenge('innocenty', { access_token: { acrs: { essential: true, value: 'c2' } } });
    entra.challenge('innocenty', CLAIMS);
    const { status, body } = await askAs(token);
    const claims = Buffer.from(JSON.stringify(CLAIMS)).toString('base64');
    expect([status, body.errors[0].extensions]).toEqual([401, { code: 'UNAUTHENTICATED', claims }]);
    expect(tokenCalls(emulator)).toEqual([400]);
    expect(graphCalls(emulator)).toEqual([401]);
  });
});

/** Starts the emulator alone, and a gateway that uses it as a cloud. */
async function startApart(cloud: CloudName | null, credential: (emulator: Emulator) => Promise<Environment>) {
  const random = seededRandom(1);
  const emulator = await startEmulator({ clock: systemClock, random, ...(cloud === null ? {} : { cloud }) });
  const { entra } = emulator;
  const { config, problems } = readConfig({
    PORT: '0',
    ADMIN_PORT: '0',
    ...(cloud === null ? {} : { GRAPH_CLOUD: cloud }),
    GRAPH_BASE_URL: emulator.url,
    AUTH_MODE: 'entra',
    AZURE_AUTHORITY_HOST: entra.authority,
    AZURE_TENANT_ID: entra.tenantId,
    AZURE_CLIENT_ID: entra.gateway.clientId,
    ...(await credential(emulator)),
  });
  if (config === null) throw new Error(JSON.stringify(problems));
  const product = await startStandalone(config, { clock: systemClock, random, logger: silentLogger });
  return {
    url: product.url,
    emulator,
    async [Symbol.asyncDispose]() {
      await product.close();
      await emulator.close();
    },
  };
}

const secret = async ({ entra }: Emulator) => ({ AZURE_CLIENT_SECRET: entra.gateway.clientSecret });

describe.each([null, ...(Object.keys(clouds) as CloudName[])])('with the settings of %s', (cloud) => {
  it('exchanges and uses tokens of both versions', async () => {
    await using apart = await startApart(cloud, secret);
    for (const version of ['1.0', '2.0'] as const) {
      const token = await apart.emulator.entra.userToken('innocenty', { version });
      const { body } = await ask(apart.url, token, '{ me { displayName phones { isSearchable } } }');
      expect(body.data.me).toMatchObject(INNOCENTY.data.me);
    }
    expect(tokenCalls(apart.emulator)).toEqual([200, 200]);
    expect(new Set(graphCalls(apart.emulator))).toEqual(new Set([200]));
  });
});

describe('Entra ID accepts the gateway’s credential', () => {
  it('as a certificate', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'gateway.pem');
    await using apart = await startApart(null, async ({ entra }) => {
      const { certificate, privateKey } = await entra.addCertificate();
      await writeFile(path, `${privateKey}\n${certificate}`);
      return { AZURE_CLIENT_CERTIFICATE_PATH: path };
    });
    const token = await apart.emulator.entra.userToken('innocenty');
    expect((await ask(apart.url, token, QUERY)).body).toEqual(INNOCENTY);
  });

  it('as a federated token', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'token');
    await using apart = await startApart(null, async ({ entra }) => {
      await writeFile(path, await entra.federatedToken());
      return { AZURE_FEDERATED_TOKEN_FILE: path };
    });
    const token = await apart.emulator.entra.userToken('innocenty');
    expect((await ask(apart.url, token, QUERY)).body).toEqual(INNOCENTY);
  });

  it('but not a wrong secret, and the log tells the operator', async () => {
    await using apart = await startApart(null, async () => ({ AZURE_CLIENT_SECRET: 'wrong' }));
    const { status, body } = await ask(apart.url, await apart.emulator.entra.userToken('innocenty'), QUERY);
    expect([status, body.errors[0].extensions]).toEqual([
      200,
      { code: 'UPSTREAM_UNAVAILABLE', retryable: false },
    ]);
  });
});

function tokenCalls({ calls }: Emulator): number[] {
  return calls.filter(({ path }) => path.includes('/oauth2/')).map(({ status }) => status);
}

function graphCalls({ calls }: Emulator): number[] {
  return calls.filter(({ path }) => path.startsWith('/beta/')).map(({ status }) => status);
}
