// `$filter`: a recursive-descent parser that turns an expression into a test on rows. Null is neither true nor false,
// as OData has it (URL conventions, 5.1.1.1), so that `not startsWith(number,'x')` leaves out phones without a number.

import { graphErrors } from '../graph/errors.ts';
import type { Token } from './lexer.ts';
import { tokenize } from './lexer.ts';
import { compare, isEqual, literal } from './literals.ts';
import type { Test } from './logic.ts';
import { and, not, or, startsWith } from './logic.ts';
import type { Comparable, Kind, Model } from './model.ts';
import { valueAt } from './model.ts';

type Read = (row: object) => Comparable;

const COMPARISONS = new Set(['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'has', 'in']);
const DEEPEST = 50;

/**
 * @param newer whether the caller sees, and may name, newer members of enumerations
 * @throws a refusal where the expression is malformed, or names what the model does not have
 */
export function parseFilter(expression: string, model: Model, newer: boolean): (row: object) => boolean {
  const test = new Parser(tokenize(expression), model, newer).whole();
  return (row) => test(row) === true;
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #model: Model;
  readonly #newer: boolean;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], model: Model, newer: boolean) {
    this.#tokens = tokens;
    this.#model = model;
    this.#newer = newer;
  }

  whole(): Test {
    const test = this.#either();
    const left = this.#tokens[this.#at];
    if (left !== undefined) throw graphErrors.filter(`'${left.text}' is not expected here.`);
    return test;
  }

  #either(): Test {
    let test = this.#both();
    while (this.#accept('or')) test = or(test, this.#both());
    return test;
  }

  #both(): Test {
    let test = this.#negated();
    while (this.#accept('and')) test = and(test, this.#negated());
    return test;
  }

  /** Every way to nest comes through here, so that the depth is counted here. */
  #negated(): Test {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw graphErrors.filter('The expression is nested too deep.');
    const test = this.#accept('not') ? this.#not() : this.#primary();
    this.#depth -= 1;
    return test;
  }

  #not(): Test {
    this.#permit('not');
    return not(this.#negated());
  }

  #primary(): Test {
    if (this.#accept('(')) {
      const inner = this.#either();
      this.#expect(')');
      return inner;
    }
    const { kind, text } = this.#take();
    if (kind !== 'word') throw graphErrors.filter(`'${text}' is not a property.`);
    return this.#accept('(') ? this.#function(text) : this.#comparison(text);
  }

  #function(name: string): Test {
    this.#permit(name.toLowerCase());
    const path = this.#take().text;
    if (this.#kindOf(path) !== 'string') throw graphErrors.filter(`'${path}' is not a text.`);
    this.#expect(',');
    const start = this.#value('string');
    this.#expect(')');
    const read = this.#reader(path, 'string');
    return (row) => startsWith(read(row), start);
  }

  #comparison(path: string): Test {
    const kind = this.#kindOf(path);
    const read = this.#reader(path, kind);
    if (kind === 'boolean' && !this.#atOperator()) return (row) => read(row) as boolean | null;
    const operator = this.#take().text;
    this.#permit(operator);
    if (operator === 'in') return oneOf(kind, read, this.#list(kind));
    if (operator === 'has' && kind !== 'audiences')
      throw graphErrors.filter(`'${path}' is not a set of flags.`);
    const value = this.#value(kind);
    return (row) => compare(operator, kind, read(row), value);
  }

  #list(kind: Kind): Comparable[] {
    this.#expect('(');
    const values = [this.#value(kind)];
    while (this.#accept(',')) values.push(this.#value(kind));
    this.#expect(')');
    return values;
  }

  #value(kind: Kind): Comparable {
    return this.#folded(literal(this.#take(), kind, this.#newer));
  }

  #reader(path: string, kind: Kind): Read {
    return (row) => this.#folded(valueAt(row, path, kind, this.#newer));
  }

  #folded(value: Comparable): Comparable {
    return typeof value === 'string' && !this.#model.caseMatters ? value.toLowerCase() : value;
  }

  #kindOf(path: string): Kind {
    const kind = Object.hasOwn(this.#model.kinds, path) ? this.#model.kinds[path] : undefined;
    if (kind === undefined)
      throw graphErrors.filter(`Could not find a property named '${path}' on type '${this.#model.type}'.`);
    return kind;
  }

  #permit(operator: string): void {
    if (!this.#model.operators.has(operator))
      throw graphErrors.unsupported(`Filter operator '${operator}' is not supported.`);
  }

  #atOperator(): boolean {
    return COMPARISONS.has(this.#tokens[this.#at]?.text ?? '');
  }

  #take(): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw graphErrors.filter('The expression ends too early.');
    this.#at += 1;
    return token;
  }

  #accept(text: string): boolean {
    const token = this.#tokens[this.#at];
    const found = (token?.kind === 'word' || token?.kind === 'mark') && token.text === text;
    if (found) this.#at += 1;
    return found;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) throw graphErrors.filter(`'${text}' is expected.`);
  }
}

function oneOf(kind: Kind, read: Read, values: readonly Comparable[]): Test {
  return (row) => {
    const value = read(row);
    return values.some((one) => isEqual(kind, value, one));
  };
}
