// Derives from Microsoft Graph's responses whether Graph accepted the access token of an operation. In pass-through mode
// the gateway cannot validate tokens itself, so this is its only evidence.
//
// Graph's front end rejects a bad token with 401 before a service behind it sees the request. A response that only such
// a service can send shows that the token was accepted: a success, 403, 404, 410, 409, 412 and 423. The front end sends
// 400, 405, 413, 415, 429 and 5xx itself, and proxies send redirects and HTML. Those statuses show nothing. The 200 of a
// `$batch` shows nothing either. The status of each item does.
import { type FailureKind, GraphFailure } from './failure.ts';

const ACCEPTED: ReadonlySet<FailureKind> = new Set(['forbidden', 'not-found', 'conflict', 'precondition']);

export type TokenVerdict =
  /** Graph sent a response that a bad token does not get. */
  | 'accepted'
  /** Graph sent a 401. It outweighs every other response. */
  | 'refused'
  /** No response has shown either. */
  | 'unknown';

export class Acceptance {
  #verdict: TokenVerdict = 'unknown';

  get verdict(): TokenVerdict {
    return this.#verdict;
  }

  /** A request or an item of a batch succeeded. */
  succeeded(): void {
    if (this.#verdict === 'unknown') this.#verdict = 'accepted';
  }

  /** A request or an item of a batch failed. An error other than GraphFailure did not come from Graph and is ignored. */
  failed(failure: unknown): void {
    if (!(failure instanceof GraphFailure)) return;
    if (failure.kind === 'unauthenticated') this.#verdict = 'refused';
    else if (ACCEPTED.has(failure.kind)) this.succeeded();
  }
}
