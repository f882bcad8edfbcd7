// Computes the least size of a mutation's response before anything is written: its selected names, once for each item of the
// input. A mutation must report what it has done, so its response cannot be rejected as too large afterwards.
import { type GraphQLNamedType, getNamedType, isObjectType } from 'graphql';
import type { Run } from './execution-run.ts';
import type { FieldPlan, ObjectPlan } from './plan.ts';

export interface LeastSize {
  readonly values: number;
  readonly characters: number;
}

const NOTHING: LeastSize = { values: 0, characters: 0 };

export function leastSizeOf(run: Run, plan: ObjectPlan): LeastSize {
  return plan.fields.map((field) => sizeOf(run, field)).reduce(add, NOTHING);
}

/** A field with an invalid argument fails and returns nothing. */
function sizeOf(run: Run, field: FieldPlan): LeastSize {
  try {
    return times(itemsOf(run, field), sizeBelow(field));
  } catch {
    return NOTHING;
  }
}

/** The length of the longest list in the input. Each of its items has a result. */
function itemsOf(run: Run, field: FieldPlan): number {
  const inputs = Object.values(field.args(run.variables, run.args));
  const lengths = inputs.flatMap((input) =>
    typeof input === 'object' && input !== null
      ? Object.values(input).map((value) => (Array.isArray(value) ? value.length : 1))
      : [],
  );
  return Math.max(1, ...lengths);
}

function sizeBelow(field: FieldPlan): LeastSize {
  const type: GraphQLNamedType = getNamedType(field.def.type);
  if (!isObjectType(type)) return NOTHING;
  const { fields, characters } = field.below(type);
  return fields.map(sizeBelow).reduce(add, { values: fields.length, characters });
}

function add(one: LeastSize, other: LeastSize): LeastSize {
  return { values: one.values + other.values, characters: one.characters + other.characters };
}

function times(count: number, size: LeastSize): LeastSize {
  return { values: count * size.values, characters: count * size.characters };
}
