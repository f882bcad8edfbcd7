// Bytes to and from Microsoft Entra ID: one origin and no other, no redirect, a deadline over the whole exchange and a
// cap on what is read.
import type { Clock } from '../runtime/clock.ts';
import { type RequestSpan, type Span, serverOf } from '../runtime/tracing.ts';

/** The part of `fetch` that is used. */
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
  /** Null for none. */
  readonly body: string | null;
  /** For whose sake it is sent, and its path as a span names it; null or absent where nobody's is traced. */
  readonly origin?: { readonly span: Span; readonly template: string } | null;
}

export interface EntraAnswer {
  readonly status: number;
  /** As it came; null without one. */
  readonly retryAfter: string | null;
  readonly text: string;
}

export interface EntraHttp {
  /**
   * Sends one request and reads its whole answer. A token that is asked for on a connection that breaks is asked for
   * once more: as often as not the connection was kept alive for too long, and a second token does no harm. Rejects with
   * an EntraUnreached and with nothing else.
   */
  send(request: EntraRequest): Promise<EntraAnswer>;
}

/** No whole answer came. */
export class EntraUnreached extends Error {
  override readonly name = 'EntraUnreached';
  readonly why: 'slow' | 'broken';

  constructor(why: 'slow' | 'broken', cause: unknown) {
    super(`Microsoft Entra ID: ${why}`, { cause });
    this.why = why;
  }
}

export interface EntraHttpOptions {
  /** The only origin that is ever asked. */
  readonly origin: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
  /** Milliseconds for one request, its answer included. */
  readonly timeoutMs: number;
}

/** A set of keys is some 15 kB, a token at most a few. */
const MOST_BYTES = 256 * 1024;

export function createEntraHttp({ origin, fetch: ask, clock, timeoutMs }: EntraHttpOptions): EntraHttp {
  async function exchange(
    { method, url, headers, body }: EntraRequest,
    signal: AbortSignal,
  ): Promise<EntraAnswer> {
    const response = await ask(url, { method, headers: { ...headers }, body, redirect: 'manual', signal });
    const text = await readText(response);
    return { status: response.status, retryAfter: response.headers.get('retry-after'), text };
  }

  async function once(request: EntraRequest, signal: AbortSignal): Promise<EntraAnswer> {
    const span = begin(request);
    try {
      const answer = await exchange(request, signal);
      span?.end({ status: answer.status, requestId: null, code: null });
      return answer;
    } catch (error) {
      const code = signal.aborted ? 'TIMEOUT' : 'UPSTREAM_UNAVAILABLE';
      span?.end({ status: null, requestId: null, code });
      throw error;
    }
  }

  return {
    async send(request) {
      const abort = new AbortController();
      const disarm = clock.schedule(timeoutMs, () => abort.abort());
      try {
        if (!request.url.startsWith(`${origin}/`))
          throw new TypeError('a request left the origin of Entra ID');
        return await once(request, abort.signal).catch((error: unknown) => {
          if (request.method === 'GET' || abort.signal.aborted || error instanceof TooLarge) throw error;
          return once(request, abort.signal);
        });
      } catch (error) {
        const why = abort.signal.aborted ? 'slow' : 'broken';
        abort.abort();
        throw new EntraUnreached(why, error);
      } finally {
        disarm();
      }
    },
  };
}

function begin({ method, url, origin }: EntraRequest): RequestSpan | null {
  if (origin === undefined || origin === null) return null;
  return origin.span.request({ method, template: origin.template, server: serverOf(url), reads: null });
}

class TooLarge extends RangeError {}

async function readText({ body }: Response): Promise<string> {
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new TooLarge('an answer of Entra ID is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
