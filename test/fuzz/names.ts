// Response names that merge: two fields that share a name may stand in one selection set wherever they meet.
import { type GraphQLOutputType, isCompositeType, isListType, isNonNullType } from 'graphql';
import type { Chance } from './chance.ts';

/** A field as written: what `validate` compares where two of them share a response name. */
export interface Written {
  readonly parent: string;
  readonly isObject: boolean;
  readonly field: string;
  readonly args: string;
  readonly shape: string;
}

export interface Names {
  /** A response name for this field that conflicts with no other of the document. */
  choose(written: Written): string;
  /** The arguments with which this field already stands in the document. */
  argsOf(parent: string, field: string): readonly string[];
}

const ALIASES = [
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'then',
    'valueOf',
    'toJSON',
    '__defineGetter__',
  ],
  ...[
    'length',
    'prototype',
    'isPrototypeOf',
    'arguments',
    'caller',
    'a',
    'b',
    'c',
    'id',
    'name',
    '_',
    '_0',
    'errors',
  ],
];

/** The lists and non-nulls around a type, and the type itself where it has no selection set. */
export function shapeOf(type: GraphQLOutputType): string {
  if (isNonNullType(type)) return `${shapeOf(type.ofType)}!`;
  if (isListType(type)) return `[${shapeOf(type.ofType)}]`;
  return isCompositeType(type) ? '{}' : type.name;
}

export function createNames(chance: Chance): Names {
  const known = new Map<string, Written[]>();
  let fresh = 0;

  function isFree(name: string, written: Written): boolean {
    return (known.get(name) ?? []).every((other) => merges(other, written));
  }

  function candidates(written: Written): string[] {
    const used = [...known]
      .filter(([, all]) => all.some((other) => isSame(other, written)))
      .map(([name]) => name);
    const again = used.length > 0 && chance.odds(0.4) ? [chance.pick(used)] : [];
    const alias = chance.odds(0.3) ? [chance.pick(ALIASES)] : [];
    return [...again, ...alias, written.field, chance.pick(ALIASES)];
  }

  return {
    choose(written) {
      const found = candidates(written).find((name) => isFree(name, written));
      if (found === undefined) fresh += 1;
      const name = found ?? `x${fresh}`;
      known.set(name, [...(known.get(name) ?? []), written]);
      return name;
    },
    argsOf: (parent, field) =>
      [...known.values()]
        .flat()
        .flatMap((other) => (other.parent === parent && other.field === field ? other.args : [])),
  };
}

function isSame(a: Written, b: Written): boolean {
  return a.field === b.field && a.args === b.args && a.parent === b.parent;
}

function merges(a: Written, b: Written): boolean {
  if (a.shape !== b.shape) return false;
  const areApart = a.isObject && b.isObject && a.parent !== b.parent;
  return areApart || (a.field === b.field && a.args === b.args);
}
