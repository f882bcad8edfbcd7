// The layers: imports only go down, some packages are used in one folder only, the emulator imports nothing of the gateway,
// and time, random values and the environment are injected.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = resolve(import.meta.dirname, '../src');
const EMULATOR = resolve(import.meta.dirname, '../emulator');

interface Source {
  /** Relative to src/, such as `graph/paths.ts`. */
  readonly file: string;
  readonly text: string;
  /** Its imports: files relative to src/, packages and node modules by name. */
  readonly imports: readonly string[];
}

function read(root: string, withGenerated = false): readonly Source[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
    .filter((file) => withGenerated || !file.startsWith('__generated__'))
    .map((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const specifiers = [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map((match) => match[1] ?? '');
      const imports = specifiers.map((name) =>
        name.startsWith('.') ? relative(root, resolve(root, dirname(file), name)) : name,
      );
      return { file, text, imports };
    });
}

const sources = read(SRC);
const emulator = read(EMULATOR);

function folder(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : file;
}

/**
 * What each folder may import from src/, beside itself and runtime/: only what is below it. `..` is
 * the emulator.
 */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  runtime: [],
  observability: [],
  store: [],
  auth: ['store'],
  config: ['graph'],
  graph: [],
  users: ['graph', '__generated__'],
  profile: ['graph', 'store', '__generated__'],
  phones: ['profile', 'graph', '__generated__'],
  graphql: ['users', 'phones', 'profile', 'graph', 'observability', '__generated__'],
  server: ['graphql', 'observability'],
  process: ['app.ts', 'server', 'auth', 'graphql', 'store', 'observability', 'config', '..'],
};

/** Files that know more than their folder: each puts parts together, or is what resolvers are given. */
const RESOLVERS = ['graphql/context.ts', 'graphql/item-fields.ts', 'graphql/selection.ts'];

function allowed(file: string, target: string): boolean {
  const own = folder(file);
  const to = folder(target);
  if (file === 'main.ts') return true;
  if (file === 'app.ts') return to !== 'process' && to !== 'main.ts';
  if (file.endsWith('/resolvers.ts') && RESOLVERS.includes(target)) return true;
  return to === own || to === 'runtime' || BELOW[own]?.includes(to) === true;
}

/** Files that import each other in a circle, by way of others or of `import type`; each group of them once. */
function circlesIn(files: readonly Source[]): readonly string[][] {
  const importsOf = new Map(files.map(({ file, imports }) => [file, imports]));
  const reached = new Map(files.map(({ file }) => [file, reachedFrom(file, importsOf)]));
  const groups = files
    .filter(({ file }) => reached.get(file)?.has(file))
    .map(({ file }) =>
      [...(reached.get(file) ?? [])].filter((other) => reached.get(other)?.has(file)).sort(),
    );
  return [...new Map(groups.map((group) => [group.join(), group])).values()];
}

function reachedFrom(file: string, importsOf: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set<string>();
  const next = [...(importsOf.get(file) ?? [])];
  for (let target = next.pop(); target !== undefined; target = next.pop()) {
    if (reached.has(target) || !importsOf.has(target)) continue;
    reached.add(target);
    next.push(...(importsOf.get(target) ?? []));
  }
  return reached;
}

describe('imports between files', () => {
  it('form no circle in src, generated files and type imports included', () => {
    expect(circlesIn(read(SRC, true))).toEqual([]);
  });

  it('would be found in a circle', () => {
    const file = (name: string, ...imports: string[]): Source => ({ file: name, text: '', imports });
    const files = [
      file('a.ts', 'b.ts'),
      file('b.ts', 'c.ts', 'fastify'),
      file('c.ts', 'b.ts'),
      file('d.ts', 'd.ts'),
    ];
    expect(circlesIn(files)).toEqual([['b.ts', 'c.ts'], ['d.ts']]);
  });
});

describe('imports only go down the layers', () => {
  it('reads the source files', () => {
    expect(sources.length).toBeGreaterThan(120);
    expect(emulator.length).toBeGreaterThan(70);
  });

  it.each(sources.map(({ file }) => file))('%s imports nothing above it', (file) => {
    const source = sources.find((known) => known.file === file);
    const local = source?.imports.filter((target) => target.endsWith('.ts')) ?? [];
    expect(local.filter((target) => !allowed(file, target))).toEqual([]);
  });

  it('keeps runtime free of packages', () => {
    const packages = sources
      .filter(({ file }) => folder(file) === 'runtime')
      .flatMap(({ imports }) => imports.filter((name) => !name.endsWith('.ts') && !name.startsWith('node:')));
    expect(packages).toEqual([]);
  });

  it('keeps the emulator separate: it imports only its own files and Node', () => {
    const foreign = emulator.flatMap(({ file, imports }) =>
      imports
        .filter((name) => name.startsWith('..') || !(name.endsWith('.ts') || name.startsWith('node:')))
        .map((name) => `${file}: ${name}`),
    );
    expect(foreign).toEqual([]);
  });
});

