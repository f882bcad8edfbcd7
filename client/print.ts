// The text of a document that graphql-js has parsed: operations and fragments, on one line. graphql-js has a printer, too,
// which would be a third of the whole client; a test holds this one against its parser.

/** A node of a document. Which fields it has, its kind says. */
interface Tree {
  readonly kind: string;
  readonly name?: Tree;
  readonly alias?: Tree;
  readonly operation?: string;
  readonly typeCondition?: Tree;
  readonly variable?: Tree;
  readonly type?: Tree;
  readonly value?: unknown;
  readonly defaultValue?: Tree;
  readonly selectionSet?: Tree;
  readonly definitions?: readonly Tree[];
  readonly variableDefinitions?: readonly Tree[];
  readonly selections?: readonly Tree[];
  readonly directives?: readonly Tree[];
  readonly arguments?: readonly Tree[];
  readonly values?: readonly Tree[];
  readonly fields?: readonly Tree[];
}

/** @throws TypeError for what is no part of an operation, such as a type definition */
export function print(tree: object): string {
  return text(tree as Tree);
}

function text(tree: Tree | undefined): string {
  if (tree === undefined) return '';
  const { kind, value } = tree;
  const name = tree.name === undefined ? '' : text(tree.name);
  const rest = all(tree.directives, ' ', ' ') + text(tree.selectionSet);
  switch (kind) {
    case 'Document':
      return all(tree.definitions, ' ');
    case 'OperationDefinition':
      return `${tree.operation} ${name}${all(tree.variableDefinitions, ' ', '(', ')')}${rest}`;
    case 'FragmentDefinition':
      return `fragment ${name} on ${text(tree.typeCondition)}${rest}`;
    case 'VariableDefinition': {
      const other = tree.defaultValue === undefined ? '' : ` = ${text(tree.defaultValue)}`;
      return `${text(tree.variable)}: ${text(tree.type)}${other}${rest}`;
    }
    case 'SelectionSet':
      return all(tree.selections, ' ', ' { ', ' }');
    case 'Field': {
      const alias = tree.alias === undefined ? '' : `${text(tree.alias)}: `;
      return `${alias}${name}${all(tree.arguments, ' ', '(', ')')}${rest}`;
    }
    case 'FragmentSpread':
      return `...${name}${rest}`;
    case 'InlineFragment':
      return `...${tree.typeCondition === undefined ? '' : ` on ${text(tree.typeCondition)}`}${rest}`;
    case 'Directive':
      return `@${name}${all(tree.arguments, ' ', '(', ')')}`;
    case 'Argument':
    case 'ObjectField':
      return `${name}: ${text(value as Tree)}`;
    case 'Variable':
      return `$${name}`;
    case 'NamedType':
      return name;
    case 'ListType':
      return `[${text(tree.type)}]`;
    case 'NonNullType':
      return `${text(tree.type)}!`;
    case 'StringValue':
      return JSON.stringify(value);
    case 'NullValue':
      return 'null';
    case 'Name':
    case 'IntValue':
    case 'FloatValue':
    case 'BooleanValue':
    case 'EnumValue':
      return String(value);
    case 'ListValue':
      return `[${all(tree.values, ' ')}]`;
    case 'ObjectValue':
      return `{${all(tree.fields, ' ')}}`;
    default:
      throw new TypeError(`A document to send has operations and fragments, not ${kind}.`);
  }
}

/** Nothing at all where there are none. */
function all(trees: readonly Tree[] | undefined, between: string, before = '', after = ''): string {
  if (trees === undefined || trees.length === 0) return '';
  return before + trees.map(text).join(between) + after;
}
