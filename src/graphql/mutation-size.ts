// How large the response of a mutation becomes at least, told before anything is written: the names of all that it
// selects, once for each item of its input. What has been done must be told, so it cannot be found too large afterwards.
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

/** An argument that does not fit is an error of its field alone, which then has no more to tell. */
function sizeOf(run: Run, field: FieldPlan): LeastSize {
  try {
    return times(itemsOf(run, field), sizeBelow(field));
  } catch {
    return NOTHING;
  }
}

/** The longest list in an input object, which has one result for each of its items. */
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
