// Limits what a request may contain, before it is validated or run.
//
// A document is checked in two steps. The first reads tokens. The second walks the fields through fragments, as an executor
// does. Both stop when a limit is exceeded, so a document cannot make them run long. Other errors in a document are left to
// GraphQL's validation.
//
// Five limits are configured. The others are fixed or follow from the number of tokens. They bound what parsing and
// validation spend more than linear time on.
//
// `checkRun` checks what depends on variables. It runs for every request and takes microseconds.
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  Lexer,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  type SelectionNode,
  Source,
  TokenKind,
  visit,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { type Cost, costOf } from './cost.ts';

/** The configured maximums. */
export interface Limits {
  /** Tokens of a document: names, values and punctuation, without commas, blanks and comments. Also limits fields and lines. */
  readonly tokens: number;
  /** Levels of nested fields, of nested fragments, and of nested lists and objects in values and variables. */
  readonly depth: number;
  /** Root fields of a mutation. Each can cause a write. */
  readonly mutations: number;
  /** Items of one list, properties of one object in variables, and number of variables. */
  readonly listItems: number;
  /** Reads of Microsoft Graph that an operation could need. See cost.ts. */
  readonly reads: number;
}

/** Most characters of one name: of a field, alias, operation, fragment or variable. */
const NAME_CHARACTERS = 256;
/** Most arguments of one field or directive. No field of the schema has as many. */
const ARGUMENTS = 20;
/** Most variables that one operation declares. */
const VARIABLES = 100;
/** Most uses of __schema and __type in one document. */
const INTROSPECTIONS = 10;
/** Most characters of a document for each allowed token, comments and blanks included. A quoted id has 38. */
const CHARACTERS_PER_TOKEN = 25;

export interface LimitGuard {
  /** The error for a document that exceeds a limit. Null for any other. Caches accepted documents. */
  checkText(text: string): GraphQLError | null;
  /** The error for an operation that exceeds a limit with these variables. Null for any other. */
  checkRun(run: Run): GraphQLError | null;
}

