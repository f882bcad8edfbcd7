// The spans of the operations that wait for one request to Microsoft Graph. The request's span is a child of the first
// operation's span and is linked to the others. Operations may join while the request is in flight.
import type { RequestEnd, RequestSpan, ServerAddress, Span } from '../runtime/tracing.ts';
import { GraphFailure } from './failure.ts';

export interface RequestAbout {
  readonly method: string;
  /** The path below the version, with its query. */
  readonly path: string;
  readonly server: ServerAddress;
}

export class RequestSpans {
  /** Number of reads in the batch. Null for a request that is not a batch. */
  reads: number | null = null;
  readonly #spans: Span[];
  /** The last request. A request that is rejected because of its token is sent again. */
  #request: RequestSpan | null = null;

  constructor(first: Span) {
    this.#spans = [first];
  }

  add(span: Span): void {
    if (this.#spans.includes(span)) return;
    this.#spans.push(span);
    this.#request?.join(span);
  }

  begin({ method, path, server }: RequestAbout): RequestSpan | null {
    const [first, ...others] = this.#spans;
    const about = { method, template: templateOf(path), server, reads: this.reads };
    this.#request = first?.request(about, others) ?? null;
    return this.#request;
  }
}

/** The literal segments of Graph's paths. Every other segment is an id. */
const LITERAL_SEGMENTS: ReadonlySet<string> = new Set(['', 'me', 'users', 'profile', 'phones', '$batch']);

/** The path with a placeholder for each id, and without its query: `/users/{id}/profile/phones`. */
export function templateOf(path: string): string {
  const [pathname = ''] = path.split('?', 1);
  return pathname
    .replace(/^\/users\('[^/]*'\)/, '/users/{id}')
    .split('/')
    .map((segment) => (LITERAL_SEGMENTS.has(segment) ? segment : '{id}'))
    .join('/');
}

export function spanEndOf(error: unknown): RequestEnd {
  if (!(error instanceof GraphFailure))
    return { status: null, requestId: null, code: 'INTERNAL_SERVER_ERROR' };
  const { status = null, requestId = null } = error.graph ?? {};
  return { status, requestId, code: error.code };
}
