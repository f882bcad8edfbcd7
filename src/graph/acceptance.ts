// What Microsoft Graph's answers to one operation say about its access token. A gateway that cannot check tokens itself
// (pass-through) learns here which ones are real.
//
// Graph's front end refuses a bad token with 401 before any service behind it sees the request. So an answer that only
// such a service can give shows that the token was accepted: a success, 403 (the caller is known, and may not), 404 and
// 410 (looked for, and not there), 409, 412 and 423 (the state of what is there). The front end itself gives 400, 405,
// 413 or 415 to what it cannot read, 429 and 5xx to anybody, and proxies give redirects and pages: they show nothing. The
// 200 of a `$batch` shows nothing either; each of its items does.
import { type FailureKind, GraphFailure } from './failure.ts';

const ACCEPTED: ReadonlySet<FailureKind> = new Set(['forbidden', 'not-found', 'conflict', 'precondition']);

export type TokenVerdict =
  /** An answer that a bad token would not get. */
  | 'accepted'
  /** A 401, whatever came beside it. */
  | 'refused'
  /** No answer that says so. */
  | 'unknown';

export class Acceptance {
  #verdict: TokenVerdict = 'unknown';

  get verdict(): TokenVerdict {
    return this.#verdict;
  }

  /** A single request, or one item of a batch, was answered with a success. */
  succeeded(): void {
    if (this.#verdict === 'unknown') this.#verdict = 'accepted';
  }

  /** One of them failed. What is no GraphFailure did not come from Graph. */
  failed(failure: unknown): void {
    if (!(failure instanceof GraphFailure)) return;
    if (failure.kind === 'unauthenticated') this.#verdict = 'refused';
    else if (ACCEPTED.has(failure.kind)) this.succeeded();
  }
}
