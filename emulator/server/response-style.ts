// What differs between the responses of the two services: the headers common to all responses, and the default error of
// a status. Microsoft Graph and Entra ID share a port here, but neither headers nor error shape.
import type { EmulatorResponse, Stamp } from '../graph/responses.ts';
import { errorBody, json, withCommonHeaders } from '../graph/responses.ts';

export interface ResponseStyle {
  /** Adds the headers that every response of the service has. Headers that are already set win. */
  withCommonHeaders(response: EmulatorResponse, stamp: Stamp): EmulatorResponse;
  /** The error that the service is known to send with this status, 400 or more. */
  defaultError(status: number, stamp: Stamp): EmulatorResponse;
}

/** A status without a known error gets Graph's empty one. */
export const graphResponseStyle: ResponseStyle = {
  withCommonHeaders,
  defaultError(status, stamp) {
    const [code, message] = DEFAULT_ERRORS[status] ?? ['UnknownError', ''];
    return json(status, errorBody(code, message, stamp));
  },
};

const DEFAULT_ERRORS: Readonly<Record<number, readonly [string, string]>> = {
  401: ['InvalidAuthenticationToken', 'Access token has expired or is not yet valid.'],
  403: ['Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'],
  413: ['RequestEntityTooLarge', 'The request is larger than 4 MB.'],
  429: ['TooManyRequests', 'Please retry again later.'],
  503: ['serviceNotAvailable', 'The service is not available. Try the request again after a delay.'],
};
