// Makes dist/, which is what the package ships: JavaScript by rolldown, types by tsc. What the command needs of a CSV reader
// and of libphonenumber is built in, so that installing the package installs nothing else.
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';

const HERE = import.meta.dirname;
const MODULES = join(HERE, '../node_modules');

/** What is built in, and so has its license shipped. */
const BUILT_IN = ['csv-parse', 'libphonenumber-js'];

/** The command takes the client from where the package has it, so that there is one of it. */
const BESIDE: Plugin = {
  name: 'beside',
  resolveId: (id, importer) => {
    if (importer === undefined) return null;
    if (id.endsWith('../index.ts')) return { id: './index.js', external: true };
    return id.endsWith('../file-journal.ts') ? { id: './file-journal.js', external: true } : null;
  },
};

/** @param out where to, as a path */
export async function build(out: string): Promise<void> {
  rmSync(out, { recursive: true, force: true });
  await bundle(join(HERE, 'index.ts'), join(out, 'index.js'), 'browser');
  await bundle(join(HERE, 'file-journal.ts'), join(out, 'file-journal.js'), 'node');
  await bundle(join(HERE, 'cli/main.ts'), join(out, 'cli.js'), 'node');
  writeTypes(out);
  for (const name of BUILT_IN) cpSync(join(MODULES, name, 'LICENSE'), join(out, 'licenses', `${name}.txt`));
}

async function bundle(input: string, file: string, platform: 'browser' | 'node'): Promise<void> {
  const bundled = await rolldown({ input, platform, plugins: [BESIDE], logLevel: 'silent' });
  await bundled.write({ file, format: 'esm' });
  await bundled.close();
}

/** The types of the two modules that programs import, and of what those need. */
function writeTypes(out: string): void {
  const tsc = join(MODULES, 'typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', HERE, '--outDir', out], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stdout);
  for (const file of globSync('**/*.d.ts', { cwd: out })) withOwnNames(join(out, file));
}

/**
 * The generated code takes one type from @graphql-typed-document-node/core. The package has the same type itself, so that
 * its types need no other package. Modules are named as they are shipped.
 */
function withOwnNames(file: string): void {
  const depth = file.includes('__generated__') ? '..' : '.';
  const text = readFileSync(file, 'utf8')
    .replaceAll("'@graphql-typed-document-node/core'", `'${depth}/document.js'`)
    .replaceAll(/(from ['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2');
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

if (import.meta.main) await build(join(HERE, 'dist'));
