// The package as it is shipped: what publint and arethetypeswrong say of the tarball, how large it is, what it imports, and
// whether it works in each Node, in a browser, in an edge runtime and in TypeScript.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { chromium } from 'playwright-core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { rolldown } from 'rolldown';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/launched.ts';
import { startTestProduct } from '../support/product.ts';
import { pack } from './package.ts';

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--headless',
  '--disable-gpu',
  '--disable-background-networking',
  '--no-first-run',
];
const isChromiumMissing = !existsSync(executablePath) && process.env['CI'] !== 'true';

const run = promisify(execFile);
const shipped = await pack();
const pages = await startPages(join(shipped.folder, 'dist/index.js'));
const product = await startTestProduct({ environment: { CORS_ORIGINS: pages.origin } });
afterAll(async () => {
  pages.close();
  shipped[Symbol.dispose]();
  await product.close();
});

const READ = `
  const client = createPhonesClient({ url: ${JSON.stringify(product.url)}, token: 'demo-token-innocenty' });
  const { displayName } = await client.me();
  const { added } = await client.addPhones([{ number: '+1 425 555 0188' }]);
`;
const EXPECTED = 'Innocenty Popov 1';

describe('the package', () => {
  it('has nothing that publint finds', async () => {
    const data = readFileSync(shipped.tarball);
    const tarball = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer;
    const { messages } = await publint({ pack: { tarball }, strict: true });
    const manifest = JSON.parse(readFileSync(join(shipped.folder, 'package.json'), 'utf8'));
    expect(messages.map((message) => formatMessage(message, manifest))).toEqual([]);
  });

  it('has nothing that arethetypeswrong finds in a package of ES modules only', async () => {
    const result = await checkPackage(createPackageFromTarballData(readFileSync(shipped.tarball)));
    if (result.types === false) throw new Error('there are no types');
    expect(Object.keys(result.entrypoints)).toEqual(expect.arrayContaining(['.', './file-journal']));
    // As its profile `esm-only` has it: neither the resolution of Node 10 nor that of CommonJS counts.
    const problems = result.problems.filter(
      (problem) => !('resolutionKind' in problem && /^node(10|16-cjs)$/.test(problem.resolutionKind)),
    );
    expect(problems).toEqual([]);
  });

  it('has in it what it needs and no more', () => {
    const files = globSync('**', { cwd: shipped.folder }).filter((path) => /\w\.\w/.test(path));
    expect(files.filter((path) => !path.endsWith('.d.ts')).toSorted()).toEqual([
      'README.md',
      'dist/cli.js',
      'dist/file-journal.js',
      'dist/index.js',
      'dist/licenses/csv-parse.txt',
      'dist/licenses/libphonenumber-js.txt',
      'package.json',
    ]);
    const { dependencies, version } = JSON.parse(readFileSync(join(shipped.folder, 'package.json'), 'utf8'));
    expect(dependencies).toBeUndefined();
    expect(version).toBe(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version);
  });

  it('imports nothing in the client, and nothing but Node in the rest', () => {
    const importsOf = (file: string): string[] =>
      [
        ...readFileSync(join(shipped.folder, 'dist', file), 'utf8').matchAll(
          /^(?:import|export)\b.* from ["']([^"']+)["'];?$/gm,
        ),
      ]
        .map(([, name]) => name ?? '')
        .filter((name) => !name.startsWith('node:'));
    const client = readFileSync(join(shipped.folder, 'dist/index.js'), 'utf8');
    expect(client).not.toMatch(/^import\b|\bimport\(|\brequire\(|node:|\bprocess\.|\bBuffer\b/m);
    expect(importsOf('file-journal.js')).toEqual([]);
    expect(importsOf('cli.js').toSorted()).toEqual(['./file-journal.js', './index.js']);
    for (const file of globSync('dist/**/*.d.ts', { cwd: shipped.folder }))
      expect(readFileSync(join(shipped.folder, file), 'utf8')).not.toMatch(/from ['"][^.'"]/);
  });

  it('is made of its own files: nothing of the gateway and of the emulator', () => {
    const own = join(ROOT, 'client');
    const sources = globSync('**/*.ts', { cwd: own, exclude: ['dist/**'] }).map((file) => join(own, file));
    const imported = sources.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, name = '']) =>
        join(dirname(file), name),
      ),
    );
    expect(imported.length).toBeGreaterThan(50);
    expect(imported.filter((path) => !path.startsWith(`${own}/`))).toEqual([]);
  });

  it('is as large as its README says, minified and gzipped, and below 10 kB', async () => {
    const bundle = await rolldown({ input: join(shipped.folder, 'dist/index.js'), platform: 'browser' });
    const { output } = await bundle.generate({ format: 'esm', minify: true });
    const { length } = gzipSync(output[0].code, { level: 9 });
    const [, told] =
      /The client is ([\d.]+) kB, minified and gzipped/.exec(
        readFileSync(join(shipped.folder, 'README.md'), 'utf8'),
      ) ?? [];
    expect(length).toBeLessThan(10_000);
    expect((length / 1_000).toFixed(1)).toBe(told);
  });
});

