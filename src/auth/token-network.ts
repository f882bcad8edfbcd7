// The network module that MSAL sends one token request through. It sends to the token endpoint only. It keeps the token,
// or the details of the failure that MSAL's own errors leave out: the HTTP status and `Retry-After`.
import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import type { Span } from '../runtime/tracing.ts';
import { EntraConnectionError, type EntraHttp, type EntraResponse } from './http.ts';
import type { IssuedToken } from './token-cache.ts';

/** Why a token request failed. */
export type TokenRequestFailure =
  /** Nothing was sent: the credential could not be read, or MSAL rejected the request. */
  | { readonly kind: 'not-sent' }
  /** No complete response arrived. */
  | { readonly kind: 'no-response'; readonly reason: EntraConnectionError['reason'] }
  /** The response is neither a token nor an OAuth 2.0 error. */
  | { readonly kind: 'invalid-response'; readonly status: number; readonly retryAfter: string | null }
  /** An OAuth 2.0 error response (RFC 6749, section 5.2) with the fields that Entra ID adds. */
  | {
      readonly kind: 'error-response';
      readonly status: number;
      readonly retryAfter: string | null;
      readonly body: Readonly<Record<string, unknown>>;
    };

export interface TokenNetwork extends INetworkModule {
  /** The issued token; null before the response and after a failure. */
  readonly issued: IssuedToken | null;
  /** Null before a failure. */
  readonly failure: TokenRequestFailure | null;
}

/** The path in spans, without the tenant id. */
const TEMPLATE = '/{tenant}/oauth2/v2.0/token';

/** @param span the span of the operation that needs the token; null without tracing */
export function createTokenNetwork(http: EntraHttp, endpoint: string, span: Span | null): TokenNetwork {
  let issued: IssuedToken | null = null;
  let failure: TokenRequestFailure | null = null;

  async function post<T>(url: string, options: NetworkRequestOptions = {}): Promise<NetworkResponse<T>> {
    if (url.split('?')[0] !== endpoint) throw new TypeError('MSAL sent a token request to an unexpected URL');
    const { headers = {}, body: form = '' } = options;
    const trace = span === null ? null : { span, template: TEMPLATE };
    const response = await http
      .send({ method: 'POST', url, headers, body: form, trace })
      .catch((error: unknown) => {
        const reason = error instanceof EntraConnectionError ? error.reason : 'connection';
        failure = { kind: 'no-response', reason };
        throw error;
      });
    const { status, retryAfter } = response;
    const body = readJson(response);
    if (status === 200) issued = readToken(body);
    else if (typeof body?.['error'] === 'string')
      failure = { kind: 'error-response', status, retryAfter, body };
    if (issued === null) failure ??= { kind: 'invalid-response', status, retryAfter };
    if (body === null || failure?.kind === 'invalid-response')
      throw new TypeError('The token response of Entra ID is invalid');
    return { status, headers: {}, body: body as T };
  }

  return {
    get issued() {
      return issued;
    },
    get failure() {
      return failure;
    },
    sendPostRequestAsync: post,
    sendGetRequestAsync: () => Promise.reject(new TypeError('MSAL sent an unexpected GET request')),
  };
}

function readJson({ text }: EntraResponse): Record<string, unknown> | null {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Returns null unless the token fits into a header and has a lifetime. */
function readToken(body: Record<string, unknown> | null): IssuedToken | null {
  const token = body?.['access_token'];
  const seconds = Number(body?.['expires_in']);
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token) || !(seconds > 0)) return null;
  return { token, lifetimeMs: seconds * 1000 };
}
