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
  if (accept === undefined || accept.trim() === '' || accept === '*/*') return JSON_TYPE;
  const offered = pages ? [JSON_TYPE, GRAPHQL_TYPE, PAGE_TYPE] : [JSON_TYPE, GRAPHQL_TYPE];
  const plain = accept.includes(';') ? withoutParameters(accept) : accept;
  const best = new Negotiator({ headers: { accept: plain } }).mediaType(offered);
  if (best === PAGE_TYPE) return 'page';
  return best === JSON_TYPE || best === GRAPHQL_TYPE ? best : null;
}

/** Text up to the next comma, or the next semicolon, that is not within quotes. A quote that never ends goes to the end. */
const RANGES = /(?:"(?:\\.|[^"\\])*"?|[^,])+/gs;
const PARTS = /(?:"(?:\\.|[^"\\])*"?|[^;])+/gs;

/**
 * The same ranges with their weights only: the library compares all parameters, and the types offered have none. A range
 * that is excluded (`q=0`) for a parameter that no response has excludes nothing, and is left out.
 */
function withoutParameters(accept: string): string {
  const ranges = (accept.match(RANGES) ?? []).map(readRange);
  return ranges
    .filter(({ weight, isOurs }) => weight > 0 || isOurs)
    .map(({ type, weight }) => `${type};q=${weight}`)
    .join(', ');
}

interface Range {
  readonly type: string;
  readonly weight: number;
  /** Whether its parameters are none, or those that the responses are sent with. */
  readonly isOurs: boolean;
}

function readRange(range: string): Range {
  const [type = '', ...parameters] = (range.match(PARTS) ?? []).map((part) => part.trim());
  let weight = 1;
  let isOurs = true;
  for (const parameter of parameters) {
    const [, name = '', value = ''] = /^([^=]*?)\s*=\s*"?(.*?)"?$/s.exec(parameter) ?? [];
    if (name.toLowerCase() === 'q') weight = weightOf(value);
    else if (!/^charset=utf-?8$/i.test(`${name}=${value}`)) isOurs = false;
  }
  return { type, weight, isOurs };
}

/** What cannot be read counts as no weight. */
function weightOf(text: string): number {
  const weight = Number.parseFloat(text);
  return Number.isNaN(weight) ? 1 : Math.min(Math.max(weight, 0), 1);
}
