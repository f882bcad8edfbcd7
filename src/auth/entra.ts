// Puts together the authenticator for access tokens that Microsoft Entra ID issues for this gateway.
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import type { Store } from '../store/store.ts';
import type { Authenticator } from './authenticator.ts';
import type { Authority } from './authority.ts';
import { type Credential, readCredential } from './credential.ts';
import { createEntraAuthenticator } from './entra-authenticator.ts';
import { createTokenExchange } from './exchange.ts';
import { createEntraHttp, type Fetch } from './http.ts';
import { createSigningKeys } from './keys.ts';
import { createSharedTokens } from './shared-tokens.ts';
import { createTokenCache } from './token-cache.ts';
import { createTokenValidator } from './token-validation.ts';

export interface EntraOptions {
  /** The app registration of this gateway. */
  readonly registration: {
    readonly tenantId: string;
    readonly clientId: string;
    readonly credential: Credential;
    readonly authority: Authority;
    /** The scope of the Microsoft Graph tokens, such as `https://graph.microsoft.com/.default`. */
    readonly graphScope: string;
  };
  /** Ids of the tenants that may call. Null allows only the gateway's own tenant. */
  readonly allowedTenants: readonly string[] | null;
  /** Client ids of the applications that may call. Null allows any application. */
  readonly allowedClients: readonly string[] | null;
  /** The delegated permission (`scp`) that a user's token needs, such as `Phones.ReadWrite`. */
  readonly requiredScope: string;
  /** Whether app-only tokens are accepted. */
  readonly appOnly: boolean;
  readonly fetch: Fetch;
  /** Where replicas share Microsoft Graph tokens. Null turns sharing off. */
  readonly store: Store | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Milliseconds for one request to Entra ID, including the response. */
  readonly timeoutMs: number;
}

/** The maximum number of cached Microsoft Graph tokens. A token takes about 2 kB. */
const MAX_TOKENS = 10_000;

/** Reads the credential once to check it. Rejects with a CredentialError when it cannot be used. */
export async function connectEntra(options: EntraOptions): Promise<Authenticator> {
  const { registration, requiredScope, store, clock, random, logger } = options;
  const { tenantId, clientId, credential, authority, graphScope } = registration;
  await readCredential(credential);
  const tenants = options.allowedTenants ?? [tenantId];
  const scope = `api://${clientId}/${requiredScope}`;
  const http = createEntraHttp({
    origin: authority.host,
    fetch: options.fetch,
    clock,
    timeoutMs: options.timeoutMs,
  });
  return createEntraAuthenticator({
    authority,
    clientId,
    credential,
    graphScope,
    policy: { tenants, clients: options.allowedClients, requiredScope, appOnly: options.appOnly, scope },
    validate: createTokenValidator({
      authority,
      keys: createSigningKeys({ authority, http, clock }),
      clientId,
      tenants: [tenantId, ...tenants],
      scope,
      clock,
    }),
    exchange: createTokenExchange({ ...registration, scope: graphScope, http, logger }),
    tokens: createTokenCache({
      clock,
      capacity: MAX_TOKENS,
      shared: store === null ? null : createSharedTokens({ store, clock, random }),
    }),
    clock,
    logger,
  });
}
