// `$search` for users (Microsoft Graph docs, search-query-parameter): quoted clauses such as "displayName:ann", joined by
// AND and OR. A clause matches the start of a word of the display name, or the start of any other property that `$filter`
// can name.
import { graphErrors } from '../graph/errors.ts';
import type { StoredUser } from '../tenant/tenant.ts';
import type { Model } from './model.ts';
import { valueAt } from './model.ts';

type UserPredicate = (user: StoredUser) => boolean;

const TOKEN = /\s*(?:(\()|(\))|(AND|OR)(?![\w:])|"((?:[^"\\]|\\.)*)")\s*/y;

/** @throws GraphError for a malformed expression, and for a property that the model lacks */
export function parseSearch(text: string, model: Model): UserPredicate {
  const tokens = tokenize(text);
  const predicate = disjunction(tokens, model);
  if (tokens.length > 0) throw malformed(text);
  return predicate;
}

interface SearchToken {
  readonly mark: string;
  readonly clause: string | undefined;
}

function tokenize(text: string): SearchToken[] {
  const tokens: SearchToken[] = [];
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (found === null) throw malformed(text, at);
    const [, open, close, word, clause] = found;
    tokens.push({ mark: open ?? close ?? word ?? '', clause });
  }
  return tokens;
}

function disjunction(tokens: SearchToken[], model: Model): UserPredicate {
  const parts = [conjunction(tokens, model)];
  while (tokens[0]?.mark === 'OR') {
    tokens.shift();
    parts.push(conjunction(tokens, model));
  }
  return (user) => parts.some((part) => part(user));
}

/** Adjacent clauses are joined by AND. */
function conjunction(tokens: SearchToken[], model: Model): UserPredicate {
  const parts = [operand(tokens, model)];
  while (tokens[0] !== undefined && tokens[0].mark !== 'OR' && tokens[0].mark !== ')') {
    if (tokens[0].mark === 'AND') tokens.shift();
    parts.push(operand(tokens, model));
  }
  return (user) => parts.every((part) => part(user));
}

function operand(tokens: SearchToken[], model: Model): UserPredicate {
  const token = tokens.shift();
  if (token?.clause !== undefined) return clause(token.clause, model);
  if (token?.mark !== '(') throw malformed('the expression');
  const inner = disjunction(tokens, model);
  if (tokens.shift()?.mark !== ')') throw malformed('the expression');
  return inner;
}

function clause(rawClause: string, { kinds, unknown, check }: Model): UserPredicate {
  const [name = '', ...rest] = rawClause.replace(/\\(.)/g, '$1').split(':');
  const property = name.trim();
  const text = rest.join(':').trim();
  const kind = Object.hasOwn(kinds, property) ? kinds[property] : undefined;
  if (kind === undefined) throw unknown(property, malformed(rawClause));
  if (text === '') throw malformed(rawClause);
  if (kind !== 'string') throw graphErrors.notEmulated(`a search for '${property}'`);
  check({ operator: 'search', path: property });
  return property === 'displayName' ? matchesWords('displayName', text) : matchesStart(property, text);
}

function matchesStart(property: string, text: string): UserPredicate {
  const start = normalize(text);
  return (user) => normalize(String(valueAt(user, property, 'string', false) ?? '')).startsWith(start);
}

function matchesWords(property: 'displayName', text: string): UserPredicate {
  const starts = words(text);
  return (user) => {
    const name = user[property] ?? '';
    const found = [...words(name), ...words(splitAtCapitals(name))];
    return starts.length > 0 && starts.every((start) => found.some((word) => word.startsWith(start)));
  };
}

/** Words are separated by blanks and symbols. */
function words(text: string): string[] {
  return normalize(text).match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}

/** Splits a word before an upper-case letter, so that `don` matches `McDonald`. */
function splitAtCapitals(text: string): string {
  return text.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2');
}

function normalize(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

function malformed(text: string, at = 0): Error {
  return graphErrors.badRequest(
    `Syntax error: character '${text[at] ?? ''}' is not valid at position ${at} in '${text}'.`,
  );
}
