// One token request of Microsoft's library, on its way to the one URL that it may go to. What came back is kept as it
// came, since the library's own errors leave out what has to be known of a failure: the status, the wait asked for.
import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import type { Span } from '../runtime/tracing.ts';
import { type EntraAnswer, type EntraHttp, EntraUnreached } from './http.ts';
import type { Issued } from './token-cache.ts';

/** How a token request failed. */
export type Trouble =
  /** It was never sent: the credential could not be read, or the library found fault with something. */
  | { readonly kind: 'unprepared' }
  | { readonly kind: 'unreached'; readonly why: EntraUnreached['why'] }
  /** Something was answered that is neither a token nor a refusal in the form of OAuth 2.0. */
  | { readonly kind: 'unreadable'; readonly status: number; readonly retryAfter: string | null }
  /** Entra ID said no, in the form of RFC 6749, section 5.2, with its additions. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly retryAfter: string | null;
      readonly body: Readonly<Record<string, unknown>>;
    };

export interface TokenWire extends INetworkModule {
  /** The token; null without one. */
  readonly issued: Issued | null;
  /** How it failed; null while it has not. */
  readonly trouble: Trouble | null;
}

/** With the tenant left out, as spans have it. */
const TEMPLATE = '/{tenant}/oauth2/v2.0/token';

/** @param span of the operation for whose sake a token is asked for, where that is traced; else null */
export function createTokenWire(http: EntraHttp, tokenUrl: string, span: Span | null): TokenWire {
  let issued: Issued | null = null;
  let trouble: Trouble | null = null;

  async function post<T>(url: string, options: NetworkRequestOptions = {}): Promise<NetworkResponse<T>> {
    if (url.split('?')[0] !== tokenUrl) throw new TypeError('a token request went astray');
    const { headers = {}, body: form = '' } = options;
    const origin = span === null ? null : { span, template: TEMPLATE };
    const answer = await http
      .send({ method: 'POST', url, headers, body: form, origin })
      .catch((error: unknown) => {
        trouble = { kind: 'unreached', why: error instanceof EntraUnreached ? error.why : 'broken' };
        throw error;
      });
    const { status, retryAfter } = answer;
    const body = readJson(answer);
    if (status === 200) issued = readIssued(body);
    else if (typeof body?.['error'] === 'string') trouble = { kind: 'refused', status, retryAfter, body };
    if (issued === null) trouble ??= { kind: 'unreadable', status, retryAfter };
    if (body === null || trouble?.kind === 'unreadable') throw new TypeError('Entra ID cannot be understood');
    return { status, headers: {}, body: body as T };
  }

  return {
    get issued() {
      return issued;
    },
    get trouble() {
      return trouble;
    },
    sendPostRequestAsync: post,
    sendGetRequestAsync: () => Promise.reject(new TypeError('nothing is looked up')),
  };
}

function readJson({ text }: EntraAnswer): Record<string, unknown> | null {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** The token, if it can go into a header and says how long it lasts. */
function readIssued(body: Record<string, unknown> | null): Issued | null {
  const token = body?.['access_token'];
  const seconds = Number(body?.['expires_in']);
  if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token) || !(seconds > 0)) return null;
  return { token, lifetimeMs: seconds * 1000 };
}
