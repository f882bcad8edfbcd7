// What an operation could cost Microsoft Graph at most, in reads, before any of it is run: worked out once from the
// document, as a function of the variables.
//
// A person costs one read, and one more for each facet of the profile that is selected below; a page of the directory
// costs one read for all the people in it. Left out is what nobody can know beforehand: further pages of a long list,
// and repeats after trouble. So is what makes it less: @skip and @include, and reads that two fields share.
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  GraphQLInt,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  valueFromASTUntyped,
} from 'graphql';

type Variables = Readonly<Record<string, unknown>>;

/** Variables as an operation has them: by their declarations, with defaults; no name is there but for them. */
type Values = Readonly<Record<string, unknown>>;
/** Reads at most, or how many, with these. */
type Count = (values: Values) => number;

/** Reads at most, with these variables. What does not fit its type counts for little: it is refused anyway. */
export type Cost = (variables: Variables) => number;

/** How many reads a field costs, by its place in the schema. */
interface Reads {
  /** For the field itself. */
  readonly once: number;
  /** For each person or phone that it is about. */
  readonly each: number;
  /** Where it is said how many there are: the path of an argument, a list of them or their number. Without, one. */
  readonly many?: string;
}

/** Every field that is read by itself. A field of these types that costs nothing is a plain value. */
export const READS: Readonly<Record<string, Reads>> = {
  'Query.me': { once: 0, each: 1 },
  'Query.user': { once: 0, each: 1 },
  'Query.users': { once: 0, each: 1, many: 'ids' },
  'Query.directory': { once: 1, each: 0, many: 'first' },
  // A person, or a phone and whose it is.
  'Query.node': { once: 2, each: 0 },
  // With a key: who is calling and who is meant, what is there before; and a look after, when the outcome was not seen.
  'Mutation.addPhone': { once: 4, each: 0 },
  // A look before, when the caller expects something, and one after, when the outcome was not seen; and whose it is.
  'Mutation.updatePhone': { once: 3, each: 0 },
  'Mutation.deletePhone': { once: 3, each: 0 },
  // The same for each, and as much again for the write, of which there are as many. What is changed is looked at once more.
  'Mutation.addPhones': { once: 0, each: 5, many: 'input.phones' },
  'Mutation.updatePhones': { once: 0, each: 5, many: 'input.phones' },
  'Mutation.deletePhones': { once: 0, each: 5, many: 'input.phones' },
};

/** Facets of a person, and a person within a payload, in reads; `shared` where all fields for it in one place come from one read. */
export const FACETS: Readonly<Record<string, { readonly reads: number; readonly shared: boolean }>> = {
  'User.phones': { reads: 1, shared: true },
  'User.phone': { reads: 1, shared: false },
  'AddPhonePayload.user': { reads: 1, shared: false },
  'UpdatePhonePayload.user': { reads: 1, shared: false },
  'DeletePhonePayload.user': { reads: 1, shared: false },
};

export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Cost {
  const root = schema.getRootType(operation.operation);
  if (!root) return () => 0;
  const costs = [...rootFields({ schema, fragments: fragmentsOf(document) }, root, operation).values()].map(
    costOfField,
  );
  const valuesFrom = valuesOf(operation);
  const total: Cost = (variables) => {
    const values = valuesFrom(variables);
    return costs.reduce((sum, cost) => sum + cost(values), 0);
  };
  if ((operation.variableDefinitions ?? []).length > 0) return total;
  const constant = total({});
  return () => constant;
}

/** The names of objects in JavaScript are names that a variable can have, so these are in an object without any. */
function valuesOf({ variableDefinitions = [] }: OperationDefinitionNode): (variables: Variables) => Values {
  const presets = variableDefinitions.map(({ variable, defaultValue }) => {
    const preset = defaultValue === undefined ? undefined : valueFromASTUntyped(defaultValue);
    return [variable.name.value, preset] as const;
  });
  return (variables) => {
    const values: Record<string, unknown> = Object.create(null);
    for (const [name, preset] of presets)
      values[name] = Object.hasOwn(variables, name) ? variables[name] : preset;
    return values;
  };
}

