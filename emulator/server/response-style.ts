// How a service talks: what is on all of its answers, and what its errors look like. Microsoft Graph and Entra ID share
// a machine here, and nothing of this.
import type { EmulatorResponse, Stamp } from '../graph/responses.ts';
import { errorBody, json, withCommonHeaders } from '../graph/responses.ts';

export interface ResponseStyle {
  /** Adds what is on every response; headers that it has already win. */
  withCommonHeaders(response: EmulatorResponse, stamp: Stamp): EmulatorResponse;
  /** What the service has been seen to say with such a status, 400 or more. */
  defaultError(status: number, stamp: Stamp): EmulatorResponse;
}

/** Where nothing is known of a status, Graph's empty error. */
export const graphResponseStyle: ResponseStyle = {
  withCommonHeaders,
  defaultError(status, stamp) {
    const [code, message] = USUAL[status] ?? ['UnknownError', ''];
    return json(status, errorBody(code, message, stamp));
  },
};

const USUAL: Readonly<Record<number, readonly [string, string]>> = {
  401: ['InvalidAuthenticationToken', 'Access token has expired or is not yet valid.'],
  403: ['Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'],
  413: ['RequestEntityTooLarge', 'The request is larger than 4 MB.'],
  429: ['TooManyRequests', 'Please retry again later.'],
  503: ['serviceNotAvailable', 'The service is not available. Try the request again after a delay.'],
};
