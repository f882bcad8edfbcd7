// The recorded calls: the requests that the emulator received, for tests to inspect. A call holds the name of its
// token, never the token itself. Of a token request it holds the grant type and the scope only.

export interface Call {
  readonly method: string;
  /** As received, with the query. Paths of Entra ID are recorded without it. */
  readonly path: string;
  /** 0 until the response is sent, and 0 when none was sent. */
  readonly status: number;
  /** By lower-case name, without `authorization`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The name of the demo token, or of the subject of a signed token. Null without a token, and for an unknown one. */
  readonly token: string | null;
  /** The `uti` claim of a signed token. It tells apart the tokens of one user. */
  readonly tokenId: string | null;
  /** Parsed when the body is JSON, else text. Undefined without a body. */
  readonly body: unknown;
  /** The requests of a `$batch`, in its order. Empty for other requests, and for a batch that was not executed. */
  readonly items: readonly BatchItemCall[];
  /** The time of arrival, in milliseconds since 1970. */
  readonly at: number;
}

export interface BatchItemCall {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly body: unknown;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A call whose request is still in progress. */
export type OpenCall = { -readonly [Key in keyof Call]: Call[Key] } & { items: OpenItemCall[] };
export type OpenItemCall = { -readonly [Key in keyof BatchItemCall]: BatchItemCall[Key] };

const MAX_CALLS = 10_000;

/** Appends a call, and drops the oldest one above the limit. */
export function record(calls: Call[], call: OpenCall): void {
  calls.push(call);
  if (calls.length > MAX_CALLS) calls.shift();
}

export function withoutAuthorization(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { authorization, ...rest } = headers;
  return rest;
}
