// Content negotiation by the Accept header (RFC 9110, section 12.5.1). It runs before the operation: a mutation must not
// run when the client does not accept its response.
import Negotiator from 'negotiator';

const JSON_TYPE = 'application/json';
const GRAPHQL_TYPE = 'application/graphql-response+json';
const PAGE_TYPE = 'text/html';

export type ResponseType =
  /** The explorer page, in HTML. */
  | 'page'
  /** A GraphQL response, in one of the two media types of GraphQL over HTTP. */
  | typeof JSON_TYPE
  | typeof GRAPHQL_TYPE;

/**
 * The response type that the client prefers. Null when the client accepts none of them.
 *
 * @param pages whether the explorer page is available
 */
export function negotiate(accept: string | undefined, pages: boolean): ResponseType | null {
  if (accept === undefined || accept.trim() === '' || accept === '*/*') return JSON_TYPE;
  const offered = pages ? [JSON_TYPE, GRAPHQL_TYPE, PAGE_TYPE] : [JSON_TYPE, GRAPHQL_TYPE];
  const plain = accept.includes(';') ? withoutParameters(accept) : accept;
  const best = new Negotiator({ headers: { accept: plain } }).mediaType(offered);
  if (best === PAGE_TYPE) return 'page';
  return best === JSON_TYPE || best === GRAPHQL_TYPE ? best : null;
}

/** Text up to the next comma (or semicolon) outside quotes. A quote that is not closed extends to the end of the header. */
const RANGES = /(?:"(?:\\.|[^"\\])*"?|[^,])+/gs;
const PARTS = /(?:"(?:\\.|[^"\\])*"?|[^;])+/gs;

/**
 * Removes all parameters but the weights: the library compares parameters, and the offered types have none. A range with
 * `q=0` and a parameter that no response has excludes nothing, so it is removed.
 */
function withoutParameters(accept: string): string {
  const ranges = (accept.match(RANGES) ?? []).map(readRange);
  return ranges
    .filter(({ weight, matchesResponses }) => weight > 0 || matchesResponses)
    .map(({ type, weight }) => `${type};q=${weight}`)
    .join(', ');
}

interface Range {
  readonly type: string;
  readonly weight: number;
  /** Whether the range has no parameters, or only those that responses have. */
  readonly matchesResponses: boolean;
}

function readRange(range: string): Range {
  const [type = '', ...parameters] = (range.match(PARTS) ?? []).map((part) => part.trim());
  let weight = 1;
  let matchesResponses = true;
  for (const parameter of parameters) {
    const [, name = '', value = ''] = /^([^=]*?)\s*=\s*"?(.*?)"?$/s.exec(parameter) ?? [];
    if (name.toLowerCase() === 'q') weight = weightOf(value);
    else if (!/^charset=utf-?8$/i.test(`${name}=${value}`)) matchesResponses = false;
  }
  return { type, weight, matchesResponses };
}

/** An invalid weight is ignored. */
function weightOf(text: string): number {
  const weight = Number.parseFloat(text);
  return Number.isNaN(weight) ? 1 : Math.min(Math.max(weight, 0), 1);
}
