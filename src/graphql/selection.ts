// What an operation asks for below a field, so that all of it can be read at once, and nothing else is.
//
// A GraphQL executor looks into a field's children only after the field itself has resolved. Waiting for that would
// cost a second round trip to Microsoft Graph, so resolvers at the root look ahead with this.
import {
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** A child field that has fields of its own, with its arguments. */
export interface Facet {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface Selection {
  /** Names of the children that are plain values, each once, without `__typename`. */
  readonly properties: readonly string[];
  readonly facets: readonly Facet[];
}

/** Selections that are the same for every run of their operation, by the field that they are below and their type. */
const constantSelections = new WeakMap<FieldNode, Map<string, Selection>>();

/**
 * The children that an object type gets below the field being resolved, through fragments and with `@skip` and
 * `@include` decided.
 *
 * @param typeName the object type whose children are meant: below a connection that is the type of its nodes
 */
export function selectionOf(info: GraphQLResolveInfo, typeName: string): Selection {
  const [node, ...others] = info.fieldNodes;
  const known = node === undefined ? undefined : constantSelections.get(node)?.get(typeName);
  if (known !== undefined) return known;
  const gathered: Gathered = { properties: new Set(), facets: [], varies: others.length > 0 };
  const target = info.schema.getType(typeName);
  const declared = getNamedType(info.returnType);
  // Below a field of an abstract type stand fields of each type that it can be; here it is the wanted one.
  const start = isAbstractType(declared) ? target : declared;
  if (isObjectType(target) && isObjectType(start)) {
    for (const field of info.fieldNodes) descend(info, start, field, target, gathered);
  }
  const selection = { properties: [...gathered.properties], facets: gathered.facets };
  if (node !== undefined && !gathered.varies) {
    const byType = constantSelections.get(node) ?? new Map<string, Selection>();
    constantSelections.set(node, byType.set(typeName, selection));
  }
  return selection;
}

interface Gathered {
  readonly properties: Set<string>;
  readonly facets: Facet[];
  /** Whether another run can have another selection: by a variable, or by being asked for in several places. */
  varies: boolean;
}

/** Collects where `type` is the wanted one; elsewhere goes on towards it. */
function descend(
  info: GraphQLResolveInfo,
  type: GraphQLObjectType,
  node: FieldNode,
  target: GraphQLObjectType,
  into: Gathered,
): void {
  for (const child of fieldsBelow(info, type, node.selectionSet?.selections ?? [], into)) {
    const field = type.getFields()[child.name.value];
    if (field === undefined) continue;
    const below = getNamedType(field.type);
    if (type !== target) {
      if (isObjectType(below)) descend(info, below, child, target, into);
    } else if (isCompositeType(below)) {
      if (child.arguments !== undefined && child.arguments.length > 0) into.varies = true;
      into.facets.push({ name: field.name, args: getArgumentValues(field, child, info.variableValues) });
    } else {
      into.properties.add(field.name);
    }
  }
}

function* fieldsBelow(
  info: GraphQLResolveInfo,
  type: GraphQLObjectType,
  selections: readonly SelectionNode[],
  into: Gathered,
): Generator<FieldNode> {
  for (const selection of selections) {
    if (selection.directives !== undefined && selection.directives.length > 0) {
      into.varies = true;
      if (!isIncluded(info, selection)) continue;
    }
    if (selection.kind === Kind.FIELD) {
      yield selection;
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : info.fragments[selection.name.value];
    const condition = fragment?.typeCondition?.name.value;
    if (fragment === undefined || !isOfType(info, type, condition)) continue;
    yield* fieldsBelow(info, type, fragment.selectionSet.selections, into);
  }
}

/** Whether a fragment is about an object type: without a condition, by its name, or as one of several. */
function isOfType({ schema }: GraphQLResolveInfo, type: GraphQLObjectType, condition?: string): boolean {
  if (condition === undefined || condition === type.name) return true;
  const named: GraphQLNamedType | undefined = schema.getType(condition);
  return isAbstractType(named) && schema.isSubType(named, type);
}

function isIncluded(info: GraphQLResolveInfo, selection: SelectionNode): boolean {
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, info.variableValues);
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, info.variableValues);
  return skip?.['if'] !== true && include?.['if'] !== false;
}

/** What an operation names anywhere: fields by type, and arguments as `Type.field(argument)`. */
interface NamesUsed {
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
  readonly args: ReadonlySet<string>;
}

const perOperation = new WeakMap<OperationDefinitionNode, NamesUsed>();

/**
 * The fields of an object type that an operation names anywhere, in any of its fragments. Worked out once a document.
 *
 * One set for all places makes one read of what two aliases ask for; a field behind an `@skip` counts, which costs a
 * property and no request.
 */
export function fieldsAnywhere(info: GraphQLResolveInfo, typeName: string): ReadonlySet<string> {
  return named(info).fields.get(typeName) ?? NONE;
}

/** Whether an operation gives an argument anywhere, `coordinate` being such as `User.phones(types)`. */
export function givesAnywhere(info: GraphQLResolveInfo, coordinate: string): boolean {
  return named(info).args.has(coordinate);
}

const NONE: ReadonlySet<string> = new Set();

function named(info: GraphQLResolveInfo): NamesUsed {
  const known = perOperation.get(info.operation) ?? collectNames(info);
  perOperation.set(info.operation, known);
  return known;
}

function collectNames(info: GraphQLResolveInfo): NamesUsed {
  const fields = new Map<string, Set<string>>();
  const args = new Set<string>();
  const types = new TypeInfo(info.schema);
  const collect = visitWithTypeInfo(types, {
    Field(node) {
      const parent = types.getParentType();
      const field = types.getFieldDef();
      if (!parent || !field || field.name.startsWith('__')) return;
      fields.set(parent.name, (fields.get(parent.name) ?? new Set()).add(field.name));
      for (const { name } of node.arguments ?? []) args.add(`${parent.name}.${field.name}(${name.value})`);
    },
  });
  for (const definition of [info.operation, ...Object.values(info.fragments)]) visit(definition, collect);
  return { fields, args };
}
