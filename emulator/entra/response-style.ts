// The responses of Entra ID: common headers, the shape of errors (RFC 6749, section 5.2, and Microsoft's additions),
// and the default error of each status.
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
  /**
   * 429 is plain text (microsoft-authentication-library-for-dotnet#2855). Other statuses have the usual error shape.
   */
  defaultError(status, stamp) {
    if (status === 429) return json(429, 'Too Many Requests', { 'Content-Type': 'text/plain' });
    return json(status, bodyOf(DEFAULT_ERRORS[status] ?? UNAVAILABLE, stamp));
  },
};

interface ErrorContent {
  readonly error: string;
  readonly code: number;
  readonly message: string;
  readonly details?: Readonly<Record<string, string>>;
}

/** azure-sdk-for-python#14241. */
const UNAVAILABLE: ErrorContent = {
  error: 'temporarily_unavailable',
  code: 90033,
  message: 'A transient error has occurred. Please try again.',
};
const DEFAULT_ERRORS: Readonly<Record<number, ErrorContent>> = {
  400: { error: 'invalid_request', code: 90023, message: 'Invalid STS request.' },
  401: { error: 'invalid_client', code: 7000215, message: 'Invalid client secret provided.' },
  413: { error: 'invalid_request', code: 90023, message: 'The request is too large.' },
};

export function entraErrorResponse(error: EntraError, stamp: Stamp): EmulatorResponse {
  return json(error.status, bodyOf(error, stamp));
}

function bodyOf({ error, code, message, details }: ErrorContent | EntraError, stamp: Stamp): unknown {
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
