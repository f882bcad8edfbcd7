// Copies values that need no resolver from a source into the response: leaves, lists of them, and objects with only such
// fields. For any value that is not plainly valid (a promise, a function, an error, null for a non-null type, a value of
// the wrong type) the copy returns SLOW. The executor then completes the value step by step, with the errors of graphql-js.
// Reading a property must have no side effect, since it may be read twice.
import {
  GraphQLBoolean,
  type GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  GraphQLString,
  isEnumType,
  TypeNameMetaFieldDef,
} from 'graphql';
import type { Copy, FieldPlan, ObjectPlan, Shape } from './plan.ts';
import { type ResponseSize, ResponseTooLarge } from './response-size.ts';

export const SLOW = Symbol('slow');

/** Returns SLOW when reading a property throws. The step by step execution then reports the error with its path. */
export function tryCopy(copy: Copy, value: unknown, size: ResponseSize): unknown {
  try {
    return copy(value, size);
  } catch (error) {
    if (error instanceof ResponseTooLarge) throw error;
    return SLOW;
  }
}

/** Copies a property of an object. A source that is not an object counts as undefined. */
export function tryCopyProperty(copy: Copy, source: unknown, name: string, size: ResponseSize): unknown {
  if ((typeof source !== 'object' || source === null) && typeof source !== 'function') {
    return copy(undefined, size);
  }
  try {
    return copy((source as Record<string, unknown>)[name], size);
  } catch (error) {
    if (error instanceof ResponseTooLarge) throw error;
    return SLOW;
  }
}

/** A function that copies the value of a field. Null when the field has to be executed step by step. */
export function copyOf(field: FieldPlan): Copy | null {
  if (field.def === TypeNameMetaFieldDef) return () => field.parentType.name;
  if (field.def.resolve !== undefined || field.def.args.length > 0) return null;
  return copyOfShape(field.shape, field);
}

/** Null when a field below has a resolver or an abstract type. */
export function copyOfShape(shape: Shape, field: FieldPlan): Copy | null {
  switch (shape.kind) {
    case 'leaf':
      return copyOfLeaf(shape.type);
    case 'object':
      return shape.type.isTypeOf ? null : copyOfObject(plannedBelow(field, shape));
    case 'abstract':
      return null;
    case 'non-null':
    case 'list': {
      const inner = copyOfShape(shape.of, field);
      if (inner === null) return null;
      if (shape.kind === 'list') return copyOfList(inner);
      return inner === copyText ? copySomeText : (value, size) => (value == null ? SLOW : inner(value, size));
    }
  }
}

/** Null when the value of a directive is invalid. The step by step execution reports the error. */
function plannedBelow(field: FieldPlan, { type }: Extract<Shape, { kind: 'object' }>): ObjectPlan | null {
  try {
    return field.below(type);
  } catch {
    return null;
  }
}

function copyOfList(inner: Copy): Copy {
  return (value, size) => {
    if (value === null || value === undefined) return null;
    if (!Array.isArray(value)) return SLOW;
    const copy: unknown[] = new Array(value.length);
    for (let at = 0; at < value.length; at += 1) {
      const item = inner(value[at], size);
      if (item === SLOW) return SLOW;
      copy[at] = item;
    }
    size.addItems(value.length);
    return copy;
  };
}

interface Property {
  readonly from: string;
  readonly to: string;
  readonly copy: Copy;
  /** Whether strings are copied without a call. Most values are strings, and calls would double the time. */
  readonly isText: boolean;
}

function copyOfObject(plan: ObjectPlan | null): Copy | null {
  if (plan === null) return null;
  const properties: Property[] = [];
  for (const { copy, def, responseName } of plan.fields) {
    if (copy === null) return null;
    properties.push({ from: def.name, to: responseName, copy, isText: takesText(copy) });
  }
  return (source, size) => {
    if (source === null || source === undefined) return null;
    if (!isPlainSource(source)) return SLOW;
    size.addObject(plan);
    const copied = newObject(plan);
    let characters = 0;
    for (const { from, to, copy, isText } of properties) {
      let value = source[from];
      if (isText && typeof value === 'string') {
        characters += value.length;
      } else {
        value = copy(value, size);
        if (value === SLOW) return SLOW;
      }
      copied[to] = value;
    }
    size.characters += characters;
    return copied;
  };
}

function isPlainSource(source: unknown): source is Record<string, unknown> {
  if (typeof source !== 'object' || source === null || source instanceof Error) return false;
  return typeof (source as { readonly then?: unknown }).then !== 'function';
}

/** A new object of the response. Objects with the ordinary prototype are faster to fill and to serialize. */
export function newObject({ hasProto }: ObjectPlan): Record<string, unknown> {
  return hasProto ? Object.create(null) : {};
}

function copyOfLeaf(type: GraphQLLeafType): Copy {
  if (isEnumType(type)) return copyOfEnum(type);
  switch (type) {
    case GraphQLString:
    case GraphQLID:
      return copyText;
    case GraphQLBoolean:
      return (value) => (typeof value === 'boolean' ? value : (value ?? null) === null ? null : SLOW);
    case GraphQLInt:
      return (value) => (isInt(value) ? value : (value ?? null) === null ? null : SLOW);
    case GraphQLFloat:
      return (value) => (Number.isFinite(value) ? value : (value ?? null) === null ? null : SLOW);
    default:
      return copyOfScalar(type);
  }
}

function copyText(value: unknown, size: ResponseSize): unknown {
  if (typeof value === 'string') {
    size.characters += value.length;
    return value;
  }
  return value === null || value === undefined ? null : SLOW;
}

function copySomeText(value: unknown, size: ResponseSize): unknown {
  return copyText(value, size) ?? SLOW;
}

function takesText(copy: Copy): boolean {
  return copy === copyText || copy === copySomeText;
}

function isInt(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) <= 2_147_483_647 && (value as number) >= -2_147_483_648;
}

function copyOfEnum(type: GraphQLEnumType): Copy {
  const names = new Map<unknown, string>(type.getValues().map(({ value, name }) => [value, name]));
  return (value, size) => {
    if (value === null || value === undefined) return null;
    const name = names.get(value);
    if (name === undefined) return SLOW;
    size.characters += name.length;
    return name;
  };
}

function copyOfScalar(type: Exclude<GraphQLLeafType, GraphQLEnumType>): Copy {
  return (value, size) => {
    if (value === null || value === undefined) return null;
    if (typeof value !== 'string' && typeof value !== 'number') return SLOW;
    try {
      const serialized: unknown = type.serialize(value);
      if (typeof serialized === 'string') size.characters += serialized.length;
      else if (typeof serialized !== 'number') return SLOW;
      return serialized;
    } catch {
      return SLOW;
    }
  };
}
