// Literals for arguments and input fields, with variables in any place that takes one.
import {
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from 'graphql';
import type { Chance } from './chance.ts';

/** Writes a variable that fits a place of this type, or null where none shall stand there. */
export type VariableWriter = (type: GraphQLInputType, hasDefault: boolean) => string | null;

const TEXTS = ['""', '"x"', '"é\\n"', '"""block"""', '"__proto__"'];

/** A literal that `validate` accepts for the type. */
export function literal(chance: Chance, type: GraphQLInputType, variable: VariableWriter, depth = 0): string {
  if (isNonNullType(type)) return bare(chance, type.ofType, variable, depth);
  return chance.odds(0.12) ? 'null' : bare(chance, type, variable, depth);
}

function bare(chance: Chance, type: GraphQLInputType, variable: VariableWriter, depth: number): string {
  if (isListType(type)) return list(chance, type.ofType, variable, depth);
  if (isInputObjectType(type)) return inputObject(chance, type, variable, depth);
  if (isEnumType(type)) return chance.pick(type.getValues()).name;
  return scalar(chance, String(type));
}

function list(chance: Chance, item: GraphQLInputType, variable: VariableWriter, depth: number): string {
  const single = isNonNullType(item) ? item.ofType : item;
  // A list that stands for a list of lists is read as the outer list, so a variable within would have another type.
  if (chance.odds(0.2)) return bare(chance, single, isListType(single) ? () => null : variable, depth + 1);
  const length = chance.below(depth > 2 ? 2 : 3);
  const items = Array.from({ length }, () => place(chance, item, variable, false, depth + 1));
  return `[${items.join(', ')}]`;
}

function inputObject(
  chance: Chance,
  type: GraphQLInputType,
  variable: VariableWriter,
  depth: number,
): string {
  if (!isInputObjectType(type)) throw new TypeError(`${type} is no input object`);
  const all = Object.values(type.getFields());
  if (type.isOneOf) {
    const field = chance.pick(all);
    return `{ ${field.name}: ${bare(chance, field.type, variable, depth + 1)} }`;
  }
  const share = depth > 2 ? 0.1 : 0.4;
  const fields = all.filter((field) => isRequiredInputField(field) || chance.odds(share));
  const written = fields.map((field) => {
    return `${field.name}: ${place(chance, field.type, variable, field.defaultValue !== undefined, depth + 1)}`;
  });
  return `{ ${written.join(', ')} }`;
}

/** What stands at an argument, an item or a field: a variable or a literal. */
export function place(
  chance: Chance,
  type: GraphQLInputType,
  variable: VariableWriter,
  hasDefault: boolean,
  depth = 0,
): string {
  return (chance.odds(0.45) ? variable(type, hasDefault) : null) ?? literal(chance, type, variable, depth);
}

function scalar(chance: Chance, name: string): string {
  switch (name) {
    case 'Int':
      return String(chance.pick([0, 1, -7, 2_147_483_647]));
    case 'Float':
      return chance.pick(['1', '0.5', '-1e3']);
    case 'Boolean':
      return chance.pick(['true', 'false']);
    case 'ID':
      return chance.pick(['1', '"1"', '"me"', '0']);
    case 'Odd':
      return chance.pick(['1', '"x"', '{ a: [1, X] }', '[1]']);
    case 'DateTime':
      return '"2026-01-01T00:00:00Z"';
    default:
      return chance.pick(TEXTS);
  }
}
