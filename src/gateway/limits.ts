// What one request may ask for, decided before any work is done for it.
//
// A document is looked at in two steps, both before GraphQL's own validation, whose rules take time that grows with the
// square of some of what is limited here. The first reads tokens and stops at the first one too many. The second walks
// the fields as an executor would meet them, through fragments, and stops as soon as a limit is passed; so neither can
// be made to work for long. What is wrong with a document in other ways is left for GraphQL to say.
//
// What depends on variables is looked at for every run (`refuseRun`); it is a matter of microseconds.
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
  /** Of a document, comments and blanks included. */
  readonly characters: number;
  /** Of a document: names, values and punctuation. Commas, blanks and comments are none. */
  readonly tokens: number;
  /** Fields within fields, lists and objects within each other in values, or in variables. */
  readonly depth: number;
  /** Of a document, counted wherever a fragment is spread. */
  readonly fields: number;
  /** Of a document, counted the same way. */
  readonly aliases: number;
  /** Of an operation. */
  readonly rootFields: number;
  /** How often the same field is asked for in the same place; all but the first change nothing. */
  readonly repeatedFields: number;
  /** Of a document, as it is written. */
  readonly directives: number;
  /** Root fields of a mutation, each of which can cost a write. */
  readonly mutations: number;
  /** Of one list, in a document or in variables; in variables also of one object. */
  readonly listItems: number;
  /** Reads that an operation could cost Microsoft Graph: see cost.ts. */
  readonly reads: number;
}

export interface LimitGuard {
  /** Why a document may not be run, or even validated; null when it may. Remembers what it has let through. */
  refuseText(text: string): GraphQLError | null;
  /** Why a valid operation may not be run with these variables; null when it may. */
  refuseRun(run: Run): GraphQLError | null;
}

export interface Run {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Documents that are remembered to be within the limits, and their characters. */
const MOST_DOCUMENTS = 1_000;
const MOST_CHARACTERS = 4 * 1024 * 1024;

export function createLimitGuard(schema: GraphQLSchema, limits: Limits): LimitGuard {
  const passed = new LRUCache<string, true>({
    max: MOST_DOCUMENTS,
    maxSize: MOST_CHARACTERS,
    sizeCalculation: (_true, text) => text.length + 1,
  });
  const costs = new WeakMap<OperationDefinitionNode, Cost>();
  const costFor = ({ document, operation }: Run): Cost => {
    const known = costs.get(operation) ?? costOf(schema, document, operation);
    costs.set(operation, known);
    return known;
  };
  return {
    refuseText(text) {
      if (passed.has(text)) return null;
      const broken = brokenByText(text, limits);
      if (broken !== null) return refusal(broken, limits);
      passed.set(text, true);
      return null;
    },
    refuseRun(run) {
      const broken =
        brokenByValue(run.variables, limits) ?? (costFor(run)(run.variables) > limits.reads ? 'reads' : null);
      return broken === null ? null : refusal(broken, limits);
    },
  };
}

type Name = keyof Limits;

const WORDS: { readonly [name in Name]: (most: number) => string } = {
  characters: (most) => `characters: at most ${most} in a document.`,
  tokens: (most) => `tokens: at most ${most} in a document.`,
  depth: (most) => `depth: at most ${most} levels of fields, lists or objects.`,
  fields: (most) => `fields: at most ${most} in a document, counted wherever a fragment is spread.`,
  aliases: (most) => `aliases: at most ${most} in a document, counted wherever a fragment is spread.`,
  rootFields: (most) => `root fields: at most ${most} in an operation.`,
  repeatedFields: (most) => `repeated fields: at most ${most} times the same field in one place.`,
  directives: (most) => `directives: at most ${most} in a document.`,
  mutations: (most) => `mutations: at most ${most} in a request.`,
  listItems: (most) => `list items: at most ${most} in one list.`,
  reads: (most) =>
    `reads: at most ${most} of Microsoft Graph for an operation. Ask for fewer people, or less of each.`,
};

function refusal(name: Name, limits: Limits): GraphQLError {
  return new GraphQLError(WORDS[name](limits[name]), { extensions: { code: 'LIMIT_EXCEEDED' } });
}

/** The limit that a document passes; null for none, or where it cannot be parsed, which GraphQL will say better. */
function brokenByText(text: string, limits: Limits): Name | null {
  if (text.length > limits.characters) return 'characters';
  try {
    return brokenByTokens(text, limits) ?? brokenByDocument(parse(text, { noLocation: true }), limits);
  } catch (error) {
    if (error instanceof GraphQLError) return null;
    // A parser calls itself for every bracket; with limits set very high, there are too many of them for it.
    if (error instanceof RangeError) return 'depth';
    throw error;
  }
}

const OPENING: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** Parsing is not safe yet: brackets that nest deeper than any document within the limits are found here. */
function brokenByTokens(text: string, { tokens, directives, depth }: Limits): Name | null {
  const lexer = new Lexer(new Source(text));
  const mostOpen = 2 * depth + 1;
  let count = 0;
  let ats = 0;
  let open = 0;
  for (;;) {
    const { kind } = lexer.advance();
    if (kind === TokenKind.EOF) return null;
    count += 1;
    if (kind === TokenKind.AT) ats += 1;
    if (OPENING.has(kind)) open += 1;
    if (CLOSING.has(kind)) open -= 1;
    if (count > tokens) return 'tokens';
    if (open > mostOpen) return 'depth';
    if (ats > directives) return 'directives';
  }
}

function brokenByDocument(document: DocumentNode, limits: Limits): Name | null {
  return brokenByLiterals(document, limits) ?? brokenByFields(document, limits);
}

function brokenByLiterals(document: DocumentNode, limits: Limits): Name | null {
  let broken: Name | null = null;
  let depth = 0;
  const enter = (items: number): void => {
    depth += 1;
    if (items > limits.listItems) broken ??= 'listItems';
    if (depth > limits.depth) broken ??= 'depth';
  };
  const leave = (): void => {
    depth -= 1;
  };
  visit(document, {
    ListValue: { enter: ({ values }) => enter(values.length), leave },
    ObjectValue: { enter: () => enter(0), leave },
  });
  return broken;
}

/** A place in an answer, and what is asked for in it by the names that it will have there. */
interface Place {
  times: number;
  readonly below: Map<string, Place>;
}

interface Walk {
  readonly limits: Limits;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Fragments that the walk is in: a circle is for GraphQL to refuse. */
  readonly within: Set<string>;
  readonly spread: Set<string>;
  fields: number;
  aliases: number;
}

function brokenByFields({ definitions }: DocumentNode, limits: Limits): Name | null {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const walk: Walk = { limits, fragments, within: new Set(), spread: new Set(), fields: 0, aliases: 0 };
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const broken = brokenByOperation(definition, walk);
    if (broken !== null) return broken;
  }
  // GraphQL refuses fragments that nothing uses, and still looks at what is in them.
  for (const definition of definitions) {
    if (definition.kind !== Kind.FRAGMENT_DEFINITION || walk.spread.has(definition.name.value)) continue;
    const broken = below(definition.selectionSet.selections, newPlace(), 1, walk);
    if (broken !== null) return broken;
  }
  return null;
}

