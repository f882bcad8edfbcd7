// The cost of an operation: the most reads of Microsoft Graph that it could need. It is computed before the operation runs,
// once for each document, as a function of the variables.
//
// A user costs one read, plus one for each selected facet of the profile. A page of the directory costs one read for all
// its users. Further pages of a long list and retries are not counted, since they are unknown beforehand. Savings through
// @skip, @include and shared reads are not counted either.
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

/** The declared variables of an operation, with defaults applied. It has no other names. */
type Values = Readonly<Record<string, unknown>>;
/** A number of reads or items, for given variables. */
type Count = (values: Values) => number;

/** The most reads with these variables. A value of the wrong type counts little, since it is rejected later. */
export type Cost = (variables: Variables) => number;

/** How many reads a root field costs. */
interface Reads {
  /** Reads for the field itself. */
  readonly once: number;
  /** Reads for each user or phone. */
  readonly each: number;
  /** Path of the argument with the number of users or phones, or a list of them. Absent for one. */
  readonly many?: string;
}

/** The cost of each root field. Root fields that are not listed cost nothing. */
export const READS: Readonly<Record<string, Reads>> = {
  'Query.me': { once: 0, each: 1 },
  'Query.user': { once: 0, each: 1 },
  'Query.users': { once: 0, each: 1, many: 'ids' },
  'Query.directory': { once: 1, each: 0, many: 'first' },
  // A user, or a phone and its owner.
  'Query.node': { once: 2, each: 0 },
  // With a key: the caller, the owner, the phones before the addition, and the phones after an unknown outcome.
  'Mutation.addPhone': { once: 4, each: 0 },
  // The phone before the change when a precondition is given, the phone after an unknown outcome, and its owner.
  'Mutation.updatePhone': { once: 3, each: 0 },
  'Mutation.deletePhone': { once: 3, each: 0 },
  // The same for each phone, plus its write. Changed phones are read once more.
  'Mutation.addPhones': { once: 0, each: 5, many: 'input.phones' },
  'Mutation.updatePhones': { once: 0, each: 5, many: 'input.phones' },
  'Mutation.deletePhones': { once: 0, each: 5, many: 'input.phones' },
};

/** The reads of each facet of a user and of each user in a payload. `shared`: fields with the same name share one read. */
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

/** Variables can have any name, such as `toString`, so their values are in an object without a prototype. */
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

/** What is needed to interpret the selections of a document. */
interface DocumentScope {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

function fragmentsOf({ definitions }: DocumentNode): DocumentScope['fragments'] {
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}

/** A field with the type that it is selected on. */
interface TypedField {
  readonly type: GraphQLNamedType;
  readonly node: FieldNode;
}

/** A root field, and the facets selected below it. */
interface RootField extends TypedField {
  readonly facets: { readonly shared: Set<string>; reads: number };
}

/** Root fields by response name. Fields with the same response name are merged. */
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

/** The length of a list, or the value of a number. A single value counts as a list of one. */
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
