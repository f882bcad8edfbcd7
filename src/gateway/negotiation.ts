// What kind of answer a request can take, by its Accept header and the rules of HTTP (RFC 9110, section 12.5.1). Decided
// before anything runs: a mutation must not be carried out for somebody who could not take its answer.
import Negotiator from 'negotiator';

const JSON_TYPE = 'application/json';
const GRAPHQL_TYPE = 'application/graphql-response+json';
const PAGE_TYPE = 'text/html';

export type AnswerType =
  /** A page for a person. */
  | 'page'
  /** GraphQL over HTTP, in one of its two media types. */
  | typeof JSON_TYPE
  | typeof GRAPHQL_TYPE;

/**
 * The type of answer that suits the client best; null when none that there is would do.
 *
 * @param pages whether there are pages at all for such a request
 */
export function answerType(accept: string | undefined, pages: boolean): AnswerType | null {
  if (accept === undefined || accept === '*/*') return JSON_TYPE;
  const offered = pages ? [JSON_TYPE, GRAPHQL_TYPE, PAGE_TYPE] : [JSON_TYPE, GRAPHQL_TYPE];
  const best = new Negotiator({ headers: { accept } }).mediaType(offered);
  if (best === PAGE_TYPE) return 'page';
  return best === JSON_TYPE || best === GRAPHQL_TYPE ? best : null;
}
