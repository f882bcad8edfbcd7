// The floors of the house: imports only go down, a few packages stay in their rooms, and time, chance and the
// environment come in by the front door.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = resolve(import.meta.dirname, '../src');

interface Source {
  /** From src/, such as `graph/paths.ts`. */
  readonly file: string;
  readonly text: string;
  /** What it imports: files from src/, packages and node modules by name. */
  readonly imports: readonly string[];
}

const sources: readonly Source[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('__generated__'))
  .map((file) => {
    const text = readFileSync(join(SRC, file), 'utf8');
    const specifiers = [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map((match) => match[1] ?? '');
    return { file, text, imports: specifiers.map((name) => resolved(file, name)) };
  });

function resolved(file: string, name: string): string {
  return name.startsWith('.') ? relative(SRC, resolve(SRC, dirname(file), name)) : name;
}

function room(file: string): string {
  return file.includes('/') ? (file.split('/')[0] ?? '') : file;
}

const DOMAINS = ['phones', 'directory'];

/** What files of each kind may import from src/. */
function allowed(file: string, target: string): boolean {
  const own = room(file);
  const to = room(target);
  if (to === 'base') return true;
  switch (own) {
    case 'base':
      return false;
    case 'emulator':
    case 'graph':
    case 'entra':
    case 'state':
      return to === own;
    case 'config.ts':
      return to === 'graph' || to === 'variables.ts' || target === 'tracing/config.ts';
    case 'tracing':
      return to === own || to === 'variables.ts';
    case 'variables.ts':
      return to === 'graph';
    case 'selection.ts':
      return false;
    case 'context.ts':
      return to === 'graph' || to === 'entra' || to === 'selection.ts' || DOMAINS.includes(to);
    case 'gateway':
      return (
        to === 'gateway' || to === 'context.ts' || to === '__generated__' || target.endsWith('/resolvers.ts')
      );
    case 'greeting.ts':
      return to === 'config.ts' || to === 'emulator';
    case 'logging.ts':
      return false;
    case 'faults.ts':
      return to === 'ending.ts';
    case 'ending.ts':
      return to === 'logging.ts';
    case 'start-problems.ts':
      return to === 'entra' || to === 'gateway';
    case 'surroundings.ts':
      return to === 'config.ts' || to === 'emulator' || to === 'greeting.ts';
    case 'workers':
      return to === own || to === 'gateway' || to === 'config.ts' || to === 'variables.ts';
    case 'engine.ts':
      return false;
    case 'upstream.ts':
      return to === 'config.ts' || to === 'graph';
    case 'service.ts':
    case 'primary.ts':
    case 'worker.ts':
      // What main.ts loads while it runs has to be without it: one that imported it back would wait for ever.
      return to !== 'main.ts';
    case 'main.ts':
      return true;
    default:
      return allowedInDomain(file, target);
  }
}

function allowedInDomain(file: string, target: string): boolean {
  const to = room(target);
  if (to === room(file) || to === '__generated__') return true;
  if (file.endsWith('/resolvers.ts')) return to === 'context.ts' || to === 'selection.ts';
  return to === 'graph';
}

describe('imports only go down the floors', () => {
  it('finds the source at all', () => {
    expect(sources.length).toBeGreaterThan(40);
  });

  it.each(sources.map(({ file }) => file))('%s imports nothing above it', (file) => {
    const source = sources.find((known) => known.file === file);
    const local = source?.imports.filter((target) => target.endsWith('.ts')) ?? [];
    expect(local.filter((target) => !allowed(file, target))).toEqual([]);
  });

  it('keeps base free of packages', () => {
    const packages = sources
      .filter(({ file }) => room(file) === 'base' || room(file) === 'emulator')
      .flatMap(({ imports }) => imports.filter((name) => !name.endsWith('.ts') && !name.startsWith('node:')));
    expect(packages).toEqual([]);
  });
});

describe('a package stays in the room it is for', () => {
  const homes: readonly [string, (file: string) => boolean][] = [
    ['@microsoft/microsoft-graph-client', (file) => room(file) === 'graph'],
    ['undici', (file) => room(file) === 'graph'],
    ['@apollo/server', (file) => room(file) === 'gateway'],
    ['fastify', (file) => room(file) === 'gateway'],
    ['dataloader', (file) => file.endsWith('/source.ts')],
    ['libphonenumber-js/max', (file) => file === 'phones/number.ts'],
    ['pino', (file) => file === 'logging.ts'],
    ['zod', (file) => file === 'variables.ts'],
    ['jose', (file) => room(file) === 'entra'],
    ['@azure/msal-node', (file) => room(file) === 'entra'],
    ['@redis/client', (file) => room(file) === 'state'],
    ['@opentelemetry/api', (file) => room(file) === 'tracing'],
    ['@opentelemetry/core', (file) => room(file) === 'tracing'],
    ['@opentelemetry/exporter-trace-otlp-proto', (file) => room(file) === 'tracing'],
    ['@opentelemetry/resources', (file) => room(file) === 'tracing'],
    ['@opentelemetry/sdk-trace', (file) => room(file) === 'tracing'],
    ['node:cluster', (file) => file === 'primary.ts' || file === 'worker.ts'],
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
  it('loads nothing of what several need: main.ts has the primary only when it is asked for', () => {
    const main = sources.find(({ file }) => file === 'main.ts')?.text ?? '';
    expect(main).toContain("await import('./primary.ts')");
    expect(main).not.toMatch(/from '\.\/(primary|worker)\.ts'/);
    const users = sources.filter(
      ({ imports }) => imports.includes('primary.ts') || imports.includes('worker.ts'),
    );
    expect(users.map(({ file }) => file)).toEqual(['main.ts']);
  });
});

describe('time, chance and the environment are injected', () => {
  // They begin, too, and have no environment to read: a worker is told what it works by.
  const started = new Set(['primary.ts', 'worker.ts']);
  const roots = new Set(['main.ts', 'emulator/main.ts', 'emulator/token.ts']);
  const bans: readonly [string, RegExp, (file: string) => boolean][] = [
    ['Date.now', /\bDate\.now\(/, (file) => file === 'base/clock.ts'],
    ['new Date()', /\bnew Date\(\)/, () => false],
    ['performance.now', /\bperformance\.now\(/, (file) => file === 'base/clock.ts'],
    ['timers', /\bset(Timeout|Interval|Immediate)\(/, (file) => file === 'base/clock.ts'],
    ['Math.random', /\bMath\.random\(/, (file) => file === 'base/random.ts'],
    ['randomUUID', /\brandomUUID\(/, (file) => file === 'base/random.ts'],
    ['fetch', /(?<![.\w])fetch\(/, () => false],
    ['process.env', /\bprocess\.env\b/, (file) => roots.has(file)],
    ['process.exit', /\bprocess\.exit\(/, (file) => roots.has(file) || started.has(file)],
  ];

  it.each(bans)('%s', (_name, pattern, isHome) => {
    const users = sources.filter(({ text, file }) => pattern.test(withoutComments(text)) && !isHome(file));
    expect(users.map(({ file }) => file)).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/\/\/.*$/gm, '');
}
