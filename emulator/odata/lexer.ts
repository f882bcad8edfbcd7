// Splits a `$filter` expression into tokens (OData URL conventions, 5.1.1).
import { graphErrors } from '../graph/errors.ts';

export type TokenKind = 'text' | 'enum' | 'date' | 'number' | 'word' | 'mark';

export interface Token {
  readonly kind: TokenKind;
  /** Without the quotes, and with doubled quotes unescaped. An enumeration value is also without its type. */
  readonly text: string;
  /** The type name before a quoted enumeration value, else an empty string. */
  readonly type: string;
}

const QUOTED = "'((?:[^']|'')*)'";
const PATTERNS: readonly (readonly [TokenKind, RegExp])[] = [
  ['text', new RegExp(QUOTED, 'y')],
  ['enum', new RegExp(`([A-Za-z_][\\w.]*)${QUOTED}`, 'y')],
  ['date', /\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,12})?)?(?:Z|[+-]\d\d:\d\d))?(?![\w-])/iy],
  ['number', /(?:-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|INF)|NaN)(?![\w-])/iy],
  ['word', /[A-Za-z_@][\w/.$]*/y],
  ['mark', /[(),:]/y],
];

/** @throws GraphError for a character that begins no token */
export function tokenize(expression: string): Token[] {
  const tokens: Token[] = [];
  let at = skipBlanks(expression, 0);
  while (at < expression.length) {
    const [token, end] = tokenAt(expression, at);
    tokens.push(token);
    at = skipBlanks(expression, end);
  }
  return tokens;
}

function skipBlanks(expression: string, from: number): number {
  let at = from;
  while (expression[at] === ' ' || expression[at] === '\t') at += 1;
  return at;
}

function tokenAt(expression: string, at: number): [Token, number] {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const found = pattern.exec(expression);
    if (found !== null) return [tokenOf(kind, found), pattern.lastIndex];
  }
  throw graphErrors.filter(
    `Syntax error: character '${expression[at]}' is not valid at position ${at} in '${expression}'.`,
  );
}

function tokenOf(kind: TokenKind, found: RegExpExecArray): Token {
  const [whole, first = '', second = ''] = found;
  const withSingleQuotes = (text: string): string => text.replaceAll("''", "'");
  if (kind === 'text') return { kind, text: withSingleQuotes(first), type: '' };
  if (kind === 'enum') return { kind, text: withSingleQuotes(second), type: first };
  return { kind, text: whole, type: '' };
}
