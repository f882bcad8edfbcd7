// Finds the fields that an operation selects below a field, so that a resolver can read exactly these, all at once.
//
// A GraphQL executor executes the fields below an object only after the object is resolved. Waiting for that would cost a
// second round trip to Microsoft Graph, so root resolvers look ahead with this module.
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

/** A selected field with a composite type, and its arguments. */
export interface Facet {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface Selection {
  /** Names of the selected leaf fields, without duplicates and without `__typename`. */
  readonly properties: readonly string[];
  readonly facets: readonly Facet[];
}

/** Selections that do not depend on variables, by field node and type name. */
const constantSelections = new WeakMap<FieldNode, Map<string, Selection>>();

/**
 * The fields selected on an object type below the current field. Follows fragments and applies `@skip` and `@include`.
 *
 * @param typeName name of the object type; below a connection, the type of its nodes
 */
export function selectionOf(info: GraphQLResolveInfo, typeName: string): Selection {
  const [node, ...others] = info.fieldNodes;
  const known = node === undefined ? undefined : constantSelections.get(node)?.get(typeName);
  if (known !== undefined) return known;
  const gathered: Gathered = { properties: new Set(), facets: [], varies: others.length > 0 };
  const target = info.schema.getType(typeName);
  const declared = getNamedType(info.returnType);
  // Below a field of an abstract type, only the selections on the given type count.
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
  /** Whether runs of the operation can differ: it depends on a variable, or several nodes select the field. */
  varies: boolean;
}

/** Collects the fields on the target type. Descends through other types. */
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

/** Whether a fragment with this type condition applies to an object type. */
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

/** All names in an operation: fields by type, and arguments as `Type.field(argument)`. */
interface NamesUsed {
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
  readonly args: ReadonlySet<string>;
}

const perOperation = new WeakMap<OperationDefinitionNode, NamesUsed>();

/**
 * The fields of an object type that an operation selects anywhere, fragments included. Computed once for each operation.
 *
 * With one set for the whole operation, two aliases share one read. A field under `@skip` counts too, which costs a property
 * but no request.
 */
export function fieldsAnywhere(info: GraphQLResolveInfo, typeName: string): ReadonlySet<string> {
  return named(info).fields.get(typeName) ?? NONE;
}

/** Whether an operation passes an argument anywhere. @param coordinate such as `User.phones(types)` */
export function hasArgumentAnywhere(info: GraphQLResolveInfo, coordinate: string): boolean {
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
