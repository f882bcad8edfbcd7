// Requests Microsoft Graph tokens from Microsoft Entra ID with MSAL: on behalf of a user (on-behalf-of flow), or for the
// gateway itself (client credentials, RFC 6749, section 4.4).
//
// Every token request creates a ConfidentialClientApplication and drops it afterwards. A shared one would cache all tokens
// without limit. After one 5xx or 429 it would also reject all users for a minute, because its throttling does not
// distinguish users (msal-node 7.2.1). The tokens are cached in token-cache.ts. MSAL gets all metadata as options, so that
// it sends nothing but the token request. Without them, it also replaces `login.chinacloudapi.cn` with another host.
import { ConfidentialClientApplication } from '@azure/msal-node';
import type { Logger } from '../runtime/log.ts';
import { type Span, spanFields } from '../runtime/tracing.ts';
import { type Authority, authorizationEndpoint, issuerOf, jwksUri, tokenEndpoint } from './authority.ts';
import { type ClientCredential, type Credential, readCredential } from './credential.ts';
import type { EntraHttp } from './http.ts';
import type { IssuedToken } from './token-cache.ts';
import { type GrantType, type TokenFailure, toTokenFailure } from './token-failure.ts';
import { createTokenNetwork, type TokenNetwork } from './token-network.ts';

export interface TokenExchange {
  /** Rejects with a GatewayError. */
  onBehalfOf(request: OnBehalfOfRequest): Promise<IssuedToken>;
  /** Requests a token for the gateway itself in a tenant. Rejects with a GatewayError. */
  clientCredentials(tenantId: string, claims: string | null, span: Span | null): Promise<IssuedToken>;
}

export interface OnBehalfOfRequest {
  readonly tenantId: string;
  /** The caller's access token. */
  readonly assertion: string;
  /** The claims that the new token has to satisfy, as JSON; null for none. */
  readonly claims: string | null;
  /** Whether the calling application can handle claims challenges. Entra ID then issues long-lived tokens. */
  readonly handlesClaims: boolean;
  /** The span of the operation that needs the token; null without tracing. */
  readonly span: Span | null;
}

export interface TokenExchangeOptions {
  readonly authority: Authority;
  readonly clientId: string;
  readonly credential: Credential;
  /** The scope of the tokens, such as `https://graph.microsoft.com/.default`. */
  readonly scope: string;
  readonly http: EntraHttp;
  readonly logger: Logger;
}

export function createTokenExchange(options: TokenExchangeOptions): TokenExchange {
  const { authority, scope, http, logger } = options;

  async function requestToken(
    tenantId: string,
    grant: GrantType,
    acquire: (client: ConfidentialClientApplication) => Promise<unknown>,
    handlesClaims: boolean,
    span: Span | null,
  ): Promise<IssuedToken> {
    const network = createTokenNetwork(http, tokenEndpoint(authority, tenantId), span);
    try {
      const credential = await readCredential(options.credential);
      await acquire(createClient(options, tenantId, network, credential, handlesClaims));
      if (network.issued !== null) return network.issued;
      throw new TypeError('MSAL succeeded without a token');
    } catch (error) {
      const failure = network.failure ?? { kind: 'not-sent' };
      throw report(
        toTokenFailure(failure, grant, authorizationEndpoint(authority, tenantId), error),
        logger,
        span,
      );
    }
  }

  return {
    onBehalfOf: ({ tenantId, assertion, claims, handlesClaims, span }) =>
      requestToken(
        tenantId,
        'on-behalf-of',
        (client) =>
          client.acquireTokenOnBehalfOf({
            oboAssertion: assertion,
            scopes: [scope],
            skipCache: true,
            ...(claims === null ? {} : { claims }),
          }),
        handlesClaims,
        span,
      ),
    clientCredentials: (tenantId, claims, span) =>
      requestToken(
        tenantId,
        'client-credentials',
        (client) =>
          client.acquireTokenByClientCredential({
            scopes: [scope],
            skipCache: true,
            ...(claims === null ? {} : { claims }),
          }),
        false,
        span,
      ),
  };
}

/** MSAL accepts no `http:` authority. The request goes to `token_endpoint`, whatever `authority` says. */
function createClient(
  { authority, clientId }: TokenExchangeOptions,
  tenantId: string,
  network: TokenNetwork,
  credential: ClientCredential,
  handlesClaims: boolean,
): ConfidentialClientApplication {
  const { host } = new URL(authority.host);
  return new ConfidentialClientApplication({
    auth: {
      ...credential,
      clientId,
      authority: `https://${host}/${tenantId}`,
      knownAuthorities: [host],
      cloudDiscoveryMetadata: JSON.stringify({
        tenant_discovery_endpoint: '',
        metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
      }),
      authorityMetadata: JSON.stringify({
        issuer: issuerOf(authority, tenantId, '2.0'),
        authorization_endpoint: authorizationEndpoint(authority, tenantId),
        token_endpoint: tokenEndpoint(authority, tenantId),
        jwks_uri: jwksUri(authority, tenantId),
      }),
      clientCapabilities: handlesClaims ? ['cp1'] : [],
    },
    system: { networkClient: network },
  });
}

/** Logs a failure that only the operator can fix. */
function report({ error, operator }: TokenFailure, logger: Logger, span: Span | null): Error {
  if (operator !== null)
    logger.error({ ...operator, ...spanFields(span) }, 'Microsoft Entra ID issues no token to this gateway');
  return error;
}
