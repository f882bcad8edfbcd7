// Makes a schema answer at random: resolvers on some fields, and on others none, where the default resolver finds
// properties, getters, promises and functions on the object above. Every call is written into the run.
import {
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
} from 'graphql';
import { answer, later, type ObjectMaker, type Place } from './answers.ts';
import { createChance, seedOf } from './chance.ts';
import { callText, exact, pathText, type Run } from './trace.ts';

/** Where the name of an object's type is kept, out of the way of fields. */
const TYPE = Symbol('type');
const KEY = Symbol('key');

/** Replaces what the schema answers; what its types are stays. */
export function answerAtRandom(schema: GraphQLSchema): ObjectMaker {
  const makeObject = createObjectMaker(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isObjectType(type)) equipObject(schema, type, makeObject);
    if (isAbstractType(type) && seedOf(1, type.name) % 2 === 0) equipAbstract(schema, type, makeObject);
  }
  return makeObject;
}

function isDefaulted(type: GraphQLObjectType, field: string): boolean {
  return seedOf(3, `${type.name}.${field}`) % 3 === 0;
}

function equipObject(schema: GraphQLSchema, type: GraphQLObjectType, makeObject: ObjectMaker): void {
  const isMutation = type === schema.getMutationType();
  for (const field of Object.values(type.getFields())) {
    if (isDefaulted(type, field.name)) delete field.resolve;
    else field.resolve = (_source, args, run: Run, info) => resolve(makeObject, args, run, info, isMutation);
  }
  const isRoot = isMutation || type === schema.getQueryType();
  if (!isRoot && seedOf(2, type.name) % 2 === 0) {
    type.isTypeOf = (source, run: Run, info) => {
      run.calls.push(callText(`isTypeOf ${type.name}`, null, info));
      const place = { run, makeObject, key: `isTypeOf ${type.name} ${pathText(info.path)}` };
      const chance = createChance(seedOf(run.seed, place.key));
      const isOne = Reflect.get(Object(source), TYPE) === type.name && !chance.odds(0.01);
      return later(place, chance, 0.2, () => isOne) as boolean;
    };
  }
}

function equipAbstract(schema: GraphQLSchema, type: GraphQLAbstractType, makeObject: ObjectMaker): void {
  type.resolveType = (source: unknown, run: Run, info: GraphQLResolveInfo) => {
    run.calls.push(callText(`resolveType ${type.name}`, null, info));
    const place = { run, makeObject, key: `resolveType ${type.name} ${pathText(info.path)}` };
    const chance = createChance(seedOf(run.seed, place.key));
    const name: unknown = Reflect.get(Object(source), TYPE);
    const wrong = chance.pick<unknown>(['Nowhere', 'Query', 'Colour', undefined, 7, schema.getQueryType()]);
    const isWrong = chance.odds(0.015);
    const fails = chance.odds(0.01);
    return later(place, chance, 0.2, () => {
      if (fails) throw new Error(`no type at ${place.key}`);
      return isWrong ? wrong : name;
    }) as string;
  };
}

function resolve(
  makeObject: ObjectMaker,
  args: unknown,
  run: Run,
  info: GraphQLResolveInfo,
  isMutation: boolean,
): unknown {
  run.calls.push(callText('resolve', args, info));
  const key = `${info.parentType.name}.${info.fieldName} ${pathText(info.path)} ${exact(args)}`;
  const place = { run, makeObject, key };
  if (!isMutation) return answer(place, info.returnType);
  run.effects.push(`start ${pathText(info.path)}`);
  const result = answer(place, info.returnType);
  if (result instanceof Promise) {
    const end = (): void => void run.effects.push(`end ${pathText(info.path)}`);
    result.then(end, end);
  }
  return result;
}

function createObjectMaker(schema: GraphQLSchema): ObjectMaker {
  return function makeObject(typeName, key, run) {
    const named = schema.getType(typeName);
    const chance = createChance(seedOf(run.seed, `object ${key}`));
    const type = isAbstractType(named) ? chance.pick(schema.getPossibleTypes(named)) : named;
    if (!isObjectType(type)) throw new TypeError(`${typeName} has no objects`);
    const made = { [TYPE]: type.name, [KEY]: key };
    if (!chance.odds(0.02)) Object.assign(made, { __typename: chance.odds(0.01) ? 'Nowhere' : type.name });
    const fields = Object.values(type.getFields()).filter((field) => isDefaulted(type, field.name));
    for (const field of fields) addProperty(made, field, { run, makeObject, key: `${key}.${field.name}` });
    return made;
  };
}

/** A property for the default resolver: a value, a getter or a function. What nests is made only when asked for. */
function addProperty(made: object, field: GraphQLField<unknown, unknown>, place: Place): void {
  const way = createChance(seedOf(place.run.seed, `way ${place.key}`)).below(
    isCompositeType(getNamedType(field.type)) ? 2 : 3,
  );
  const get = (): unknown => {
    place.run.calls.push(`get ${place.key}`);
    return answer(place, field.type);
  };
  if (way === 0) Object.defineProperty(made, field.name, { get, enumerable: true });
  if (way === 1) Object.defineProperty(made, field.name, { value: method(field, place), enumerable: true });
  if (way === 2)
    Object.defineProperty(made, field.name, { value: answerOrError(field, place), enumerable: true });
}

function method(field: GraphQLField<unknown, unknown>, place: Place) {
  return function called(this: unknown, args: unknown, run: Run, info: GraphQLResolveInfo): unknown {
    run.calls.push(`${callText('method', args, info)} | this ${String(Reflect.get(Object(this), KEY))}`);
    return answer({ ...place, key: `${place.key} ${exact(args)}` }, field.type);
  };
}

function answerOrError(field: GraphQLField<unknown, unknown>, place: Place): unknown {
  try {
    return answer(place, field.type);
  } catch (error) {
    return error;
  }
}
