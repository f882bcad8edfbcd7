// What may stand after the name of a field: arguments and directives.
import { GraphQLBoolean, type GraphQLField, GraphQLNonNull, isRequiredArgument } from 'graphql';
import type { Chance } from './chance.ts';
import { place, type VariableWriter } from './literals.ts';

const CONDITION = new GraphQLNonNull(GraphQLBoolean);
const DIRECTIVES = [['skip'], ['include'], ['skip'], ['include'], ['skip', 'include'], ['include', 'skip']];

/** None mostly, else `@skip`, `@include` or both. */
export function directives(chance: Chance, write: VariableWriter): string {
  if (chance.odds(0.75)) return '';
  const written = chance
    .pick(DIRECTIVES)
    .map((name) => ` @${name}(if: ${place(chance, CONDITION, write, false)})`);
  return written.join('');
}

export function args(
  chance: Chance,
  definition: GraphQLField<unknown, unknown>,
  write: VariableWriter,
): string {
  const given = definition.args.filter((arg) => isRequiredArgument(arg) || chance.odds(0.5));
  const written = given.map((arg) => {
    return `${arg.name}: ${place(chance, arg.type, write, arg.defaultValue !== undefined)}`;
  });
  return written.length === 0 ? '' : `(${written.join(', ')})`;
}

export function variablesIn(text: string): string[] {
  return [...text.matchAll(/\$(\w+)/g)].map((match) => match[1] ?? '');
}