/** What the selections of a document mean. */
interface DocumentScope {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

function fragmentsOf({ definitions }: DocumentNode): DocumentScope['fragments'] {
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}

/** A field where it is asked for: of the type in whose fragment it stands, which may be one of several. */
interface TypedField {
  readonly type: GraphQLNamedType;
  readonly node: FieldNode;
}

/** A root field, and the facets that are asked for anywhere below it. */
interface RootField extends TypedField {
  readonly facets: { readonly shared: Set<string>; reads: number };
}

/** By the name in the answer: fields of the same name there are one. */
function rootFields(scope: DocumentScope, root: GraphQLNamedType, { selectionSet }: OperationDefinitionNode) {
  const roots = new Map<string, RootField>();
  for (const found of fieldsIn(scope, root, selectionSet.selections)) {
    const key = (found.node.alias ?? found.node.name).value;
    const field = roots.get(key) ?? { ...found, facets: { shared: new Set(), reads: 0 } };
    roots.set(key, field);
    addFacets(scope, found, field.facets);
  }
  return roots;
}

function* fieldsIn(
  scope: DocumentScope,
  type: GraphQLNamedType,
  selections: readonly SelectionNode[],
): Generator<TypedField> {
  for (const node of selections) {
    if (node.kind === Kind.FIELD) {
      yield { type, node };
      continue;
    }
    const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : scope.fragments.get(node.name.value);
    if (fragment === undefined) continue;
    const named = fragment.typeCondition?.name.value;
    const narrowed = named === undefined ? type : scope.schema.getType(named);
    yield* fieldsIn(scope, narrowed ?? type, fragment.selectionSet.selections);
  }
}

function addFacets(scope: DocumentScope, { type, node }: TypedField, into: RootField['facets']): void {
  const facet = FACETS[`${type.name}.${node.name.value}`];
  const name = facet?.shared === true ? node.name.value : null;
  if (facet !== undefined && (name === null || !into.shared.has(name))) into.reads += facet.reads;
  if (name !== null) into.shared.add(name);
  const below = getNamedType(fieldOf({ type, node })?.type);
  if (below === undefined || node.selectionSet === undefined) return;
  for (const found of fieldsIn(scope, below, node.selectionSet.selections)) addFacets(scope, found, into);
}

function fieldOf({ type, node }: TypedField): GraphQLField<unknown, unknown> | undefined {
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
}

function costOfField(root: RootField): Count {
  const reads = READS[`${root.type.name}.${root.node.name.value}`];
  if (reads === undefined) return () => 0;
  const count = countOf(reads, root);
  return (values) => reads.once + count(values) * (reads.each + root.facets.reads);
}

function countOf({ many }: Reads, { type, node }: TypedField): Count {
  if (many === undefined) return () => 1;
  const [name = '', ...path] = many.split('.');
  const argument = fieldOf({ type, node })?.args.find((known) => known.name === name);
  const isNumber = getNamedType(argument?.type) === GraphQLInt;
  const given = node.arguments?.find((known) => known.name.value === name)?.value;
  return (values) => {
    const value = given === undefined ? undefined : valueFromASTUntyped(given, values);
    return sizeOf(valueAt(value === undefined ? argument?.defaultValue : value, path), isNumber);
  };
}

/** Of a list, which a single value can stand for, or a number that says how many. */
function sizeOf(value: unknown, isNumber: boolean): number {
  if (Array.isArray(value)) return value.length;
  return isNumber && typeof value === 'number' && value > 1 ? value : 1;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (whole, name) => (typeof whole === 'object' && whole !== null ? Reflect.get(whole, name) : undefined),
    value,
  );
}
