// What a resolver of the fuzz answers: a value of the field's type mostly, and everything else that a resolver can do.
// Each answer follows from the seed of the run and a key that names its place, so two executions see the same data.
import {
  type GraphQLEnumType,
  GraphQLError,
  type GraphQLOutputType,
  isEnumType,
  isListType,
  isNonNullType,
  isScalarType,
} from 'graphql';
import { type Chance, createChance, seedOf } from './chance.ts';
import type { Run } from './trace.ts';

/** Makes the object that stands for a composite type at the place `key`. */
export type ObjectMaker = (typeName: string, key: string, run: Run) => unknown;

export interface Place {
  readonly run: Run;
  readonly key: string;
  readonly makeObject: ObjectMaker;
}

/** An answer for a field of the type, which may be thrown. */
export function answer(place: Place, type: GraphQLOutputType): unknown {
  const chance = createChance(seedOf(place.run.seed, place.key));
  return later(place, chance, 0.25, () => outcome(place, chance, type));
}

/** The outcome of `work`, now or in a promise; a throw becomes a rejection there. */
export function later<T>(place: Place, chance: Chance, odds: number, work: () => T): unknown {
  const { timing, turns } = place.run;
  const isLater = chance.odds(odds);
  const way = chance.below(10);
  const hops = chance.below(6);
  if (!isLater || timing === 'none') return work();
  const promise =
    timing === 'microtasks'
      ? hop(hops).then(work)
      : new Promise<void>((resolve) => turns.queue(seedOf(hops, place.key), resolve)).then(work);
  // GraphQL-js leaves some rejections alone once a neighbour has failed; that is no fault of the source.
  promise.catch(() => undefined);
  return way === 0 ? thenable(promise) : promise;
}

async function hop(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) await undefined;
}

function thenable<T>(promise: Promise<T>): PromiseLike<T> {
  // biome-ignore lint/suspicious/noThenProperty: a thenable that is no Promise is what is meant
  return { then: (onValue, onError) => promise.then(onValue, onError) };
}

function outcome(place: Place, chance: Chance, type: GraphQLOutputType): unknown {
  if (chance.odds(0.018)) throw failure(place, chance);
  if (chance.odds(0.01)) return new Error(`returned at ${place.key}`);
  return value(place, chance, type);
}

function failure({ key }: Place, chance: Chance): unknown {
  const message = `failed at ${key}`;
  const extended = Object.assign(new Error(message), { extensions: { code: 'SOURCE', at: key } });
  return chance.pick<() => unknown>([
    () => new Error(message),
    () => new RangeError(message),
    () => extended,
    () => new GraphQLError(message),
    () => new GraphQLError(message, { path: ['elsewhere', 0], extensions: { code: 'OWN' } }),
    () => new GraphQLError(message, { originalError: extended }),
    () => message,
    () => undefined,
    () => null,
    () => ({ message, code: 1 }),
  ])();
}

function value(place: Place, chance: Chance, type: GraphQLOutputType): unknown {
  if (isNonNullType(type))
    return chance.odds(0.012) ? chance.pick([null, undefined]) : present(place, chance, type.ofType);
  return chance.odds(0.06) ? chance.pick([null, null, undefined]) : present(place, chance, type);
}

function present(place: Place, chance: Chance, type: GraphQLOutputType): unknown {
  if (isListType(type)) return list(place, chance, type.ofType);
  if (isEnumType(type)) return enumValue(chance, type);
  if (isScalarType(type)) return scalar(chance, type.name);
  if (chance.odds(0.01)) return chance.pick<unknown>([5, 'text', true, [], () => ({}), Object.create(null)]);
  return isNonNullType(type) ? null : place.makeObject(type.name, place.key, place.run);
}

function list(place: Place, chance: Chance, item: GraphQLOutputType): unknown {
  if (chance.odds(0.015))
    return chance.pick<unknown>([5, 'text', {}, true, { length: 1, 0: 'x' }, asyncItems()]);
  const items = Array.from({ length: chance.pick([0, 1, 2, 2, 3]) }, (_, index) => {
    const inner = { ...place, key: `${place.key}.${index}` };
    const own = createChance(seedOf(place.run.seed, inner.key));
    try {
      return later(inner, own, 0.12, () => outcome(inner, own, item));
    } catch (error) {
      return error instanceof Error ? error : null;
    }
  });
  if (chance.odds(0.8)) return items;
  const failing = chance.odds(0.15);
  return chance.pick<() => unknown>([
    () => new Set(items),
    () => iterate(items, failing ? place.key : null),
  ])();
}

function* iterate(items: readonly unknown[], failsAt: string | null): Generator<unknown> {
  yield* items;
  if (failsAt !== null) throw new Error(`the list ends badly at ${failsAt}`);
}

async function* asyncItems(): AsyncGenerator<unknown> {
  yield 1;
}

function enumValue(chance: Chance, type: GraphQLEnumType): unknown {
  if (chance.odds(0.02)) return chance.pick<unknown>(['NOPE', 42, {}, type]);
  return chance.pick(type.getValues()).value;
}

function scalar(chance: Chance, name: string): unknown {
  if (chance.odds(0.015))
    return chance.pick<unknown>([{}, [1], Number.NaN, Symbol('odd'), 2 ** 40, () => 1, 1n]);
  switch (name) {
    case 'Int':
      return chance.pick<unknown>([0, 1, -7, '12', true, { valueOf: () => 3 }]);
    case 'Float':
      return chance.pick<unknown>([0.5, 1, '1.5', false, -0]);
    case 'Boolean':
      return chance.pick<unknown>([true, false, true, 0, 1]);
    case 'ID':
      return chance.pick<unknown>(['id', 7, '__proto__', { toJSON: () => 'json' }]);
    case 'Odd':
      return chance.pick<unknown>([1, 'x', { deep: [1] }, 'x', 2, [1], 'bad', 'worse', 'empty', 'nothing']);
    case 'DateTime':
      return '2026-01-01T00:00:00Z';
    default:
      return chance.pick<unknown>(['', 'text', 'é', 5, true, { valueOf: () => 'value' }]);
  }
}
