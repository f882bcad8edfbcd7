// What was asked of the emulator, for tests to look at. Of tokens only the names of those behind them are recorded, and
// of a token request no more than the grant and the scope.

export interface Call {
  readonly method: string;
  /** With the query, as it was received; of Entra ID's paths without it. */
  readonly path: string;
  /** 0 while there is no answer, and when none was sent. */
  readonly status: number;
  /** By lower-case name, without `authorization`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The name of the demo token, or of whom a signed token is for; null without one, or with an unknown one. */
  readonly token: string | null;
  /** The `uti` of a signed token: which of several that are for the same person. */
  readonly tokenId: string | null;
  /** JSON where the body was JSON, else text; undefined without a body. */
  readonly body: unknown;
  /** In the order of the batch; empty for anything but a `$batch` that was taken apart. */
  readonly items: readonly BatchItemCall[];
  /** When it arrived, in milliseconds since 1970. */
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

/** A call while it is still going on. */
export type OpenCall = { -readonly [Key in keyof Call]: Call[Key] } & { items: OpenItemCall[] };
export type OpenItemCall = { -readonly [Key in keyof BatchItemCall]: BatchItemCall[Key] };

const MOST = 10_000;

/** Adds to the list; the oldest goes when there are too many. */
export function record(calls: Call[], call: OpenCall): void {
  calls.push(call);
  if (calls.length > MOST) calls.shift();
}

export function withoutAuthorization(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { authorization, ...rest } = headers;
  return rest;
}