export interface Run {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Size of the cache of accepted documents, in documents and in characters. */
const MAX_DOCUMENTS = 1_000;
const MAX_CHARACTERS = 4 * 1024 * 1024;

export function createLimitGuard(schema: GraphQLSchema, limits: Limits): LimitGuard {
  const passed = new LRUCache<string, true>({
    max: MAX_DOCUMENTS,
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (_true, text) => text.length + 1,
  });
  const costs = new WeakMap<OperationDefinitionNode, Cost>();
  const costFor = ({ document, operation }: Run): Cost => {
    const known = costs.get(operation) ?? costOf(schema, document, operation);
    costs.set(operation, known);
    return known;
  };
  return {
    checkText(text) {
      if (passed.has(text)) return null;
      const exceeded = exceededByText(text, limits);
      if (exceeded !== null) return limitError(exceeded, limits);
      passed.set(text, true);
      return null;
    },
    checkRun(run) {
      const exceeded =
        exceededByValue(run.variables, limits) ??
        (costFor(run)(run.variables) > limits.reads ? 'reads' : null);
      return exceeded === null ? null : limitError(exceeded, limits);
    },
  };
}

const MESSAGES = {
  characters: ({ tokens }: Limits) => `characters: at most ${CHARACTERS_PER_TOKEN * tokens} in a document.`,
  lines: ({ tokens }: Limits) => `lines: at most ${tokens} in a document.`,
  tokens: ({ tokens }: Limits) => `tokens: at most ${tokens} in a document.`,
  names: () => `names: at most ${NAME_CHARACTERS} characters in each.`,
  depth: ({ depth }: Limits) => `depth: at most ${depth} levels of fields, fragments, lists or objects.`,
  fields: ({ tokens }: Limits) =>
    `fields: at most ${tokens} in a document, counted at each spread of a fragment. A field that is repeated in one selection counts twice the second time, three times the third time.`,
  arguments: () => `arguments: at most ${ARGUMENTS} of one field or directive.`,
  variables: () => `variables: at most ${VARIABLES} of one operation.`,
  introspection: () =>
    `introspection: at most ${INTROSPECTIONS} of __schema and __type in a document, and no aliases in them.`,
  mutations: ({ mutations }: Limits) => `mutations: at most ${mutations} in a request.`,
  listItems: ({ listItems }: Limits) => `list items: at most ${listItems} in one list.`,
  reads: ({ reads }: Limits) =>
    `reads: at most ${reads} of Microsoft Graph for an operation. Request fewer users or fewer fields.`,
};

type LimitName = keyof typeof MESSAGES;

function limitError(name: LimitName, limits: Limits): GraphQLError {
  return new GraphQLError(MESSAGES[name](limits), { extensions: { code: 'LIMIT_EXCEEDED' } });
}

/** The limit that a document exceeds. Null for none, and for a document with a syntax error, which GraphQL reports. */
function exceededByText(text: string, limits: Limits): LimitName | null {
  if (text.length > CHARACTERS_PER_TOKEN * limits.tokens) return 'characters';
  try {
    return exceededByTokens(text, limits) ?? exceededByDocument(parse(text, { noLocation: true }), limits);
  } catch (error) {
    if (error instanceof GraphQLError) return null;
    // The parser is recursive. With very high limits, nesting can exceed the stack.
    if (error instanceof RangeError) return 'depth';
    throw error;
  }
}

const OPENING: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Runs before parsing and finds brackets that nest deeper than the limits allow. It also counts lines, since GraphQL counts
 * the lines before an error again for each location of the error.
 */
function exceededByTokens(text: string, { tokens, depth }: Limits): LimitName | null {
  const lexer = new Lexer(new Source(text));
  const mostOpen = 2 * depth + 1;
  let count = 0;
  let open = 0;
  for (;;) {
    const { kind, value } = lexer.advance();
    if (lexer.line > tokens) return 'lines';
    if (kind === TokenKind.EOF) return null;
    count += 1;
    if (OPENING.has(kind)) open += 1;
    if (CLOSING.has(kind)) open -= 1;
    if (count > tokens) return 'tokens';
    if (open > mostOpen) return 'depth';
    if (kind === TokenKind.NAME && value.length > NAME_CHARACTERS) return 'names';
  }
}

function exceededByDocument(document: DocumentNode, limits: Limits): LimitName | null {
  return exceededByNodes(document, limits) ?? exceededByFields(document, limits);
}

/** Checks each node separately. */
function exceededByNodes(document: DocumentNode, limits: Limits): LimitName | null {
  let exceeded: LimitName | null = null;
  let depth = 0;
  const enter = (items: number): void => {
    depth += 1;
    if (items > limits.listItems) exceeded ??= 'listItems';
    if (depth > limits.depth) exceeded ??= 'depth';
  };
  const leave = (): void => {
    depth -= 1;
  };
  const count = (nodes: readonly unknown[] | undefined, most: number, name: LimitName): void => {
    if (nodes !== undefined && nodes.length > most) exceeded ??= name;
  };
  visit(document, {
    ListValue: { enter: ({ values }) => enter(values.length), leave },
    ObjectValue: { enter: () => enter(0), leave },
    Field: (node) => count(node.arguments, ARGUMENTS, 'arguments'),
    Directive: (node) => count(node.arguments, ARGUMENTS, 'arguments'),
    OperationDefinition: (node) => count(node.variableDefinitions, VARIABLES, 'variables'),
  });
  return exceeded;
}

/** A position in the response, with the fields selected below it by response name. */
interface Place {
  times: number;
  /** Whether it is part of an introspection query. The schema is cyclic; without aliases a query of it stays bounded. */
  readonly isSchema: boolean;
  readonly below: Map<string, Place>;
}

interface Walk {
  readonly limits: Limits;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Fragments that the walk is within. GraphQL rejects a cycle of fragments. */
  readonly within: Set<string>;
  readonly spread: Set<string>;
  fields: number;
  introspections: number;
}

function exceededByFields({ definitions }: DocumentNode, limits: Limits): LimitName | null {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const walk: Walk = {
    limits,
    fragments,
    within: new Set(),
    spread: new Set(),
    fields: 0,
    introspections: 0,
  };
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const exceeded = exceededByOperation(definition, walk);
    if (exceeded !== null) return exceeded;
  }
  // GraphQL rejects unused fragments, but only after it has validated their content.
  for (const definition of definitions) {
    if (definition.kind !== Kind.FRAGMENT_DEFINITION || walk.spread.has(definition.name.value)) continue;
    const exceeded = below(definition.selectionSet.selections, newPlace(false), 1, walk);
    if (exceeded !== null) return exceeded;
  }
  return null;
}

