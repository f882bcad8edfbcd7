// `npm run documents -- FOLDER [--out FILE] [--no-typename]`: makes the file that TRUSTED_DOCUMENTS names, in the format
// of Apollo's manifest, out of a folder of .graphql files. Fragments can stand in any of the files. The same files give
// the same bytes, wherever and whenever; every mistake is told at once, by file and line.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionSetNode,
  Source,
  validate,
  visit,
} from 'graphql';
import { createSchema } from './schema.ts';
import { ManifestError } from './trusted-documents.ts';

/** Apollo's format, version 1. */
export interface Manifest {
  readonly format: 'apollo-persisted-query-manifest';
  readonly version: 1;
  /** By name. */
  readonly operations: readonly {
    /** SHA-256 of the body, in hexadecimal. */
    readonly id: string;
    readonly name: string;
    readonly type: string;
    readonly body: string;
  }[];
}

export interface ManifestOptions {
  readonly schema: GraphQLSchema;
  /**
   * Whether `__typename` is added to every selection below the root, where clients with a normalized cache (Apollo
   * Client, urql) add it before they send a document.
   */
  readonly typenames: boolean;
}

/** @throws ManifestError for whatever is wrong in any of the files */
export function makeManifest(folder: string, { schema, typenames }: ManifestOptions): Manifest {
  const problems: string[] = [];
  const documents = filesOf(folder).flatMap((file) => parseFile(folder, file, problems));
  const definitions = documents.flatMap((document) => document.definitions);
  const operations = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const named = new Map<string, OperationDefinitionNode>();
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) put(fragments, definition, problems);
    else if (definition.kind !== Kind.OPERATION_DEFINITION)
      problems.push(`${placeOf(definition)}: only operations and fragments belong here`);
    else if (definition.name === undefined)
      problems.push(`${placeOf(definition)}: give the operation a name`);
    else put(named, definition, problems);
  }
  if (operations.length === 0 && problems.length === 0)
    problems.push(`${folder}: there are no operations in it`);
  const sorted = [...named.entries()].toSorted(([one], [other]) => (one < other ? -1 : 1));
  const made = sorted.map(([name, operation]) => {
    const document = documentOf(operation, fragments);
    problems.push(...validate(schema, document).map(inWords));
    const body = print(typenames ? withTypenames(document) : document);
    const id = createHash('sha256').update(body).digest('hex');
    return { id, name, type: operation.operation, body };
  });
  if (problems.length > 0) throw new ManifestError([...new Set(problems)]);
  return { format: 'apollo-persisted-query-manifest', version: 1, operations: made };
}

/** In one order everywhere, with slashes. */
function filesOf(folder: string): string[] {
  try {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return files
      .filter((file) => /\.(graphql|gql)$/.test(file))
      .map((file) => file.replaceAll(sep, '/'))
      .sort();
  } catch (error) {
    throw new ManifestError([`${folder}: it cannot be read: ${error instanceof Error ? error.message : ''}`]);
  }
}

function parseFile(folder: string, file: string, problems: string[]): DocumentNode[] {
  const text = readFileSync(join(folder, file), 'utf8');
  // A file of nothing but comments has no definitions, which GraphQL takes for a mistake.
  if (text.replaceAll(/#.*/g, '').trim() === '') return [];
  try {
    return [parse(new Source(text, file))];
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    problems.push(inWords(error));
    return [];
  }
}

function put<T extends OperationDefinitionNode | FragmentDefinitionNode>(
  into: Map<string, T>,
  definition: T,
  problems: string[],
): void {
  const name = definition.name?.value ?? '';
  const other = into.get(name);
  if (other === undefined) into.set(name, definition);
  else problems.push(`${placeOf(definition)}: "${name}" is there already, in ${placeOf(other)}`);
}

/** The operation and the fragments that it needs, these by name. */
function documentOf(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): DocumentNode {
  const needed = new Map<string, FragmentDefinitionNode>();
  const gather = (definition: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(definition, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value);
        if (fragment === undefined || needed.has(name.value)) return;
        needed.set(name.value, fragment);
        gather(fragment);
      },
    });
  };
  gather(operation);
  const sorted = [...needed.values()].toSorted((one, other) => (one.name.value < other.name.value ? -1 : 1));
  return { kind: Kind.DOCUMENT, definitions: [operation, ...sorted] };
}

/** As Apollo Client does it: last, everywhere but at the root and where it is asked for already. */
function withTypenames(document: DocumentNode): DocumentNode {
  return visit(document, {
    SelectionSet: {
      leave(node, _key, parent): SelectionSetNode | undefined {
        if (parent !== undefined && 'kind' in parent && parent.kind === Kind.OPERATION_DEFINITION)
          return undefined;
        const asked = node.selections.some(
          (selection) => selection.kind === Kind.FIELD && selection.name.value.startsWith('__'),
        );
        if (asked) return undefined;
        const typename = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } } as const;
        return { ...node, selections: [...node.selections, typename] };
      },
    },
  });
}

function inWords({ message, nodes, source, locations }: GraphQLError): string {
  const node = nodes?.find(({ loc }) => loc !== undefined);
  if (node !== undefined) return `${placeOf(node)}: ${message}`;
  return `${source?.name}:${locations?.[0]?.line}: ${message}`;
}

function placeOf({ loc }: { readonly loc?: OperationDefinitionNode['loc'] }): string {
  return `${loc?.source.name}:${loc?.startToken.line}`;
}

const USAGE = `Makes a file of trusted documents out of a folder of .graphql files.

  npm run documents -- FOLDER [--out FILE] [--no-typename]

  --out FILE      where to write it; without, it goes to stdout
  --no-typename   leaves the documents as they are. As a rule __typename is added to every selection below the root,
                  since clients with a normalized cache send their documents so
`;

interface Arguments {
  readonly folder: string;
  readonly out: string | null;
  readonly typenames: boolean;
}

/** Null for what is none of the above. */
function readArguments(given: readonly string[]): Arguments | null {
  const rest = [...given];
  const typenames = !rest.includes('--no-typename');
  const at = rest.indexOf('--out');
  const [, out] = at === -1 ? [] : rest.splice(at, 2);
  const [folder, ...others] = rest.filter((argument) => argument !== '--no-typename');
  const isWrong = others.length > 0 || folder?.startsWith('-') === true || (at !== -1 && out === undefined);
  return folder === undefined || isWrong ? null : { folder, out: out ?? null, typenames };
}

function run(): void {
  const asked = readArguments(process.argv.slice(2));
  if (asked === null) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  try {
    const schema = createSchema(join(import.meta.dirname, '..', '..', 'schema'));
    const manifest = makeManifest(asked.folder, { schema, typenames: asked.typenames });
    const text = `${JSON.stringify(manifest, null, 2)}\n`;
    if (asked.out === null) process.stdout.write(text);
    else writeFileSync(asked.out, text);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    for (const problem of error.problems) process.stderr.write(`${problem}\n`);
    process.exitCode = 1;
  }
}

if (import.meta.main) run();
