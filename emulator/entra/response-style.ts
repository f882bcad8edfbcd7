// How Entra ID answers: its headers, the shape of its errors (RFC 6749, section 5.2, and what Microsoft adds), and what
// it says when it is throttled or down.
import type { EmulatorResponse, Stamp } from '../graph/responses.ts';
import { json, merge } from '../graph/responses.ts';
import type { ResponseStyle } from '../server/response-style.ts';
import type { EntraError } from './errors.ts';

export const entraResponseStyle: ResponseStyle = {
  withCommonHeaders(response, stamp) {
    const common: Record<string, string> = {
      'Cache-Control': 'no-store, no-cache',
      Pragma: 'no-cache',
      Expires: '-1',
      'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
      'X-Content-Type-Options': 'nosniff',
      'x-ms-request-id': stamp.requestId,
      'x-ms-ests-server': '2.1.0 - EMULATOR',
    };
    if (response.body !== undefined && response.body !== null)
      common['Content-Type'] = 'application/json; charset=utf-8';
    return { ...response, headers: merge(common, response.headers) };
  },
  /** 429 is plain text (microsoft-authentication-library-for-dotnet#2855), all else an error in the defaultError shape. */
  defaultError(status, stamp) {
    if (status === 429) return json(429, 'Too Many Requests', { 'Content-Type': 'text/plain' });
    return json(status, bodyOf(USUAL[status] ?? UNAVAILABLE, stamp));
  },
};

interface Said {
  readonly error: string;
  readonly code: number;
  readonly message: string;
  readonly details?: Readonly<Record<string, string>>;
}

/** azure-sdk-for-python#14241. */
const UNAVAILABLE: Said = {
  error: 'temporarily_unavailable',
  code: 90033,
  message: 'A transient error has occurred. Please try again.',
};
const USUAL: Readonly<Record<number, Said>> = {
  400: { error: 'invalid_request', code: 90023, message: 'Invalid STS request.' },
  401: { error: 'invalid_client', code: 7000215, message: 'Invalid client secret provided.' },
  413: { error: 'invalid_request', code: 90023, message: 'The request is too large.' },
};

export function entraErrorResponse(refusal: EntraError, stamp: Stamp): EmulatorResponse {
  return json(refusal.status, bodyOf(refusal, stamp));
}

function bodyOf({ error, code, message, details }: Said | EntraError, stamp: Stamp): unknown {
  const timestamp = `${new Date(stamp.at).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const ids = `Trace ID: ${stamp.requestId}\r\nCorrelation ID: ${stamp.clientRequestId}`;
  return {
    error,
    error_description: `AADSTS${code}: ${message}\r\n${ids}\r\nTimestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: stamp.requestId,
    correlation_id: stamp.clientRequestId,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    ...details,
  };
}
