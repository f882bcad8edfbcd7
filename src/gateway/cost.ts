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
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';

type Variables = Readonly<Record<string, unknown>>;

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
  // With a key: who is calling and who is meant, what is there before; and a look after, when the outcome was not seen.
  'Mutation.addPhone': { once: 4, each: 0 },
  // A look before, when the caller expects something, and one after, when the outcome was not seen.
  'Mutation.updatePhone': { once: 2, each: 0 },
  'Mutation.deletePhone': { once: 2, each: 0 },
  // The same for each, and as much again for the write, of which there are as many.
  'Mutation.addPhones': { once: 0, each: 5, many: 'input.phones' },
  'Mutation.updatePhones': { once: 0, each: 3, many: 'input.phones' },
};

/** Facets of a person, in reads; `shared` where all fields for it in one place come from one read. */
export const FACETS: Readonly<Record<string, { readonly reads: number; readonly shared: boolean }>> = {
  'User.phones': { reads: 1, shared: true },
  'User.phone': { reads: 1, shared: false },
};

export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): Cost {
  const root = schema.getRootType(operation.operation);
  if (!root) return () => 0;
  const roots = rootFields(root, operation, fragmentsOf(document));
  const costs = [...roots.values()].map((found) => costOfField(root, operation, found));
  const total: Cost = (variables) => costs.reduce((sum, cost) => sum + cost(variables), 0);
  if ((operation.variableDefinitions ?? []).length > 0) return total;
  const constant = total({});
  return () => constant;
}

/** A root field, and the facets that are asked for anywhere below it. */
interface RootField {
  readonly node: FieldNode;
  readonly facets: { readonly shared: Set<string>; reads: number };
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

function fragmentsOf({ definitions }: DocumentNode): Fragments {
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}

/** By the name in the answer: fields of the same name there are one. */
function rootFields(root: GraphQLObjectType, operation: OperationDefinitionNode, fragments: Fragments) {
  const found = new Map<string, RootField>();
  for (const node of fieldsIn(operation.selectionSet.selections, fragments)) {
    const key = (node.alias ?? node.name).value;
    const field = found.get(key) ?? { node, facets: { shared: new Set(), reads: 0 } };
    found.set(key, field);
    addFacets(root, node, fragments, field.facets);
  }
  return found;
}

function* fieldsIn(selections: readonly SelectionNode[], fragments: Fragments): Generator<FieldNode> {
  for (const node of selections) {
    if (node.kind === Kind.FIELD) yield node;
    else if (node.kind === Kind.INLINE_FRAGMENT) yield* fieldsIn(node.selectionSet.selections, fragments);
    else yield* fieldsIn(fragments.get(node.name.value)?.selectionSet.selections ?? [], fragments);
  }
}

function addFacets(
  parent: GraphQLObjectType,
  node: FieldNode,
  fragments: Fragments,
  into: RootField['facets'],
): void {
  const type = getNamedType(parent.getFields()[node.name.value]?.type);
  const facet = FACETS[`${parent.name}.${node.name.value}`];
  const name = facet?.shared === true ? node.name.value : null;
  if (facet !== undefined && (name === null || !into.shared.has(name))) into.reads += facet.reads;
  if (name !== null) into.shared.add(name);
  if (!isObjectType(type) || node.selectionSet === undefined) return;
  for (const child of fieldsIn(node.selectionSet.selections, fragments))
    addFacets(type, child, fragments, into);
}

function costOfField(
  root: GraphQLObjectType,
  operation: OperationDefinitionNode,
  { node, facets }: RootField,
): Cost {
  const reads = READS[`${root.name}.${node.name.value}`];
  if (reads === undefined) return () => 0;
  const count = countOf(reads, root.getFields()[node.name.value], operation, node);
  return (variables) => reads.once + count(variables) * (reads.each + facets.reads);
}

function countOf(
  { many }: Reads,
  field: GraphQLField<unknown, unknown> | undefined,
  operation: OperationDefinitionNode,
  node: FieldNode,
): Cost {
  if (many === undefined) return () => 1;
  const [argument = '', ...path] = many.split('.');
  const otherwise = field?.args.find(({ name }) => name === argument)?.defaultValue;
  const given = node.arguments?.find(({ name }) => name.value === argument)?.value;
  const value = given === undefined ? () => otherwise : givenValue(given, operation, otherwise);
  return (variables) => sizeOf(within(value(variables), path));
}

function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'number' && value > 1 ? value : 1;
}

function within(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (whole, name) => (typeof whole === 'object' && whole !== null ? Reflect.get(whole, name) : undefined),
    value,
  );
}

/** The value of an argument: written in the document, with variables in it or not, or the default of either. */
function givenValue(
  given: ValueNode,
  operation: OperationDefinitionNode,
  otherwise: unknown,
): (variables: Variables) => unknown {
  const defaults = (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
    defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)] as const],
  );
  const presets = Object.fromEntries(defaults);
  return (variables) => {
    const value = valueFromASTUntyped(given, { ...presets, ...variables });
    return value === undefined ? otherwise : value;
  };
}