/** The Node that runs this, the one in PATH, and those that CLIENT_NODES names. */
function nodes(): string[] {
  const named = (process.env['CLIENT_NODES'] ?? '').split(delimiter).filter((path) => path !== '');
  const found = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  const [inPath] = found.filter((path) => existsSync(path) && !path.includes('node_modules'));
  return [...new Set([process.execPath, ...(inPath === undefined ? [] : [inPath]), ...named])];
}

describe('the client works', () => {
  it.each(nodes().map((path) => [execFileSync(path, ['--version'], { encoding: 'utf8' }).trim(), path]))(
    'in Node %s',
    async (_version, path) => {
      const script = `import { createPhonesClient } from 'profile-phones-client';
        import { createFileJournal } from 'profile-phones-client/file-journal';
        ${READ}
        console.log(displayName, added, typeof createFileJournal);`;
      writeFileSync(join(shipped.user, 'read.mjs'), script);
      const { stdout } = await run(path, ['read.mjs'], { cwd: shipped.user });
      expect(stdout.trim()).toBe(`${EXPECTED} function`);
      const { stdout: help } = await run(path, [join(shipped.folder, 'dist/cli.js'), '--help']);
      expect(help).toContain('import FILE');
    },
  );

  it('with nothing but what edge runtimes have in common', async () => {
    const input = join(shipped.folder, 'dist/index.js');
    const bundle = await rolldown({ input, platform: 'neutral' });
    const { output } = await bundle.generate({ format: 'iife', name: 'phones' });
    const context = createContext(
      Object.fromEntries(EDGE.map((name) => [name, Reflect.get(globalThis, name)])),
    );
    runInContext('globalThis.globalThis = globalThis;', context);
    runInContext(output[0].code, context);
    const script = `(async () => { const { createPhonesClient } = phones; ${READ} return displayName + ' ' + added; })()`;
    expect(await runInContext(script, context)).toBe(EXPECTED);
  });

  it.skipIf(isChromiumMissing)('in Chromium, from another origin', async () => {
    const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
    try {
      const page = await browser.newPage();
      await page.goto(pages.origin);
      const script = `import('/index.js').then(async ({ createPhonesClient }) => { ${READ} return displayName + ' ' + added; })`;
      expect(await page.evaluate(script)).toBe(EXPECTED);
    } finally {
      await browser.close();
    }
  });

  it('in TypeScript with the types of a browser, strictly, and without any other package', async () => {
    const program = `import { createPhonesClient, type ErrorCode, MeDocument, PhonesError } from 'profile-phones-client';
      const client = createPhonesClient({ url: '/', token: async ({ claims }) => claims ?? '' });
      const mail: string | null | undefined = (await client.request(MeDocument)).me?.mail;
      const result = await client.addPhone({ number: '1', type: 'MOBILE' });
      if (result.ok) result.phone.number satisfies string | null;
      else result.userErrors[0]?.code satisfies string | undefined;
      // @ts-expect-error there is no such type of phone
      await client.addPhone({ number: '1', type: 'CAR' });
      // @ts-expect-error a document without variables takes none
      await client.request(MeDocument, { id: '1' });
      declare const error: PhonesError;
      const code: ErrorCode = error.code;
      switch (code) {
        // @ts-expect-error the union of codes is closed
        case 'NO_SUCH_CODE':
      }
      export { mail };`;
    const options = {
      strict: true,
      noEmit: true,
      target: 'esnext',
      module: 'nodenext',
      lib: ['esnext', 'dom'],
      types: [],
    };
    const compilerOptions = { ...options, skipLibCheck: false, exactOptionalPropertyTypes: true };
    writeFileSync(join(shipped.user, 'program.mts'), program);
    writeFileSync(
      join(shipped.user, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['program.mts'] }),
    );
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, '-p', shipped.user]).catch((error) => error);
    expect(stdout).toBe('');
  });
});

/** An empty page that has the client, at an origin of its own. */
async function startPages(script: string): Promise<{ readonly origin: string; close(): void }> {
  const server = createServer(({ url }, response) => {
    const isScript = url === '/index.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? readFileSync(script) : '<!doctype html>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => void server.close() };
}

/** The Minimum Common Web Platform API (ECMA-429), as far as the client could want it. */
const EDGE = [
  'AbortController',
  'AbortSignal',
  'Headers',
  'Request',
  'Response',
  'TextDecoder',
  'TextEncoder',
  'URL',
  'URLSearchParams',
  'atob',
  'btoa',
  'clearTimeout',
  'console',
  'crypto',
  'fetch',
  'performance',
  'queueMicrotask',
  'setTimeout',
];
