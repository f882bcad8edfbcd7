// `$filter`: a recursive-descent parser that compiles an expression into a predicate. As in OData (URL conventions,
// 5.1.1.1 and 5.1.1.4), a function of null is null. `not startsWith(number,'x')` therefore excludes phones without a
// number. A comparison with null is true or false.

import { graphErrors } from '../graph/errors.ts';
import type { Token } from './lexer.ts';
import { tokenize } from './lexer.ts';
import { compare, isEqual, literal } from './literals.ts';
import type { Predicate } from './logic.ts';
import { and, endsWith, not, or, startsWith } from './logic.ts';
import type { Comparable, Condition, Kind, Model } from './model.ts';
import { valueAt } from './model.ts';

type Read = (row: object) => Comparable;

const COMPARISONS = new Set(['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'has', 'in']);
const MAX_DEPTH = 50;

/**
 * @param newer whether the caller has opted in to newer enumeration members
 * @throws GraphError for a malformed expression, and for names and operators that the model lacks
 */
export function parseFilter(expression: string, model: Model, newer: boolean): (row: object) => boolean {
  const predicate = new Parser(tokenize(expression), model, newer).parse();
  return (row) => predicate(row) === true;
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

  parse(): Predicate {
    const predicate = this.#disjunction();
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw graphErrors.filter(`'${rest.text}' is not expected here.`);
    return predicate;
  }

  #disjunction(): Predicate {
    const first = this.#conjunction();
    const others: Predicate[] = [];
    while (this.#accept('or')) others.push(this.#conjunction());
    if (others.length > 0) this.#model.check({ operator: 'or', operands: others.length + 1 });
    return others.reduce(or, first);
  }

  #conjunction(): Predicate {
    let predicate = this.#unary();
    while (this.#accept('and')) predicate = and(predicate, this.#unary());
    return predicate;
  }

  /** Every nesting passes through here, so the depth is counted here. */
  #unary(): Predicate {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw graphErrors.filter('The expression is nested too deep.');
    const predicate = this.#accept('not') ? this.#negation() : this.#primary();
    this.#depth -= 1;
    return predicate;
  }

  #negation(): Predicate {
    this.#model.check({ operator: 'not' });
    return not(this.#unary());
  }

  #primary(): Predicate {
    if (this.#accept('(')) {
      const inner = this.#disjunction();
      this.#expect(')');
      return inner;
    }
    const { kind, text } = this.#take();
    if (kind !== 'word') throw graphErrors.filter(`'${text}' is not a property.`);
    if (!this.#accept('(')) return this.#comparison(text);
    const lambda = /^(.+)\/(any|all)$/i.exec(text);
    return lambda === null ? this.#function(text) : this.#lambda(lambda[1] ?? '', lambda[2] ?? '');
  }

  #function(written: string): Predicate {
    const name = written.toLowerCase();
    if (!Object.hasOwn(FUNCTIONS, name)) this.#model.check({ operator: name });
    const path = this.#take().text;
    if (this.#kindOf(path) !== 'string') throw graphErrors.filter(`'${path}' is not a text.`);
    this.#model.check({ operator: name, path });
    this.#expect(',');
    const value = this.#value('string');
    this.#expect(')');
    const read = this.#readerOf(path, 'string');
    const predicate = FUNCTIONS[name] ?? startsWith;
    return (row) => predicate(read(row), value);
  }

  #comparison(path: string): Predicate {
    const kind = this.#kindOf(path);
    if (kind === 'strings') throw graphErrors.filter(`'${path}' is a collection, which any() looks into.`);
    const read = this.#readerOf(path, kind);
    if (kind === 'boolean' && !this.#atOperator()) {
      this.#model.check({ operator: 'alone', path });
      return (row) => read(row) as boolean | null;
    }
    const operator = this.#take().text.toLowerCase();
    if (operator === 'in') return this.#membership(path, kind, read);
    if (operator === 'has' && kind !== 'audiences')
      throw graphErrors.filter(`'${path}' is not a set of flags.`);
    const value = this.#checkedValue({ operator, path }, () => this.#value(kind));
    return (row) => compare(operator, kind, read(row), value);
  }

  #membership(path: string, kind: Kind, read: Read): Predicate {
    const values = this.#list(kind);
    const isNull = values.includes(null);
    this.#model.check({ operator: 'in', path, isNull, operands: values.length });
    return isOneOf(kind, read, values);
  }

  /** `path/any(p:p eq 'text')`: whether a collection contains the string. */
  #lambda(path: string, quantifier: string): Predicate {
    if (this.#kindOf(path) !== 'strings') throw graphErrors.filter(`'${path}' is not a collection.`);
    if (quantifier.toLowerCase() === 'all' || this.#accept(')'))
      throw graphErrors.notEmulated(`'${quantifier}' of this form in a filter`);
    const variable = this.#take().text;
    this.#expect(':');
    this.#expectVariable(path, variable);
    const operator = this.#take().text.toLowerCase();
    const value = this.#checkedValue({ operator, path }, () => this.#value('string'));
    if (!this.#accept(')')) throw graphErrors.notEmulated('more than one comparison within any()');
    return (row) => itemsAt(row, path).some((item) => this.#normalized(item) === value);
  }

  /** Expects the variable. A function of the variable is checked as a function of the property. */
  #expectVariable(path: string, variable: string): void {
    const { text } = this.#take();
    if (text === variable) return;
    if (this.#accept('(')) this.#model.check({ operator: text.toLowerCase(), path });
    throw graphErrors.filter(`'${text}' is not expected here.`);
  }

  /** Checks an operator before its value is read, and again when the value is null. */
  #checkedValue(condition: Condition, read: () => Comparable): Comparable {
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
    return this.#normalized(literal(this.#take(), kind, this.#newer));
  }

  #readerOf(path: string, kind: Kind): Read {
    return (row) => this.#normalized(valueAt(row, path, kind, this.#newer));
  }

  #normalized(value: Comparable): Comparable {
    return typeof value === 'string' && !this.#model.isCaseSensitive ? value.toLowerCase() : value;
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

  /** Operators can be in upper case, as in Microsoft's examples (OData URL conventions 4.01, 5.1.1). */
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

function isOneOf(kind: Kind, read: Read, values: readonly Comparable[]): Predicate {
  return (row) => {
    const value = read(row);
    return values.some((one) => isEqual(kind, value, one));
  };
}
