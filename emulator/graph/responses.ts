// What the emulator says, before it becomes bytes: the answer, the refusal that an operation throws, and what Microsoft
// Graph puts on every answer (ids, dates, the shape of errors). Knows nothing of paths, people or phones.
import type { Clock } from '../runtime/clock.ts';
import type { Random } from '../runtime/random.ts';

export interface EmulatorResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined or null: no body. A string or bytes: sent as it stands. Anything else: sent as JSON. */
  readonly body: unknown;
  /** Within a batch, put the string into the envelope unquoted, which makes the envelope unreadable. */
  readonly raw?: true;
}

/** What an operation throws to be answered with an error in Graph's shape. */
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

/** The ids and the moment of one answer, the same in its headers and in its error. */
export interface Stamp {
  readonly requestId: string;
  readonly clientRequestId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A caller's `client-request-id` is echoed when it is a GUID; otherwise the service's own id stands in. */
export function stampOf(headers: Readonly<Record<string, string>>, clock: Clock, random: Random): Stamp {
  const requestId = random.uuid();
  const asked = headers['client-request-id'];
  return {
    requestId,
    clientRequestId: asked !== undefined && isGuid(asked) ? asked : requestId,
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

/** Adds what every answer of Graph carries; headers that the answer has already win. */
export function withCommonHeaders(answer: EmulatorResponse, stamp: Stamp): EmulatorResponse {
  const common: Record<string, string> = {
    'Cache-Control': 'no-store',
    'Strict-Transport-Security': 'max-age=31536000',
    'request-id': stamp.requestId,
    'client-request-id': stamp.clientRequestId,
    'x-ms-ags-diagnostic': DIAGNOSTIC,
    'OData-Version': '4.0',
  };
  if (answer.body !== undefined && answer.body !== null) common['Content-Type'] = JSON_TYPE;
  return { ...answer, headers: merge(common, answer.headers) };
}

/** The second's headers win, however the first spells them. */
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

export function errorResponse(refusal: GraphError, stamp: Stamp): EmulatorResponse {
  return json(refusal.status, errorBody(refusal.code, refusal.message, stamp), refusal.headers);
}

/** Graph's own spelling is `innerError`, with a date of whole seconds and no zone. */
export function errorBody(code: string, message: string, stamp: Stamp): unknown {
  const innerError = {
    date: new Date(stamp.at).toISOString().slice(0, 19),
    'request-id': stamp.requestId,
    'client-request-id': stamp.clientRequestId,
  };
  return { error: { code, message, innerError } };
}
