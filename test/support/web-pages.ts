// The pages of test/clients/browser, bundled as an application bundles them: Relay's compiler makes its artifacts, the types
// are checked, and Vite bundles each page with the development builds of the clients, so that their warnings count. A server
// of their own has them on an origin that is not the gateway's.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, type Plugin } from 'vite';
import { ROOT } from '../docs/pages.ts';
import { recipeWith } from './recipes.ts';

const run = promisify(execFile);

const SOURCES = join(ROOT, 'test/clients/browser');

export interface WebPages extends AsyncDisposable {
  /** Such as `http://127.0.0.1:51000`; the page of `apollo.ts` is at `/apollo`. */
  readonly origin: string;
  /** What the compiler says against the pages; empty for nothing. */
  readonly complaints: string;
}

export async function startWebPages(names: readonly string[]): Promise<WebPages> {
  const { bundles, complaints } = await buildPages(names);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const script = bundles.get(pathname.slice(1));
    response.writeHead(script === undefined ? 204 : 200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(script === undefined ? '' : pageOf(script));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    complaints,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Built {
  /** The script of each page. */
  readonly bundles: ReadonlyMap<string, string>;
  readonly complaints: string;
}

async function buildPages(names: readonly string[]): Promise<Built> {
  await mkdir(join(ROOT, 'reports/pages'), { recursive: true });
  const folder = await mkdtemp(join(ROOT, 'reports/pages/'));
  try {
    await prepareProject(folder);
    const bundles = new Map<string, string>();
    for (const name of names) bundles.set(name, await bundle(folder, name));
    return { bundles, complaints: await checkTypes(folder) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A copy of the sources with the documented environment of Relay, and what its compiler makes of them: below the root, so that packages are found. */
async function prepareProject(folder: string): Promise<void> {
  await cp(SOURCES, folder, { recursive: true });
  await mkdir(join(folder, '__generated__'));
  await writeFile(join(folder, 'environment.ts'), recipeWith('docs/clients.md', 'createEnvironment'));
  await writeFile(join(folder, 'schema.graphql'), await readSchema());
  const config = {
    src: '.',
    schema: './schema.graphql',
    language: 'typescript',
    artifactDirectory: './__generated__',
    customScalarTypes: { DateTime: 'string' },
    useImportTypeSyntax: true,
  };
  await writeFile(join(folder, 'relay.config.json'), JSON.stringify(config));
  await run(process.execPath, [join(ROOT, 'node_modules/relay-compiler/cli.js')], { cwd: folder });
}

/** The whole schema as one text. */
export async function readSchema(): Promise<string> {
  const folder = join(ROOT, 'schema');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.graphql')).sort();
  return (await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))).join('\n');
}

async function checkTypes(folder: string): Promise<string> {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const checked = run(process.execPath, [compiler, '--project', folder]).catch((error) => error);
  return (await checked).stdout;
}

async function bundle(folder: string, name: string): Promise<string> {
  const made = await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    plugins: [relayArtifacts],
    build: { write: false, modulePreload: false, rollupOptions: { input: join(folder, `${name}.ts`) } },
  });
  const outputs = [made].flat().flatMap((part) => ('output' in part ? part.output : []));
  const [script, ...others] = outputs.flatMap((part) => (part.type === 'chunk' ? [part.code] : []));
  if (script === undefined || others.length > 0) throw new Error(`${name} became ${outputs.length} files`);
  return script;
}

/** What Relay's plugin for Babel does: each tagged operation becomes its artifact. */
const relayArtifacts: Plugin = {
  name: 'relay-artifacts',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('/relay.ts')) return null;
    const imports: string[] = [];
    const replaced = code.replaceAll(/graphql`\s*\w+ (\w+)[^`]*`/g, (_, operation: string) => {
      imports.push(`import ${operation}$artifact from './__generated__/${operation}.graphql.ts';`);
      return `${operation}$artifact`;
    });
    return `${imports.join('\n')}\n${replaced}`;
  },
};

function pageOf(script: string): string {
  const inline = script.replaceAll('</script', '<\\/script');
  return `<!doctype html><meta charset="utf-8"><title>Phones</title><style>${STYLE}</style><body><script type="module">${inline}</script>`;
}

const STYLE = `
  body { font: 15px sans-serif; margin: 1em }
  main { display: flex; gap: 1em }
  section { border: 1px solid #999; padding: 0 1em 1em; flex: 1 }
  ul { padding: 0 }
  li b { margin-right: 1em }
  li i { color: #666; margin-right: 1em }
`;
