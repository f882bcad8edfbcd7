// Microsoft's own library against the emulator, over a real connection, with nothing of the gateway between.
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

// MSAL has a clock of its own, and puts its time into client assertions.
let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator({ clock: systemClock });
});
afterEach(() => emulator.reset());
afterAll(() => emulator.close());

const SCOPES = ['https://graph.microsoft.com/.default'];

/** The first way round the rule that an authority has https: everything that is looked up is told beforehand. */
function told({ url, entra }: Emulator, auth: Partial<Configuration['auth']> = {}): Configuration {
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

/** The other: the emulator has a name with https, which a network module leads to where it really is. */
function named({ url, entra }: Emulator, knownAuthorities: string[]): Configuration {
  return {
    auth: {
      clientId: entra.gateway.clientId,
      clientSecret: entra.gateway.clientSecret,
      authority: `${entra.authority}/${entra.tenantId}`,
      knownAuthorities,
    },
    system: { networkClient: leadTo(url) },
  };
}

function leadTo(url: string): INetworkModule {
  const send = async <T>(
    method: string,
    asked: string,
    { headers = {}, body }: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<T>> => {
    const { pathname, search } = new URL(asked);
    const init = { method, headers, ...(body === undefined ? {} : { body }) };
    const response = await fetch(`${url}${pathname}${search}`, init);
    return { status: response.status, headers: {}, body: (await response.json()) as T };
  };
  return {
    sendGetRequestAsync: (asked, options) => send('GET', asked, options),
    sendPostRequestAsync: (asked, options) => send('POST', asked, options),
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
  it('refuses an authority on plain http', async () => {
    const authority = `${emulator.url}/${emulator.entra.tenantId}`;
    await expect(exchange(told(emulator, { authority }))).rejects.toMatchObject({
      errorCode: 'authority_uri_insecure',
    });
  });

  it('gets a token on behalf of a person when it is told the metadata, and looks nothing up', async () => {
    const token = await exchange(told(emulator));
    expect(claimsOf(token).scp).toBe('User.ReadWrite User.ReadBasic.All');
    const headers = { authorization: `Bearer ${token}` };
    expect((await ask(emulator, 'GET', '/beta/me', { as: null, headers })).status).toBe(200);
    expect(emulator.calls.map(({ path }) => path)).toEqual([
      `/${emulator.entra.tenantId}/oauth2/v2.0/token`,
      '/beta/me',
    ]);
  });

  it('looks everything up when the emulator has a name with https', async () => {
    await using own = await startTestEmulator({
      clock: systemClock,
      authority: 'https://login.emulator.invalid',
    });
    const token = await exchange(named(own, []), {}, own);
    expect(claimsOf(token).oid).toBe('db789417-4ccb-41d1-a0a9-47b01a09ea49');
    const tenant = `/${own.entra.tenantId}`;
    expect(own.calls.map(({ path }) => path)).toEqual([
      '/common/discovery/instance',
      `${tenant}/v2.0/.well-known/openid-configuration`,
      `${tenant}/oauth2/v2.0/token`,
    ]);
  });

  it('keeps the token for the same assertion, and takes the scope of the answer for what was asked', async () => {
    const client = new ConfidentialClientApplication(told(emulator));
    const oboAssertion = await emulator.entra.userToken('innocenty');
    const first = await client.acquireTokenOnBehalfOf({ scopes: SCOPES, oboAssertion });
    const second = await client.acquireTokenOnBehalfOf({ scopes: SCOPES, oboAssertion });
    expect([second?.fromCache, second?.accessToken]).toEqual([true, first?.accessToken]);
    expect(first?.account?.username).toBe('innocenty@contoso.com');
  });

  it('declares its capabilities, and they are in the token', async () => {
    const token = await exchange(told(emulator, { clientCapabilities: ['cp1'] }));
    expect(claimsOf(token).xms_cc).toEqual(['cp1']);
  });

  it('gets a token as itself', async () => {
    const client = new ConfidentialClientApplication(told(emulator));
    const result = await client.acquireTokenByClientCredential({ scopes: SCOPES });
    expect(claimsOf(result?.accessToken ?? '').roles).toEqual(['User.Read.All', 'User.ReadWrite.All']);
  });

  it('proves itself with a certificate', async () => {
    const { certificate, privateKey } = await emulator.entra.addCertificate();
    const { raw } = new X509Certificate(certificate);
    const thumbprintSha256 = createHash('sha256').update(raw).digest('hex');
    const { clientSecret: _, ...auth } = told(emulator).auth;
    const configuration = {
      auth: { ...auth, clientCertificate: { thumbprintSha256, privateKey, x5c: certificate } },
    };
    expect(claimsOf(await exchange(configuration)).appidacr).toBe('1');
  });

  it("proves itself with a platform's token", async () => {
    const { clientSecret: _, ...auth } = told(emulator).auth;
    const clientAssertion = await emulator.entra.federatedToken();
    expect(claimsOf(await exchange({ auth: { ...auth, clientAssertion } })).tid).toBe(
      emulator.entra.tenantId,
    );
  });

  it.each(['interaction_required', 'invalid_grant'] as const)(
    'is told by %s that the person has to sign in, with the claims',
    async (form) => {
      const wanted = { access_token: { acrs: { essential: true, value: 'c1' } } };
      emulator.entra.challenge('innocenty', wanted, form);
      const error: unknown = await exchange(told(emulator)).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(InteractionRequiredAuthError);
      expect(error).toMatchObject({ errorCode: form, claims: JSON.stringify(wanted) });
    },
  );

  it('is told that consent is missing', async () => {
    emulator.entra.consent('innocenty', []);
    await expect(exchange(told(emulator))).rejects.toMatchObject({
      errorCode: 'invalid_grant',
      subError: 'consent_required',
    });
  });

  it('is told that the assertion has ended', async () => {
    const oboAssertion = await emulator.entra.userToken('innocenty', { expiresInSeconds: -1 });
    await expect(exchange(told(emulator), { oboAssertion })).rejects.toMatchObject({
      errorCode: 'invalid_grant',
      errorMessage: expect.stringContaining('AADSTS500133'),
    });
  });

  it('asks for the claims of a challenge, and the token meets it', async () => {
    const wanted = { access_token: { acrs: { essential: true, value: 'c1' } } };
    const configuration = told(emulator, { clientCapabilities: ['cp1'] });
    emulator.entra.caeChallenge('innocenty', wanted);
    const before = await exchange(configuration);
    const after = await exchange(configuration, { claims: JSON.stringify(wanted) });
    const statusOf = async (token: string): Promise<number> =>
      (await ask(emulator, 'GET', '/beta/me', { as: null, headers: { authorization: `Bearer ${token}` } }))
        .status;
    expect([await statusOf(before), await statusOf(after)]).toEqual([401, 200]);
  });
});
