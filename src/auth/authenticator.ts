// Authenticates requests. In pass-through mode, the access token is issued for Microsoft Graph. The gateway forwards it
// without reading it, so it knows nothing about the caller until Graph responds.
import { hash } from 'node:crypto';
import { GatewayError } from '../runtime/errors.ts';
import type { Principal } from '../runtime/principal.ts';
import type { OperationSpan } from '../runtime/tracing.ts';
import { perConnection } from './per-connection.ts';

export interface Authenticator {
  /**
   * Throws synchronously or rejects with a GatewayError: UNAUTHENTICATED without a valid access token, FORBIDDEN when
   * the access policy rejects the caller, UPSTREAM_UNAVAILABLE when the token could not be validated.
   *
   * @param authorization the `Authorization` header as received
   * @param connection the connection that the request came on
   * @param span the span of the operation; null or absent without tracing
   */
  authenticate(
    authorization: string | undefined,
    connection: object,
    span?: OperationSpan | null,
  ): Principal | Promise<Principal>;
  /**
   * Returns the owner for a header whose token has not been validated, or null for a header without a token. Absent when
   * the gateway validates tokens itself: the owner is then known only after validation.
   */
  ownerOf?(authorization: string | undefined, connection: object): string | null;
}

/** `b64token` of RFC 6750, section 2.1, up to 16384 characters. Entra ID issues shorter tokens. */
const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]{1,16384})$/i;

/** Returns the token of an `Authorization` header, or null when the header has no well-formed bearer token. */
export function bearerToken(authorization: string | undefined): string | null {
  return BEARER.exec(authorization ?? '')?.[1] ?? null;
}

/** @param key the key for hashing tokens; the same in all processes that serve the same callers */
export function createPassThroughAuthenticator(key: Uint8Array): Authenticator {
  const secret = Buffer.from(key).toString('base64url');
  function principalOf(authorization: string | undefined): Principal | null {
    const token = bearerToken(authorization);
    if (token === null) return null;
    // The hash never leaves these processes, so a secret prefix protects it as well as an HMAC does, in a third of the time.
    const name = hash('sha256', secret + token, 'base64url');
    return {
      key: name,
      owner: name,
      accessLevel: 'user',
      identity: null,
      token: () => token,
      renew: async () => null,
    };
  }
  const read = perConnection(principalOf);
  return {
    authenticate(authorization, connection) {
      const principal = read(authorization, connection);
      if (principal !== null) return principal;
      const message = 'Send a Microsoft Graph access token: `Authorization: Bearer <token>`.';
      throw new GatewayError('UNAUTHENTICATED', message);
    },
    ownerOf: (authorization, connection) => read(authorization, connection)?.owner ?? null,
  };
}
