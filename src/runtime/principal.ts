// The authenticated caller of a request. `auth/` creates it, `graph/` sends requests with its token.

export interface Principal {
  /** Identifies everything that can change a response. It is a hash: it can be stored and compared, but not used as a token. */
  readonly key: string;
  /** Identifies the owner of what outlives a token, such as idempotency keys and rate limits. */
  readonly owner: string;
  readonly accessLevel: AccessLevel;
  /** For logs and the audit trail. Null with pass-through: the gateway does not read those tokens. */
  readonly identity: Identity | null;
  /** Returns the access token for Microsoft Graph. */
  token(): string | Promise<string>;
  /**
   * Gets another access token after Microsoft Graph rejected one.
   *
   * @param rejected the access token that Graph rejected
   * @param claims the claims challenge of Graph, in base64 as received; undefined without a challenge
   * @returns null when no other token is available; the rejection is then final
   */
  renew(rejected: string, claims: string | undefined): Promise<string | null>;
}

/** What the gateway lets a principal do. Microsoft Graph can allow less. */
export type AccessLevel =
  /** Delegated access on behalf of a user. Microsoft Graph decides what the user may do. */
  | 'user'
  /** App-only access, read only. */
  | 'app-read'
  /** App-only access, read and write. */
  | 'app-write';

export interface Identity {
  readonly tenantId: string;
  /** The object id of the user. Null for app-only access. */
  readonly userId: string | null;
  /** The client id of the calling application. */
  readonly clientId: string;
}
