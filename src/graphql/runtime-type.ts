// Resolves the object type of a value of an interface or union, with the checks of graphql-js.
import {
  defaultTypeResolver,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLObjectType,
  isObjectType,
} from 'graphql';
import { inspect } from 'graphql/jsutils/inspect.js';
import { isPromise, type Path, type Run } from './execution-run.ts';
import type { FieldPlan } from './plan.ts';

/** @throws GraphQLError when the resolved type does not exist or is not a possible type */
export function runtimeTypeOf(
  run: Run,
  field: FieldPlan,
  type: GraphQLAbstractType,
  path: Path,
  value: unknown,
): GraphQLObjectType | Promise<GraphQLObjectType> {
  const resolveType = type.resolveType ?? defaultTypeResolver;
  const name = resolveType(value, run.context, run.infoOf(field, path), type);
  const check = (known: unknown) => checked(run, field, type, value, known);
  return isPromise(name) ? name.then(check) : check(name);
}

function checked(
  run: Run,
  field: FieldPlan,
  type: GraphQLAbstractType,
  value: unknown,
  name: unknown,
): GraphQLObjectType {
  const coordinate = `${field.parentType.name}.${field.def.name}`;
  const { schema } = run;
  if (name === null || name === undefined) {
    throw new GraphQLError(
      `Abstract type "${type.name}" must resolve to an Object type at runtime for field "${coordinate}". Either the "${type.name}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`,
      { nodes: field.nodes },
    );
  }
  if (isObjectType(name)) {
    throw new GraphQLError(
      'Support for returning GraphQLObjectType from resolveType was removed in graphql-js@16.0.0 please return type name instead.',
    );
  }
  if (typeof name !== 'string') {
    throw new GraphQLError(
      `Abstract type "${type.name}" must resolve to an Object type at runtime for field "${coordinate}" with value ${inspect(value)}, received "${inspect(name)}".`,
    );
  }
  const found = schema.getType(name);
  const fail = (message: string) => new GraphQLError(message, { nodes: field.nodes });
  if (found === undefined) {
    throw fail(
      `Abstract type "${type.name}" was resolved to a type "${name}" that does not exist inside the schema.`,
    );
  }
  if (!isObjectType(found)) {
    throw fail(`Abstract type "${type.name}" was resolved to a non-object type "${name}".`);
  }
  if (!schema.isSubType(type, found)) {
    throw fail(`Runtime Object type "${found.name}" is not a possible type for "${type.name}".`);
  }
  return found;
}
