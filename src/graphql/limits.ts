// What one request may ask for, decided before any work is done for it.
//
// A document is looked at in two steps, both before GraphQL's own validation. The first reads tokens and stops at the
// first one too many. The second walks the fields as an executor would meet them, through fragments, and stops as soon as
// a limit is passed; so neither can be made to work for long. What is wrong with a document in other ways is left for
// GraphQL to say.
//
// Five numbers are configured. What else is limited here follows from the number of tokens: it is what parsing or
// validation spends more than linear time on, and no document of so many tokens needs more of it.
//
// What depends on variables is looked at for every run (`checkRun`); it is a matter of microseconds.
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

/** The most of each that is taken. */
export interface Limits {
  /** Of a document: names, values and punctuation. Commas, blanks and comments are none. Fields and lines follow. */
  readonly tokens: number;
  /** Fields within fields, fragments within fragments, lists and objects within each other in values, or in variables. */
  readonly depth: number;
  /** Root fields of a mutation, each of which can cost a write. */
  readonly mutations: number;
  /** Of one list, in a document or in variables; in variables also of one object, and of all of them. */
  readonly listItems: number;
  /** Reads that an operation could cost Microsoft Graph: see cost.ts. */
  readonly reads: number;
}

/** Characters of one name: of a field, an alias, an operation, a fragment, a variable. */
const NAME_CHARACTERS = 256;
/** Arguments of one field or directive; no field of the schema has as many. */
const ARGUMENTS = 20;
/** Variables that one operation declares. */
const VARIABLES = 100;
/** Questions about the schema in one document. */
const INTROSPECTIONS = 10;
/** Characters of a document for each token that it may have, comments and blanks included: an id with its quotes has 38. */
const CHARACTERS_PER_TOKEN = 25;

export interface LimitGuard {
  /** Why a document may not be run, or even validated; null when it may. Remembers what it has let through. */
  checkText(text: string): GraphQLError | null;
  /** Why a valid operation may not be run with these variables; null when it may. */
  checkRun(run: Run): GraphQLError | null;
}

export interface Run {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Documents that are remembered to be within the limits, and their characters. */
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
    `fields: at most ${tokens} in a document, counted wherever a fragment is spread. The second time in one place a field counts twice, the third time three times.`,
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

/** The limit that a document passes; null for none, or where it cannot be parsed, which GraphQL will say better. */
function exceededByText(text: string, limits: Limits): LimitName | null {
  if (text.length > CHARACTERS_PER_TOKEN * limits.tokens) return 'characters';
  try {
    return exceededByTokens(text, limits) ?? exceededByDocument(parse(text, { noLocation: true }), limits);
  } catch (error) {
    if (error instanceof GraphQLError) return null;
    // A parser calls itself for every bracket; with limits set very high, there are too many of them for it.
    if (error instanceof RangeError) return 'depth';
    throw error;
  }
}

const OPENING: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Parsing is not safe yet: brackets that nest deeper than any document within the limits are found here. Lines are
 * counted, since GraphQL counts those before an error anew for every place that the error names.
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

/** What can be told of each node by itself. */
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

/** A place in an answer, and what is asked for in it by the names that it will have there. */
interface Place {
  times: number;
  /** Whether what is asked for is the schema: it goes in circles, and without aliases has an end. */
  readonly isSchema: boolean;
  readonly below: Map<string, Place>;
}

interface Walk {
  readonly limits: Limits;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Fragments that the walk is in: a circle is for GraphQL to refuse. */
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
  // GraphQL refuses fragments that nothing uses, and still looks at what is in them.
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

/** GraphQL compares a field with each one before it in the same place: here it counts for each of them. */
function belowField({ name, alias, selectionSet }: FieldNode, place: Place, depth: number, walk: Walk) {
  const asksForSchema = name.value === '__schema' || name.value === '__type';
  if (asksForSchema) walk.introspections += 1;
  if (walk.introspections > INTROSPECTIONS || (place.isSchema && alias !== undefined)) return 'introspection';
  const key = (alias ?? name).value;
  const here = place.below.get(key) ?? newPlace(place.isSchema || asksForSchema);
  place.below.set(key, here);
  walk.fields += here.times;
  here.times += 1;
  return selectionSet === undefined ? null : below(selectionSet.selections, here, depth + 1, walk);
}

/** The limit that a value of JSON passes. The object of all variables counts for no level. */
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
