// The four clouds: where keys and tokens are requested, with which scope, and which issuers are accepted. A fake `fetch`
// records every request; nothing is sent over the network.
import { describe, expect, it } from 'vitest';
import { connectEntra } from '../../src/auth/entra.ts';
import { createEntraHttp, type Fetch } from '../../src/auth/http.ts';
import { readConfig } from '../../src/config/config.ts';
import { type CloudName, clouds } from '../../src/graph/clouds.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLogger } from '../../src/runtime/log.ts';
import { systemRandom } from '../../src/runtime/random.ts';
import { manualClock, until } from '../support/emulator.ts';
import { CLIENT, GATEWAY, makeKey, sign, TENANT, userClaims } from '../support/entra.ts';

const key = await makeKey('key-1');
const PERSON = 'db789417-4ccb-41d1-a0a9-47b01a09ea49';

async function connect(cloud: CloudName, environment = {}) {
  const { config, problems } = readConfig({
    GRAPH_CLOUD: cloud,
    AZURE_TENANT_ID: TENANT,
    AZURE_CLIENT_ID: GATEWAY,
    AZURE_CLIENT_SECRET: 'secret',
    ...environment,
  });
  if (config?.auth.mode !== 'entra' || config.auth.registration === 'emulator')
    throw new Error(JSON.stringify(problems));
  const sent: { url: string; form: URLSearchParams }[] = [];
  const stub: Fetch = async (url, { body }) => {
    sent.push({ url: url.split('?')[0] ?? '', form: new URLSearchParams(body ?? '') });
    return url.includes('/discovery/')
      ? Response.json({ keys: [key.jwk] })
      : Response.json({ token_type: 'Bearer', expires_in: 3600, access_token: `token-of-${cloud}` });
  };
  const { registration, ...rules } = config.auth;
  const callers = await connectEntra({
    ...rules,
    registration,
    fetch: stub,
    store: null,
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    timeoutMs: 1_000,
  });
  const come = async (changes: Record<string, unknown>) =>
    callers.authenticate(`Bearer ${await sign(key, userClaims({ url: '' }, PERSON, changes))}`, {});
  return { sent, come };
}

const ISSUERS: Record<CloudName, { readonly v1: string; readonly v2: string }> = {
  global: {
    v1: `https://sts.windows.net/${TENANT}/`,
    v2: `https://login.microsoftonline.com/${TENANT}/v2.0`,
  },
  'us-gov-l4': {
    v1: `https://sts.windows.net/${TENANT}/`,
    v2: `https://login.microsoftonline.us/${TENANT}/v2.0`,
  },
  'us-gov-l5': {
    v1: `https://sts.windows.net/${TENANT}/`,
    v2: `https://login.microsoftonline.us/${TENANT}/v2.0`,
  },
  china: {
    v1: `https://sts.chinacloudapi.cn/${TENANT}/`,
    v2: `https://login.partner.microsoftonline.cn/${TENANT}/v2.0`,
  },
};
const NAMES = Object.keys(clouds) as CloudName[];
const version1 = (iss: string) => ({
  ver: '1.0',
  iss,
  aud: `api://${GATEWAY}`,
  azp: undefined,
  appid: CLIENT,
});

describe.each(NAMES)('in the cloud %s', (cloud) => {
  const { authority, graph } = clouds[cloud];

  it('requests keys and tokens from its own host, for its own Microsoft Graph, and nothing elsewhere', async () => {
    const { sent, come } = await connect(cloud);
    const caller = await come({ iss: ISSUERS[cloud].v2 });
    expect(await caller.token()).toBe(`token-of-${cloud}`);
    expect(sent.map(({ url }) => url)).toEqual([
      `${authority}/${TENANT}/discovery/v2.0/keys`,
      `${authority}/${TENANT}/oauth2/v2.0/token`,
    ]);
    const scopes = sent[1]?.form.get('scope')?.split(' ') ?? [];
    expect(scopes.filter((scope) => scope.includes('/'))).toEqual([`${graph}/.default`]);
  });

  it('accepts tokens of both versions from its own issuers', async () => {
    const { come } = await connect(cloud);
    const people = [await come({ iss: ISSUERS[cloud].v2 }), await come(version1(ISSUERS[cloud].v1))];
    for (const { identity, accessLevel } of people) {
      expect(accessLevel).toBe('user');
      expect(identity).toEqual({ tenantId: TENANT, userId: PERSON, clientId: CLIENT });
    }
  });

  it.each(NAMES.filter((other) => ISSUERS[other].v2 !== ISSUERS[cloud].v2))(
    'rejects a token of %s',
    async (other) => {
      const { sent, come } = await connect(cloud);
      await expect(come({ iss: ISSUERS[other].v2 })).rejects.toMatchObject({
        code: 'UNAUTHENTICATED',
        reason: 'issuer',
      });
      expect(sent.every(({ url }) => url.startsWith(`${authority}/`))).toBe(true);
    },
  );

  it('sends requests to AZURE_AUTHORITY_HOST and keeps the issuers', async () => {
    const { sent, come } = await connect(cloud, { AZURE_AUTHORITY_HOST: 'https://proxy.contoso.com/' });
    await (await come({ iss: ISSUERS[cloud].v2 })).token();
    expect(sent.every(({ url }) => url.startsWith('https://proxy.contoso.com/'))).toBe(true);
  });
});

describe('a request to Entra ID', () => {
  it('times out, including the time to read the body', async () => {
    const clock = manualClock();
    const hanging: Fetch = (_url, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const dripping: Fetch = async (_url, { signal }) => {
      const body = new ReadableStream({
        start: (controller) => signal.addEventListener('abort', () => controller.error(signal.reason)),
      });
      return new Response(body);
    };
    for (const fetch of [hanging, dripping]) {
      const http = createEntraHttp({ origin: 'https://entra.example', fetch, clock, timeoutMs: 5_000 });
      const sent = http.send({ method: 'GET', url: 'https://entra.example/x', headers: {}, body: null });
      const failed = expect(sent).rejects.toMatchObject({ reason: 'timeout' });
      await until(() => clock.waiting === 1);
      clock.advance(4_999);
      expect(clock.waiting).toBe(1);
      clock.advance(1);
      await failed;
    }
  });

  it.each([
    'https://login.microsoftonline.com.evil.example/x',
    'http://login.microsoftonline.com/x',
    'https://login.microsoftonline.com@evil.example/x',
    'https://login.microsoftonline.us/x',
  ])('does not go to %s', async (url) => {
    const sent: string[] = [];
    const http = createEntraHttp({
      origin: 'https://login.microsoftonline.com',
      fetch: async (to) => {
        sent.push(to);
        return new Response('');
      },
      clock: systemClock,
      timeoutMs: 100,
    });
    await expect(http.send({ method: 'GET', url, headers: {}, body: null })).rejects.toThrow();
    expect(sent).toEqual([]);
  });
});
