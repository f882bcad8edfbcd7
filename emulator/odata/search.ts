// `$search` on the directory (Microsoft Graph docs, search-query-parameter): quoted clauses such as
// "displayName:ann", joined by AND and OR. A display name is searched word by word; any other property that `$filter` has,
// from its start.
import { graphErrors } from '../graph/errors.ts';
import type { StoredUser } from '../tenant/tenant.ts';
import type { Model } from './model.ts';
import { valueAt } from './model.ts';

type Match = (user: StoredUser) => boolean;

const TOKEN = /\s*(?:(\()|(\))|(AND|OR)(?![\w:])|"((?:[^"\\]|\\.)*)")\s*/y;

/** @throws a refusal where the text is not of that form, or names what the model does not have */
export function parseSearch(text: string, model: Model): Match {
  const tokens = tokenize(text);
  const match = either(tokens, model);
  if (tokens.length > 0) throw malformed(text);
  return match;
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

function either(tokens: SearchToken[], model: Model): Match {
  const parts = [both(tokens, model)];
  while (tokens[0]?.mark === 'OR') {
    tokens.shift();
    parts.push(both(tokens, model));
  }
  return (user) => parts.some((part) => part(user));
}

/** Clauses that stand side by side are joined by AND. */
function both(tokens: SearchToken[], model: Model): Match {
  const parts = [one(tokens, model)];
  while (tokens[0] !== undefined && tokens[0].mark !== 'OR' && tokens[0].mark !== ')') {
    if (tokens[0].mark === 'AND') tokens.shift();
    parts.push(one(tokens, model));
  }
  return (user) => parts.every((part) => part(user));
}

function one(tokens: SearchToken[], model: Model): Match {
  const token = tokens.shift();
  if (token?.clause !== undefined) return clause(token.clause, model);
  if (token?.mark !== '(') throw malformed('the expression');
  const inner = either(tokens, model);
  if (tokens.shift()?.mark !== ')') throw malformed('the expression');
  return inner;
}

function clause(written: string, { kinds, unknown, check }: Model): Match {
  const [name = '', ...rest] = written.replace(/\\(.)/g, '$1').split(':');
  const property = name.trim();
  const text = rest.join(':').trim();
  const kind = Object.hasOwn(kinds, property) ? kinds[property] : undefined;
  if (kind === undefined) throw unknown(property, malformed(written));
  if (text === '') throw malformed(written);
  if (kind !== 'string') throw graphErrors.notEmulated(`a search for '${property}'`);
  check({ operator: 'search', path: property });
  return property === 'displayName' ? wordsOf('displayName', text) : startOf(property, text);
}

function startOf(property: string, text: string): Match {
  const start = fold(text);
  return (user) => fold(String(valueAt(user, property, 'string', false) ?? '')).startsWith(start);
}

function wordsOf(property: 'displayName', text: string): Match {
  const wanted = words(text);
  return (user) => {
    const name = user[property] ?? '';
    const there = [...words(name), ...words(risen(name))];
    return wanted.length > 0 && wanted.every((start) => there.some((word) => word.startsWith(start)));
  };
}

/** Words end at blanks and symbols. */
function words(text: string): string[] {
  return fold(text).match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}

/** Where the case rises within a word another one begins: `McDonald` is found by `don`. */
function risen(text: string): string {
  return text.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2');
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

function malformed(text: string, at = 0): Error {
  return graphErrors.badRequest(
    `Syntax error: character '${text[at] ?? ''}' is not valid at position ${at} in '${text}'.`,
  );
}
