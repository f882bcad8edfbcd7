// The variables of a document: declared where an operation reaches them, with defaults and stricter types at times.
import { type GraphQLInputType, isNonNullType } from 'graphql';
import type { Chance } from './chance.ts';
import { literal, type VariableWriter } from './literals.ts';
import { variableValue } from './values.ts';

interface Variable {
  readonly name: string;
  readonly type: GraphQLInputType;
  /** As it is declared, such as `[Int!]!`. */
  readonly written: string;
  readonly fallback: string | null;
}

export interface Variables {
  readonly write: VariableWriter;
  /** Runs `work` and says which variables it wrote. */
  during<T>(work: () => T): { readonly result: T; readonly used: ReadonlySet<string> };
  /** Counts variables of a fragment as written here. */
  use(names: Iterable<string>): void;
  declare(names: ReadonlySet<string>): string;
  /** Values for one run. Some runs have values that do not fit. */
  values(chance: Chance): Record<string, unknown>;
}

const NAMES = ['a', 'b', 'if', '__proto__', 'constructor', 'toString'];

export function createVariables(chance: Chance): Variables {
  const all: Variable[] = [];
  let used = new Set<string>();

  function add(type: GraphQLInputType, hasDefault: boolean): Variable {
    const isRequired = isNonNullType(type);
    const inner = isRequired ? type.ofType : type;
    // A required place takes a nullable variable that has a default of its own, or where the place has one.
    const isLoose = isRequired && chance.odds(0.5);
    const needsFallback = isLoose && !hasDefault;
    const isStrict = isRequired ? !isLoose : chance.odds(0.2);
    const fallback = needsFallback || chance.odds(isStrict ? 0.15 : 0.3);
    const name = NAMES[all.length] ?? `v${all.length}`;
    const value = fallback ? literalOf(inner, isRequired || isStrict) : null;
    const added = { name, type: inner, written: `${inner}${isStrict ? '!' : ''}`, fallback: value };
    all.push(added);
    return added;
  }

  function literalOf(type: GraphQLInputType, isSet: boolean): string {
    const value = literal(chance, type, () => null);
    return isSet && value === 'null' ? literalOf(type, isSet) : value;
  }

  function fits({ written, fallback }: Variable, type: GraphQLInputType, hasDefault: boolean): boolean {
    if (written === String(type) || written === `${type}!`) return true;
    if (!isNonNullType(type) || written !== String(type.ofType)) return false;
    return hasDefault || (fallback !== null && fallback !== 'null');
  }

  function write(type: GraphQLInputType, hasDefault: boolean): string {
    const fitting = all.filter((variable) => fits(variable, type, hasDefault));
    const chosen = fitting.length > 0 && chance.odds(0.7) ? chance.pick(fitting) : add(type, hasDefault);
    used.add(chosen.name);
    return `$${chosen.name}`;
  }

  return {
    write,
    during(work) {
      const outer = used;
      used = new Set();
      const result = work();
      const inner = used;
      used = outer;
      return { result, used: inner };
    },
    use: (names) => {
      for (const name of names) used.add(name);
    },
    declare(names) {
      const declared = all.filter(({ name }) => names.has(name)).map(declaration);
      return declared.length === 0 ? '' : `(${declared.join(', ')})`;
    },
    values: (random) => valuesOf(all, random),
  };
}

function declaration({ name, written, fallback }: Variable): string {
  return `$${name}: ${written}${fallback === null ? '' : ` = ${fallback}`}`;
}

function valuesOf(all: readonly Variable[], chance: Chance): Record<string, unknown> {
  const wrong = chance.odds(0.15) ? 0.1 : 0;
  const given = all.flatMap(({ name, type, written, fallback }): [string, unknown][] => {
    const isRequired = written.endsWith('!');
    const mayBeAbsent = !isRequired || fallback !== null || chance.odds(wrong);
    if (mayBeAbsent && chance.odds(0.3)) return [];
    const value = variableValue(chance, type, wrong);
    return [[name, isRequired && value == null && wrong === 0 ? present(chance, type) : value]];
  });
  return Object.fromEntries(given);
}

function present(chance: Chance, type: GraphQLInputType): unknown {
  return variableValue(chance, type, 0) ?? present(chance, type);
}
