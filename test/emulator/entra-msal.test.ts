// MSAL, Microsoft's own client library, against the emulator over a real connection, without the gateway.
import { createHash, X509Certificate } from 'node:crypto';
import type {
  Configuration,
  INetworkModule,
  NetworkRequestOptions,
  NetworkResponse,
  OnBehalfOfRequest,
} from '@azure/msal-node';
import { ConfidentialClientApplication, InteractionRequiredAuthError } from '@azure/msal-node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/emulator.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import type { TestEmulator } from '../support/emulator.ts';
import { ask, claimsOf, startTestEmulator } from '../support/emulator.ts';

// MSAL uses the system clock for client assertions.
let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator({ clock: systemClock });
});
afterEach(() => emulator.reset());
afterAll(() => emulator.close());

const SCOPES = ['https://graph.microsoft.com/.default'];

/** The first workaround for the https rule: metadata is configured, so that MSAL skips discovery. */
function withMetadata({ url, entra }: Emulator, auth: Partial<Configuration['auth']> = {}): Configuration {
  const { host } = new URL(url);
  const tenant = `${url}/${entra.tenantId}`;
  return {
    auth: {
      clientId: entra.gateway.clientId,
      clientSecret: entra.gateway.clientSecret,
      authority: `https://${host}/${entra.tenantId}`,
      knownAuthorities: [host],
      authorityMetadata: JSON.stringify({
        issuer: `${tenant}/v2.0`,
        authorization_endpoint: `${tenant}/oauth2/v2.0/authorize`,
        token_endpoint: `${tenant}/oauth2/v2.0/token`,
        jwks_uri: `${tenant}/discovery/v2.0/keys`,
      }),
      ...auth,
    },
  };
}

/** The second workaround: an https authority, whose requests a network module sends to the emulator. */
function withNetworkModule({ url, entra }: Emulator, knownAuthorities: string[]): Configuration {
  return {
    auth: {
      clientId: entra.gateway.clientId,
      clientSecret: entra.gateway.clientSecret,
      authority: `${entra.authority}/${entra.tenantId}`,
      knownAuthorities,
    },
    system: { networkClient: networkModuleTo(url) },
  };
}

