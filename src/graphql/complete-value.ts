// Executes a field: resolves it, then completes the value by its type. Errors follow the specification (GraphQL, October
// 2021, section 6.4).
import { GraphQLError, type GraphQLObjectType, locatedError } from 'graphql';
import { inspect } from 'graphql/jsutils/inspect.js';
import { addPath, isPromise, type Path, type Run } from './execution-run.ts';
import { SLOW, tryCopy } from './plain-copy.ts';
import type { Copy, FieldPlan, Shape } from './plan.ts';
import { runtimeTypeOf } from './runtime-type.ts';

/**
 * Resolves and completes a field.
 *
 * @throws GraphQLError with its path when the field is non-null and fails; a promise rejects with it
 */
export function completeField(run: Run, field: FieldPlan, path: Path, source: unknown): unknown {
  try {
    const value = resolve(run, field, path, source);
    const completed = isPromise(value)
      ? value.then((known) => completeValue(run, field, field.shape, path, path, known))
      : completeValue(run, field, field.shape, path, path, value);
    if (!isPromise(completed)) return completed;
    return completed.then(undefined, (error) => nullFor(run, field, field.isNullable, path, error));
  } catch (error) {
    return nullFor(run, field, field.isNullable, path, error);
  }
}

function resolve(run: Run, field: FieldPlan, path: Path, source: unknown): unknown {
  const { def } = field;
  const args = field.args(run.variables, run.args);
  if (def.resolve !== undefined) {
    run.size.addResolver();
    return def.resolve(source, args, run.context, run.infoOf(field, path));
  }
  if ((typeof source !== 'object' || source === null) && typeof source !== 'function') return undefined;
  const object = source as Record<string, unknown>;
  const value = object[def.name];
  if (typeof value !== 'function') return value;
  return (object[def.name] as (...given: unknown[]) => unknown)(args, run.context, run.infoOf(field, path));
}

/** Adds the error and returns null for a nullable position. Throws the error for a non-null one. */
function nullFor(run: Run, field: FieldPlan, isNullable: boolean, path: Path, raw: unknown): null {
  if (run.mustEnd(raw)) throw raw;
  const error = locatedError(raw, field.nodes, pathToArray(path));
  if (!isNullable) throw error;
  run.addError(error, path);
  if (run.mustEnd(error)) throw run.ended;
  return null;
}

function pathToArray(path: Path): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let place: Path | undefined = path; place !== undefined; place = place.prev) keys.push(place.key);
  return keys.reverse();
}

/** @param fieldPath the path of the field; `path` can be that of an item in its list */
function completeValue(
  run: Run,
  field: FieldPlan,
  shape: Shape,
  path: Path,
  fieldPath: Path,
  value: unknown,
): unknown {
  if (value instanceof Error) throw value;
  if (shape.kind === 'non-null') {
    const completed = completeValue(run, field, shape.of, path, fieldPath, value);
    if (completed !== null) return completed;
    throw new Error(`Cannot return null for non-nullable field ${field.parentType.name}.${field.def.name}.`);
  }
  if (value === null || value === undefined) return null;
  switch (shape.kind) {
    case 'list':
      return completeList(run, field, shape.of, path, fieldPath, value);
    case 'leaf':
      return completeLeaf(run, shape, value);
    case 'object':
      return completeObject(run, field, shape.type, path, fieldPath, value);
    case 'abstract': {
      const type = runtimeTypeOf(run, field, shape.type, fieldPath, value);
      return isPromise(type)
        ? type.then((known) => completeObject(run, field, known, path, fieldPath, value))
        : completeObject(run, field, type, path, fieldPath, value);
    }
  }
}

function completeLeaf(run: Run, { type }: Extract<Shape, { kind: 'leaf' }>, value: unknown): unknown {
  const serialized: unknown = type.serialize(value);
  if (serialized === null || serialized === undefined) {
    throw new Error(
      `Expected \`${inspect(type)}.serialize(${inspect(value)})\` to ` +
        `return non-nullable value, returned: ${inspect(serialized)}`,
    );
  }
  if (typeof serialized === 'string') run.size.characters += serialized.length;
  return serialized;
}