function exceededByOperation(
  { selectionSet, operation }: OperationDefinitionNode,
  walk: Walk,
): LimitName | null {
  const root = newPlace(false);
  const exceeded = below(selectionSet.selections, root, 1, walk);
  if (exceeded !== null || operation !== OperationTypeNode.MUTATION) return exceeded;
  return root.below.size > walk.limits.mutations ? 'mutations' : null;
}

function newPlace(isSchema: boolean): Place {
  return { times: 0, isSchema, below: new Map() };
}

function below(
  selections: readonly SelectionNode[],
  place: Place,
  depth: number,
  walk: Walk,
): LimitName | null {
  if (depth > walk.limits.depth) return 'depth';
  for (const selection of selections) {
    walk.fields += 1;
    const exceeded = belowSelection(selection, place, depth, walk);
    if (exceeded !== null) return exceeded;
    if (walk.fields > walk.limits.tokens) return 'fields';
  }
  return null;
}

function belowSelection(node: SelectionNode, place: Place, depth: number, walk: Walk): LimitName | null {
  if (node.kind === Kind.FIELD) return belowField(node, place, depth, walk);
  if (node.kind === Kind.INLINE_FRAGMENT) return below(node.selectionSet.selections, place, depth + 1, walk);
  const name = node.name.value;
  const fragment = walk.fragments.get(name);
  if (fragment === undefined || walk.within.has(name)) return null;
  if (walk.within.size >= walk.limits.depth) return 'depth';
  walk.spread.add(name);
  walk.within.add(name);
  const exceeded = below(fragment.selectionSet.selections, place, depth, walk);
  walk.within.delete(name);
  return exceeded;
}

/** GraphQL compares a field with each earlier one at the same position, so a field counts once for each of them. */
function belowField({ name, alias, selectionSet }: FieldNode, place: Place, depth: number, walk: Walk) {
  const isIntrospection = name.value === '__schema' || name.value === '__type';
  if (isIntrospection) walk.introspections += 1;
  if (walk.introspections > INTROSPECTIONS || (place.isSchema && alias !== undefined)) return 'introspection';
  const key = (alias ?? name).value;
  const here = place.below.get(key) ?? newPlace(place.isSchema || isIntrospection);
  place.below.set(key, here);
  walk.fields += here.times;
  here.times += 1;
  return selectionSet === undefined ? null : below(selectionSet.selections, here, depth + 1, walk);
}

/** The limit that a JSON value exceeds. The object of all variables is not a level. */
function exceededByValue(value: unknown, limits: Limits, depth = 0): LimitName | null {
  if (typeof value !== 'object' || value === null) return null;
  if (depth > limits.depth) return 'depth';
  const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  if (items.length > limits.listItems) return 'listItems';
  for (const item of items) {
    const exceeded = exceededByValue(item, limits, depth + 1);
    if (exceeded !== null) return exceeded;
  }
  return null;
}
