// Documents that `validate` accepts, for any schema: the whole language, written at random.
import {
  doTypesOverlap,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
  isUnionType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import type { Chance } from './chance.ts';
import { args, directives, variablesIn } from './clauses.ts';
import { createNames, shapeOf } from './names.ts';
import { createVariables, type Variables } from './variables.ts';

export interface Generated {
  readonly text: string;
  readonly operationNames: readonly string[];
  readonly variables: Variables;
}

interface Fragment {
  readonly name: string;
  readonly type: GraphQLCompositeType;
  readonly text: string;
  readonly used: ReadonlySet<string>;
}

type Field = GraphQLField<unknown, unknown>;

const LAST = 4;
/** Where no more than leaves are chosen, so that documents stay small. */
const FIELDS = 22;

export function generate(schema: GraphQLSchema, chance: Chance): Generated {
  const variables = createVariables(chance);
  const names = createNames(chance);
  const fragments: Fragment[] = [];
  const composites = Object.values(schema.getTypeMap())
    .filter(isCompositeType)
    .filter(({ name }) => !name.startsWith('__'));
  let fields = 0;
  let named = 0;

  function selectionSet(type: GraphQLCompositeType, depth: number): string {
    const count = 1 + chance.below(depth > 2 ? 3 : 5);
    const selections = Array.from({ length: count }, () => selection(type, depth));
    return `{ ${selections.join(' ')} }`;
  }

  function selection(type: GraphQLCompositeType, depth: number): string {
    const isDeep = depth >= LAST || fields > FIELDS;
    if (!isDeep && !type.name.startsWith('__') && chance.odds(0.3))
      return chance.odds(0.5) ? inline(type, depth) : spread(type, depth);
    return field(type, fieldOf(type, depth, isDeep), depth);
  }

  function inline(type: GraphQLCompositeType, depth: number): string {
    const on = chance.odds(0.3) ? type : chance.pick(overlapping(type));
    const condition = on === type && chance.odds(0.4) ? '' : ` on ${on.name}`;
    return `...${condition}${directives(chance, variables.write)} ${selectionSet(on, depth + 1)}`;
  }

  function overlapping(type: GraphQLCompositeType): GraphQLCompositeType[] {
    return composites.filter((other) => doTypesOverlap(schema, type, other));
  }

  function spread(type: GraphQLCompositeType, depth: number): string {
    const known = fragments.filter((fragment) => doTypesOverlap(schema, type, fragment.type));
    const isKnown = known.length > 0 && chance.odds(0.6);
    const fragment = isKnown
      ? chance.pick(known)
      : addFragment(chance.pick([type, ...overlapping(type)]), depth);
    variables.use(fragment.used);
    return `...${fragment.name}${directives(chance, variables.write)}`;
  }

  function addFragment(type: GraphQLCompositeType, depth: number): Fragment {
    const name = chance.odds(0.05) && named === 0 ? '__proto__' : `F${named}`;
    named += 1;
    const { result, used } = variables.during(() => selectionSet(type, depth + 1));
    const fragment = { name, type, text: `fragment ${name} on ${type.name} ${result}`, used };
    fragments.push(fragment);
    return fragment;
  }

  function fieldOf(type: GraphQLCompositeType, depth: number, isDeep: boolean): Field {
    if (isUnionType(type) || chance.odds(0.08)) return TypeNameMetaFieldDef;
    if (type === schema.getQueryType() && depth === 0 && chance.odds(0.01)) {
      return chance.pick([SchemaMetaFieldDef, TypeMetaFieldDef]);
    }
    const all = Object.values(type.getFields());
    const leaves = all.filter(({ type: result }) => !isCompositeType(getNamedType(result)));
    if (isDeep) return leaves.length > 0 ? chance.pick(leaves) : TypeNameMetaFieldDef;
    return chance.pick(all);
  }

  function field(type: GraphQLCompositeType, definition: Field, depth: number): string {
    fields += 1;
    const before = names.argsOf(type.name, definition.name);
    const { result, used } = variables.during(() => args(chance, definition, variables.write));
    const again = before.length > 0 && chance.odds(0.3) ? chance.pick(before) : null;
    const written = again ?? result;
    variables.use(again === null ? used : variablesIn(again));
    const shape = shapeOf(definition.type);
    const name = names.choose({
      parent: type.name,
      isObject: isObjectType(type),
      field: definition.name,
      args: written,
      shape,
    });
    const alias = name === definition.name ? '' : `${name}: `;
    return `${alias}${definition.name}${written}${directives(chance, variables.write)}${subSelection(definition, depth)}`;
  }

  function subSelection(definition: Field, depth: number): string {
    const type = getNamedType(definition.type);
    if (!isCompositeType(type)) return '';
    return ` ${selectionSet(type, type.name.startsWith('__') ? Math.max(depth + 1, LAST - 1) : depth + 1)}`;
  }

  function operation(kind: 'query' | 'mutation', root: GraphQLObjectType, name: string): string {
    fields = 0;
    const { result, used } = variables.during(() => selectionSet(root, 0));
    return `${kind} ${name}${variables.declare(used)} ${result}`;
  }

  const count = chance.odds(0.15) ? 2 : 1;
  const operationNames = ['A', '__proto__'].slice(0, count);
  const operations = operationNames.map((name) => {
    const mutation = schema.getMutationType();
    const query = schema.getQueryType();
    if (!mutation || !query) throw new TypeError('The schema needs a query type and a mutation type');
    return chance.odds(0.25) ? operation('mutation', mutation, name) : operation('query', query, name);
  });
  const definitions = [...operations, ...fragments.map(({ text }) => text)];
  return {
    text: (chance.odds(0.5) ? definitions : definitions.reverse()).join('\n'),
    operationNames,
    variables,
  };
}