function completeObject(
  run: Run,
  field: FieldPlan,
  type: GraphQLObjectType,
  path: Path,
  fieldPath: Path,
  value: unknown,
): unknown {
  const plan = field.below(type);
  if (!type.isTypeOf) return run.executeFields(run, plan, value, path);
  const go = (isOfType: boolean): unknown => {
    if (isOfType) return run.executeFields(run, plan, value, path);
    throw new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(value)}.`, {
      nodes: field.nodes,
    });
  };
  const isOfType = type.isTypeOf(value, run.context, run.infoOf(field, fieldPath));
  return isPromise(isOfType) ? isOfType.then(go) : go(isOfType);
}

interface List {
  readonly run: Run;
  readonly field: FieldPlan;
  readonly shape: Shape;
  readonly isNullable: boolean;
  readonly path: Path;
  readonly fieldPath: Path;
  readonly items: Iterator<unknown>;
  readonly completed: unknown[];
  /** Copies items that need no resolver. Null when they need one. */
  readonly copy: Copy | null;
  promises: boolean;
}

function completeList(
  run: Run,
  field: FieldPlan,
  shape: Shape,
  path: Path,
  fieldPath: Path,
  value: unknown,
): unknown {
  if (typeof value !== 'object' || !(Symbol.iterator in (value as object))) throw notIterable(field);
  const iterable = value as Iterable<unknown>;
  if (typeof iterable[Symbol.iterator] !== 'function') throw notIterable(field);
  const isNullable = shape.kind !== 'non-null';
  const items = iterable[Symbol.iterator]();
  const copy = field.copyOf(shape);
  const list: List = {
    copy,
    run,
    field,
    shape,
    isNullable,
    path,
    fieldPath,
    items,
    completed: [],
    promises: false,
  };
  return completeItems(list);
}

function notIterable({ parentType, def }: FieldPlan): GraphQLError {
  return new GraphQLError(
    `Expected Iterable, but did not find one for field "${parentType.name}.${def.name}".`,
  );
}

/** Completes items, yielding to the event loop between slices. */
function completeItems(list: List): unknown {
  const { run, items, completed } = list;
  for (;;) {
    const pause = run.size.endOfSlice();
    if (pause !== null) {
      return pause.then(
        () => completeItems(list),
        (error) => giveUp(list, error),
      );
    }
    const { done, value } = items.next();
    if (done === true) return list.promises ? Promise.all(completed) : completed;
    try {
      addItem(list, value);
    } catch (error) {
      return giveUp(list, error);
    }
  }
}

/** Ends the list with an error. Pending items are not awaited, and their rejections are ignored. */
function giveUp({ items, completed }: List, error: unknown): never {
  close(items);
  for (const item of completed) if (isPromise(item)) item.then(undefined, () => undefined);
  throw error;
}

function addItem(list: List, value: unknown): void {
  const { run, completed, copy } = list;
  if (run.size.isExceeded() && mayEnd(list)) throw run.size.tooLarge();
  run.size.addItems(1);
  const copied = copy === null ? SLOW : tryCopy(copy, value, run.size);
  const item = copied === SLOW ? completeItem(list, completed.length, value) : copied;
  if (copied === SLOW && isPromise(item)) list.promises = true;
  completed.push(item);
}

/** Closes the iterator as `for…of` does when its body throws. An error of the iterator is ignored. */
function close(items: Iterator<unknown>): void {
  try {
    items.return?.();
  } catch {
    // The first error is reported.
  }
}

/** Whether the list may be cut off by the size limit. A mutation must report all its results, so only lists that a resolver reads may. */
function mayEnd({ run, field }: List): boolean {
  return run.isQuery || field.def.resolve !== undefined;
}

function completeItem(
  { run, field, shape, isNullable, path, fieldPath }: List,
  at: number,
  item: unknown,
): unknown {
  const itemPath = addPath(path, at, undefined);
  try {
    const completed = isPromise(item)
      ? item.then((known) => completeValue(run, field, shape, itemPath, fieldPath, known))
      : completeValue(run, field, shape, itemPath, fieldPath, item);
    if (!isPromise(completed)) return completed;
    return completed.then(undefined, (error) => nullFor(run, field, isNullable, itemPath, error));
  } catch (error) {
    return nullFor(run, field, isNullable, itemPath, error);
  }
}
