// The HTTP client for Microsoft Entra ID. It sends to one origin only, follows no redirects, and limits both the time of
// an exchange and the size of a response.
import type { Clock } from '../runtime/clock.ts';
import { type RequestSpan, type Span, serverOf } from '../runtime/tracing.ts';

/** The part of the `fetch` interface that this client uses. */
export type Fetch = (
  url: string,
  init: {
    readonly method: 'GET' | 'POST';
    readonly headers: Record<string, string>;
    readonly body: string | null;
    readonly redirect: 'manual';
    readonly signal: AbortSignal;
  },
) => Promise<Response>;

export interface EntraRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Null for no body. */
  readonly body: string | null;
  /** The span of the operation that needs the response, and the path as spans show it. Null or absent without tracing. */
  readonly trace?: { readonly span: Span; readonly template: string } | null;
}

export interface EntraResponse {
  readonly status: number;
  /** The `Retry-After` header as received; null without one. */
  readonly retryAfter: string | null;
  readonly text: string;
}

export interface EntraHttp {
  /**
   * Sends a request and reads the whole response. When the connection breaks during a POST, the request is sent once more:
   * the usual cause is a kept-alive connection that the server has closed, and a second token does no harm. Rejects only
   * with an EntraConnectionError.
   */
  send(request: EntraRequest): Promise<EntraResponse>;
}

/** No complete response arrived. */
export class EntraConnectionError extends Error {
  override readonly name = 'EntraConnectionError';
  readonly reason: 'timeout' | 'connection';

  constructor(reason: 'timeout' | 'connection', cause: unknown) {
    super(`No response from Microsoft Entra ID: ${reason}`, { cause });
    this.reason = reason;
  }
}

export interface EntraHttpOptions {
  /** The only origin that requests are sent to. */
  readonly origin: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Milliseconds for one request, including the response. */
  readonly timeoutMs: number;
}

/** The maximum size of a response. A key set takes about 15 kB, a token response a few kB. */
const MAX_BYTES = 256 * 1024;

export function createEntraHttp({
  origin,
  fetch: sendRequest,
  clock,
  timeoutMs,
}: EntraHttpOptions): EntraHttp {
  async function exchange(
    { method, url, headers, body }: EntraRequest,
    signal: AbortSignal,
  ): Promise<EntraResponse> {
    const init = { method, headers: { ...headers }, body, redirect: 'manual', signal } as const;
    const response = await sendRequest(url, init);
    const text = await readText(response);
    return { status: response.status, retryAfter: response.headers.get('retry-after'), text };
  }

  async function sendOnce(request: EntraRequest, signal: AbortSignal): Promise<EntraResponse> {
    const span = startSpan(request);
    try {
      const response = await exchange(request, signal);
      span?.end({ status: response.status, requestId: null, code: null });
      return response;
    } catch (error) {
      const code = signal.aborted ? 'TIMEOUT' : 'UPSTREAM_UNAVAILABLE';
      span?.end({ status: null, requestId: null, code });
      throw error;
    }
  }

  return {
    async send(request) {
      const abort = new AbortController();
      const cancelTimeout = clock.schedule(timeoutMs, () => abort.abort());
      try {
        if (!request.url.startsWith(`${origin}/`))
          throw new TypeError('The URL is outside the origin of Microsoft Entra ID');
        return await sendOnce(request, abort.signal).catch((error: unknown) => {
          if (request.method === 'GET' || abort.signal.aborted || error instanceof ResponseTooLarge)
            throw error;
          return sendOnce(request, abort.signal);
        });
      } catch (error) {
        const reason = abort.signal.aborted ? 'timeout' : 'connection';
        abort.abort();
        throw new EntraConnectionError(reason, error);
      } finally {
        cancelTimeout();
      }
    },
  };
}

function startSpan({ method, url, trace }: EntraRequest): RequestSpan | null {
  if (trace === undefined || trace === null) return null;
  return trace.span.request({ method, template: trace.template, server: serverOf(url), reads: null });
}

class ResponseTooLarge extends RangeError {}

async function readText({ body }: Response): Promise<string> {
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new ResponseTooLarge('The response of Microsoft Entra ID is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
