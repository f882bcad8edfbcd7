// Getting tokens for Microsoft Graph from Microsoft Entra ID, with Microsoft's own library: on behalf of a person whose
// token came in, or for the gateway as itself.
//
// Every exchange has a client application of its own, thrown away afterwards. A shared one would keep everybody's tokens
// without end, and after one 5xx or 429 would refuse all users for a minute, since its throttle does not tell users
// apart (msal-node 7.2.1). What is worth keeping is kept in token-cache.ts. The library is given all it would otherwise
// look up, so that nothing but the token request leaves; MSAL alone would also turn `login.chinacloudapi.cn` into
// another host.
import { ConfidentialClientApplication } from '@azure/msal-node';
import type { Logger } from '../runtime/log.ts';
import { type Span, spanFields } from '../runtime/tracing.ts';
import { type Authority, authorizeUrl, issuerOf, keysUrl, tokenUrl } from './authority.ts';
import { type Credential, type Proof, proofOf } from './credential.ts';
import { type Grant, meaningOf, type Refused } from './exchange-error.ts';
import type { EntraHttp } from './http.ts';
import type { Issued } from './token-cache.ts';
import { createTokenWire, type TokenWire } from './token-response.ts';

export interface Exchange {
  /** Rejects with a GatewayError. */
  onBehalfOf(request: OnBehalfOf): Promise<Issued>;
  /** As the gateway itself, in a tenant. Rejects with a GatewayError. */
  asItself(tenantId: string, claims: string | null, span: Span | null): Promise<Issued>;
}

export interface OnBehalfOf {
  readonly tenantId: string;
  /** The token that came in. */
  readonly assertion: string;
  /** What the new token has to satisfy, as JSON; null for nothing in particular. */
  readonly claims: string | null;
  /** Whether the calling application can handle claims challenges; a long-lived token comes with them. */
  readonly handlesClaims: boolean;
  /** Of the operation for whose sake it is asked for, where that is traced; else null. */
  readonly span: Span | null;
}

export interface ExchangeOptions {
  readonly authority: Authority;
  readonly clientId: string;
  readonly credential: Credential;
  /** Of the tokens, such as `https://graph.microsoft.com/.default`. */
  readonly scope: string;
  readonly http: EntraHttp;
  readonly logger: Logger;
}

export function createExchange(options: ExchangeOptions): Exchange {
  const { authority, scope, http, logger } = options;

  async function exchange(
    tenantId: string,
    grant: Grant,
    ask: Ask,
    capable: boolean,
    span: Span | null,
  ): Promise<Issued> {
    const wire = createTokenWire(http, tokenUrl(authority, tenantId), span);
    try {
      const proof = await proofOf(options.credential);
      await ask(createClient(options, tenantId, wire, proof, capable));
      if (wire.issued !== null) return wire.issued;
      throw new TypeError('the library is content without a token');
    } catch (error) {
      const trouble = wire.trouble ?? { kind: 'unprepared' };
      throw report(meaningOf(trouble, grant, authorizeUrl(authority, tenantId), error), logger, span);
    }
  }

  return {
    onBehalfOf: ({ tenantId, assertion, claims, handlesClaims, span }) =>
      exchange(
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
    asItself: (tenantId, claims, span) =>
      exchange(
        tenantId,
        'as-itself',
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

type Ask = (client: ConfidentialClientApplication) => Promise<unknown>;

/** MSAL takes no authority on plain http; the request goes to `token_endpoint`, whatever the authority is called. */
function createClient(
  { authority, clientId }: ExchangeOptions,
  tenantId: string,
  wire: TokenWire,
  proof: Proof,
  capable: boolean,
): ConfidentialClientApplication {
  const { host } = new URL(authority.host);
  return new ConfidentialClientApplication({
    auth: {
      ...proof,
      clientId,
      authority: `https://${host}/${tenantId}`,
      knownAuthorities: [host],
      cloudDiscoveryMetadata: JSON.stringify({
        tenant_discovery_endpoint: '',
        metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
      }),
      authorityMetadata: JSON.stringify({
        issuer: issuerOf(authority, tenantId, '2.0'),
        authorization_endpoint: authorizeUrl(authority, tenantId),
        token_endpoint: tokenUrl(authority, tenantId),
        jwks_uri: keysUrl(authority, tenantId),
      }),
      clientCapabilities: capable ? ['cp1'] : [],
    },
    system: { networkClient: wire },
  });
}

/** What callers cannot mend is for the operator to know; numbers and ids only, never Entra ID's words. */
function report({ error, operator }: Refused, logger: Logger, span: Span | null): Error {
  if (operator !== null)
    logger.error({ ...operator, ...spanFields(span) }, 'Microsoft Entra ID refuses this gateway');
  return error;
}