function brokenByOperation({ selectionSet, operation }: OperationDefinitionNode, walk: Walk): Name | null {
  const root = newPlace();
  const broken = below(selectionSet.selections, root, 1, walk);
  if (broken !== null) return broken;
  if (operation === OperationTypeNode.MUTATION && root.below.size > walk.limits.mutations) return 'mutations';
  return root.below.size > walk.limits.rootFields ? 'rootFields' : null;
}

function newPlace(): Place {
  return { times: 0, below: new Map() };
}

function below(selections: readonly SelectionNode[], place: Place, depth: number, walk: Walk): Name | null {
  if (depth > walk.limits.depth) return 'depth';
  for (const selection of selections) {
    walk.fields += 1;
    if (walk.fields > walk.limits.fields) return 'fields';
    const broken = belowSelection(selection, place, depth, walk);
    if (broken !== null) return broken;
  }
  return null;
}

function belowSelection(node: SelectionNode, place: Place, depth: number, walk: Walk): Name | null {
  if (node.kind === Kind.FIELD) return belowField(node, place, depth, walk);
  if (node.kind === Kind.INLINE_FRAGMENT) return below(node.selectionSet.selections, place, depth + 1, walk);
  const name = node.name.value;
  const fragment = walk.fragments.get(name);
  if (fragment === undefined || walk.within.has(name)) return null;
  walk.spread.add(name);
  walk.within.add(name);
  const broken = below(fragment.selectionSet.selections, place, depth, walk);
  walk.within.delete(name);
  return broken;
}

function belowField({ name, alias, selectionSet }: FieldNode, place: Place, depth: number, walk: Walk) {
  const { limits } = walk;
  if (alias !== undefined) walk.aliases += 1;
  if (walk.aliases > limits.aliases) return 'aliases';
  const key = (alias ?? name).value;
  const here = place.below.get(key) ?? newPlace();
  place.below.set(key, here);
  here.times += 1;
  if (here.times > limits.repeatedFields) return 'repeatedFields';
  return selectionSet === undefined ? null : below(selectionSet.selections, here, depth + 1, walk);
}

/** The limit that a value of JSON passes. The object of all variables counts for no level. */
function brokenByValue(value: unknown, limits: Limits, depth = 0): Name | null {
  if (typeof value !== 'object' || value === null) return null;
  if (depth > limits.depth) return 'depth';
  const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  if (items.length > limits.listItems) return 'listItems';
  for (const item of items) {
    const broken = brokenByValue(item, limits, depth + 1);
    if (broken !== null) return broken;
  }
  return null;
}
