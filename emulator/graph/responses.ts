// Responses of Microsoft Graph, before they are serialized: the response itself, the error that an operation throws, and
// the headers and ids that every response has. Knows nothing of paths, users or phones.
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';

export interface EmulatorResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined or null: no body. A string or bytes: sent unchanged. Anything else: sent as JSON. */
  readonly body: unknown;
  /** Within a batch, puts the string into the envelope unquoted, which makes the envelope invalid JSON. */
  readonly raw?: true;
}

/** Thrown by an operation. The response has Graph's form of an error. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** The ids and the time of a response. They are the same in its headers and in its error. */
export interface Stamp {
  readonly requestId: string;
  readonly clientRequestId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Returns the `client-request-id` of the caller when it is a GUID, else the id of the request. */
export function stampOf(headers: Readonly<Record<string, string>>, clock: Clock, random: Random): Stamp {
  const requestId = random.uuid();
  const sent = headers['client-request-id'];
  return {
    requestId,
    clientRequestId: sent !== undefined && isGuid(sent) ? sent : requestId,
    at: clock.now(),
  };
}

export function isGuid(text: string): boolean {
  return GUID.test(text);
}

const JSON_TYPE =
  'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';
const DIAGNOSTIC =
  '{"ServerInfo":{"DataCenter":"Emulator","Slice":"E","Ring":"5","ScaleUnit":"000","RoleInstance":"EMULATOR"}}';

/** Adds the headers that every response of Graph has. Headers of the response win. */
export function withCommonHeaders(response: EmulatorResponse, stamp: Stamp): EmulatorResponse {
  const common: Record<string, string> = {
    'Cache-Control': 'no-store',
    'Strict-Transport-Security': 'max-age=31536000',
    'request-id': stamp.requestId,
    'client-request-id': stamp.clientRequestId,
    'x-ms-ags-diagnostic': DIAGNOSTIC,
    'OData-Version': '4.0',
  };
  if (response.body !== undefined && response.body !== null) common['Content-Type'] = JSON_TYPE;
  return { ...response, headers: merge(common, response.headers) };
}

/** The headers of `second` win. Names are compared without case. */
export function merge(
  first: Readonly<Record<string, string>>,
  second: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const names = Object.keys(second);
  if (names.length === 0) return first;
  const overridden = new Set(names.map((name) => name.toLowerCase()));
  const kept = Object.entries(first).filter(([name]) => !overridden.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...second };
}

export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): EmulatorResponse {
  return { status, headers, body };
}

export function noContent(headers: Readonly<Record<string, string>> = {}): EmulatorResponse {
  return { status: 204, headers, body: undefined };
}

export function errorResponse(error: GraphError, stamp: Stamp): EmulatorResponse {
  return json(error.status, errorBody(error.code, error.message, stamp), error.headers);
}

/** The date has whole seconds and no time zone, as in Graph. */
export function errorBody(code: string, message: string, stamp: Stamp): unknown {
  const innerError = {
    date: new Date(stamp.at).toISOString().slice(0, 19),
    'request-id': stamp.requestId,
    'client-request-id': stamp.clientRequestId,
  };
  return { error: { code, message, innerError } };
}
