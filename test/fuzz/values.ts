// Values for variables: those that fit the type, also as a list given as one value, and at times those that do not.
import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql';
import type { Chance } from './chance.ts';

const WRONG: readonly unknown[] = [
  {},
  [],
  '',
  'x',
  1.5,
  Number.NaN,
  true,
  null,
  undefined,
  [null],
  2 ** 40,
  'RED',
];

/** A value for a variable. `wrong` is the share of values that do not fit. */
export function variableValue(chance: Chance, type: GraphQLInputType, wrong: number, depth = 0): unknown {
  if (chance.odds(wrong)) return chance.pick(WRONG);
  if (isNonNullType(type)) return bareValue(chance, type.ofType, wrong, depth);
  return chance.odds(0.15) ? chance.pick([null, null, undefined]) : bareValue(chance, type, wrong, depth);
}

function bareValue(chance: Chance, type: GraphQLInputType, wrong: number, depth: number): unknown {
  if (isListType(type)) {
    const item = type.ofType;
    if (chance.odds(0.2))
      return bareValue(chance, isNonNullType(item) ? item.ofType : item, wrong, depth + 1);
    const items = Array.from({ length: chance.below(3) }, () =>
      variableValue(chance, item, wrong, depth + 1),
    );
    return chance.odds(0.05) ? new Set(items) : items;
  }
  if (isInputObjectType(type)) {
    const all = Object.values(type.getFields());
    const one = type.isOneOf && !chance.odds(wrong) ? chance.pick(all) : null;
    const share = depth > 2 ? 0.1 : 0.5;
    const fields = all.filter((field) =>
      one === null ? isRequiredInputField(field) || chance.odds(share) : field === one,
    );
    const known = fields.map((field): [string, unknown] => [
      field.name,
      one === null
        ? variableValue(chance, field.type, wrong, depth + 1)
        : bareValue(chance, field.type, wrong, depth + 1),
    ]);
    return Object.fromEntries(chance.odds(wrong / 2) ? [...known, ['unknown', 1]] : known);
  }
  if (isEnumType(type)) return chance.pick(type.getValues()).name;
  return scalarValue(chance, String(type));
}

function scalarValue(chance: Chance, name: string): unknown {
  switch (name) {
    case 'Int':
      return chance.pick([0, 1, -7, 3]);
    case 'Float':
      return chance.pick([1, 0.5, -1e3]);
    case 'Boolean':
      return chance.odds(0.5);
    case 'ID':
      return chance.pick<unknown>([1, '1', 'me', 0]);
    case 'Odd':
      return chance.pick<unknown>([
        1,
        'x',
        { a: [1] },
        [1],
        'x',
        'y',
        2,
        3,
        'x',
        'bad',
        'worse',
        'empty',
        'nothing',
      ]);
    case 'DateTime':
      return '2026-01-01T00:00:00Z';
    default:
      return chance.pick(['', 'x', 'é', '__proto__']);
  }
}
