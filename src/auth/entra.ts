// Puts this room together: callers whose tokens Microsoft Entra ID has given out for this gateway.
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/log.ts';
import type { Random } from '../runtime/random.ts';
import type { Store } from '../store/store.ts';
import type { Authority } from './authority.ts';
import type { Callers } from './callers.ts';
import { type Credential, proofOf } from './credential.ts';
import { createEntraCallers } from './entra-callers.ts';
import { createExchange } from './exchange.ts';
import { createEntraHttp, type Fetch } from './http.ts';
import { createSigningKeys } from './keys.ts';
import { createSharedTokens } from './shared-tokens.ts';
import { createTokenCache } from './token-cache.ts';
import { createAssertionReader } from './token-validation.ts';

export interface EntraOptions {
  /** This gateway as Entra ID knows it. */
  readonly registration: {
    readonly tenantId: string;
    readonly clientId: string;
    readonly credential: Credential;
    readonly authority: Authority;
    /** Of the tokens that go upstream. */
    readonly graphScope: string;
  };
  /** Tenants that may call; null for the gateway's own. */
  readonly allowedTenants: readonly string[] | null;
  /** Applications that may call; null for any. */
  readonly allowedClients: readonly string[] | null;
  readonly requiredScope: string;
  /** Whether applications by themselves are served. */
  readonly appOnly: boolean;
  readonly fetch: Fetch;
  /** Where replicas share tokens; null for nowhere. */
  readonly store: Store | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Milliseconds for one request to Entra ID. */
  readonly timeoutMs: number;
}

/** Tokens for Microsoft Graph that are kept at most: some 2 kB each. */
const MOST_TOKENS = 10_000;

/** Rejects with a CredentialProblem when the credential cannot be used as it is now. */
export async function connectEntra(options: EntraOptions): Promise<Callers> {
  const { registration, requiredScope, store, clock, random, logger } = options;
  const { tenantId, clientId, credential, authority, graphScope } = registration;
  await proofOf(credential);
  const tenants = options.allowedTenants ?? [tenantId];
  const scope = `api://${clientId}/${requiredScope}`;
  const http = createEntraHttp({
    origin: authority.host,
    fetch: options.fetch,
    clock,
    timeoutMs: options.timeoutMs,
  });
  return createEntraCallers({
    authority,
    clientId,
    credential,
    graphScope,
    rules: { tenants, clients: options.allowedClients, requiredScope, appOnly: options.appOnly, scope },
    read: createAssertionReader({
      authority,
      keys: createSigningKeys({ authority, http, clock }),
      clientId,
      tenants: [tenantId, ...tenants],
      scope,
      clock,
    }),
    exchange: createExchange({ ...registration, scope: graphScope, http, logger }),
    tokens: createTokenCache({
      clock,
      capacity: MOST_TOKENS,
      shared: store === null ? null : createSharedTokens({ store, clock, random }),
    }),
    clock,
    logger,
  });
}
