// Who is calling. With pass-through the caller's token is meant for Microsoft Graph and goes there unread: nothing can
// be known of the caller before Graph answers, and nothing is claimed.
import { hash } from 'node:crypto';
import { GatewayError } from '../runtime/errors.ts';
import type { OperationSpan } from '../runtime/tracing.ts';
import { perConnection } from './per-connection.ts';

export interface Caller {
  /** Names everything that changes an answer. A hash, so that it can be kept and compared but not used. */
  readonly key: string;
  /** To whom things belong that outlive a token, such as idempotency keys. */
  readonly owner: string;
  readonly standing: Standing;
  /** For logs and audit; null where the caller's token is not ours to read. */
  readonly identity: Identity | null;
  /** The token for Microsoft Graph. */
  token(): string | Promise<string>;
  /**
   * Another token in place of one that Microsoft Graph has refused; null where there is no other to be had, and the
   * refusal stands.
   *
   * @param claims what Graph asks for, in base64 as it came; undefined when it asks for nothing in particular
   */
  renew(refused: string, claims: string | undefined): Promise<string | null>;
}

/** On whose authority a caller acts. */
export type Standing =
  /** A person, or whoever Microsoft Graph finds behind the token: what is allowed is for Graph to say. */
  | 'person'
  /** An application by itself, which may read. */
  | 'app-reads'
  /** An application by itself, which may read and change. */
  | 'app-writes';

export interface Identity {
  readonly tenantId: string;
  /** The object id of the person; null for an application by itself. */
  readonly userId: string | null;
  /** The application that calls, by its client id. */
  readonly clientId: string;
}

export interface Callers {
  /**
   * @param authorization the header as it came
   * @param connection that it came on
   * @param span of the operation; null or absent where there are no traces
   * @throws GatewayError, at once or later, of UNAUTHENTICATED without a token that is good here, of FORBIDDEN for a caller who may not
   *   come in, and of UPSTREAM_UNAVAILABLE when the token could not be checked
   */
  authenticate(
    authorization: string | undefined,
    connection: object,
    span?: OperationSpan | null,
  ): Caller | Promise<Caller>;
  /**
   * The owner that a header names, before anybody has checked its token; null for a header without a token. Absent where
   * tokens are checked here: then nobody has a name before that.
   */
  ownerOf?(authorization: string | undefined, connection: object): string | null;
}

/** The characters of a token, by RFC 6750, section 2.1; longer ones than any Entra ID gives out are refused. */
const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]{1,16384})$/i;

/** The token of an `Authorization` header; null when there is none that could be one. */
export function bearerToken(authorization: string | undefined): string | null {
  return BEARER.exec(authorization ?? '')?.[1] ?? null;
}

/** @param key of the hashes; the same for all processes that answer one caller together */
export function createPassThroughCallers(key: Uint8Array): Callers {
  const secret = Buffer.from(key).toString('base64url');
  function callerOf(authorization: string | undefined): Caller | null {
    const token = bearerToken(authorization);
    if (token === null) return null;
    // Nobody sees the hash but these processes, so a secret in front keys it as well as an HMAC, in a third of the time.
    const name = hash('sha256', secret + token, 'base64url');
    return {
      key: name,
      owner: name,
      standing: 'person',
      identity: null,
      token: () => token,
      renew: async () => null,
    };
  }
  const read = perConnection(callerOf);
  return {
    authenticate(authorization, connection) {
      const caller = read(authorization, connection);
      if (caller !== null) return caller;
      const message = 'Send a Microsoft Graph access token: `Authorization: Bearer <token>`.';
      throw new GatewayError('UNAUTHENTICATED', message);
    },
    ownerOf: (authorization, connection) => read(authorization, connection)?.owner ?? null,
  };
}
