// For whose sake a request is sent to Microsoft Graph, where there are traces: the operations that wait for it. Its span
// stands below that of the first and is linked to those of the others, who may come while it is under way.
import type { RequestEnd, RequestSpan, ServerAddress, Span } from '../runtime/tracing.ts';
import { GraphFailure } from './failure.ts';

export interface RequestAbout {
  readonly method: string;
  /** Below the version, with its query. */
  readonly path: string;
  readonly server: ServerAddress;
}

export class Origins {
  /** Reads that travel together in a batch; null for a request that is none. */
  reads: number | null = null;
  readonly #spans: Span[];
  /** The last one: what is refused for the sake of its token is sent again. */
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

/** What Graph's paths are made of; whatever else stands in one is somebody's or something's id. */
const WORDS: ReadonlySet<string> = new Set(['', 'me', 'users', 'profile', 'phones', '$batch']);

/** The path with a word in the place of every id, and without its query: `/users/{id}/profile/phones`. */
export function templateOf(path: string): string {
  const [pathname = ''] = path.split('?', 1);
  return pathname
    .replace(/^\/users\('[^/]*'\)/, '/users/{id}')
    .split('/')
    .map((segment) => (WORDS.has(segment) ? segment : '{id}'))
    .join('/');
}

export function endOf(error: unknown): RequestEnd {
  if (!(error instanceof GraphFailure))
    return { status: null, requestId: null, code: 'INTERNAL_SERVER_ERROR' };
  const { status = null, requestId = null } = error.graph ?? {};
  return { status, requestId, code: error.code };
}
