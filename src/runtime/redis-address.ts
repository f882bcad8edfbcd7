// The address of a Redis server, in parts, so that no log or error shows the password of a URL. `config/` reads it and
// `store/` connects to it.

export interface RedisAddress {
  /** Whether the connection uses TLS (`rediss:`). */
  readonly tls: boolean;
  /** A host name, or an IP address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Null for the default user. */
  readonly username: string | null;
  /** Null for no password. */
  readonly password: string | null;
  /** The number of the database, 0 or more. */
  readonly database: number;
}