/** Files that parse data from outside: the environment, another process, another version. */
const ZOD_HOMES = [
  'config/variables.ts',
  'process/worker-messages.ts',
  'profile/mutations/idempotency-record.ts',
];

describe('a package stays in the folder it is for', () => {
  const homes: readonly [string, (file: string) => boolean][] = [
    ['@microsoft/microsoft-graph-client', (file) => folder(file) === 'graph'],
    ['undici', (file) => folder(file) === 'graph'],
    ['@apollo', (file) => folder(file) === 'graphql'],
    ['fastify', (file) => folder(file) === 'server'],
    ['dataloader', (file) => file.endsWith('/loader.ts')],
    ['libphonenumber-js/max', (file) => file === 'phones/phone-number.ts'],
    ['pino', (file) => file === 'observability/logger.ts'],
    ['zod', (file) => ZOD_HOMES.includes(file)],
    ['jose', (file) => folder(file) === 'auth'],
    ['@azure/msal-node', (file) => folder(file) === 'auth'],
    ['@redis/client', (file) => folder(file) === 'store'],
    ['@opentelemetry/api', (file) => folder(file) === 'observability'],
    ['@opentelemetry/core', (file) => folder(file) === 'observability'],
    ['@opentelemetry/exporter-trace-otlp-proto', (file) => folder(file) === 'observability'],
    ['@opentelemetry/resources', (file) => folder(file) === 'observability'],
    ['@opentelemetry/sdk-trace', (file) => folder(file) === 'observability'],
    ['node:cluster', (file) => ['main.ts', 'process/primary.ts', 'process/worker.ts'].includes(file)],
  ];

  it.each(homes)('%s', (name, isHome) => {
    const users = sources.filter(({ imports }) =>
      imports.some((used) => used === name || used.startsWith(`${name}/`)),
    );
    expect(users.length).toBeGreaterThan(0);
    expect(users.map(({ file }) => file).filter((file) => !isHome(file))).toEqual([]);
  });
});

describe('one process alone', () => {
  it('does not load the code of workers: main.ts imports the primary and a worker on demand', () => {
    const main = sources.find(({ file }) => file === 'main.ts')?.text ?? '';
    expect(main).toContain("await import('./process/primary.ts')");
    expect(main).toContain("await import('./process/worker.ts')");
    expect(main).not.toMatch(/from '\.\/process\/(primary|worker)\.ts'/);
    const users = sources.filter(
      ({ imports }) => imports.includes('process/primary.ts') || imports.includes('process/worker.ts'),
    );
    expect(users.map(({ file }) => file)).toEqual(['main.ts']);
  });
});

describe('time, random values and the environment are injected', () => {
  // They may call process.exit, but do not read the environment: main.ts passes it to a worker.
  const started = new Set(['process/primary.ts', 'process/worker.ts', 'process/standalone.ts']);
  const roots = new Set(['main.ts', 'token.ts']);
  const bans: readonly [string, RegExp, (file: string) => boolean][] = [
    ['Date.now', /\bDate\.now\(/, (file) => file === 'runtime/clock.ts'],
    ['new Date()', /\bnew Date\(\)/, () => false],
    ['performance.now', /\bperformance\.now\(/, (file) => file === 'runtime/clock.ts'],
    ['timers', /\bset(Timeout|Interval|Immediate)\(/, (file) => file === 'runtime/clock.ts'],
    ['Math.random', /\bMath\.random\(/, (file) => file === 'runtime/random.ts'],
    ['randomUUID', /\brandomUUID\(/, (file) => file === 'runtime/random.ts'],
    ['fetch', /(?<![.\w])fetch\(/, () => false],
    ['process.env', /\bprocess\.env\b/, (file) => roots.has(file)],
    ['process.exit', /\bprocess\.exit\(/, (file) => roots.has(file) || started.has(file)],
  ];

  it.each(bans)('%s', (_name, pattern, isHome) => {
    const users = [...sources, ...emulator].filter(
      ({ text, file }) => pattern.test(withoutComments(text)) && !isHome(file),
    );
    expect(users.map(({ file }) => file)).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/\/\/.*$/gm, '');
}