function networkModuleTo(url: string): INetworkModule {
  const send = async <T>(
    method: string,
    requestUrl: string,
    { headers = {}, body }: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<T>> => {
    const { pathname, search } = new URL(requestUrl);
    const init = { method, headers, ...(body === undefined ? {} : { body }) };
    const response = await fetch(`${url}${pathname}${search}`, init);
    return { status: response.status, headers: {}, body: (await response.json()) as T };
  };
  return {
    sendGetRequestAsync: (requestUrl, options) => send('GET', requestUrl, options),
    sendPostRequestAsync: (requestUrl, options) => send('POST', requestUrl, options),
  };
}

async function exchange(
  configuration: Configuration,
  request: Partial<OnBehalfOfRequest> = {},
  from: Emulator = emulator,
): Promise<string> {
  const client = new ConfidentialClientApplication(configuration);
  const oboAssertion = request.oboAssertion ?? (await from.entra.userToken('innocenty'));
  const result = await client.acquireTokenOnBehalfOf({ scopes: SCOPES, ...request, oboAssertion });
  return result?.accessToken ?? '';
}

describe('MSAL', () => {
  it('rejects an authority with plain http', async () => {
    const authority = `${emulator.url}/${emulator.entra.tenantId}`;
    await expect(exchange(withMetadata(emulator, { authority }))).rejects.toMatchObject({
      errorCode: 'authority_uri_insecure',
    });
  });

  it('gets a token on behalf of a user with configured metadata, without discovery', async () => {
    const token = await exchange(withMetadata(emulator));
    expect(claimsOf(token).scp).toBe('User.ReadWrite User.ReadBasic.All User.Read.All');
    const headers = { authorization: `Bearer ${token}` };
    expect((await ask(emulator, 'GET', '/beta/me', { as: null, headers })).status).toBe(200);
    expect(emulator.calls.map(({ path }) => path)).toEqual([
      `/${emulator.entra.tenantId}/oauth2/v2.0/token`,
      '/beta/me',
    ]);
  });

  it('uses discovery when the emulator has an https authority', async () => {
    await using own = await startTestEmulator({
      clock: systemClock,
      authority: 'https://login.emulator.invalid',
    });
    const token = await exchange(withNetworkModule(own, []), {}, own);
    expect(claimsOf(token).oid).toBe('db789417-4ccb-41d1-a0a9-47b01a09ea49');
    const tenant = `/${own.entra.tenantId}`;
    expect(own.calls.map(({ path }) => path)).toEqual([
      '/common/discovery/instance',
      `${tenant}/v2.0/.well-known/openid-configuration`,
      `${tenant}/oauth2/v2.0/token`,
    ]);
  });

  it('caches the token of an assertion, and takes the scope of the response for the requested one', async () => {
    const client = new ConfidentialClientApplication(withMetadata(emulator));
    const oboAssertion = await emulator.entra.userToken('innocenty');
    const first = await client.acquireTokenOnBehalfOf({ scopes: SCOPES, oboAssertion });
    const second = await client.acquireTokenOnBehalfOf({ scopes: SCOPES, oboAssertion });
    expect([second?.fromCache, second?.accessToken]).toEqual([true, first?.accessToken]);
    expect(first?.account?.username).toBe('innocenty@contoso.com');
  });

  it('declares its client capabilities, which appear in the token', async () => {
    const token = await exchange(withMetadata(emulator, { clientCapabilities: ['cp1'] }));
    expect(claimsOf(token).xms_cc).toEqual(['cp1']);
  });

  it('gets a token by client credentials', async () => {
    const client = new ConfidentialClientApplication(withMetadata(emulator));
    const result = await client.acquireTokenByClientCredential({ scopes: SCOPES });
    expect(claimsOf(result?.accessToken ?? '').roles).toEqual(['User.Read.All', 'User.ReadWrite.All']);
  });

  it('authenticates with a certificate', async () => {
    const { certificate, privateKey } = await emulator.entra.addCertificate();
    const { raw } = new X509Certificate(certificate);
    const thumbprintSha256 = createHash('sha256').update(raw).digest('hex');
    const { clientSecret: _, ...auth } = withMetadata(emulator).auth;
    const configuration = {
      auth: { ...auth, clientCertificate: { thumbprintSha256, privateKey, x5c: certificate } },
    };
    expect(claimsOf(await exchange(configuration)).appidacr).toBe('1');
  });

  it("authenticates with a platform's token", async () => {
    const { clientSecret: _, ...auth } = withMetadata(emulator).auth;
    const clientAssertion = await emulator.entra.federatedToken();
    expect(claimsOf(await exchange({ auth: { ...auth, clientAssertion } })).tid).toBe(
      emulator.entra.tenantId,
    );
  });

  it.each(['interaction_required', 'invalid_grant'] as const)(
    'recognises %s as a required interaction, with the claims',
    async (form) => {
      const wanted = { access_token: { acrs: { essential: true, value: 'c1' } } };
      emulator.entra.challenge('innocenty', wanted, form);
      const error: unknown = await exchange(withMetadata(emulator)).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(InteractionRequiredAuthError);
      expect(error).toMatchObject({ errorCode: form, claims: JSON.stringify(wanted) });
    },
  );

  it('reports missing consent', async () => {
    emulator.entra.consent('innocenty', []);
    await expect(exchange(withMetadata(emulator))).rejects.toMatchObject({
      errorCode: 'invalid_grant',
      subError: 'consent_required',
    });
  });

  it('reports an expired assertion', async () => {
    const oboAssertion = await emulator.entra.userToken('innocenty', { expiresInSeconds: -1 });
    await expect(exchange(withMetadata(emulator), { oboAssertion })).rejects.toMatchObject({
      errorCode: 'invalid_grant',
      errorMessage: expect.stringContaining('AADSTS500133'),
    });
  });

  it('requests the claims of a challenge, and the token satisfies it', async () => {
    const wanted = { access_token: { acrs: { essential: true, value: 'c1' } } };
    const configuration = withMetadata(emulator, { clientCapabilities: ['cp1'] });
    emulator.entra.caeChallenge('innocenty', wanted);
    const before = await exchange(configuration);
    const after = await exchange(configuration, { claims: JSON.stringify(wanted) });
    const statusOf = async (token: string): Promise<number> =>
      (await ask(emulator, 'GET', '/beta/me', { as: null, headers: { authorization: `Bearer ${token}` } }))
        .status;
    expect([await statusOf(before), await statusOf(after)]).toEqual([401, 200]);
  });
});
