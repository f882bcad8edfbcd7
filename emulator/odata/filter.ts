// `$filter`: a recursive-descent parser that turns an expression into a test on rows. As OData has it (URL conventions,
// 5.1.1.1 and 5.1.1.4) a function of null is null, so that `not startsWith(number,'x')` leaves out phones without a
// number, and a comparison with null is true or false.

import { graphErrors } from '../graph/errors.ts';
import type { Token } from './lexer.ts';
import { tokenize } from './lexer.ts';
import { compare, isEqual, literal } from './literals.ts';
import type { Test } from './logic.ts';
import { and, endsWith, not, or, startsWith } from './logic.ts';
import type { Comparable, Condition, Kind, Model } from './model.ts';
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
    const first = this.#both();
    const others: Test[] = [];
    while (this.#accept('or')) others.push(this.#both());
    if (others.length > 0) this.#model.check({ operator: 'or', operands: others.length + 1 });
    return others.reduce(or, first);
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
    this.#model.check({ operator: 'not' });
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
    if (!this.#accept('(')) return this.#comparison(text);
    const lambda = /^(.+)\/(any|all)$/i.exec(text);
    return lambda === null ? this.#function(text) : this.#lambda(lambda[1] ?? '', lambda[2] ?? '');
  }

  #function(written: string): Test {
    const name = written.toLowerCase();
    if (!Object.hasOwn(FUNCTIONS, name)) this.#model.check({ operator: name });
    const path = this.#take().text;
    if (this.#kindOf(path) !== 'string') throw graphErrors.filter(`'${path}' is not a text.`);
    this.#model.check({ operator: name, path });
    this.#expect(',');
    const value = this.#value('string');
    this.#expect(')');
    const read = this.#reader(path, 'string');
    const test = FUNCTIONS[name] ?? startsWith;
    return (row) => test(read(row), value);
  }

  #comparison(path: string): Test {
    const kind = this.#kindOf(path);
    if (kind === 'strings') throw graphErrors.filter(`'${path}' is a collection, which any() looks into.`);
    const read = this.#reader(path, kind);
    if (kind === 'boolean' && !this.#atOperator()) {
      this.#model.check({ operator: 'alone', path });
      return (row) => read(row) as boolean | null;
    }
    const operator = this.#take().text.toLowerCase();
    if (operator === 'in') return this.#membership(path, kind, read);
    if (operator === 'has' && kind !== 'audiences')
      throw graphErrors.filter(`'${path}' is not a set of flags.`);
    const value = this.#checked({ operator, path }, () => this.#value(kind));
    return (row) => compare(operator, kind, read(row), value);
  }

  #membership(path: string, kind: Kind, read: Read): Test {
    const values = this.#list(kind);
    const isNull = values.includes(null);
    this.#model.check({ operator: 'in', path, isNull, operands: values.length });
    return oneOf(kind, read, values);
  }

  /** `path/any(p:p eq 'text')`: whether a collection has the text. */
  #lambda(path: string, quantifier: string): Test {
    if (this.#kindOf(path) !== 'strings') throw graphErrors.filter(`'${path}' is not a collection.`);
    if (quantifier.toLowerCase() === 'all' || this.#accept(')'))
      throw graphErrors.notEmulated(`'${quantifier}' of this form in a filter`);
    const variable = this.#take().text;
    this.#expect(':');
    this.#expectItem(path, variable);
    const operator = this.#take().text.toLowerCase();
    const value = this.#checked({ operator, path }, () => this.#value('string'));
    if (!this.#accept(')')) throw graphErrors.notEmulated('more than one comparison within any()');
    return (row) => itemsAt(row, path).some((item) => this.#folded(item) === value);
  }

  /** The item itself; a function of it is checked as one of the property. */
  #expectItem(path: string, variable: string): void {
    const { text } = this.#take();
    if (text === variable) return;
    if (this.#accept('(')) this.#model.check({ operator: text.toLowerCase(), path });
    throw graphErrors.filter(`'${text}' is not expected here.`);
  }

  /** An operator is checked before its value is read, and once more where that is null. */
  #checked(condition: Condition, read: () => Comparable): Comparable {
    this.#model.check(condition);
    const value = read();
    if (value === null) this.#model.check({ ...condition, isNull: true });
    return value;
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
    if (kind !== undefined) return kind;
    const unknown = `Could not find a property named '${path}' on type '${this.#model.type}'.`;
    throw this.#model.unknown(path, graphErrors.filter(unknown));
  }

  #atOperator(): boolean {
    return COMPARISONS.has(this.#tokens[this.#at]?.text.toLowerCase() ?? '');
  }

  #take(): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw graphErrors.filter('The expression ends too early.');
    this.#at += 1;
    return token;
  }

  /** Operators may be in capitals, as in Microsoft's own examples (OData URL conventions 4.01, 5.1.1). */
  #accept(text: string): boolean {
    const token = this.#tokens[this.#at];
    const found = (token?.kind === 'word' || token?.kind === 'mark') && token.text.toLowerCase() === text;
    if (found) this.#at += 1;
    return found;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) throw graphErrors.filter(`'${text}' is expected.`);
  }
}

const FUNCTIONS: Readonly<Record<string, (value: Comparable, other: Comparable) => boolean | null>> = {
  startswith: startsWith,
  endswith: endsWith,
};

function itemsAt(row: object, path: string): readonly string[] {
  const items: unknown = (row as Record<string, unknown>)[path];
  return Array.isArray(items) ? items.filter((item) => typeof item === 'string') : [];
}

function oneOf(kind: Kind, read: Read, values: readonly Comparable[]): Test {
  return (row) => {
    const value = read(row);
    return values.some((one) => isEqual(kind, value, one));
  };
}
